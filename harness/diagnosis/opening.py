"""The first use of the controls, before the first scenario."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.control import AlfredControl
from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.control import WalletApiControl
from harness.client.control import SECONDS, Control, Look
from harness.client.record import Recorder
from harness.diagnosis.before_run import mistakes, silence
from harness.diagnosis.diagnosis import Diagnosis
from harness.failures import EnvironmentFault, UsageError
from harness.target.target import Target
from harness.wire.channel import Channel, Patience
from harness.wire.faults import CameBack

_MAY_PASS: Final = (CameBack.UNREACHED, CameBack.CUT_OFF, CameBack.IN_BETWEEN)
_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.0)  # seconds


def new_diagnosis(
    target: Target, recorder: Recorder, *, embedded: bool, folder: Path | None = None, patience: Patience | None = None
) -> Diagnosis:
    """Return the diagnosis of a target. No call is made yet. ``embedded``: the run has started the platform itself.

    ``folder`` is shared by all processes of the run; None if there is only one. ``patience`` is that of this process.
    """
    controls: dict[str, Control] = {}
    timeout = min(target.limits.timeout, SECONDS)
    patience = patience or Patience()
    if target.alfred:
        own = Recorder(recorder.run)
        channel = Channel(timeout, own.exchange, patience=patience)
        controls["alfred"] = AlfredControl(Alfred(target.alfred, channel, own), timeout)
    if target.walletapi and target.walletapi.has_wallets:
        own = Recorder(recorder.run)
        channel = Channel(timeout, own.exchange, patience=patience)
        controls["walletapi"] = WalletApiControl(WalletApi(target.walletapi, channel, own), timeout)
    diagnosis = Diagnosis(controls, recorder, folder, embedded)
    recorder.check_platform = diagnosis.check
    return diagnosis


def open_diagnosis(diagnosis: Diagnosis, target: Target, *, judge_anyway: bool) -> None:
    """Make each control once. UsageError for a mistake in the target file, EnvironmentFault if no API responds.

    If only one API does not respond, the other one is judged.
    """
    found: list[str] = []
    silent: dict[str, str] = {}
    for api, control in diagnosis.controls.items():
        looks = _first(control)
        wrong = [] if diagnosis.embedded else mistakes(control, looks, target, judge_anyway=judge_anyway)
        found += wrong
        if not wrong and (fault := silence(control, looks)):
            silent[api] = fault
    if not found and "alfred" not in silent and not (diagnosis.embedded or judge_anyway):
        found += _mistakes_of_page(diagnosis, target)
    if found:
        raise UsageError("\n".join(found))
    if silent and len(silent) == len(diagnosis.controls):
        raise EnvironmentFault(next(iter(silent.values())))
    diagnosis.given_up.update(silent)


def _first(control: Control) -> Sequence[Look]:
    """Make the control until a call gets a response, for some seconds: a platform may be about to start."""
    deadline = time.monotonic() + SECONDS
    try:
        for pause in _PAUSES:
            looks = control.first()
            if not all(look.came_back in _MAY_PASS for look in looks) or time.monotonic() + pause > deadline:
                return looks
            time.sleep(pause)
        return control.first()
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UsageError(f"{control.client.base_url} is not an address that can be called: {error}") from None
    finally:
        control.client.channel.close()


def _mistakes_of_page(diagnosis: Diagnosis, target: Target) -> list[str]:
    control = diagnosis.controls.get("alfred")
    if target.admin is None or control is None or not control.kept:
        return []
    page = Admin(target.admin, target.limits.timeout)
    try:
        wrong = page.mistake(control.kept["wallet_id"])
    finally:
        page.close()
    return [f"{target.name}: {wrong}"] if wrong else []
