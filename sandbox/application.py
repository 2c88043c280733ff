"""Build the application: one database, the subjects of both APIs, and their routes."""

from collections.abc import Callable
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
from sandbox.alfred.credentials import Credentials as AlfredCredentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.ids import Ids
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.users import Users
from sandbox.books import Books
from sandbox.http.bodies import Bodies
from sandbox.http.operations import Api
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Responses
from sandbox.ledger.database import Database
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import Records
from sandbox.ledger.timestamps import Clock, now
from sandbox.settings import Settings
from sandbox.walletapi import records as walletapi_records
from sandbox.walletapi import routes as walletapi_routes
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.credentials import Credentials as WalletApiCredentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

_REASONS = {404: "unknown_call", 405: "wrong_method"}


def bare(app: ASGIApp) -> ASGIApp:
    return app


@dataclass(frozen=True)
class Parts:
    """The classes and functions that make up the sandbox. Replace one to change a single rule.

    ``wire`` wraps the whole application, and ``dated`` says whether responses have a Date header.
    """

    ledger: type[Ledger] = Ledger
    books: type[Books] = Books
    alfred_credentials: type[AlfredCredentials] = AlfredCredentials
    ids: type[Ids] = Ids
    users: type[Users] = Users
    purchases: type[Purchases] = Purchases
    fundings: type[Fundings] = Fundings
    walletapi_credentials: type[WalletApiCredentials] = WalletApiCredentials
    wallets: type[Wallets] = Wallets
    gifts: type[Gifts] = Gifts
    balances: type[Balances] = Balances
    sales: type[Sales] = Sales
    reversals: type[Reversals] = Reversals
    responses: type[Responses] = Responses
    alfred_bodies: type[Bodies] = Bodies
    walletapi_bodies: type[Bodies] = Bodies
    admin: type[pages.Admin] = pages.Admin
    clock: Clock = field(default=now)
    wire: Callable[[ASGIApp], ASGIApp] = field(default=bare)
    dated: bool = True

    def shared(self, settings: Settings, database: Database) -> Books:
        ledger = self.ledger(database)
        for account in (*alfred_records.ACCOUNTS, *walletapi_records.ACCOUNTS):
            ledger.open_account(account, held=False)
        records = Records(database, {**alfred_records.KINDS, **walletapi_records.KINDS})
        return self.books(settings, ledger, records, self.clock)

    def alfred(self, books: Books) -> alfred_routes.Alfred:
        ids = self.ids()
        users = self.users(books, ids)
        purchases, fundings = self.purchases(books, ids, users), self.fundings(books, ids, users)
        return alfred_routes.Alfred(self.alfred_credentials(books), users, purchases, fundings)

    def walletapi(self, books: Books) -> walletapi_routes.WalletApi:
        wallets = self.wallets(books)
        gifts = self.gifts(books, wallets)
        return walletapi_routes.WalletApi(
            self.walletapi_credentials(books),
            wallets,
            gifts,
            self.balances(wallets, gifts),
            self.sales(books, wallets, gifts),
            self.reversals(books, wallets, gifts),
        )


def application(
    settings: Settings, database: Database, parts: Parts | None = None, connections: Callable[[], int] = lambda: 0
) -> ASGIApp:
    """Return an ASGI application. ``connections`` returns the number of open connections."""
    parts = parts or Parts()
    books = parts.shared(settings, database)
    alfred, walletapi, responses = parts.alfred(books), parts.walletapi(books), parts.responses()
    routes = [
        *Api("alfred", alfred, responses, parts.alfred_bodies()).routes(alfred_routes.OPERATIONS),
        *Api("walletapi", walletapi, responses, parts.walletapi_bodies()).routes(walletapi_routes.OPERATIONS),
        *pages.routes(parts.admin(books, alfred, walletapi)),
        *controls.routes(books.ledger, database, connections),
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
