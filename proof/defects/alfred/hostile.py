"""Alfred: values of a type that no caller means, and amounts of a size that no one has (contract.md X-1)."""

from __future__ import annotations

from proof.declaring import Defects
from sandbox.alfred.rules import AlfredRules
from sandbox.http.rejections import Rejection
from sandbox.ledger.money import MOST

defect = Defects("alfred")

HOSTILE = "hostile input"


def faulty(check):
    """The same check, ending in a server error if a member is of a wrong type."""

    def checked(self, body):
        try:
            return check(self, body)
        except Rejection as rejection:
            if rejection.name in ("not_text", "not_a_number", "not_an_object"):
                raise Rejection("unexpected") from None
            raise

    return checked


@defect(HOSTILE, "X-1 A-5")
class IllTypedReferenceIsAFault(AlfredRules):
    """A login whose reference is no text ends in a server error."""

    external_reference = faulty(AlfredRules.external_reference)


@defect(HOSTILE, "X-1 P-6")
class IllTypedAmountIsAFault(AlfredRules):
    """A purchase whose amount is no number ends in a server error."""

    purchase_amount = faulty(AlfredRules.purchase_amount)


@defect(HOSTILE, "X-1")
class IllTypedSessionIsAFault(AlfredRules):
    """A confirmation whose session is no text ends in a server error."""

    purchase_session_named = faulty(AlfredRules.purchase_session_named)


@defect(HOSTILE, "X-1 F-7")
class IllTypedPaymentIsAFault(AlfredRules):
    """A payment whose amount is no number ends in a server error."""

    payment_amount = faulty(AlfredRules.payment_amount)


@defect(HOSTILE, "X-1", core=True)
class HugePurchaseIsCutDown(AlfredRules):
    """A purchase of 1e400 or of a thousand digits is cut down to what the books can hold."""

    def purchase_amount(self, body):
        try:
            return super().purchase_amount(body)
        except Rejection as rejection:
            if rejection.name != "too_large":
                raise
            return MOST


@defect(HOSTILE, "X-1")
class HugePaymentIsAFault(AlfredRules):
    """A payment of 1e400 or of a thousand digits ends in a server error."""

    def payment_amount(self, body):
        try:
            return super().payment_amount(body)
        except Rejection as rejection:
            raise Rejection("unexpected") if rejection.name == "too_large" else rejection from None
