"""The verdict of a run, as verdict.json contains it. Every other output is made from it.

schemas/verdict.schema.json is made from these classes: ``python -m harness.verdict.decision.verdict``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from pydantic import TypeAdapter

from harness.contract.contract import SCHEMAS
from harness.processes.exit_status import Status
from harness.run_folder import VERDICT

SCHEMA: Final = SCHEMAS / "verdict.schema.json"
UNFINISHED: Final = "DID NOT FINISH"

State = Literal["broken", "observed", "known", "holding", "in part", "not judged"]
Why = Literal["selection", "target file", "environment", "suite", "usage", "interrupted", "violation", "unexplained"]


class _Closed:
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Reason(_Closed):
    """Why scenarios of a clause were not judged: in words, of how many, and who says so."""

    reason: str
    scenarios: int
    why: Why


@dataclass(frozen=True)
class ClauseState(_Closed):
    """``judged`` of ``scenarios`` were judged; ``violated_in`` are the titles of those that found a violation."""

    id: str
    level: str
    text: str
    gates: bool
    asked_for: bool
    state: State
    scenarios: int
    judged: int
    reasons: tuple[Reason, ...] = ()
    violated_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioOutcome(_Closed):
    """``name`` is the node id. ``outcome`` is passed, broken, skipped, failed, environment, usage, error or not run.

    ``words`` is the title with the values of its row, and ``feature`` the name of its feature.
    """

    name: str
    clauses: tuple[str, ...]
    outcome: str
    reason: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)
    unsteady: tuple[str, ...] = ()
    words: str = ""
    feature: str = ""
    seconds: float = 0.0
    asked_for: bool = True

    @property
    def title(self) -> str:
        """The name of the scenario, with its row in brackets."""
        return self.name.rpartition("::")[2]


@dataclass(frozen=True)
class IssueState(_Closed):
    """``state`` is occurred, not judged, did not occur or expired; the last two are red."""

    clause: str
    scenario: str
    owner: str
    ticket: str
    expires: date
    days_left: int
    because: str
    state: Literal["occurred", "not judged", "did not occur", "expired"]
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause(_Closed):
    """A clause that is likely to be what broke, and what it explains.

    ``scenarios`` are the node ids of the failures that it explains, the clearest first; the first ``shown_by`` of them
    violate the clause themselves. ``operation``, ``documented`` and ``received`` are the clearest one's.
    ``consequences`` counts the scenarios per other clause that was violated because of it. ``not_checked`` counts, per
    clause, the scenarios that stopped before they could check it. ``known``: every violation is a known issue.
    """

    clause: str
    level: str
    text: str
    operation: str
    documented: str
    received: str
    scenarios: tuple[str, ...]
    shown_by: int
    consequences: Mapping[str, int] = field(default_factory=dict)
    not_checked: Mapping[str, int] = field(default_factory=dict)
    known: bool = False

    def explained(self, failures: int) -> str:
        """Return how many of the run's failures it explains, in words."""
        if len(self.scenarios) < failures:
            return f"{len(self.scenarios)} of {failures} failures"
        return f"all {failures} failures" if failures > 1 else "the only failure"


@dataclass(frozen=True)
class LeftOut(_Closed):
    """``named`` is left_out of the target file; ``judged`` what was judged all the same; ``line`` is one to paste."""

    named: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class StatusReason(_Closed):
    """A status that applies, and why."""

    status: int
    name: str
    reason: str


@dataclass(frozen=True)
class About(_Closed):
    """The run: its folder's name, its times, what was tested and with what."""

    run: str = ""
    began: str = ""
    ended: str = ""
    target: str = "sandbox"
    address: str = ""
    gate: str = "all"
    depth: str = "quick"
    commit: str = ""


@dataclass(frozen=True)
class Verdict(_Closed):
    """``status`` is None in a run that did not finish. ``applies`` has every status that applies, the run's first.

    ``part``: the run judged a selection. ``causes`` are the likely causes of the violations, best first, known ones
    last. ``likely_reasons`` are other reasons for them, such as a key that one operation never accepted.
    """

    finished: bool
    status: int | None
    name: str
    headline: str
    about: About = field(default_factory=About)
    part: bool = False
    gating: bool = False
    applies: tuple[StatusReason, ...] = ()
    clauses: tuple[ClauseState, ...] = ()
    scenarios: tuple[ScenarioOutcome, ...] = ()
    known_issues: tuple[IssueState, ...] = ()
    left_out: LeftOut = field(default_factory=LeftOut)
    unwritten: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    likely_reasons: tuple[str, ...] = ()
    format: Literal[1] = 1

    @property
    def is_refused(self) -> bool:
        """Whether something must be fixed first, and nothing was judged."""
        return self.status == Status.USAGE and not any(one.outcome == "passed" or one.broken for one in self.scenarios)

    @property
    def unsteady(self) -> tuple[ScenarioOutcome, ...]:
        """The scenarios with an earlier attempt whose result differs from the last one."""
        return tuple(one for one in self.scenarios if one.unsteady)


def unfinished(about: About) -> Verdict:
    """Return the verdict that stays if the run is killed."""
    return Verdict(
        finished=False,
        status=None,
        name=UNFINISHED,
        headline=f"{UNFINISHED}: the run was ended from outside",
        about=about,
    )


def without_run(status: Status, why: str, about: About | None = None) -> Verdict:
    reason = StatusReason(int(status), status.words, why)
    return Verdict(True, reason.status, reason.name, f"{reason.name}: {why}", about or About(), applies=(reason,))  # noqa: FBT003


def to_json(verdict: Verdict) -> str:
    plain = _adapter().dump_python(verdict, mode="json")
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def read_verdict(folder: Path) -> Verdict | None:
    """Read the verdict of a run; None if the folder has none that can be read."""
    try:
        return _adapter().validate_json((folder / VERDICT).read_bytes())
    except (OSError, ValueError):
        return None


def _adapter() -> TypeAdapter[Verdict]:
    return TypeAdapter(Verdict)


def schema() -> dict[str, Any]:
    made = _adapter().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2) + "\n", "utf-8")
