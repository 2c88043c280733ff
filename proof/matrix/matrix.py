"""The matrix as values: every scenario against every defect and every variant, and the figures that follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

HARMLESS: Final = ("passed", "skipped")
_ENOUGH: Final = 2  # defects that a clause must have


@dataclass(frozen=True)
class Scenario:
    """A scenario, or a row of an outline: its node name, its API (empty if it belongs to none) and its clauses."""

    name: str
    api: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one scenario; ``kind`` as in a run's verdict, ``broken`` the clauses that its violations named."""

    scenario: str
    kind: str
    broken: tuple[str, ...] = ()
    reason: str = ""

    @property
    def catches(self) -> bool:
        """Whether a clause was found broken: a platform that can't be reached is no catch."""
        return self.kind == "broken" or bool(self.broken)


@dataclass(frozen=True)
class Round:
    """The suite on one platform: how many scenarios met it, and the outcome of each that did not simply pass.

    ``seconds`` is wall time, ``cpu`` the processor's for suite and sandbox together; ``cut_short`` says why not all
    scenarios ran, where they did not.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    met: int = 0
    outcomes: tuple[Outcome, ...] = ()
    cut_short: str = ""


@dataclass(frozen=True)
class Tried:
    """A defect or a variant, and what came of it. ``kind`` is a defect's class; a variant breaks no clause."""

    name: str
    kind: str
    api: str
    sentence: str
    clauses: tuple[str, ...]
    round: Round

    @cached_property
    def catches(self) -> tuple[Outcome, ...]:
        """The scenarios that found a clause broken."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.catches)

    @property
    def named(self) -> bool:
        """Whether a violation names a clause that this defect breaks."""
        return any(set(outcome.broken) & set(self.clauses) for outcome in self.catches)

    @property
    def alarms(self) -> tuple[Outcome, ...]:
        """What is neither passed nor skipped: on a variant, a false alarm."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind not in HARMLESS)

    @property
    def skips(self) -> tuple[Outcome, ...]:
        """The scenarios that were not judged."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind == "skipped")

    @property
    def suite_faults(self) -> tuple[Outcome, ...]:
        """The scenarios that ended by a fault of the suite's own instead of a verdict."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind in ("error", "usage"))


@dataclass(frozen=True)
class Matrix:
    """All rounds. ``walks`` is the number of random walks over an API in each."""

    scenarios: tuple[Scenario, ...]
    clauses: Mapping[str, str]
    defects: tuple[Tried, ...]
    variants: tuple[Tried, ...]
    green: Round
    seconds: float
    walks: int = 0
    about: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def survivors(self) -> tuple[Tried, ...]:
        """Defects that no scenario caught."""
        return tuple(defect for defect in self.defects if not defect.catches)

    @cached_property
    def misnamed(self) -> tuple[Tried, ...]:
        """Defects that were caught, but by violations of other clauses only."""
        return tuple(defect for defect in self.defects if defect.catches and not defect.named)

    @cached_property
    def false_alarms(self) -> tuple[Tried, ...]:
        """Variants on which a scenario neither passed nor was skipped."""
        return tuple(variant for variant in self.variants if variant.alarms)

    @cached_property
    def cut_short(self) -> tuple[Tried, ...]:
        """Rounds that did not run to their end."""
        return tuple(tried for tried in (*self.defects, *self.variants) if tried.round.cut_short)

    @cached_property
    def suite_faults(self) -> tuple[Tried, ...]:
        """Defects on which a scenario failed by a fault of the suite's own."""
        return tuple(defect for defect in self.defects if defect.suite_faults)

    @cached_property
    def caught_by(self) -> Mapping[str, tuple[str, ...]]:
        """The defects that each scenario catches, by its name."""
        caught: dict[str, list[str]] = {scenario.name: [] for scenario in self.scenarios}
        for defect in self.defects:
            for outcome in defect.catches:
                caught.setdefault(outcome.scenario, []).append(defect.name)
        return {name: tuple(defects) for name, defects in caught.items()}

    @cached_property
    def alone(self) -> Mapping[str, tuple[str, ...]]:
        """The defects that only one scenario catches, by its name."""
        found: dict[str, list[str]] = {}
        for defect in self.defects:
            if len(defect.catches) == 1:
                found.setdefault(defect.catches[0].scenario, []).append(defect.name)
        return {name: tuple(defects) for name, defects in found.items()}

    @cached_property
    def idle(self) -> tuple[Scenario, ...]:
        """Scenarios that catch nothing, of the APIs that a defect was tried on."""
        apis = {defect.api for defect in self.defects}
        tried = [one for one in self.scenarios if not one.api or one.api in apis or "both" in apis]
        return tuple(scenario for scenario in tried if not self.caught_by[scenario.name])

    @cached_property
    def defects_of(self) -> Mapping[str, int]:
        """How many defects each clause has."""
        count = Counter(clause for defect in self.defects for clause in defect.clauses)
        return {clause: count[clause] for clause in self.clauses}

    @property
    def thin(self) -> tuple[str, ...]:
        """Clauses with fewer than two defects."""
        return tuple(clause for clause, count in self.defects_of.items() if count < _ENOUGH)

    @property
    def kinds(self) -> Mapping[str, tuple[Tried, ...]]:
        """The defects by class, in the catalogue's order."""
        kinds = dict.fromkeys(defect.kind for defect in self.defects)
        return {kind: tuple(defect for defect in self.defects if defect.kind == kind) for kind in kinds}

    def new_skips(self, tried: Tried) -> tuple[Outcome, ...]:
        """The scenarios that were judged on the true sandbox but not here."""
        usual = {outcome.scenario for outcome in self.green.outcomes if outcome.kind == "skipped"}
        return tuple(outcome for outcome in tried.skips if outcome.scenario not in usual)

    @property
    def cpu(self) -> float:
        """Seconds of a core that the rounds took, except for the browser."""
        return sum(tried.round.cpu for tried in (*self.defects, *self.variants))

    @property
    def sound(self) -> bool:
        """Whether every defect was caught, no variant was taken for one, and every scenario met them all."""
        return not (self.survivors or self.false_alarms or self.cut_short)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as in reports/proof.json."""
        return asdict(self)


def from_json(told: Mapping[str, Any]) -> Matrix:
    """The matrix of a reports/proof.json."""
    return Matrix(
        **{
            **told,
            "scenarios": tuple(Scenario(**{**one, "clauses": tuple(one["clauses"])}) for one in told["scenarios"]),
            "defects": _tried(told["defects"]),
            "variants": _tried(told["variants"]),
            "green": _round(told["green"]),
        }
    )


def _tried(told: Iterable[Mapping[str, Any]]) -> tuple[Tried, ...]:
    return tuple(Tried(**{**one, "clauses": tuple(one["clauses"]), "round": _round(one["round"])}) for one in told)


def _round(told: Mapping[str, Any]) -> Round:
    outcomes = tuple(Outcome(**{**one, "broken": tuple(one["broken"])}) for one in told["outcomes"])
    return Round(**{**told, "outcomes": outcomes})
