"""Funding a wallet: the Funding session, the payment and its confirmation (contract.md F-1 to F-3)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.users import User, Users
from harness.client.calls import Call
from harness.client.client import Client


@dataclass(frozen=True)
class FundingSession:
    user: User
    account_id: str
    session_id: str
    instrument_id: str


@dataclass(frozen=True)
class Payment:
    """A payment into a wallet account; ``amount`` in major units."""

    user: User
    payment_id: str
    amount: Decimal


class Funding:
    def __init__(self, client: Client, credentials: Credentials, users: Users) -> None:
        self._client = client
        self._credentials = credentials
        self._users = users
        self._accounts: dict[str, str] = {}

    def session_call(self, user: User, account_id: str) -> Call:
        body = {"paymentType": "Funding", "walletAccountId": account_id}
        return self._credentials.call("openPaymentSession", user.token, body=body)

    def open_session(self, user: User) -> FundingSession:
        """Open a Funding session for the user's account. The account is read once, because it never changes (W-2)."""
        if user.wallet_id not in self._accounts:
            self._accounts[user.wallet_id] = self._users.account(user)
        account_id = self._accounts[user.wallet_id]
        return self.session_of(user, account_id, self._client.perform(self.session_call(user, account_id)))

    def session_of(self, user: User, account_id: str, payload: Any) -> FundingSession:
        """Return the session of a response."""
        return FundingSession(user, account_id, payload["paymentSessionId"], payload["paymentInstrumentId"])

    def payment_call(self, session: FundingSession, amount: Decimal) -> Call:
        body = {
            "description": "a funding of the contract suite",
            "paymentAmount": amount,
            "paymentCurrency": self._credentials.target.currency,
            "paymentSessionDetailsJson": cash_details(session.instrument_id),
            "paymentSessionId": session.session_id,
            "walletAccountId": session.account_id,
        }
        return self._credentials.call("createPayment", session.user.token, body=body)

    def create_payment(self, session: FundingSession, amount: Decimal) -> Payment:
        payload = self._client.perform(self.payment_call(session, amount))
        return Payment(session.user, payload["id"], amount)

    def prepare_payment(self, user: User, amount: Decimal) -> Payment:
        return self.create_payment(self.open_session(user), amount)

    def confirmation_call(self, payment: Payment) -> Call:
        return self._credentials.call("confirmPayment", payment.user.token, paymentId=payment.payment_id)

    def confirm(self, payment: Payment) -> None:
        self._client.perform(self.confirmation_call(payment))

    def fund(self, user: User, amount: Decimal) -> None:
        """Fund the user's wallet. An amount of zero needs no call."""
        if amount:
            self.confirm(self.prepare_payment(user, amount))


def cash_details(instrument_id: str) -> dict[str, str]:
    return {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": instrument_id}
