"""A hostile run: hostile calls with plain calls between them, checked against X-1 of contract.md."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.failures import ContractViolation, Finding
from harness.hostile.rejected_input import Hostile
from harness.wire.exchange import CUT_OFF, Exchange
from harness.wire.faults import CallFault, NoResponse

CLAUSE: Final = "X-1"
_JUST_BEFORE: Final = 0.05
_WIDTH: Final = 120


@dataclass(frozen=True)
class Trial:
    hostile: Hostile
    outcome: Outcome


def run_hostile_calls(
    client: Client, hostiles: Iterable[Hostile], plain: Call, *, service_confirmed: bool = False
) -> list[Trial]:
    """Send the hostile calls, each shortly after a successful plain call, and a plain call at the end.

    ``service_confirmed``: a plain call was successful just before. CallFault for a reset, a timeout or a 5xx on a
    hostile call. ContractViolation of X-1 if a plain call fails after it.
    """
    client.recorder.check_allowed("hostile")
    if not service_confirmed:
        client.perform(plain)
    confirmed = time.monotonic()
    trials: list[Trial] = []
    for hostile in hostiles:
        if time.monotonic() - confirmed > _JUST_BEFORE:
            _check_service(client, plain, trials)
            confirmed = time.monotonic()
        trials.append(Trial(hostile, _outcome(client, hostile)))
        if trials[-1].outcome.exchange.response is None:
            _check_service(client, plain, trials)
    _check_service(client, plain, trials)
    return trials


def wrong_acceptance(client: Client, trial: Trial) -> ContractViolation:
    """Return the violation of a hostile call that was accepted although it must be rejected."""
    words = f"rejection of {trial.hostile.what}"
    finding = Finding("status", words, f"accepted: {trial.outcome.summary}", outcome="rejected")
    return client.recorder.violation(trial.hostile.clause, (finding,), trial.outcome.exchange)


def changed_echo(client: Client, trials: Iterable[Trial], clause: str = CLAUSE) -> ContractViolation | None:
    """Return the violation if an accepted call's response shows a text that differs from the one that was sent.

    A text that people may write breaks ``clause``. Only a text with characters that can't be printed breaks X-1.
    """
    changed = [
        (sent.isprintable(), trial, member, sent)
        for trial in trials
        if trial.outcome.accepted
        for member, sent in trial.hostile.echo.items()
        if trial.outcome.payload.get(member) != sent
    ]
    if not changed:
        return None
    is_ordinary, trial, member, sent = max(changed, key=lambda each: each[0])
    shown = _short(trial.outcome.payload.get(member))
    finding = Finding(f"$.Value.{member}", f"the text sent: {_short(sent)}", shown)
    return client.recorder.violation(clause if is_ordinary else CLAUSE, (finding,), trial.outcome.exchange)


def _outcome(client: Client, hostile: Hostile) -> Outcome:
    call = replace(hostile.call, hostile=hostile.what, drastic=hostile.drastic)
    try:
        return client.attempt(call)
    except NoResponse as fault:
        if hostile.drastic and fault.kind == CUT_OFF:
            return Outcome(call, fault.exchange, accepted=False)
        raise
    except ContractViolation as error:
        exchange = client.recorder.scenario.last
        if exchange is None:
            raise
        if hostile.drastic and exchange.response and exchange.response.status in range(400, 500):
            return Outcome(call, exchange, accepted=False)
        if _passes_for_accepted(hostile, exchange, error):
            return Outcome(call, exchange, accepted=True)
        raise


def _passes_for_accepted(hostile: Hostile, exchange: Exchange, error: Exception) -> bool:
    """Return whether the call counts as accepted although its response has the wrong form."""
    response = exchange.response
    if response is None or response.status not in range(200, 300):
        return False
    if isinstance(response.json, dict) and response.json.get("IsSuccess") is False:
        return False
    shown = {finding.where.rpartition(".")[2] for finding in getattr(error, "findings", ())}
    return hostile.rejection_due or (bool(hostile.absent) and shown == {hostile.absent})


def _check_service(client: Client, plain: Call, trials: list[Trial]) -> None:
    try:
        client.perform(plain)
    except ContractViolation as error:
        found = tuple(Finding(f"the plain call after it, {f.where}", f.documented, f.received) for f in error.findings)
        raise client.recorder.violation(CLAUSE, found) from error
    except CallFault as fault:
        if trials and trials[-1].outcome.exchange.response is None:
            _blame(client, fault, trials[-1])
        raise


def _blame(client: Client, fault: CallFault, trial: Trial) -> None:
    """Report a fault of the plain call as caused by the hostile call before it, whose connection was closed."""
    what = f"a response, after a connection was closed at {trial.hostile.what}"
    finding = Finding("the plain call after it", what, str(fault))
    fault.hostile, fault.began_on = trial.hostile.what, trial.outcome.call.operation
    fault.accuse = lambda: client.recorder.violation(CLAUSE, (finding,), trial.outcome.exchange)


def _short(value: object) -> str:
    return ascii(value) if len(ascii(value)) <= _WIDTH else f"{ascii(value)[:_WIDTH]}... ({len(str(value))} characters)"
