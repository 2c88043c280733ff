"""WalletAPI: sales and cashback that go wrong only for some values (contract.md T-2, C-1, E-4)."""

from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT
from proof.declaring import Defects
from proof.defects.walletapi.cashback import Giving
from sandbox.http.bodies import Body
from sandbox.walletapi.records import Order
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "T-2 T-7 M-1")
class AmountLosesItsExponent(Sales):
    """An amount written with an exponent (1e1) is sold without it: as 1."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        amount, raw = super().sale_amount(body), body["Amount"]
        exponent = int(raw.as_tuple().exponent) if isinstance(raw, Decimal) else 0
        return amount.scaleb(-exponent).quantize(CENT) if exponent > 0 else amount


@defect(BUSINESS, "C-1")
class CashbackOfAtMostFiveHundred(Giving):
    """A cashback of type Amount above 500 is cut to 500."""

    @override
    def cashback(self, order: Order, cashback: Decimal) -> Decimal:
        return min(cashback, Decimal("500.00")) if order.cashback_type == "Amount" else cashback


@defect(BUSINESS, "E-4")
class UnknownCashbackTypeOfNothing(Sales):
    """With CashbackApply, an unknown CashbackType is accepted if CashbackValue is 0."""

    @override
    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        return super().cashback_type(body, apply=apply and body.get("CashbackValue") != 0)
