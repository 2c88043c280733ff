"""Serve the application with uvicorn: bind, announce the address, stop cleanly."""

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Callable

import uvicorn

from sandbox.application import Parts, application
from sandbox.errors import UsageError
from sandbox.ledger.database import Database
from sandbox.settings import Settings

_STDIN = 0


class _Server(uvicorn.Server):
    """Announces its address as soon as it serves."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def serve(
    settings: Settings,
    database: Database,
    host: str,
    port: int,
    announce: Callable[[str], None],
    *,
    parts: Parts | None = None,
    until_stdin_closes: bool = False,
) -> None:
    """Serve until a signal or the end of stdin. UsageError if the address cannot be bound."""
    listening = _bound(host, port)
    name, number = listening.getsockname()[:2]
    app = application(settings, database, parts, lambda: len(server.server_state.connections))
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        date_header=parts is None or parts.dated,
        timeout_graceful_shutdown=1,
    )
    server = _Server(
        config, lambda: announce(f"http://[{name}]:{number}" if ":" in name else f"http://{name}:{number}")
    )
    if until_stdin_closes:
        threading.Thread(target=_stop_when_stdin_closes, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C
        server.run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {_reason(error)}") from None


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another process has this port; choose another, or 0 for a free one"
    return "there is no such host" if isinstance(error, socket.gaierror) else str(error.strerror)


def _stop_when_stdin_closes(server: uvicorn.Server) -> None:
    """Stop with the parent process, which has the other end of the pipe."""
    with contextlib.suppress(OSError):  # stdin was closed before
        while os.read(_STDIN, 4096):
            pass
    server.should_exit = True
