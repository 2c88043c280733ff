"""Variants of which odd requests are accepted and which are rejected (contract.md X-1, What no source settles)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from typing_extensions import override

from harness.client.spending import LARGE
from harness.target.target import AlfredTarget
from proof.declaring import Variants
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.http import fields
from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

variant = Variants()


@variant("both")
class NamedTwiceIsTaken(Bodies):
    """If a member occurs twice, the last one counts."""

    @override
    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(pairs)


@variant("both")
class NullBytesAreRejected(Bodies):
    """A text with a null byte is rejected."""

    @override
    def check_texts(self, value: Any) -> None:
        if isinstance(value, str) and "\0" in value:
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class LongTextsAreRejected(Bodies):
    """A text of more than 50 characters is rejected."""

    @override
    def check_texts(self, value: Any) -> None:
        if isinstance(value, str) and len(value) > 50:
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class OddLettersAreRejected(Bodies):
    """A text with control characters, or beyond the basic plane, is rejected."""

    @override
    def check_texts(self, value: Any) -> None:
        if isinstance(value, str) and any(letter < " " or letter > "\uffff" for letter in value):
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class ByteOrderMarkIsTaken(Bodies):
    """A byte order mark before the body is ignored."""

    @override
    def text(self, raw: bytes) -> str:
        return super().text(raw.removeprefix(b"\xef\xbb\xbf"))


def rounded(body: Body, name: str) -> Body:
    """The member rounded to a minor unit, if it is a number that can be."""
    value = body.get(name)
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > 11 or value.adjusted() < -10:
        return body
    return {**body, name: value.quantize(Decimal("0.01"), ROUND_HALF_UP)}


class RoundingPurchases(Purchases):
    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return super().purchase_amount(rounded(body, "amount"))


class RoundingFundings(Fundings):
    @override
    def payment_amount(self, body: Body) -> Decimal:
        return super().payment_amount(rounded(body, "paymentAmount"))


class RoundingSales(Sales):
    @override
    def sale_amount(self, body: Body) -> Decimal:
        return super().sale_amount(rounded(body, "Amount"))


class RoundingWallets(Wallets):
    @override
    async def deposit(self, body: Body) -> Wallet:
        return await super().deposit(rounded(body, "Amount"))


class ModestPurchases(Purchases):
    @override
    def purchase_amount(self, body: Body) -> Decimal:
        amount = super().purchase_amount(body)
        return amount if amount == PROBE else modest(amount)


class ModestFundings(Fundings):
    @override
    def payment_amount(self, body: Body) -> Decimal:
        return modest(super().payment_amount(body))


class ModestSales(Sales):
    @override
    def sale_amount(self, body: Body) -> Decimal:
        return modest(super().sale_amount(body))


class ModestWallets(Wallets):
    @override
    async def deposit(self, body: Body) -> Wallet:
        modest(fields.amount(body, "Amount"))
        return await super().deposit(body)


class ModestGifts(Gifts):
    @override
    async def create_gift(self, body: Body) -> GiftStanding:
        modest(fields.amount(body, "Amount"))
        return await super().create_gift(body)


PROBE: Final = AlfredTarget.probe_amount


def modest(amount: Decimal) -> Decimal:
    """Return the amount. Rejection if it is above two thousand."""
    if amount > LARGE:
        raise Rejection("too_large", "The amount")
    return amount


variant.add(
    "fine-amounts-are-rounded",
    "both",
    "Amounts finer than a minor unit are rounded.",
    purchases=RoundingPurchases,
    fundings=RoundingFundings,
    sales=RoundingSales,
    wallets=RoundingWallets,
)
variant.add(
    "large-amounts-are-rejected",
    "both",
    "Amounts above two thousand are rejected, except for that of the probe.",
    purchases=ModestPurchases,
    fundings=ModestFundings,
    sales=ModestSales,
    wallets=ModestWallets,
    gifts=ModestGifts,
)
