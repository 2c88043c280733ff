"""What the clients of both APIs share: they turn a call into a request, and check its response."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from harness.client.calls import Call, Outcome
from harness.client.came_back import class_of
from harness.client.readings import Reading, received, summary_of
from harness.client.record import Recorder
from harness.contract.leaks import leaks, texts_in
from harness.failures import ContractViolation, Finding
from harness.wire.channel import Channel
from harness.wire.exchange import NOTHING, Exchange, Headers, Request
from harness.wire.faults import CallFault, CameBack, NoResponse, TooManyRequests
from harness.wire.messages import decoded, encoded
from harness.wire.proxies import through

_SHORTEST_REMEMBERED: Final = 12  # a shorter credential could be a part of a later response by chance
_LONGEST_REMEMBERED: Final = 16 * 1024  # a text of a larger body is never accepted

DELIBERATE: Final = "the same in each of three runs, while the platform responds to other calls"
_MEANINGS: Final = {
    CameBack.UNREACHED: "a proxy asks for a login",
    CameBack.IN_BETWEEN: "something in front of the platform responded",
    CameBack.KEY_REFUSED: "a valid call with the target's own credentials was refused",
    CameBack.STRANGE: "this is not a response of the platform",
}


class Client:
    """Sends the calls of one API and checks every response; ``read`` distinguishes success from rejection."""

    def __init__(
        self,
        base_url: str,
        channel: Channel,
        recorder: Recorder,
        read: Callable[[Call, Exchange], Reading],
        rejection_clause: Callable[[Call, Exchange], str],
    ) -> None:
        """``rejection_clause`` returns the clause that a rejection of the wrong form breaks."""
        self.base_url = base_url
        self.channel = channel
        self.recorder = recorder
        self.contract: Final = recorder.run.contract
        self._read = read
        self._rejection_clause = rejection_clause
        self.key_failure = ""
        """How the platform refuses a made-up key, if it says so in a failure of the WalletAPI's envelope."""
        self._checked_forms: set[tuple[str, Any]] = set()

    def request(self, call: Call) -> Request:
        """Return the request of a call. RuntimeError if a valid call does not match the documented schema."""
        operation = self.contract.operations[call.operation]
        scenario = self.recorder.scenario
        if scenario.over:
            raise scenario.over
        scenario.apis.add(operation.api)
        scenario.calls[call.operation] += 1
        if call.raw is None or len(call.raw) <= _LONGEST_REMEMBERED:
            self.recorder.run.sent_texts.add(_texts_of(call))
        if call.proper and call.raw is None and operation.request_schema:
            self._check_drift(call, operation.request_schema)
        self.recorder.spending.count(operation, call)
        path = operation.path.format(**{name: quote(value, safe="") for name, value in call.path.items()})
        query = f"?{urlencode(call.query, quote_via=quote)}" if call.query else ""
        body = call.raw if call.raw is not None else None if call.body is NOTHING else encoded(call.body)
        typed: Headers = (("Content-Type", call.content_type),) if body is not None and call.content_type else ()
        return Request(
            call.operation,
            operation.method,
            f"{self.base_url}{path}{query}",
            (*call.credentials, *typed),
            body,
            scenario.calls[call.operation],
        )

    def _check_drift(self, call: Call, schema: str) -> None:
        # Each form is checked once, because a check costs half as much as a call.
        form = call.operation, _form(call.body)
        if form in self._checked_forms:
            return
        drift = self.contract.findings(schema, call.body)
        if drift:
            raise RuntimeError(f"the suite's own {call.operation} is not as documented: {drift[0]}")
        self._checked_forms.add(form)

    def attempt(self, call: Call, refusal: str = "") -> Outcome:
        """Send a call that may be rejected. ContractViolation if the response is neither a success nor a rejection.

        ``refusal`` is the clause by which it must be rejected, if there is one.
        """
        may_fail = replace(call, proper=False, is_valid=call.proper, refusal=refusal or call.refusal)
        return self._send(may_fail, self.request(call))

    def perform(self, call: Call) -> Any:
        """Send a call that the documents allow, and return its payload. ContractViolation if it is rejected."""
        return self.succeed(call).payload

    def succeed(self, call: Call, clause: str = "") -> Outcome:
        """Send a call that the documents allow. ContractViolation, as in ``wrong_rejection``, if it is rejected."""
        call = replace(call, proper=True)
        outcome = self._send(call, self.request(call))
        if outcome.rejected:
            raise self.wrong_rejection(outcome, clause)
        return outcome

    def wrong_rejection(self, outcome: Outcome, clause: str = "") -> Exception:
        """Return the violation of rejecting a valid call: of this clause, or by default of the operation's clause.

        It is a fault instead if the key was refused, or if the rejection is not the platform's own.
        """
        operation = self.contract.operations[outcome.call.operation]
        words, came = "success: the call is as documented", received(outcome.exchange)
        finding = Finding("status", words, came, outcome="accepted")
        violation = self.recorder.violation(clause or operation.clause, (finding,), outcome.exchange)
        fault = self.fault_of(replace(outcome.call, proper=True), outcome.exchange)
        if fault:
            fault.accuse = lambda: violation
        return fault or violation

    def judge(self, call: Call, exchange: Exchange) -> Outcome:
        """Check a response and return the outcome of its call. ContractViolation if it is not as documented.

        CallFault if it is not a response of the platform.
        """
        self.recorder.scenario.last = exchange
        fault = self.fault_of(call, exchange)
        if fault:
            raise fault
        self._look_for_leaks(call, exchange)
        accepted, payload, findings = self._read(call, exchange)
        if findings:
            raise self._violation(call, findings, exchange, accepted=accepted)
        if accepted:
            self.recorder.spending.remember(self.contract.operations[call.operation], call, payload)
        return Outcome(call, exchange, accepted, payload)

    def fault_of(self, call: Call, exchange: Exchange) -> CallFault | None:
        """Return the fault if what came back is not a response of the platform."""
        came_back = class_of(exchange, call, self.contract.operations[call.operation], self.key_failure)
        if came_back is CameBack.RESPONSE:
            return None
        if exchange.response is None:
            return self._attributed(NoResponse(exchange), call)
        if came_back is CameBack.THROTTLED:
            return self._attributed(TooManyRequests(exchange), call)
        request = exchange.request
        text = f"{request.origin} responded with {summary_of(exchange)}{through(request.url)}"
        text = f"{text} ({request.method} {request.operation}): {_MEANINGS[came_back]}"
        return self._attributed(CallFault(came_back, exchange, text), call)

    def _send(self, call: Call, request: Request) -> Outcome:
        try:
            exchange = self.channel.send(request)
        except CallFault as fault:
            self.recorder.scenario.last = fault.exchange
            raise self._attributed(fault, call) from None
        if call.proper and exchange.response:
            self.recorder.statuses[call.operation][exchange.response.status] += 1
        return self.judge(call, exchange)

    def _attributed(self, fault: CallFault, call: Call) -> CallFault:
        fault.hostile = call.hostile
        fault.accuse = lambda: self._accusation(call, fault)
        return fault

    def _accusation(self, call: Call, fault: CallFault) -> ContractViolation:
        self._look_for_leaks(call, fault.exchange)
        what = f" to {call.hostile}" if call.hostile else ""
        finding = Finding(
            "the connection" if fault.exchange.response is None else "status",
            f"a response of the platform{what}",
            f"{received(fault.exchange)}; {DELIBERATE}",
        )
        accepted, _, findings = self._read(call, fault.exchange) if fault.exchange.response else (False, None, ())
        if call.hostile:
            return self.recorder.violation("X-1", (*findings, finding), fault.exchange, documented=accepted)
        # Whatever the scenario is about, this is the operation's own fault (docs/verdict.md, Diagnosis).
        own = self.contract.operations[call.operation].clause
        clause = call.refusal or ("" if call.is_valid else self._rejection_clause(call, fault.exchange)) or own
        documented = accepted and clause == own
        return self.recorder.violation(clause, (*findings, finding), fault.exchange, documented=documented)

    def _violation(
        self, call: Call, findings: tuple[Finding, ...], exchange: Exchange, *, accepted: bool
    ) -> ContractViolation:
        """Return the violation by a response that is neither a success nor a rejection.

        Of a call that had to be rejected, it breaks the clause that says so, and not that of a success.
        """
        operation = self.contract.operations[call.operation]
        clause = operation.clause
        if not call.proper:
            clause = (call.refusal if accepted else self._rejection_clause(call, exchange)) or operation.clause
        documented = accepted and clause == operation.clause
        return self.recorder.violation(clause, findings, exchange, documented=documented)

    def _look_for_leaks(self, call: Call, exchange: Exchange) -> None:
        run, before = self.recorder.run, self.recorder.scenario.credentials
        values = [value for _, value in call.credentials]
        if not call.proper:
            texts = set(filter(None, _texts_of(call)))  # an id that is sent as a key is no secret
            values = [one for one in values if not any(one == text or one.endswith(f" {text}") for text in texts)]
        sent = [part for value in values for part in (value, value.rpartition(" ")[2])]
        if "accessToken" not in self.contract.operations[call.operation].locatable:
            # A platform may issue the same token again.
            sent += before
        before.update(dict.fromkeys(part for part in sent if len(part) >= _SHORTEST_REMEMBERED))
        found = leaks(
            exchange, (*sent, *run.keys), self.contract.clauses["X-2"].patterns, _texts_of(call), run.sent_texts
        )
        if found:
            self.recorder.add_violation("X-2", found, exchange)


def _form(body: Any) -> Any:
    return tuple((name, _form(value)) for name, value in body.items()) if isinstance(body, dict) else type(body)


def _texts_of(call: Call) -> Iterator[str]:
    yield from (*call.path.values(), *call.query.values(), *texts_in(call.body))
    if call.raw is not None:
        yield call.raw.decode("utf-8", "replace")
        yield from texts_in(decoded(call.raw))
