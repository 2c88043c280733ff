"""What both APIs' clients share: a call becomes a request, its response is judged, and what came is an Outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from harness.client.calls import Call, Outcome
from harness.contract.contract import Clause, Contract
from harness.contract.leaks import SentTexts, leaks, texts_in
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.target.target import Secret
from harness.wire.channel import GATEWAY, Channel, decoded, encoded, place
from harness.wire.curl import curl_line
from harness.wire.exchange import NOTHING, Exchange, Headers, Request
from harness.wire.redaction import REDACTION

_LONGEST_REMEMBERED: Final = 64 * 1024  # no text of a body above this is ever accepted

Reading = tuple[bool, Any, tuple[Finding, ...]]
"""Whether a response accepts its call, what it holds, and what about it is not as documented."""


class Judgement:
    """The scenario's view of what is judged: its clauses, what was noted in passing, and the last call."""

    def __init__(self, contract: Contract, secrets: tuple[Secret, ...], texts: Iterable[str] = ()) -> None:
        """``secrets`` are the target's keys, which no response may carry; ``texts`` the odd ones that a run sends."""
        self.contract = contract
        self.sent_texts = SentTexts(contract.clauses["X-2"].patterns, texts)
        self.keys = tuple(secret.value for secret in secrets)
        self.variables = {secret.value: secret.variable for secret in secrets if secret.variable}
        self.clauses: tuple[str, ...] = ()
        self.noted: list[ContractViolation] = []
        self.last: Exchange | None = None

    def begin(self, clauses: tuple[str, ...]) -> None:
        """Start a scenario that judges these clauses."""
        self.clauses, self.noted, self.last = clauses, [], None

    @property
    def clause(self) -> str:
        """The clause that the scenario is about; empty outside one."""
        return self.clauses[0] if self.clauses else ""

    @property
    def clock(self) -> datetime | None:
        """The platform's clock at its last response, in whole seconds; None where it sent no Date."""
        return self.last.response.date if self.last and self.last.response else None

    def violation(
        self, clause: str, findings: tuple[Finding, ...], exchange: Exchange | None = None
    ) -> ContractViolation:
        """The violation of a clause, with the call that showed it."""
        exchange = exchange or self.last
        known: Clause | None = self.contract.clauses.get(clause)
        return ContractViolation(
            clause,
            known.text if known else "no clause of contract.md",
            findings,
            call=_described(exchange) if exchange else "",
            curl=curl_line(exchange.request, self.variables) if exchange else "",
        )

    def note(self, clause: str, findings: tuple[Finding, ...], exchange: Exchange) -> None:
        """Keep a violation that must not stop the scenario, once a clause."""
        if all(noted.clause != clause for noted in self.noted):
            self.noted.append(self.violation(clause, findings, exchange))


class Client:
    """Sends calls of one API and judges every response; ``read`` is how that API tells success from rejection."""

    def __init__(
        self,
        base_url: str,
        channel: Channel,
        judgement: Judgement,
        read: Callable[[Call, Exchange], Reading],
        rejection_clause: Callable[[Call], str],
    ) -> None:
        """``rejection_clause`` names the clause that a rejection of the wrong form breaks."""
        self.base_url = base_url
        self.channel = channel
        self.judgement = judgement
        self.contract: Final = judgement.contract
        self._read = read
        self._rejection_clause = rejection_clause
        self._forms: set[tuple[str, Any]] = set()
        self._patterns = self.contract.clauses["X-2"].patterns

    def request(self, call: Call) -> Request:
        """The request of a call; a proper one must fit its own schema, or the suite has drifted from the documents."""
        operation = self.contract.operations[call.operation]
        if call.raw is None or len(call.raw) <= _LONGEST_REMEMBERED:
            self.judgement.sent_texts.add(_texts_sent(call))
        if call.proper and call.raw is None and operation.request_schema:
            self._check_drift(call)
        path = operation.path.format(**{name: quote(value, safe="") for name, value in call.path.items()})
        query = f"?{urlencode(call.query, quote_via=quote)}" if call.query else ""
        body = call.raw if call.raw is not None else None if call.body is NOTHING else encoded(call.body)
        typed: Headers = (("Content-Type", call.content_type),) if body is not None and call.content_type else ()
        return Request(
            call.operation, operation.method, f"{self.base_url}{path}{query}", (*call.credentials, *typed), body
        )

    def _check_drift(self, call: Call) -> None:
        # What drifts is the form, so that each is looked at once: a look costs as much as half of a call.
        form = call.operation, _form(call.body)
        if form in self._forms:
            return
        drift = self.contract.request_findings(call.operation, call.body)
        if drift:
            raise RuntimeError(f"the suite's own {call.operation} is not as documented: {drift[0]}")
        self._forms.add(form)

    def attempt(self, call: Call) -> Outcome:
        """Send a call that may rightly be rejected; ContractViolation where the response is no response to it."""
        # A response that is neither then breaks the clause of the scenario, not the operation's own.
        return self.judge(replace(call, proper=False), self.channel.send(self.request(call)))

    def perform(self, call: Call) -> Any:
        """Send a call that the documents allow, and response its payload; ContractViolation where it is rejected."""
        return self.succeed(call).payload

    def succeed(self, call: Call) -> Outcome:
        """Send a call that the documents allow; ContractViolation where it is rejected."""
        outcome = self.judge(call, self.channel.send(self.request(call)))
        if outcome.rejected:
            raise self.rejected_wrongly(outcome)
        return outcome

    def rejected_wrongly(self, outcome: Outcome, clause: str = "") -> ContractViolation:
        """The violation of a proper call's rejection: of this clause, else of the operation's own."""
        operation = self.contract.operations[outcome.call.operation]
        finding = Finding("status", "success: the call is as documented", _came(outcome.exchange))
        return self.judgement.violation(clause or operation.clause, (finding,), outcome.exchange)

    def judge(self, call: Call, exchange: Exchange) -> Outcome:
        """What a response says to its call; raises what contract.md makes of a response that is no response."""
        self.judgement.last = exchange
        self._look_for_leaks(call, exchange)
        accepted, payload, findings = self._read(call, exchange)
        if findings:
            operation = self.contract.operations[call.operation]
            clause = operation.clause if accepted or call.proper else self._rejection_clause(call) or operation.clause
            raise self.judgement.violation(clause, findings, exchange)
        return Outcome(call, exchange, accepted, payload)

    def _look_for_leaks(self, call: Call, exchange: Exchange) -> None:
        sent = [part for _, value in call.credentials for part in (value, value.rpartition(" ")[2])]
        found = leaks(
            exchange, (*sent, *self.judgement.keys), self._patterns, _texts_sent(call), self.judgement.sent_texts
        )
        if found:
            self.judgement.note("X-2", found, exchange)


def _form(body: Any) -> Any:
    return tuple((name, _form(value)) for name, value in body.items()) if isinstance(body, dict) else type(body)


def _texts_sent(call: Call) -> Iterator[str]:
    yield from (*call.path.values(), *call.query.values(), *texts_in(call.body))
    if call.raw is not None:
        yield call.raw.decode("utf-8", "replace")
        yield from texts_in(decoded(call.raw))


def status_reading(exchange: Exchange) -> Reading | None:
    """The reading of a status that is neither success nor rejection; None for a 2xx or a 4xx, whose body tells."""
    response = exchange.response
    if response is None:
        raise EnvironmentFault(f"{place(exchange.request.url)} {exchange.fault}")
    if response.status in range(200, 300) or response.status in range(400, 500):
        return None
    return False, NOTHING, (Finding("status", "2xx for success or 4xx for a rejection", _came(exchange)),)


def gateway_fault(exchange: Exchange) -> EnvironmentFault | None:
    """The fault of a gateway that answered in the platform's place."""
    response = exchange.response
    if response is None or response.status not in GATEWAY:
        return None
    return EnvironmentFault(
        f"{place(exchange.request.url)} answered {response.status} {response.reason}: a gateway's response"
    )


def json_findings(exchange: Exchange, *, suffix: bool) -> tuple[Finding, ...]:
    """What is wrong with a body as JSON, by its type and by its text; ``suffix`` allows application/*+json."""
    response = exchange.response
    if response is None:
        return ()
    if response.json is NOTHING:
        return (Finding("body", "JSON in UTF-8", _came(exchange)),)
    media = response.media_type
    if media == "application/json" or (suffix and media.startswith("application/") and media.endswith("+json")):
        return ()
    return (Finding("header Content-Type", "application/json", media or "none"),)


def _came(exchange: Exchange) -> str:
    response = exchange.response
    if response is None:
        return "no response"
    body = REDACTION.mask_body(response.body[:300].decode("utf-8", "replace"))
    return f"{response.status} {response.reason}: {body}" if body else f"{response.status} {response.reason}, no body"


def _described(exchange: Exchange) -> str:
    came = f"{exchange.response.status}" if exchange.response else exchange.fault
    return (
        f"{exchange.request.operation} ({exchange.request.method}) answered {came} in {exchange.elapsed * 1000:.0f} ms"
    )
