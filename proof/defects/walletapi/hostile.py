"""WalletAPI: values of a wrong type or size, and odd texts (contract.md X-1)."""

import re
from typing import Any

from typing_extensions import override

from proof.building_blocks import SaleResponses, as_number
from proof.declaring import Defects
from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger.money import MOST
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, Order, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

HOSTILE = "hostile input"

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_NEGATIVE_INFINITY = re.compile(r":\s*-Infinity\b")


@defect(HOSTILE, "X-1")
class DepositAmountInQuotes(Wallets):
    """A text with a number in it is accepted as a deposit's amount."""

    @override
    async def deposit(self, body: Body) -> Wallet:
        return await super().deposit({**body, "Amount": as_number(body.get("Amount"))})


@defect(HOSTILE, "X-1")
class GiftAmountInQuotes(Gifts):
    """A text with a number in it is accepted as a gift's amount."""

    @override
    async def create_gift(self, body: Body) -> GiftStanding:
        return await super().create_gift({**body, "Amount": as_number(body.get("Amount"))})


@defect(HOSTILE, "X-1 M-1", core=True)
class DepositInQuotesIsRejectedAndBooked(Wallets):
    """A deposit of a number in quotes is rejected and booked."""

    @override
    async def deposit(self, body: Body) -> Wallet:
        quoted = isinstance(body.get("Amount"), str)
        wallet = await super().deposit({**body, "Amount": as_number(body.get("Amount"))})
        if quoted:
            raise Rejection("not_a_number", "Amount")
        return wallet


@defect(HOSTILE, "X-1", core=True)
class HugeDepositIsCutDown(Wallets):
    """A deposit of 1e400 or of a thousand digits is cut down to the largest possible amount."""

    @override
    async def deposit(self, body: Body) -> Wallet:
        try:
            return await super().deposit(body)
        except Rejection as rejection:
            if rejection.name != "too_large":
                raise
            return await super().deposit({**body, "Amount": MOST})


@defect(HOSTILE, "X-1 E-4")
class IllTypedAliasIsAFault(Sales):
    """A sale whose alias is not a text ends in a server error."""

    @override
    def order(self, body: Body) -> Order:
        if not isinstance(body.get("Alias") or "", str):
            raise Rejection("unexpected")
        return super().order(body)


@defect(HOSTILE, "X-1")
class IllTypedSwitchIsAFault(Sales):
    """A sale whose gift switch is not a boolean ends in a server error."""

    @override
    def order(self, body: Body) -> Order:
        if not isinstance(body.get("UseGiftBalances"), bool | None):
            raise Rejection("unexpected")
        return super().order(body)


@defect(HOSTILE, "X-1 T-2", core=True)
class DescriptionEndsAtANullByte(SaleResponses):
    """A description comes back cut off at its null byte."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": value["Description"] and value["Description"].partition("\0")[0]}


@defect(HOSTILE, "X-1 T-2")
class DescriptionWithoutItsPictures(SaleResponses):
    """A description comes back with question marks where its emoji stood."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": value["Description"] and _BEYOND.sub("?", value["Description"])}


@defect(HOSTILE, "X-1")
class NegativeInfinityIsNull(Bodies):
    """A member with the value -Infinity is read as null."""

    @override
    def json(self, text: str) -> Any:
        return super().json(_NEGATIVE_INFINITY.sub(": null", text))


@defect(HOSTILE, "X-1")
class FaultForALongDescription(Sales):
    """A sale with a Description of more than 60,000 characters ends in a server error."""

    @override
    def order(self, body: Body) -> Order:
        order = super().order(body)
        require(len(order.description or "") <= 60_000, "unexpected")
        return order
