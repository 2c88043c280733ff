"""Build the application: one database, the rules of both APIs, and their routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from sandbox import controls
from sandbox.admin import pages
from sandbox.alfred import records as alfred_records
from sandbox.alfred import routes as alfred_routes
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import Presented
from sandbox.http.bodies import Bodies
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Responses
from sandbox.ledger.database import Database
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import Records
from sandbox.ledger.timestamps import Clock, now
from sandbox.settings import Settings
from sandbox.walletapi import records as walletapi_records
from sandbox.walletapi import routes as walletapi_routes
from sandbox.walletapi.rules import WalletApiRules

_REASONS = {404: "unknown_call", 405: "wrong_method"}


def bare(app: ASGIApp) -> ASGIApp:
    """Return the application without a wrapper."""
    return app


@dataclass(frozen=True)
class Parts:
    """The classes and functions that make up the sandbox. Replace one to change a single rule.

    ``presented`` reads Alfred's credentials from the headers, ``wire`` wraps the whole application, and ``dated``
    says whether responses have a Date header.
    """

    ledger: type[Ledger] = Ledger
    alfred: type[AlfredRules] = AlfredRules
    walletapi: type[WalletApiRules] = WalletApiRules
    responses: type[Responses] = Responses
    alfred_bodies: type[Bodies] = Bodies
    walletapi_bodies: type[Bodies] = Bodies
    admin: type[pages.Admin] = pages.Admin
    clock: Clock = field(default=now)
    presented: Callable[[Mapping[str, str]], Presented] = field(default=alfred_routes.presented)
    wire: Callable[[ASGIApp], ASGIApp] = field(default=bare)
    dated: bool = True


def application(
    settings: Settings, database: Database, parts: Parts | None = None, connections: Callable[[], int] = lambda: 0
) -> ASGIApp:
    """Return an ASGI application. ``connections`` returns the number of open connections."""
    parts = parts or Parts()
    ledger = parts.ledger(database)
    records = Records(database, {**alfred_records.KINDS, **walletapi_records.KINDS})
    alfred = parts.alfred(settings, ledger, records, parts.clock)
    walletapi = parts.walletapi(settings, ledger, records, parts.clock)
    responses = parts.responses()
    routes = [
        *alfred_routes.routes(alfred, responses, parts.alfred_bodies(), parts.presented),
        *walletapi_routes.routes(walletapi, responses, parts.walletapi_bodies()),
        *pages.routes(parts.admin(settings, ledger, records, alfred, walletapi)),
        *controls.routes(ledger, database, connections),
    ]
    app = Starlette(routes=routes, exception_handlers=_exception_handlers(responses))
    app.router.redirect_slashes = False
    return parts.wire(app)


def _exception_handlers(responses: Responses) -> dict[Any, Any]:
    """Reject unknown paths, wrong methods and bugs of the sandbox in the form of the API that was called."""

    async def reject(request: Request, error: Exception) -> Response:
        known = isinstance(error, HTTPException)
        rejection = Rejection(_REASONS.get(getattr(error, "status_code", 500), "unexpected") if known else "unexpected")
        is_walletapi = request.url.path.startswith(walletapi_routes.PREFIXES)
        call = Call("walletapi" if is_walletapi else "alfred", headers=request.headers)
        response = await responses.finish(responses.rejection(call, rejection))
        response.headers.update(getattr(error, "headers", None) or {})  # Allow, with status 405
        return response

    return {HTTPException: reject, Exception: reject}
