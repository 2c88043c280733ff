"""Alfred: creating purchases and opening sessions on unknown things (contract.md P-1 to P-3, P-6, P-7)."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, as_number
from proof.declaring import Defects
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import Purchase, PurchaseSession
from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.ledger.money import to_major, to_minor

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "P-1 P-3")
class PurchaseIsForgotten(Books):
    """A purchase gets an id but is not stored."""

    @override
    def keep(self, record: object) -> None:
        if not isinstance(record, Purchase):
            super().keep(record)


class Renaming(Purchases):
    """Gives a purchase another id."""

    def id_of(self, _body: Body) -> str:
        """Return the id of the purchase that a body asks for."""
        raise NotImplementedError

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        renamed = replace(await super().create_purchase(body), id=self.id_of(body))
        self.books.keep(renamed)
        return renamed


@defect("idempotency", "P-2", core=True)
class EqualPurchasesShareAnId(Renaming):
    """A second purchase of the same content gets the first one's id."""

    @override
    def id_of(self, body: Body) -> str:
        return "AAEAAA" + hashlib.sha256(repr(sorted(body.items(), key=str)).encode()).hexdigest()[:18]


@defect(BUSINESS, "P-2")
class PurchaseIdsOfTheSecond(Renaming):
    """Purchases made within one second get the same id."""

    @override
    def id_of(self, _body: Body) -> str:
        return self.books.now().strftime("AAEAAA%Y%m%d%H%M%S")


@defect(BUSINESS, "P-6")
class PurchaseOfNothing(Purchases):
    """A purchase of zero can be created."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return NOTHING if fields.number(body, "amount") == 0 else super().purchase_amount(body)


@defect(BUSINESS, "P-6")
class ZeroWithAnExponentIsSold(Purchases):
    """A purchase of zero can be created if the zero is written with an exponent: 0e5."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        raw = body.get("amount")
        has_exponent = isinstance(raw, Decimal) and str(raw).startswith("0E+")
        return NOTHING if has_exponent else super().purchase_amount(body)


@defect(BUSINESS, "P-6")
class PurchaseOfLessThanNothing(Purchases):
    """A purchase of a negative amount can be created."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        amount = fields.number(body, "amount")
        return to_major(to_minor(amount)) if amount < 0 else super().purchase_amount(body)


@defect(BUSINESS, "P-6 X-1")
class PurchaseAmountInQuotes(Purchases):
    """A text with a number in it is accepted as a purchase's amount."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return super().purchase_amount({**body, "amount": as_number(body.get("amount"))})


@defect(BUSINESS, "P-6")
class PurchaseAmountTrue(Purchases):
    """The value true is accepted as an amount of one."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return super().purchase_amount({**body, "amount": 1} if body.get("amount") is True else body)


@defect(BUSINESS, "P-6")
class PurchaseWithoutAnAmount(Purchases):
    """A purchase that names no amount is created for nothing."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return NOTHING if body.get("amount") is None else super().purchase_amount(body)


@defect(BUSINESS, "P-6", core=True)
class PurchaseInAnyCurrency(Purchases):
    """A purchase in a currency that the shop does not have is created."""

    @override
    def purchase_currency(self, body: Body) -> str:
        return fields.text(body, "currency")


@defect(BUSINESS, "P-6")
class PurchaseWithoutACurrency(Purchases):
    """A purchase that names no currency is created in the shop's."""

    @override
    def purchase_currency(self, body: Body) -> str:
        missing = body.get("currency") is None
        return self.books.settings.alfred_currency if missing else super().purchase_currency(body)


@defect(BUSINESS, "P-6")
class PurchaseOfAnyShop(Purchases):
    """A purchase under an unknown shop configuration is created."""

    @override
    def shop_configuration(self, body: Body) -> str:
        return fields.text(body, "shopConfigurationId")


@defect(BUSINESS, "P-6")
class PurchaseWithoutAShop(Purchases):
    """A purchase that names no shop configuration is created under the only one."""

    @override
    def shop_configuration(self, body: Body) -> str:
        missing = body.get("shopConfigurationId") is None
        return self.books.settings.shop_configuration_id if missing else super().shop_configuration(body)


class OpeningForNothing(Purchases):
    """Returns a session that nobody can use instead of a rejection for ``overlooked``."""

    overlooked: tuple[str, ...] = ()

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        try:
            return await super().open_purchase_session(purchase_id, body)
        except Rejection as rejection:
            if rejection.name not in self.overlooked:
                raise
            new = identifiers.new_alfred_id
            return PurchaseSession(new(), purchase_id, "", new(), NOTHING, NOTHING)


@defect(BUSINESS, "P-7", core=True)
class SessionOnAnUnknownPurchase(OpeningForNothing):
    """A purchase that does not exist gets a session."""

    overlooked = ("unknown_purchase",)


@defect(BUSINESS, "P-7")
class SessionForAnUnknownWallet(OpeningForNothing):
    """A wallet that does not exist gets a session."""

    overlooked = ("unknown_wallet",)


@defect(BUSINESS, "P-7")
class SessionForNoWallet(OpeningForNothing):
    """A session is opened for nobody, if no wallet is named."""

    overlooked = ("missing_member",)


@defect(BUSINESS, "P-3 P-4")
class SessionIsForgotten(Books):
    """A session is returned but not stored, so that nothing can be confirmed with it."""

    @override
    def keep(self, record: object) -> None:
        if not isinstance(record, PurchaseSession):
            super().keep(record)


@defect(BUSINESS, "P-3 S-3", core=True)
class SessionNeedsABalance(Purchases):
    """A user without a balance gets no session."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        if not balance:
            raise Rejection("insufficient_balance")
        return super().balance_part(amount, balance)
