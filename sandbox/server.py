"""Serve the application with uvicorn: bind, announce the address, stop cleanly."""

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn

from sandbox.application import Parts, application
from sandbox.errors import UsageError
from sandbox.ledger.database import Database
from sandbox.settings import Settings

_STDIN = 0


class _BindErrors(logging.Handler):
    """Keeps the OSError that uvicorn only logs if it cannot bind. Writes other log records to stderr."""

    def __init__(self) -> None:
        super().__init__()
        self.error: OSError | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, OSError):
            self.error = record.msg
        else:
            sys.stderr.write(self.format(record) + "\n")


class _Server(uvicorn.Server):
    """Announces its address as soon as it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._announce(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")


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
    app = application(settings, database, parts, lambda: len(server.server_state.connections))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
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
    server = _Server(config, announce)
    if until_stdin_closes:
        threading.Thread(target=_stop_when_stdin_closes, args=(server,), daemon=True).start()
    _run(server, host, port)


def _run(server: uvicorn.Server, host: str, port: int) -> None:
    errors = _BindErrors()
    log = logging.getLogger("uvicorn.error")
    log.addHandler(errors)
    log.propagate = False
    try:
        server.run()
    except KeyboardInterrupt:
        return  # Ctrl-C
    except SystemExit:
        if errors.error is None:
            raise
        raise UsageError(f"cannot listen on {host}:{port}: {_reason(errors.error)}") from None


def _reason(error: OSError) -> str:
    if "in use" in str(error):
        return "another process has this port; choose another, or 0 for a free one"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    return error.strerror or str(error)


def _stop_when_stdin_closes(server: uvicorn.Server) -> None:
    """Stop with the parent process, which has the other end of the pipe."""
    try:
        while os.read(_STDIN, 4096):
            pass
    except OSError:
        pass  # stdin was closed before
    server.should_exit = True
