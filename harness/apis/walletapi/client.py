"""The WalletAPI on a target: wallets, deposits, gifts, sales and undoing them (contract.md, WalletAPI)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, Self

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.client.readings import Reading, json_findings, status_reading
from harness.client.record import LastBalances, Recorder
from harness.client.unique import fresh_alias, fresh_reference
from harness.target.target import WalletApiTarget
from harness.wire.channel import Channel
from harness.wire.exchange import NOTHING, Exchange

# By these clauses, a sale fails for another reason than E-3 and E-4, on whose sales E-1 is judged. A failure without
# the envelope breaks them; one with wrong flags breaks E-1 all the same.
_OTHER_FAILURES: Final = frozenset({"E-2", "E-5", "X-1", "X-2"})
_FAILURES: Final = _OTHER_FAILURES | {"E-3", "E-4"}


@dataclass(frozen=True)
class Wallet:
    wallet_id: str
    alias: str


@dataclass(frozen=True)
class Balances:
    """In major units: the balance without gifts, and what is left of the gifts."""

    wallet: Decimal
    gifts: Decimal

    @classmethod
    def of(cls, value: Any) -> Self:
        """Return the balances that the Value of a response of balancesByAlias shows."""
        return cls(Decimal(value["WalletBalance"]), Decimal(value["TotalGiftBalance"]))


@dataclass(frozen=True)
class Cashback:
    """The CashbackType of a sale (``Amount`` or ``Percentage``) and its CashbackValue."""

    kind: str
    value: Decimal


@dataclass(frozen=True)
class Transaction:
    """A sale, a cancel or a refund that was accepted."""

    outcome: Outcome

    @property
    def value(self) -> Any:
        """The response's Value, checked against its schema."""
        return self.outcome.payload

    @property
    def transaction_id(self) -> str:
        """The Id in lower case, because GUIDs may be in either."""
        return str(self.value["Id"]).lower()

    @property
    def unique_code(self) -> str:
        return str(self.value["UniqueCode"]).lower()

    def amount(self, member: str) -> Decimal | None:
        value = self.value[member]
        return None if value is None else Decimal(value)

    @property
    def created_at(self) -> datetime:
        return moment(self.value["CreatedAt"])


class WalletApi:
    """The calls of the WalletAPI. A method ``..._call`` returns a call that can be changed before it is sent."""

    def __init__(self, target: WalletApiTarget, channel: Channel, recorder: Recorder) -> None:
        self.target = target
        self.recorder = recorder
        self.client = Client(target.base_url, channel, recorder, self._read, self._rejection_clause)
        self.attempt = self.client.attempt
        self.last_balances = LastBalances[Wallet](self.client.contract.operations.keys() - {"balancesByAlias"})
        self._keys = tuple(zip(target.secret_headers, (target.key.value, target.client.value), strict=True))

    def wallet_call(self, alias: str) -> Call:
        body = {
            "WalletOwnerId": self.target.owner_id,
            "Name": "contract suite",
            "RegionId": self.target.region_id,
            "CurrencyCode": self.target.currency.lower(),
            "Alias": alias,
            "Description": "a wallet of the contract suite",
        }
        return Call("createWallet", body=body, credentials=self._keys)

    def open_wallet(self) -> Wallet:
        alias = fresh_alias()
        return Wallet(self.client.perform(self.wallet_call(alias))["Id"], alias)

    def wallet_behind(self, alias: str) -> Wallet:
        return Wallet(self.client.perform(self.balances_call(alias))["Id"], alias)

    def balances_call(self, alias: str) -> Call:
        return Call("balancesByAlias", query={"alias": alias}, credentials=self._keys)

    def balances(self, wallet: Wallet) -> Balances:
        balances = Balances.of(self.client.perform(self.balances_call(wallet.alias)))
        self.last_balances.note(self.recorder.scenario, wallet, balances.wallet)
        return balances

    def deposit_call(self, wallet: Wallet, amount: Decimal) -> Call:
        body = {
            "Alias": wallet.alias,
            "Amount": amount,
            "Description": "a deposit of the contract suite",
            "ExternalReference": fresh_reference("deposit"),
        }
        return Call("depositByAlias", body=body, credentials=self._keys)

    def deposit(self, wallet: Wallet, amount: Decimal) -> Any:
        """Deposit money on a wallet and return the wallet's Value. An amount of zero needs no call."""
        return self.client.perform(self.deposit_call(wallet, amount)) if amount else None

    def gift_call(self, wallet: Wallet, amount: Decimal, expires: datetime | None = None) -> Call:
        body = {
            "Alias": wallet.alias,
            "Amount": amount,
            "ExpirationDate": expires and expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Description": "a gift of the contract suite",
            "ExternalReference": fresh_reference("gift"),
        }
        return Call("createGiftByAlias", body=body, credentials=self._keys)

    def give(self, wallet: Wallet, amount: Decimal, expires: datetime | None = None) -> str:
        """Give a gift and return its id in lower case; ``expires`` in whole seconds."""
        return str(self.client.perform(self.gift_call(wallet, amount, expires))["Id"]).lower()

    def sale_call(
        self,
        wallet: Wallet,
        amount: Decimal,
        *,
        gifts: bool = False,
        cashback: Cashback | None = None,
        reference: str = "",
    ) -> Call:
        """Make a sale by alias; ``gifts`` is UseGiftBalances."""
        body: dict[str, Any] = {
            "Alias": wallet.alias,
            "Amount": amount,
            "Description": "a sale of the contract suite",
            "ExternalReference": reference or fresh_reference("sale"),
            "UseGiftBalances": gifts,
            "CashbackApply": cashback is not None,
        }
        if cashback:
            body |= {"CashbackType": cashback.kind, "CashbackValue": cashback.value}
        return Call("purchaseByAlias", body=body, credentials=self._keys)

    def sell(self, call: Call, clause: str = "") -> Transaction:
        """Make a sale. ContractViolation of ``clause``, or of the operation's own, if it is rejected."""
        return Transaction(self.client.succeed(call, clause))

    def undo_call(self, operation: str, reference: str) -> Call:
        """Return the call that undoes a sale without fee and cashback: ``cancelPurchase`` or ``refundPurchase``."""
        body = {"ExternalReference": reference, "RollbackFee": False, "RollbackCashback": False}
        return Call(operation, body=body, credentials=self._keys)

    def _rejection_clause(self, call: Call, exchange: Exchange) -> str:
        due = call.refusal or self.recorder.scenario.clause
        status = exchange.response.status if exchange.response else 0
        if call.operation != "purchaseByAlias" or status in range(300, 400):
            return due
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # A server error is no failure, whatever its form.
            own = self.client.contract.operations[call.operation].clause
            return call.refusal or (due if due in _FAILURES else own)
        return "E-1" if due not in _OTHER_FAILURES or _has_flags(exchange) else due

    def _read(self, call: Call, exchange: Exchange) -> Reading:
        response = exchange.response
        whole = exchange.json
        enveloped = isinstance(whole, dict) and ("IsSuccess" in whole or "IsFailure" in whole)
        unusual = status_reading(exchange)
        if unusual:
            return unusual
        rejected = response is not None and response.status >= 400
        if rejected and call.bare and not _has_flags(exchange) and not (enveloped and whole.get("IsSuccess") is True):
            return False, NOTHING, json_findings(exchange, suffix=True) if response and response.body.strip() else ()
        value = whole.get("Value") if isinstance(whole, dict) else NOTHING
        # With errors or without a Value, the flags of a success are wrong: the call may have been rejected.
        is_denial = enveloped and not call.proper and (bool(whole.get("Errors")) or not isinstance(value, dict))
        rejected = rejected or is_denial or (enveloped and whole.get("IsSuccess") is False)
        findings = json_findings(exchange, suffix=rejected)
        if findings:
            return not rejected, NOTHING, findings
        if rejected:
            return False, NOTHING, self.client.contract.findings(self.client.contract.rejection_schema, whole)
        return True, value, self.client.contract.response_findings(call.operation, whole)


def _has_flags(exchange: Exchange) -> bool:
    """Return whether a response has both flags of the envelope."""
    return isinstance(exchange.json, dict) and {"IsSuccess", "IsFailure"} <= exchange.json.keys()


def moment(text: str) -> datetime:
    """Read a timestamp of the WalletAPI. Digits beyond microseconds are dropped."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
