"""The Admin UI: users and wallets, their balances, and the entries behind each; read only, rendered on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.alfred.records import AlfredWallet
from sandbox.alfred.routes import Alfred
from sandbox.books import Books
from sandbox.ledger.postings import Entry
from sandbox.walletapi.records import GiftStanding, Wallet
from sandbox.walletapi.routes import WalletApi

SHOWN = 200


@dataclass
class Admin:
    """What the pages show, read from the same books that the rules write."""

    books: Books
    alfred: Alfred
    walletapi: WalletApi

    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        return self.alfred.users.balance_of(wallet)

    def overview(self) -> dict[str, Any]:
        wallets = self.walletapi.wallets
        return {
            "users": [(user, self.alfred_balance(user)) for user in self.books.records.newest(AlfredWallet, SHOWN)],
            "user_count": self.books.records.count(AlfredWallet),
            "wallets": [(each, wallets.balance_of(each)) for each in self.books.records.newest(Wallet, SHOWN)],
            "wallet_count": self.books.records.count(Wallet),
        }

    def user(self, wallet_id: str) -> dict[str, Any] | None:
        wallet = self.books.records.first(AlfredWallet, id=wallet_id)
        if wallet is None:
            return None
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        return {"user": wallet, "balance": self.alfred_balance(wallet), **history(entries)}

    def wallet(self, wallet_id: str) -> dict[str, Any] | None:
        wallet = self.books.records.first(Wallet, id=wallet_id.lower())
        if wallet is None:
            return None
        entries = self.books.ledger.entries(self.walletapi.wallets.account_name(wallet))
        return {
            "wallet": wallet,
            "balance": self.walletapi.wallets.balance_of(wallet),
            "gifts": [(gift, self.gift_state(gift)) for gift in self.walletapi.gifts.all_gifts(wallet)],
            **history(entries),
        }

    def gift_state(self, standing: GiftStanding) -> str:
        if not standing.remaining:
            return "spent"
        return "usable" if self.walletapi.gifts.is_usable(standing) else "expired"


def history(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the newest entries, each with the balance after it, newest first; and how many entries there are."""
    lines = list(zip(entries, accumulate(entry.amount for entry in entries), strict=True))
    return {"lines": lines[: -SHOWN - 1 : -1], "entry_count": len(entries)}


def routes(admin: Admin) -> list[Route]:
    def page(template: str, found: dict[str, Any] | None) -> Response:
        if found is None:
            return HTMLResponse(_pages().get_template("missing.html").render(settings=admin.books.settings), 404)
        return HTMLResponse(_pages().get_template(template).render(settings=admin.books.settings, shown=SHOWN, **found))

    async def front(_request: Request) -> Response:
        return RedirectResponse("/admin")

    async def overview(_request: Request) -> Response:
        return page("overview.html", admin.overview())

    async def user(request: Request) -> Response:
        return page("user.html", admin.user(request.path_params["walletId"]))

    async def wallet(request: Request) -> Response:
        return page("wallet.html", admin.wallet(request.path_params["walletId"]))

    return [
        Route("/", front),
        Route("/admin", overview),
        Route("/admin/wallets/{walletId}", user),
        Route("/admin/walletapi/{walletId}", wallet),
    ]


@cache
def _pages() -> jinja2.Environment:
    folder = Path(__file__).parent / "templates"
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters["moment"] = _moment
    pages.filters["signed"] = _signed
    return pages


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _signed(amount: Decimal) -> str:
    """With a real minus sign, and a plus."""
    return f"+{amount}" if amount >= 0 else f"−{-amount}"  # noqa: RUF001 (a minus)
