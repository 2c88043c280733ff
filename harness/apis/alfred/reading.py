"""Reading Alfred's responses: success or rejection, the payload, and the tokens to mask."""

import re
from collections.abc import Iterator
from typing import Any, Final

from harness.client.calls import Call
from harness.client.client import Reading, gateway_fault, json_findings, status_reading
from harness.client.locators import AMOUNTS, Locators
from harness.client.record import Recorder
from harness.failures import Finding
from harness.target.target import AlfredTarget
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.redaction import REDACTION

_NO_URL: Final = re.compile(r"[\ud800-\udfff]")
_NO_HEADER: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|^ | $")
_SENT_BACK: Final = {
    "authenticateWallet": {"walletId": ("URL", _NO_URL), "accessToken": ("header", _NO_HEADER)},
    "createPurchase": {"id": ("URL", _NO_URL)},
    "createPayment": {"id": ("URL", _NO_URL)},
}
_LONGEST: Final = 4000  # characters of an id or a token; many servers accept no longer URL or header


class Reader:
    """Reads the responses of a target."""

    def __init__(self, target: AlfredTarget, recorder: Recorder) -> None:
        self._recorder = recorder
        self._contract = recorder.run.contract
        self._locators = Locators(target.locate)

    def read(self, call: Call, exchange: Exchange) -> Reading:
        """Tell success from rejection. ContractViolation of S-1 if a located amount is missing or no amount."""
        fault = gateway_fault(exchange)
        if fault:
            raise fault
        unusual = status_reading(exchange)
        if unusual:
            return unusual
        response = exchange.response
        if response is None or response.status >= 400:
            return False, NOTHING, json_findings(exchange, suffix=True) if response and response.body.strip() else ()
        if not response.body.strip() and self._contract.operations[call.operation].response_schema is None:
            return True, NOTHING, ()
        payload, missed = self._locators.payload(call.operation, response.json)
        findings = json_findings(exchange, suffix=False)
        findings = findings or self._contract.response_findings(call.operation, payload)
        findings = findings or tuple(_unusable(call.operation, payload))
        amounts = tuple(missed[name] for name in AMOUNTS if name in missed)
        amounts += tuple(finding for finding in findings if finding.where.rpartition(".")[2] in AMOUNTS)
        if amounts:
            raise self._recorder.violation("S-1", amounts, exchange)
        return True, payload, (*missed.values(), *findings)

    def learn_tokens(self, exchange: Exchange) -> None:
        """Mask every token that a response issues from now on."""
        response = exchange.response
        if exchange.request.operation != "authenticateWallet" or response is None or response.json is NOTHING:
            return
        payload, _ = self._locators.payload("authenticateWallet", response.json)
        located = payload.get("accessToken") if isinstance(payload, dict) else None
        for name, text in (("token", located), *_texts(response.json)):
            if isinstance(text, str) and "token" in name.lower():
                REDACTION.learn(text)


def _unusable(operation: str, payload: Any) -> Iterator[Finding]:
    """Return a finding per id that fits no URL, and per token that fits no header (contract.md, Values)."""
    for name, (place, unfit) in _SENT_BACK.get(operation, {}).items():
        text = payload[name]
        if len(text) > _LONGEST or unfit.search(text):
            yield Finding(f"$.{name}", f"a string that fits a {place}", f"{len(text):,} characters that do not")


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Return every text in a JSON value with the name of its member."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
