"""The sales and deposits of a scenario: what the responses of sales alone show, and the amounts."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from harness.apis.walletapi.walks.judged_calls import sale_of
from harness.contract.contract import Contract
from harness.wire.exchange import Exchange
from harness.wire.messages import decoded

SALE = "purchaseByAlias"


def clause_of_responses(contract: Contract, story: Iterable[Exchange]) -> str:
    """Return the clause (T-2, C-1, C-2, C-3, G-3) that the response of an accepted sale breaks; empty if none does."""
    return next(filter(None, (_broken(sent, value) for sent, value in accepted_sales(contract, story))), "")


def accepted_sales(contract: Contract, story: Iterable[Exchange]) -> Iterator[tuple[Any, Any]]:
    """Return the request and the Value of the response of each sale that was sent and accepted as documented."""
    return _accepted(contract, story, SALE)


def amounts(contract: Contract, story: Sequence[Exchange]) -> Iterator[Decimal]:
    """Return the amounts of the sales and deposits that were sent and accepted as documented."""
    for operation in (SALE, "depositByAlias"):
        for sent, _ in _accepted(contract, story, operation):
            yield Decimal(sent["Amount"])


def _accepted(contract: Contract, story: Iterable[Exchange], operation: str) -> Iterator[tuple[Any, Any]]:
    schema = contract.operations[operation].request_schema or ""
    for exchange in story:
        if exchange.request.operation != operation or exchange.request.body is None:
            continue
        sent, whole = decoded(exchange.request.body), exchange.json
        if not contract.findings(schema, sent) and not contract.response_findings(operation, whole):
            yield sent, whole["Value"]


def _broken(sent: Any, value: Any) -> str:
    sale = sale_of(0, sent, value)
    is_of_this_sale = sent.get("ExternalReference") in (None, value["ExternalReference"])
    if Decimal(value["Amount"]) != sale.amount or not is_of_this_sale:
        return "T-2"
    if Decimal(value["CashbackAmount"]) != sale.cashback:
        return sale.clause or "C-2"
    return "G-3" if sent["UseGiftBalances"] is False and value["GiftAmount"] is not None else ""
