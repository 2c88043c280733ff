"""Alfred: fundings that ought to be rejected (contract.md F-7)."""

from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, allowed, as_number
from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.records import AlfredWallet, Payment, PaymentSession
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger import identifiers
from sandbox.ledger.money import is_whole_minor, to_major, to_minor

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "F-7")
class FundingSessionForAnUnknownAccount(Fundings):
    """An account that does not exist gets a Funding session."""

    @override
    async def open_payment_session(self, owner: AlfredWallet, body: Body) -> PaymentSession:
        try:
            return await super().open_payment_session(owner, body)
        except Rejection as rejection:
            if rejection.name != "unknown_account":
                raise
            return PaymentSession(identifiers.new_alfred_id(), "", identifiers.new_alfred_id())


@defect(BUSINESS, "F-7")
class PaymentIntoAnUnknownAccount(Fundings):
    """A payment into an account that does not exist is created."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        try:
            return await super().create_payment(owner, body)
        except Rejection as rejection:
            if rejection.name != "unknown_account":
                raise
            payment_id = self.ids.payment()
            return Payment(payment_id, "", "", NOTHING, self.books.settings.alfred_currency, None, self.books.now())


@defect(BUSINESS, "F-7")
class PaymentOfNothing(Fundings):
    """A payment of zero is created."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        return NOTHING if fields.number(body, "paymentAmount") == 0 else super().payment_amount(body)


@defect(BUSINESS, "F-7")
class PaymentOfLessThanNothing(Fundings):
    """A payment of a negative amount is created."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        amount = fields.number(body, "paymentAmount")
        return to_major(to_minor(amount)) if amount < 0 else super().payment_amount(body)


@defect(BUSINESS, "F-7")
class NegativePaymentIsPaidAsPositive(Fundings):
    """The minus sign of a payment's amount is ignored."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        amount = fields.number(body, "paymentAmount")
        return super().payment_amount({**body, "paymentAmount": abs(amount)})


@defect(BUSINESS, "F-3 F-7 F-5 S-8 S-5")
class PaymentBeyondThirtyTwoBitsWrapsRound(Fundings):
    """A payment beyond 21,474,836.47 either way wraps round in 32 bits of minor units: a negative one is accepted."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        value = fields.number(body, "paymentAmount")
        if not is_whole_minor(value) or abs(value) <= Decimal("21474836.47"):
            return super().payment_amount(body)
        minor = (to_minor(value) + 2**31) % 2**32 - 2**31
        require(minor > 0, "not_positive", "paymentAmount")
        return to_major(minor)


@defect(BUSINESS, "F-7 X-1")
class PaymentAmountInQuotes(Fundings):
    """A text with a number in it is accepted as a payment's amount."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        return super().payment_amount({**body, "paymentAmount": as_number(body.get("paymentAmount"))})


@defect(BUSINESS, "F-7")
class PaymentAmountTrue(Fundings):
    """The value true is accepted as a payment of one."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        return super().payment_amount({**body, "paymentAmount": 1} if body.get("paymentAmount") is True else body)


@defect(BUSINESS, "F-7")
class PaymentWithoutAnAmount(Fundings):
    """A payment that names no amount is created for nothing."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        return NOTHING if body.get("paymentAmount") is None else super().payment_amount(body)


@defect(BUSINESS, "F-7")
class PaymentInAnyCurrency(Fundings):
    """A payment in another currency is created as if it were the account's."""

    @override
    def payment_currency(self, body: Body) -> str:
        return fields.text(body, "paymentCurrency")


@defect(BUSINESS, "F-7")
class CurrencyWithinALongerText(Fundings):
    """A payment in any currency that contains the account's (XBDT, BDTS) is accepted."""

    @override
    def payment_currency(self, body: Body) -> str:
        own = self.books.settings.alfred_currency
        return own if own in fields.text(body, "paymentCurrency") else super().payment_currency(body)


@defect(BUSINESS, "F-7", core=True)
class PaymentInAnUnknownSession(Fundings):
    """A payment may name a session that does not exist."""

    @override
    def payment_session_named(self, body: Body) -> PaymentSession:
        try:
            return super().payment_session_named(body)
        except Rejection:
            instrument = fields.text(fields.members(body, "paymentSessionDetailsJson"), "selectedPaymentInstrumentId")
            return PaymentSession("", fields.text(body, "walletAccountId"), instrument)


@defect("isolation", "F-7")
class PaymentInAnotherAccountsSession(Fundings):
    """A payment may be made in the session of another user's account."""

    check_session_of_account = allowed
    check_funding_instrument = allowed


@defect(BUSINESS, "F-7", core=True)
class UnknownPaymentIsConfirmed(Fundings):
    """Confirming a payment that does not exist succeeds."""

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        try:
            return await super().confirm_payment(owner, payment_id)
        except Rejection as rejection:
            if rejection.name != "unknown_payment":
                raise
            return Payment(payment_id, "", "", NOTHING, "", None, self.books.now(), confirmed=True)


@defect(BUSINESS, "F-7")
class RejectedPaymentIsCredited(Fundings):
    """A payment in another currency is rejected and credited anyway."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        try:
            return await super().create_payment(owner, body)
        except Rejection as rejection:
            if rejection.name == "wrong_currency":
                amount = fields.amount(body, "paymentAmount")
                payment = Payment(self.ids.payment(), owner.account_id, "", amount, "", None, self.books.now())
                with self.books.ledger.transaction():
                    self.credit_payment(payment)
            raise
