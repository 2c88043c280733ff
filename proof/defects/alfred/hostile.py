"""Alfred: values of a wrong type, unrealistically large amounts, unusual whitespace (contract.md X-1)."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.ledger.money import MOST

T = TypeVar("T")
defect = Defects("alfred")

HOSTILE = "hostile input"


def faulty(check: Callable[[Body], T], body: Body) -> T:
    """Return what a check returns. A rejection for a wrong type becomes a server error."""
    try:
        return check(body)
    except Rejection as rejection:
        if rejection.name in ("not_text", "not_a_number", "not_an_object"):
            raise Rejection("unexpected") from None
        raise


@defect(HOSTILE, "X-1 A-5")
class IllTypedReferenceIsAFault(Users):
    """A login whose reference is not a text ends in a server error."""

    @override
    def external_reference(self, body: Body) -> str:
        return faulty(super().external_reference, body)


@defect(HOSTILE, "X-1 P-6")
class IllTypedAmountIsAFault(Purchases):
    """A purchase whose amount is not a number ends in a server error."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        return faulty(super().purchase_amount, body)


@defect(HOSTILE, "X-1")
class IllTypedSessionIsAFault(Purchases):
    """A confirmation whose session is not a text ends in a server error."""

    @override
    def purchase_session_named(self, body: Body) -> PurchaseSession:
        return faulty(super().purchase_session_named, body)


@defect(HOSTILE, "X-1 F-7")
class IllTypedPaymentIsAFault(Fundings):
    """A payment whose amount is not a number ends in a server error."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        return faulty(super().payment_amount, body)


@defect(HOSTILE, "X-1", core=True)
class HugePurchaseIsCutDown(Purchases):
    """A purchase of 1e400 or of a thousand digits is cut down to the largest possible amount."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        try:
            return super().purchase_amount(body)
        except Rejection as rejection:
            if rejection.name != "too_large":
                raise
            return MOST


@defect(HOSTILE, "X-1")
class HugePaymentIsAFault(Fundings):
    """A payment of 1e400 or of a thousand digits ends in a server error."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        try:
            return super().payment_amount(body)
        except Rejection as rejection:
            raise Rejection("unexpected") if rejection.name == "too_large" else rejection from None


@defect(HOSTILE, "X-1")
class OddBlanksAroundTheObject(Bodies):
    """Blanks that JSON does not have (a form feed, a no-break space) are accepted before and after the object."""

    @override
    def json(self, text: str) -> Any:
        return super().json(text.strip())


@defect("hostile input", "X-1")
class CommentsInABodyAreSkipped(Bodies):
    """Comments in a body, and after it, are skipped."""

    @override
    def json(self, text: str) -> Any:
        return super().json(re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL))
