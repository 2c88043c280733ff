"""Variants of which odd requests are taken and which rejected (contract.md X-1, What no source settles)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from proof.declaring import Variants
from sandbox.alfred.rules import AlfredRules
from sandbox.http.bodies import Bodies
from sandbox.http.rejections import Rejection
from sandbox.walletapi.rules import WalletApiRules

variant = Variants()


@variant("both")
class NamedTwiceIsTaken(Bodies):
    """Of a member that is named twice, the last one counts."""

    def members(self, pairs):
        return dict(pairs)


@variant("both")
class NullBytesAreRejected(Bodies):
    """A text with a null byte is rejected."""

    def check_texts(self, value):
        if isinstance(value, str) and "\0" in value:
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class LongTextsAreRejected(Bodies):
    """A text of more than 200 characters is rejected."""

    def check_texts(self, value):
        if isinstance(value, str) and len(value) > 200:
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class OddLettersAreRejected(Bodies):
    """A text with control characters, or beyond the basic plane, is rejected."""

    def check_texts(self, value):
        if isinstance(value, str) and any(letter < " " or letter > "\uffff" for letter in value):
            raise Rejection("broken_text")
        super().check_texts(value)


@variant("both")
class ByteOrderMarkIsTaken(Bodies):
    """A byte order mark before the body is overlooked."""

    def text(self, raw):
        return super().text(raw.removeprefix(b"\xef\xbb\xbf"))


def rounded(body, name):
    """The member rounded to a minor unit, if it is a number that can be."""
    value = body.get(name)
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > 11 or value.adjusted() < -10:
        return body
    return {**body, name: value.quantize(Decimal("0.01"), ROUND_HALF_UP)}


class RoundingAlfred(AlfredRules):
    """Amounts finer than a minor unit are rounded."""

    def purchase_amount(self, body):
        return super().purchase_amount(rounded(body, "amount"))

    def payment_amount(self, body):
        return super().payment_amount(rounded(body, "paymentAmount"))


class RoundingWalletApi(WalletApiRules):
    """Amounts finer than a minor unit are rounded."""

    def sale_amount(self, body):
        return super().sale_amount(rounded(body, "Amount"))

    def deposit_amount(self, body):
        return super().deposit_amount(rounded(body, "Amount"))


class ModestAlfred(AlfredRules):
    """Amounts above a million are rejected."""

    def purchase_amount(self, body):
        return modest(super().purchase_amount(body))

    def payment_amount(self, body):
        return modest(super().payment_amount(body))


class ModestWalletApi(WalletApiRules):
    """Amounts above a million are rejected."""

    def sale_amount(self, body):
        return modest(super().sale_amount(body))

    def deposit_amount(self, body):
        return modest(super().deposit_amount(body))


def modest(amount):
    """Rejected above a million."""
    if amount > 1_000_000:
        raise Rejection("too_large", "The amount")
    return amount


variant.add(
    "fine-amounts-are-rounded",
    "both",
    "Amounts finer than a minor unit are rounded.",
    alfred=RoundingAlfred,
    walletapi=RoundingWalletApi,
)
variant.add(
    "large-amounts-are-rejected",
    "both",
    "Amounts above a million are rejected.",
    alfred=ModestAlfred,
    walletapi=ModestWalletApi,
)
