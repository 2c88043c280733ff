"""What the clients of both APIs share: a call becomes a request, and its response is checked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from harness.client.calls import Call, Outcome
from harness.client.record import Recorder
from harness.contract.leaks import leaks, texts_in
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.wire.channel import GATEWAY, Channel
from harness.wire.exchange import NOTHING, Exchange, Headers, Request
from harness.wire.messages import DEEPEST, NoResponse, decoded, encoded
from harness.wire.proxies import through
from harness.wire.redaction import REDACTION

_LONGEST_REMEMBERED: Final = 64 * 1024  # a text of a larger body is never accepted

Reading = tuple[bool, Any, tuple[Finding, ...]]
"""Whether a response accepts its call, its payload, and what is not as documented."""


class Client:
    """Sends the calls of one API and checks every response; ``read`` is how that API tells success from rejection."""

    def __init__(
        self,
        base_url: str,
        channel: Channel,
        recorder: Recorder,
        read: Callable[[Call, Exchange], Reading],
        rejection_clause: Callable[[Call], str],
    ) -> None:
        """``rejection_clause`` returns the clause that a rejection of the wrong form breaks."""
        self.base_url = base_url
        self.channel = channel
        self.recorder = recorder
        self.contract: Final = recorder.run.contract
        self._read = read
        self._rejection_clause = rejection_clause
        self._checked_forms: set[tuple[str, Any]] = set()

    def request(self, call: Call) -> Request:
        """Return the request of a call. RuntimeError if a valid call does not match the documented schema."""
        operation = self.contract.operations[call.operation]
        if call.raw is None or len(call.raw) <= _LONGEST_REMEMBERED:
            self.recorder.run.sent_texts.add(_texts_of(call))
        if call.proper and call.raw is None and operation.request_schema:
            self._check_drift(call, operation.request_schema)
        path = operation.path.format(**{name: quote(value, safe="") for name, value in call.path.items()})
        query = f"?{urlencode(call.query, quote_via=quote)}" if call.query else ""
        body = call.raw if call.raw is not None else None if call.body is NOTHING else encoded(call.body)
        typed: Headers = (("Content-Type", call.content_type),) if body is not None and call.content_type else ()
        return Request(
            call.operation, operation.method, f"{self.base_url}{path}{query}", (*call.credentials, *typed), body
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

    def attempt(self, call: Call) -> Outcome:
        """Send a call that may be rejected. ContractViolation if the response is neither a success nor a rejection."""
        # Such a response breaks the clause of the scenario, not that of the operation.
        return self.judge(replace(call, proper=False), self.channel.send(self.request(call)))

    def perform(self, call: Call) -> Any:
        """Send a call that the documents allow, and return its payload. ContractViolation if it is rejected."""
        return self.succeed(call).payload

    def succeed(self, call: Call) -> Outcome:
        """Send a call that the documents allow. ContractViolation if it is rejected."""
        outcome = self.judge(call, self.channel.send(self.request(call)))
        if outcome.rejected:
            raise self.wrong_rejection(outcome)
        return outcome

    def wrong_rejection(self, outcome: Outcome, clause: str = "") -> ContractViolation:
        """Return the violation of rejecting a valid call: of this clause, or by default of the operation's clause."""
        operation = self.contract.operations[outcome.call.operation]
        finding = Finding("status", "success: the call is as documented", _received(outcome.exchange))
        return self.recorder.violation(clause or operation.clause, (finding,), outcome.exchange)

    def judge(self, call: Call, exchange: Exchange) -> Outcome:
        """Check a response and return the outcome of its call. ContractViolation if it is not as documented."""
        self.recorder.scenario.last = exchange
        self._look_for_leaks(call, exchange)
        accepted, payload, findings = self._read(call, exchange)
        if findings:
            operation = self.contract.operations[call.operation]
            clause = operation.clause if accepted or call.proper else self._rejection_clause(call) or operation.clause
            raise self.recorder.violation(clause, findings, exchange, documented=accepted)
        return Outcome(call, exchange, accepted, payload)

    def _look_for_leaks(self, call: Call, exchange: Exchange) -> None:
        run = self.recorder.run
        sent = [part for _, value in call.credentials for part in (value, value.rpartition(" ")[2])]
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


def status_reading(exchange: Exchange) -> Reading | None:
    """Return the reading of a status that is neither 2xx nor 4xx; None for a 2xx or a 4xx, whose body decides."""
    response = exchange.response
    if response is None:
        raise NoResponse(exchange)
    if response.status in range(200, 300) or response.status in range(400, 500):
        return None
    return False, NOTHING, (Finding("status", "2xx for success or 4xx for a rejection", _received(exchange)),)


def gateway_fault(exchange: Exchange) -> EnvironmentFault | None:
    """Return the fault if a gateway responded in place of the platform."""
    response = exchange.response
    if response is None or response.status not in GATEWAY:
        return None
    return EnvironmentFault(
        f"{exchange.request.origin} responded with {response.status} {response.reason}"
        f"{through(exchange.request.url)}: this is a gateway's response"
    )


def json_findings(exchange: Exchange, *, suffix: bool) -> tuple[Finding, ...]:
    """Return what is wrong with a body as JSON, by its type and its text; ``suffix`` allows application/*+json."""
    response = exchange.response
    if response is None:
        return ()
    if response.json is NOTHING:
        return (Finding("body", f"JSON in UTF-8, at most {DEEPEST} levels deep", _received(exchange)),)
    media = response.media_type
    if media == "application/json" or (suffix and media.startswith("application/") and media.endswith("+json")):
        return ()
    return (Finding("header Content-Type", "application/json", media or "none"),)


def _received(exchange: Exchange) -> str:
    response = exchange.response
    if response is None:
        return "no response"
    body = REDACTION.mask_body(response.body[:300].decode("utf-8", "replace"))
    return f"{response.status} {response.reason}: {body}" if body else f"{response.status} {response.reason}, no body"
