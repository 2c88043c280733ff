"""Answers Alfred's calls the same way each time, as fast as a server can, so that only the caller's cost differs."""

import asyncio
import itertools
import sys

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

ANSWERS = {
    "walletauthentication": b'{"walletId": "wallet-1", "accessToken": "token-of-the-benchmark-1"}',
    "wallet-1": b'{"walletAccountId": "account-1"}',
    "session": b'{"paymentSessionId": "session-1", "paymentInstrumentId": "instrument-1"}',
}
_CONFIRMED = b'{"status": "confirmed"}'
_IDS = itertools.count(1)


def answer(last: str) -> bytes | None:
    """Return the body for the last part of a path. Each purchase has an id of its own, as P-2 demands."""
    if last == "purchase":
        return b'{"id": "purchase-%d"}' % next(_IDS)
    return _CONFIRMED if last.endswith(":confirm") else ANSWERS.get(last)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond by the last part of the path; 404 for a call that is none of these."""
    await Request(scope, receive).body()
    body = answer(scope["path"].rpartition("/")[2])
    status = 200 if body else 404
    await Response(body or b'{"message": "unknown"}', status, media_type="application/json")(scope, receive, send)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"http://{host}:{port}", flush=True)


def main() -> None:
    """Serve on a free loopback port, and say which, until standard input is closed."""
    config = uvicorn.Config(_http_only, host="127.0.0.1", port=0, log_level="error", access_log=False, lifespan="off")
    asyncio.run(_until_left_alone(_Server(config)))


async def _http_only(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await application(scope, receive, send)


async def _until_left_alone(server: uvicorn.Server) -> None:
    serving = asyncio.ensure_future(server.serve())
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    main()
