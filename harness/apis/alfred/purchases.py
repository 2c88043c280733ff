"""Buying: a purchase, the session that shows how it can be paid, and its confirmation (contract.md P-1, P-3, P-4)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.funding import cash_details
from harness.apis.alfred.users import User
from harness.client.calls import Call
from harness.client.client import Client
from harness.failures import Finding


@dataclass(frozen=True)
class Purchase:
    """A purchase; ``amount`` in major units."""

    purchase_id: str
    amount: Decimal


@dataclass(frozen=True)
class PurchaseSession:
    """A session on a purchase. The two amounts are None if the target gives no location for them."""

    purchase: Purchase
    user: User
    session_id: str
    instrument_id: str
    balance_amount: Decimal | None = None
    remaining_amount: Decimal | None = None


class Purchases:
    def __init__(self, client: Client, credentials: Credentials) -> None:
        self._client = client
        self._credentials = credentials
        self._target = credentials.target
        self._ids: set[str] = set()

    def creation_call(self, amount: Decimal, user: User | None = None) -> Call:
        """Return the call that creates a purchase. The user is needed only if the target takes a token for it."""
        body = {
            "amount": amount,
            "billingAddress": "1 Contract Street",
            "currency": self._target.currency,
            "customType": "contract-suite",
            "description": "a purchase of the contract suite",
            "shippingAddress": "1 Contract Street",
            "shopConfigurationId": self._target.shop_configuration_id,
        }
        return self._credentials.call("createPurchase", user.token if user else None, body=body)

    def create(self, amount: Decimal, user: User | None = None) -> Purchase:
        """Create a purchase. ContractViolation of P-2 if another one has its id."""
        purchase_id = self._client.perform(self.creation_call(amount, user))["id"]
        if purchase_id in self._ids:
            finding = Finding("id", "a new id", f"{purchase_id}, which another purchase has")
            raise self._client.recorder.violation("P-2", (finding,))
        self._ids.add(purchase_id)
        return Purchase(purchase_id, amount)

    def session_call(self, purchase: Purchase, user: User) -> Call:
        body = {"countryCode": self._target.country_code, "walletId": user.wallet_id}
        return self._credentials.call("openPurchaseSession", user.token, purchaseId=purchase.purchase_id, body=body)

    def open_session(self, purchase: Purchase, user: User) -> PurchaseSession:
        """Open a session on a purchase. ContractViolation of S-1 or S-2 if its parts do not add up to the amount."""
        return self.session_of(purchase, user, self._client.perform(self.session_call(purchase, user)))

    def open_on_new(self, amount: Decimal, user: User) -> PurchaseSession:
        return self.open_session(self.create(amount, user), user)

    def session_of(self, purchase: Purchase, user: User, payload: Any) -> PurchaseSession:
        """Return the session of a response, its two parts checked against the amount (S-1, S-2)."""
        ids = payload["paymentSessionId"], payload["paymentInstrumentId"]
        if not self._target.shows_balance:
            return PurchaseSession(purchase, user, *ids)
        balance, remaining = Decimal(payload["balanceAmount"]), Decimal(payload["remainingAmount"])
        if balance + remaining != purchase.amount:
            documented = f"two parts that add up to the amount, {purchase.amount}"
            finding = Finding("balanceAmount and remainingAmount", documented, f"{balance} and {remaining}")
            clause = "S-2" if balance >= purchase.amount else "S-1"
            raise self._client.recorder.violation(clause, (finding,))
        return PurchaseSession(purchase, user, *ids, balance, remaining)

    def confirmation_call(self, session: PurchaseSession) -> Call:
        """Return the call that confirms a purchase in cash, with its session and instrument."""
        body = {
            "paymentSessionDetails": cash_details(session.instrument_id),
            "paymentSessionId": session.session_id,
            "walletId": session.user.wallet_id,
        }
        path = {"purchaseId": session.purchase.purchase_id}
        return self._credentials.call("confirmPurchase", session.user.token, body=body, **path)

    def confirm(self, session: PurchaseSession) -> None:
        self._client.perform(self.confirmation_call(session))
