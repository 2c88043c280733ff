"""Variants of what no source settles (contract.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal
from typing import Any

from typing_extensions import override

from proof.building_blocks import CENT, allowed
from proof.declaring import Variants
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import SALES, Gift, GiftStanding, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

variant = Variants()

ALIASES = tuple(f"555000{number:04}" for number in range(1, 9))


def ordering(key: Callable[[GiftStanding], Any], *, last_first: bool = False) -> type[Gifts]:
    """Return gifts that spend gifts in this order."""

    class Ordering(Gifts):
        @override
        def gifts_in_order(self, gifts: tuple[GiftStanding, ...]) -> tuple[GiftStanding, ...]:
            return tuple(sorted(gifts, key=key, reverse=last_first))

    return Ordering


for _name, _sentence, _rules, _core in (
    (
        "newest-gift-first",
        "The newest gift is spent first.",
        ordering(lambda each: each.gift.created, last_first=True),
        "walletapi",
    ),
    ("oldest-gift-first", "The oldest gift is spent first.", ordering(lambda each: each.gift.created), ""),
    (
        "largest-gift-first",
        "The largest gift is spent first.",
        ordering(lambda each: each.remaining, last_first=True),
        "",
    ),
    ("smallest-gift-first", "The smallest gift is spent first.", ordering(lambda each: each.remaining), ""),
):
    variant.add(_name, "walletapi", _sentence, core=_core, gifts=_rules)


def rounding(how: str) -> type[Sales]:
    """Return sales that round a percentage in this way."""

    class Rounding(Sales):
        @override
        def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
            super().percentage(amount, percent)  # rejects what is too large
            return (amount * percent / 100).quantize(CENT, how)

    return Rounding


for _name, _sentence, _how in (
    ("percentage-rounded-down", "A percentage is rounded down.", ROUND_DOWN),
    ("percentage-rounded-up", "A percentage is rounded up.", ROUND_UP),
    ("percentage-rounded-to-even", "A percentage is rounded half to even.", ROUND_HALF_EVEN),
):
    variant.add(_name, "walletapi", _sentence, sales=rounding(_how))


@variant("walletapi", core="walletapi")
class CashbackIsTakenBack(Reversals):
    """Undoing a sale takes its cashback back, as far as it is there."""

    @override
    def cashback_taken_back(self, sale: Transaction, *, rollback: bool) -> Decimal:
        wallet = self.wallet_of_sale(sale)
        there = self.wallets.balance_of(wallet) + self.undo_amount(sale)
        return min(super().cashback_taken_back(sale, rollback=True), there) if not rollback else sale.cashback_amount


@variant("walletapi")
class GiftsPartIsGone(Reversals):
    """Undoing a sale that a gift paid gives the gift's part to nobody."""

    @override
    def book_undoing(
        self, undoing: Transaction, wallet: Wallet, given_back: Decimal, _uses: tuple[GiftUse, ...]
    ) -> None:
        movements = [Movement(self.wallets.account_name(wallet), given_back), Movement(SALES, -given_back)]
        self.books.ledger.post(undoing.type, undoing.id, movements, undoing.created)


@variant("walletapi")
class GiftsPartGoesToTheBalance(GiftsPartIsGone):
    """Undoing a sale that a gift paid gives the gift's part to the balance."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        return sale.amount


class AcceptingAnyReference(Sales):
    check_reference_free = allowed


@variant("walletapi", sales=AcceptingAnyReference)
class ReferencesMayRepeat(Reversals):
    """A repeated ExternalReference is accepted; undoing takes the newest sale that is not undone."""

    @override
    def sale_named(self, reference: str) -> Transaction:
        sales = self.books.records.all(Transaction, external_reference=reference, type="Purchase")
        if not sales:
            raise Rejection("unknown_sale")
        open_ones = [each for each in sales if not self.books.records.first(Transaction, main_transaction_id=each.id)]
        return (open_ones or sales)[-1]


@dataclass
class RememberingReferences(Wallets):
    """Rejects a deposit with a reference that was used before."""

    def __post_init__(self) -> None:
        self._references: set[str] = set()

    @override
    async def deposit(self, body: Body) -> Wallet:
        self.check_new(body)
        wallet = await super().deposit(body)
        self.remember(body)
        return wallet

    def check_new(self, body: Body) -> None:
        """Reject a reference that was used before."""
        reference = fields.optional_text(body, "ExternalReference")
        if reference and reference in self._references:
            raise Rejection("reference_taken")

    def remember(self, body: Body) -> None:
        """Store the reference of what was booked."""
        self._references.add(body.get("ExternalReference") or "")


@variant("walletapi", wallets=RememberingReferences)
class ReferencesAreNew(Gifts):
    """Deposits and gifts reject a reference that one of them had."""

    wallets: RememberingReferences

    @override
    async def create_gift(self, body: Body) -> GiftStanding:
        self.wallets.check_new(body)
        gift = await super().create_gift(body)
        self.wallets.remember(body)
        return gift


@variant("walletapi")
class GiftsMayBePast(Gifts):
    """A gift may be given with a date that is already past; it pays nothing."""

    @override
    def gift_expiry(self, body: Body) -> datetime | None:
        return fields.optional_moment(body, "ExpirationDate")


@variant("walletapi")
class CashbackTypeAlwaysMatters(Sales):
    """An unknown CashbackType is rejected, also if no cashback applies."""

    @override
    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        kind = super().cashback_type(body, apply=apply)
        if kind not in (None, "", "Amount", "Percentage"):
            raise Rejection("unknown_cashback_type", "CashbackType")
        return kind


class OpeningNone(Wallets):
    """Opens no wallet."""

    @override
    def wallet_owner(self, _body: Body) -> str:
        raise Rejection("unknown_owner")


@variant("walletapi", {"walletapi": {"owner_id": "", "aliases": list(ALIASES)}}, core="walletapi", wallets=OpeningNone)
@dataclass
class WalletsOfTheTargetsOwn(Gifts):
    """Nobody may open wallets; the target names some that hold money already, and one a gift."""

    def __post_init__(self) -> None:
        for number, alias in enumerate(ALIASES):
            owner, opened = self.books.settings.owner_id.lower(), self.books.now()
            wallet = Wallet(identifiers.new_guid(), owner, "A wallet", alias, 1, "TRY", None, opened)
            self.wallets.open_wallet(wallet)
            self.wallets.book_deposit(wallet, Decimal("100.00") * number + Decimal("12.34"), "opening")
            if number == 0:
                gift = Gift(identifiers.new_guid(), wallet.id, Decimal("7.50"), None, None, None, opened)
                self.book_gift(gift)
                self.books.keep(gift)


@variant("walletapi", core="walletapi")
class ExpiredGiftsAreShown(Balances):
    """The balances show gifts that have expired, and count them."""

    @override
    def gifts_shown(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return tuple(each for each in self.gifts.all_gifts(wallet) if each.remaining)


@variant("walletapi", core="walletapi")
class SwitchesAreRequired(Sales):
    """A sale is rejected if a switch is absent or null, or if a member of a cashback is null."""

    @override
    def order(self, body: Body) -> Order:
        for name in ("UseGiftBalances", "CashbackApply"):
            fields.required(body, name)
        if any(name in body and body[name] is None for name in ("CashbackType", "CashbackValue")):
            raise Rejection("missing_member")
        return super().order(body)
