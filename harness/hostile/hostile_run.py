"""A hostile run: hostile calls with plain calls between them, checked against X-1 of contract.md."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.hostile.rejected_input import Hostile
from harness.wire.exchange import CUT_OFF, UNREACHED, Exchange
from harness.wire.messages import NoResponse

CLAUSE: Final = "X-1"
_JUST_BEFORE: Final = 0.05
_WIDTH: Final = 120


@dataclass(frozen=True)
class Trial:
    """A hostile call and its outcome."""

    hostile: Hostile
    outcome: Outcome


def run_hostile_calls(
    client: Client, hostiles: Iterable[Hostile], plain: Call, *, service_confirmed: bool = False
) -> list[Trial]:
    """Send the hostile calls, each shortly after a successful plain call, and a plain call at the end.

    ``service_confirmed``: a plain call was successful just before. ContractViolation of X-1 for a reset, a timeout or a
    5xx on a hostile call, and if a plain call fails after it.
    """
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
    finding = Finding("status", f"rejection of {trial.hostile.what}", f"accepted: {trial.outcome.summary}")
    return client.recorder.violation(CLAUSE, (finding,), trial.outcome.exchange)


def changed_echo(client: Client, trial: Trial) -> ContractViolation | None:
    """Return the violation if an accepted call's response shows a text that differs from the one that was sent."""
    if trial.outcome.rejected:
        return None
    findings = tuple(
        Finding(f"$.Value.{member}", f"the text sent: {_short(sent)}", _short(trial.outcome.payload.get(member)))
        for member, sent in trial.hostile.echo.items()
        if trial.outcome.payload.get(member) != sent
    )
    return client.recorder.violation(CLAUSE, findings, trial.outcome.exchange) if findings else None


def _outcome(client: Client, hostile: Hostile) -> Outcome:
    try:
        exchange = client.channel.send(client.request(hostile.call))
    except NoResponse as fault:
        if fault.kind == UNREACHED:
            raise
        return _broken_off(client, hostile, fault)
    return _judged(client, hostile, exchange)


def _broken_off(client: Client, hostile: Hostile, fault: NoResponse) -> Outcome:
    lost = fault.exchange
    if hostile.drastic and fault.kind == CUT_OFF:
        return Outcome(hostile.call, lost, accepted=False)
    received = lost.fault.text if lost.fault else "no response"
    finding = Finding("the connection", f"a response to {hostile.what}, as a plain call got one just before", received)
    raise client.recorder.violation(CLAUSE, (finding,), lost)


def _judged(client: Client, hostile: Hostile, exchange: Exchange) -> Outcome:
    response = exchange.response
    status = response.status if response else 0
    try:
        return client.judge(hostile.call, exchange)
    except (ContractViolation, EnvironmentFault) as error:
        if status >= 500:
            finding = Finding(
                "status", f"no 5xx, also not for {hostile.what}", f"{status} {response.reason if response else ''}"
            )
            raise client.recorder.violation(CLAUSE, (finding,), exchange) from error
        if hostile.drastic and status in range(400, 500):
            return Outcome(hostile.call, exchange, accepted=False)
        if _passes_for_accepted(hostile, exchange, error):
            return Outcome(hostile.call, exchange, accepted=True)
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
    """Check that the platform still responds. If it closed the last connection and is silent now, X-1 is broken."""
    try:
        client.perform(plain)
    except ContractViolation as error:
        found = tuple(Finding(f"the plain call after it, {f.where}", f.documented, f.received) for f in error.findings)
        raise client.recorder.violation(CLAUSE, found) from error
    except EnvironmentFault as error:
        if not trials or trials[-1].outcome.exchange.response:
            raise
        what = f"a response, after a connection was closed at {trials[-1].hostile.what}"
        finding = Finding("the plain call after it", what, str(error))
        raise client.recorder.violation(CLAUSE, (finding,), trials[-1].outcome.exchange) from error


def _short(value: object) -> str:
    return ascii(value) if len(ascii(value)) <= _WIDTH else f"{ascii(value)[:_WIDTH]}... ({len(str(value))} characters)"
