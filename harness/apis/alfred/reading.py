"""Reading Alfred's responses: success or rejection, the payload, and the token to mask."""

from harness.client.calls import Call
from harness.client.locators import AMOUNTS, Locators
from harness.client.readings import Reading, json_findings, status_reading
from harness.client.record import Recorder
from harness.target.target import AlfredTarget
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.redaction import REDACTION


class Reader:
    def __init__(self, target: AlfredTarget, recorder: Recorder) -> None:
        self._recorder = recorder
        self._contract = recorder.run.contract
        self._locators = Locators(target.locate)

    def read(self, call: Call, exchange: Exchange) -> Reading:
        """Return success or rejection. ContractViolation of S-1 if a located member is missing or is not an amount.

        A call that must be rejected breaks the clause that says so.
        """
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
        amounts = tuple(missed[name] for name in AMOUNTS if name in missed)
        amounts += tuple(finding for finding in findings if finding.where.rpartition(".")[2] in AMOUNTS)
        if amounts and not call.refusal:
            raise self._recorder.violation("S-1", amounts, exchange)
        return True, payload, (*missed.values(), *findings)

    def learn_token(self, exchange: Exchange) -> None:
        """Find the token of a response, as the target file locates it, and mask it from now on."""
        if exchange.request.operation != "authenticateWallet" or exchange.json is NOTHING:
            return
        payload, _ = self._locators.payload("authenticateWallet", exchange.json)
        token = payload.get("accessToken") if isinstance(payload, dict) else None
        if isinstance(token, str):
            REDACTION.learn(token)
