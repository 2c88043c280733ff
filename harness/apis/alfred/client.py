"""Alfred in its own terms: users, fundings, purchases and sessions (contract.md, Alfred)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from harness.client.calls import Call, Outcome
from harness.client.client import Client, Reading, gateway_fault, json_findings, status_reading
from harness.client.locators import AMOUNTS, Locators
from harness.client.record import Recorder
from harness.failures import Finding
from harness.target.target import AlfredTarget
from harness.wire.channel import Channel
from harness.wire.exchange import NOTHING, Exchange, Headers
from harness.wire.redaction import REDACTION

CASH: Final = "cash"
TEXT: Final = "a purchase of the contract suite"


@dataclass(frozen=True)
class User:
    """Somebody who was authenticated: the wallet's id and the access token, which is not shown."""

    external_reference: str
    wallet_id: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class FundingSession:
    """An open Funding session for a wallet account."""

    user: User
    account_id: str
    session_id: str
    instrument_id: str


@dataclass(frozen=True)
class Payment:
    """A payment into a wallet account, created and not yet confirmed; ``amount`` in major units."""

    user: User
    payment_id: str
    amount: Decimal


@dataclass(frozen=True)
class Purchase:
    """A purchase and its amount in major units."""

    purchase_id: str
    amount: Decimal


@dataclass(frozen=True)
class PurchaseSession:
    """A session on a purchase; the two amounts are None where the target does not say where they stand."""

    purchase: Purchase
    user: User
    session_id: str
    instrument_id: str
    balance_amount: Decimal | None = None
    remaining_amount: Decimal | None = None


class Alfred:
    """A method an operation, and for each the call as a value (``..._call``), which a step may change first."""

    def __init__(self, target: AlfredTarget, channel: Channel, recorder: Recorder) -> None:
        self.target = target
        self.shows_balance = target.shows_balance
        self.recorder = recorder
        self._locators = Locators(target.locate)
        self._accounts: dict[User, str] = {}
        recorder.learn_secrets = self.learn_tokens
        self.client = Client(target.base_url, channel, recorder, self._read, lambda _call: recorder.scenario.clause)

    # Credentials

    def role(self, operation: str) -> str:
        """The credential that an operation takes on this target: shop, platform or token."""
        return self.target.credentials.get(operation) or self.client.contract.operations[operation].credential

    def key(self, value: str) -> Headers:
        """The header that carries a key."""
        return ((self.target.key_header, value),)

    def bearer(self, token: str) -> Headers:
        """The header that carries an access token."""
        scheme = self.target.token_scheme
        return ((self.target.token_header, f"{scheme} {token}" if scheme else token),)

    def credentials(self, operation: str, user: User | None) -> Headers:
        """The credential that an operation takes, of this user where it is the token."""
        role = self.role(operation)
        if role == "token":
            if user is None:
                raise RuntimeError(f"{operation} takes a token on this target, and the call names no user")
            return self.bearer(user.token)
        return self.key((self.target.shop_key if role == "shop" else self.target.platform_key).value)

    # Users and wallets

    def authentication_call(self, external_reference: str) -> Call:
        """Authenticating a user as the platform (contract.md A-1)."""
        return Call(
            "authenticateWallet",
            path={"platformId": self.target.platform_id},
            body={"externalReferenceId": external_reference},
            credentials=self.credentials("authenticateWallet", None),
        )

    def authenticate(self, external_reference: str) -> User:
        """The user of this reference, with a fresh token."""
        return self.user_of(external_reference, self.client.perform(self.authentication_call(external_reference)))

    def user_of(self, external_reference: str, payload: Any) -> User:
        """The user that a response of authenticateWallet names."""
        return User(external_reference, payload["walletId"], payload["accessToken"])

    def wallet_call(self, user: User) -> Call:
        """Reading a user's wallet (contract.md W-1)."""
        return Call("getWallet", path={"walletId": user.wallet_id}, credentials=self.credentials("getWallet", user))

    def account(self, user: User) -> str:
        """The id of the wallet's account."""
        return str(self.client.perform(self.wallet_call(user))["walletAccountId"])

    # Funding

    def funding_session_call(self, user: User, account_id: str) -> Call:
        """Opening a Funding session (contract.md F-1)."""
        return Call(
            "openPaymentSession",
            body={"paymentType": "Funding", "walletAccountId": account_id},
            credentials=self.credentials("openPaymentSession", user),
        )

    def open_funding_session(self, user: User) -> FundingSession:
        """A Funding session for the user's account, which is read once: it stays (contract.md W-2)."""
        if user not in self._accounts:
            self._accounts[user] = self.account(user)
        account_id = self._accounts[user]
        payload = self.client.perform(self.funding_session_call(user, account_id))
        return FundingSession(user, account_id, payload["paymentSessionId"], payload["paymentInstrumentId"])

    def payment_call(self, session: FundingSession, amount: Decimal) -> Call:
        """Creating a payment of this amount, in cash (contract.md F-2)."""
        return Call(
            "createPayment",
            body={
                "description": "a funding of the contract suite",
                "paymentAmount": amount,
                "paymentCurrency": self.target.currency,
                "paymentSessionDetailsJson": _details(session.instrument_id),
                "paymentSessionId": session.session_id,
                "walletAccountId": session.account_id,
            },
            credentials=self.credentials("createPayment", session.user),
        )

    def create_payment(self, session: FundingSession, amount: Decimal) -> Payment:
        """A payment, not yet confirmed."""
        payload = self.client.perform(self.payment_call(session, amount))
        return Payment(session.user, payload["id"], amount)

    def payment_confirmation_call(self, payment: Payment) -> Call:
        """Confirming a payment (contract.md F-3)."""
        return Call(
            "confirmPayment",
            path={"paymentId": payment.payment_id},
            credentials=self.credentials("confirmPayment", payment.user),
        )

    def confirm_payment(self, payment: Payment) -> None:
        """Confirm a payment, which credits it."""
        self.client.perform(self.payment_confirmation_call(payment))

    def prepare_payment(self, user: User, amount: Decimal) -> Payment:
        """Everything up to the confirmation."""
        return self.create_payment(self.open_funding_session(user), amount)

    def fund(self, user: User, amount: Decimal) -> None:
        """Fund the user's wallet; nothing to do for an amount of zero."""
        if amount:
            self.confirm_payment(self.prepare_payment(user, amount))

    # Purchases

    def purchase_call(self, amount: Decimal, user: User | None = None) -> Call:
        """Creating a purchase of this amount in the shop's currency (contract.md P-1)."""
        return Call(
            "createPurchase",
            body={
                "amount": amount,
                "billingAddress": "1 Contract Street",
                "currency": self.target.currency,
                "customType": "contract-suite",
                "description": TEXT,
                "shippingAddress": "1 Contract Street",
                "shopConfigurationId": self.target.shop_configuration_id,
            },
            credentials=self.credentials("createPurchase", user),
        )

    def create_purchase(self, amount: Decimal, user: User | None = None) -> Purchase:
        """A purchase; the user matters where a target takes the token for it."""
        return Purchase(self.client.perform(self.purchase_call(amount, user))["id"], amount)

    def session_call(self, purchase: Purchase, user: User) -> Call:
        """Opening a session on a purchase for a user (contract.md P-3)."""
        return Call(
            "openPurchaseSession",
            path={"purchaseId": purchase.purchase_id},
            body={"countryCode": self.target.country_code, "walletId": user.wallet_id},
            credentials=self.credentials("openPurchaseSession", user),
        )

    def open_session(self, purchase: Purchase, user: User) -> PurchaseSession:
        """A session on a purchase; ContractViolation of S-1 where its two parts don't make up the amount."""
        payload = self.client.perform(self.session_call(purchase, user))
        return self.session_of(purchase, user, payload)

    def session_of(self, purchase: Purchase, user: User, payload: Any) -> PurchaseSession:
        """The session that a response shows, its parts checked against the amount (contract.md S-1)."""
        shown = (payload["balanceAmount"], payload["remainingAmount"]) if self.shows_balance else (None, None)
        if self.shows_balance and sum(shown) != purchase.amount:
            finding = Finding(
                "balanceAmount and remainingAmount",
                f"two parts that add up to the amount, {purchase.amount}",
                f"{shown[0]} and {shown[1]}",
            )
            raise self.recorder.violation("S-1", (finding,))
        parts = tuple(part if part is None else Decimal(part) for part in shown)
        return PurchaseSession(purchase, user, payload["paymentSessionId"], payload["paymentInstrumentId"], *parts)

    def confirmation_call(self, session: PurchaseSession) -> Call:
        """Confirming a purchase in cash with its session and instrument (contract.md P-4)."""
        return Call(
            "confirmPurchase",
            path={"purchaseId": session.purchase.purchase_id},
            body={
                "paymentSessionDetails": _details(session.instrument_id),
                "paymentSessionId": session.session_id,
                "walletId": session.user.wallet_id,
            },
            credentials=self.credentials("confirmPurchase", session.user),
        )

    def confirm(self, session: PurchaseSession) -> None:
        """Confirm the purchase."""
        self.client.perform(self.confirmation_call(session))

    def balance(self, user: User) -> Decimal:
        """What the user's wallet holds, in major units: what a session on a purchase beyond any balance shows.

        contract.md: "The balance is read through the API as the documents allow". Needs ``shows_balance``.
        """
        session = self.open_session(self.create_purchase(self.target.probe_amount, user), user)
        if session.balance_amount is None:
            raise RuntimeError("a balance was asked of a target that does not say where it stands")
        return session.balance_amount

    # Answers

    def attempt(self, call: Call) -> Outcome:
        """Send a call that may rightly be rejected."""
        return self.client.attempt(call)

    def _read(self, call: Call, exchange: Exchange) -> Reading:
        fault = gateway_fault(exchange)
        if fault:
            raise fault
        odd = status_reading(exchange)
        if odd:
            return odd
        response = exchange.response
        if response is None or response.status >= 400:
            return False, NOTHING, json_findings(exchange, suffix=True) if response and response.body.strip() else ()
        if not response.body.strip() and self.client.contract.operations[call.operation].response_schema is None:
            return True, NOTHING, ()
        payload, missed = self._locators.payload(call.operation, response.json)
        findings = json_findings(exchange, suffix=False)
        findings = findings or self.client.contract.response_findings(call.operation, payload)
        amounts = tuple(missed[name] for name in AMOUNTS if name in missed)
        amounts += tuple(finding for finding in findings if finding.where.rpartition(".")[2] in AMOUNTS)
        if amounts:
            raise self.recorder.violation("S-1", amounts, exchange)
        return True, payload, (*missed.values(), *findings)

    def learn_tokens(self, exchange: Exchange) -> None:
        """Mask every token that a response issues from here on."""
        response = exchange.response
        if exchange.request.operation != "authenticateWallet" or response is None or response.json is NOTHING:
            return
        payload, _ = self._locators.payload("authenticateWallet", response.json)
        located = payload.get("accessToken") if isinstance(payload, dict) else None
        for name, text in (("token", located), *_leaves(response.json)):
            if isinstance(text, str) and "token" in name.lower():
                REDACTION.learn(text)


def _leaves(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(name, value)]
    items = (
        value.items()
        if isinstance(value, dict)
        else ((name, item) for item in value)
        if isinstance(value, list)
        else ()
    )
    return [leaf for key, item in items for leaf in _leaves(item, key)]


def _details(instrument_id: str) -> dict[str, str]:
    return {"selectedPaymentMethod": CASH, "selectedPaymentInstrumentId": instrument_id}
