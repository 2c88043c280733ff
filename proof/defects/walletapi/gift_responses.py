"""WalletAPI: what a sale tells of the gifts that paid it (contract.md G-3, G-4, G-6)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, SaleResponses
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.ledger import identifiers
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "G-3 G-4 T-1", core=True)
class GiftAmountZeroWhereNoneWasUsed(SaleResponses):
    """A sale without a gift returns a gift amount of 0."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "GiftAmount": value["GiftAmount"] or NOTHING}


@defect(BUSINESS, "G-4")
class GiftIdOfZerosWhereNoneWasUsed(SaleResponses):
    """A sale without a gift returns a GiftBalanceId of zeros instead of null."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "GiftBalanceId": value["GiftBalanceId"] or "00000000-0000-0000-0000-000000000000"}


@defect(BUSINESS, "G-4", core=True)
class EmptyListWhereNoGiftWasUsed(SaleResponses):
    """A sale without a gift returns an empty list of gifts instead of null."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "UsedGiftBalances": value["UsedGiftBalances"] or []}


@defect(BUSINESS, "G-6")
class GiftIdOfNoGift(SaleResponses):
    """A sale that a gift paid names a gift that does not exist."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "GiftBalanceId": value["GiftBalanceId"] and identifiers.new_guid()}


@defect(BUSINESS, "G-6", core=True)
class GiftThatWasUsedUpIsNamed(Sales):
    """A sale names the wallet's first gift, also if that was used up before and another paid."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        return replace(sale, gift_balance_id=self.gifts.all_gifts(wallet)[0].gift.id) if uses else sale


@defect(BUSINESS, "G-6")
class AllGiftsAreCountedAsUsed(Gifts):
    """A sale lists all the gifts of the wallet as used."""

    @override
    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        uses = super().gift_uses(sale_id, amount, gifts)
        idle = gifts[len(uses) :]
        return (*uses, *(GiftUse(identifiers.new_guid(), sale_id, each.gift.id, NOTHING) for each in idle))


@defect(BUSINESS, "G-6", core=True)
class OneGiftIsListed(SaleResponses):
    """A sale that two gifts paid lists one."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "UsedGiftBalances": value["UsedGiftBalances"] and value["UsedGiftBalances"][:1]}


@defect(BUSINESS, "G-6")
class NoGiftIsListed(SaleResponses):
    """A sale that a gift paid lists none."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "UsedGiftBalances": None}
