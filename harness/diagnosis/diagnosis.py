"""Decides in a process of a run what a fault means, with the control of its API."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from harness.client.control import SECONDS, Control
from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.not_judged import NotJudged
from harness.wire.faults import CallFault, CameBack

ATTEMPTS: Final = 3
_SHORTER: Final = 0.5  # seconds for a control if the other API has been given up


@dataclass
class Diagnosis:
    """The controls of both APIs. ``folder`` tells the workers which APIs the controller has given up.

    ``embedded``: the run has started the platform itself. If it refuses connections, its process has ended.
    """

    controls: Mapping[str, Control]
    recorder: Recorder
    folder: Path | None = None
    embedded: bool = False
    given_up: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """The APIs that did not respond at the end of the last scenario."""
    _deliberate: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def admit(self, api: str) -> None:
        """Begin a scenario of an API. Skip it if the API was given up; EnvironmentFault if it stays silent."""
        told = self.given_up.get(api)
        if told:
            self.given_up[api] = ""
            raise EnvironmentFault(told)
        if self._is_gone(api):
            NotJudged.NOT_REACHED.skip()
        if api in self.silent:
            seconds = _SHORTER if any(self._is_gone(other) for other in self.controls) else SECONDS
            condition = self.controls[api].repeat(seconds)
            if condition.is_silent:
                self.recorder.scenario.apis.add(api)
                raise EnvironmentFault(condition.problem)
            self.silent.discard(api)

    def _is_gone(self, api: str) -> bool:
        return api in self.given_up or bool(self.folder and (self.folder / f"gone-{api}").exists())

    def give_up(self, api: str) -> None:
        """End the scenarios of an API, also in the workers."""
        self.given_up.setdefault(api, "")
        if self.folder:
            with contextlib.suppress(OSError):
                (self.folder / f"gone-{api}").touch()

    def check(self, fault: CallFault) -> None:
        """Make the control again after a fault. EnvironmentFault if the platform cannot be judged now."""
        control = self.controls.get(self.api_of(fault))
        if control is None:
            return
        condition = control.repeat()
        if not condition.problem:
            return
        began = (
            f"; this began on {fault.began_on or fault.operation} with {fault.hostile} (X-1)" if fault.hostile else ""
        )
        over = EnvironmentFault(f"{fault}; {condition.problem}{began}")
        self.recorder.scenario.over = over
        if condition.is_refused and self.embedded:
            for api in self.controls:
                self.give_up(api)
            received = f"its process ended{f' at {fault.hostile}' if fault.hostile else ''}"
            finding = Finding("the platform", "a platform that keeps serving requests", received)
            raise self.recorder.violation("X-1", (finding,), fault.exchange)
        if condition.is_silent:
            self.silent.add(control.api)
        raise over from None

    def check_between(self, faults: list[CallFault]) -> None:
        """Check the platform before the scenario runs again, once more each time.

        Otherwise what disturbs every so many calls could meet the same call again. Before the third run, each call of
        the control gets three seconds: a platform that only reads for a moment, while it changes over to another
        node, still responds to some. Before a fourth run, one call more makes the difference: a control ends with a
        response, so that it is in step with a gateway of two nodes.
        """
        for _ in faults:
            self.check(faults[-1])
        control = self.controls.get(self.api_of(faults[-1]))
        if control is not None and len(faults) == ATTEMPTS - 1:
            control.wait_for_each()
        if control is not None and len(faults) == ATTEMPTS:
            control.look(control.again()[0])

    def check_violation(self, violation: ContractViolation) -> None:
        """Read what the controls made before the first scenario. EnvironmentFault if the platform has lost it."""
        for api in sorted(self.recorder.scenario.apis):
            gone = self.controls[api].what_is_gone() if api in self.controls else ""
            if gone:
                raise EnvironmentFault(f"{gone}; then {violation.clause} seemed to be broken")

    def doubt(self, violation: ContractViolation) -> CallFault | None:
        """Return the 401 or 403 in a race that may have led to a violation; None if there is none.

        A call that the platform itself has rejected is rejected again. A call that something in front of the platform
        has refused was not processed, and is accepted now.
        """
        for fault, send_again in self.recorder.scenario.doubts:
            fault.accuse = lambda: violation
            try:
                with self.recorder.diverted():
                    if send_again().accepted:
                        return fault
            except (ContractViolation, EnvironmentFault):
                continue
        return None

    def conclude(self, faults: list[CallFault]) -> Exception | None:
        """Return the conclusion from several runs of a scenario; None if it must run again.

        A gateway with one bad node of several may fail at the same call by its rhythm: one more run is out of step.
        """
        last = faults[-1]
        attempts = ATTEMPTS + (last.came_back is CameBack.IN_BETWEEN and not last.hostile)
        key = last.operation, last.hostile, last.came_back
        is_same = len({fault.place for fault in faults}) == 1
        is_known = self._deliberate.get(key, 0) >= ATTEMPTS
        may_accuse = last.came_back is not CameBack.THROTTLED and last.accuse is not None
        if may_accuse and last.accuse and (is_known or (is_same and len(faults) == attempts)):
            self._deliberate[key] = self._deliberate.get(key, 0) + 1
            return last.accuse()
        if len(faults) < (attempts if is_same else ATTEMPTS):
            return None
        return EnvironmentFault(f"{last}; in each of {ATTEMPTS} runs of the scenario a call was disturbed")

    def api_of(self, fault: CallFault) -> str:
        operation = self.recorder.run.contract.operations.get(fault.operation)
        return operation.api if operation else "alfred"

    @property
    def state(self) -> dict[str, Any]:
        """The state that a worker of pytest-xdist needs."""
        return {
            "given_up": dict(self.given_up),
            "controls": {api: control.state for api, control in self.controls.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue in a worker with the state of the controller."""
        self.given_up = dict(state["given_up"])
        for api, control in self.controls.items():
            control.restore(state["controls"][api])
