"""Health and invariants of the sandbox, outside both APIs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import simplejson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.ledger.database import Database
from sandbox.ledger.postings import Ledger


def routes(ledger: Ledger, database: Database, connections: Callable[[], int]) -> list[Route]:
    async def health(_request: Request) -> Response:
        return _json({"status": "ok"})

    async def invariants(_request: Request) -> Response:
        return _json(
            {
                **ledger.invariants(),
                "openTransactions": int(database.in_transaction),
                "openConnections": connections(),
                "residentKilobytes": resident_kilobytes(),
            }
        )

    return [Route("/_sandbox/health", health), Route("/_sandbox/invariants", invariants)]


def resident_kilobytes() -> int | None:
    """Return the resident memory of this process; None without /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _json(payload: Any) -> Response:
    return Response(simplejson.dumps(payload, use_decimal=True).encode(), media_type="application/json")
