"""The sales and deposits of a scenario: what the responses of sales alone show, and the amounts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from harness.apis.walletapi.walks.judged_calls import sale_of
from harness.client.readings import sent_as_documented
from harness.contract.contract import Contract
from harness.wire.exchange import Exchange

SALE, GIFT = "purchaseByAlias", "createGiftByAlias"


def clause_of_responses(contract: Contract, story: Iterable[Exchange]) -> str:
    """Return the clause (T-2, C-1, C-2, C-3, G-3) that the response of an accepted sale breaks; empty if none does."""
    return next(filter(None, (_broken(sent, value) for sent, value in accepted(contract, story, SALE))), "")


def clause_of_unpaid_gifts(contract: Contract, story: Iterable[Exchange]) -> str:
    """Return the clause (G-1, G-2) of a sale that gifts without a date should have paid, and did not; empty if none.

    The calls were made one after another.
    """
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    begun: set[str] = set()
    for exchange in story:
        for sent, _ in accepted(contract, (exchange,), GIFT):
            left[sent["Alias"]] += Decimal(sent["Amount"]) if sent.get("ExpirationDate") is None else 0
        for sent, value in accepted(contract, (exchange,), SALE):
            alias, amount = sent["Alias"], Decimal(sent["Amount"])
            due = min(left[alias], amount) if sent["UseGiftBalances"] is True else Decimal(0)
            paid = Decimal(value["GiftAmount"] or 0)
            if paid < due:
                return "G-2" if due == amount or alias in begun else "G-1"
            left[alias] -= min(paid, left[alias])
            begun |= {alias} if paid else set()
    return ""


def amounts(contract: Contract, story: Sequence[Exchange]) -> Iterator[Decimal]:
    """Return the amounts of the sales and deposits that were sent and accepted as documented."""
    for operation in (SALE, "depositByAlias"):
        for sent, _ in accepted(contract, story, operation):
            yield Decimal(sent["Amount"])


def accepted(contract: Contract, story: Iterable[Exchange], operation: str) -> Iterator[tuple[Any, Any]]:
    """Return the request and the Value of the response of each call that was sent and accepted as documented."""
    for sent, exchange in sent_as_documented(contract, story, operation):
        if not contract.response_findings(operation, exchange.json):
            yield sent, exchange.json["Value"]


def _broken(sent: Any, value: Any) -> str:
    sale = sale_of(0, sent, value)
    is_of_this_sale = sent.get("ExternalReference") in (None, value["ExternalReference"])
    if Decimal(value["Amount"]) != sale.amount or not is_of_this_sale:
        return "T-2"
    if Decimal(value["CashbackAmount"]) != sale.cashback:
        return sale.clause or "C-2"
    return "G-3" if sent["UseGiftBalances"] is False and value["GiftAmount"] is not None else ""
