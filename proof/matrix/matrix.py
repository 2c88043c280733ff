"""The matrix: every scenario against every defect and every variant, and the figures that follow from it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

from harness.causes.violations import Violation, read_violations

HARMLESS: Final = ("passed", "skipped")
UNFINISHED: Final = "unfinished"  # the scenario in which a round was cut short
_ENOUGH: Final = 2  # defects that a clause must have


@dataclass(frozen=True)
class Scenario:
    """A scenario, or a row of an outline. ``name`` is its node id; ``api`` is empty for a scenario of both.

    ``operations`` are those that it calls on the true sandbox, each with the kind of step (``given getWallet``), and
    ``calls`` is the number of its calls.
    """

    name: str
    api: str
    clauses: tuple[str, ...]
    operations: tuple[str, ...] = ()
    calls: int = 0


@dataclass(frozen=True)
class Outcome:
    """The outcome of a scenario. ``kind`` is that of a run's verdict, or UNFINISHED; ``broken`` are clauses.

    ``violations`` says where, without the texts that ``reason`` has; ``operations`` what was called until then.
    """

    scenario: str
    kind: str
    broken: tuple[str, ...] = ()
    reason: str = ""
    violations: tuple[Violation, ...] = ()
    operations: tuple[str, ...] = ()
    calls: int = 0

    @property
    def catches(self) -> bool:
        """Return whether a clause was found broken. A platform that can't be reached is not a catch."""
        return self.kind == "broken" or bool(self.broken)


@dataclass(frozen=True)
class Round:
    """The suite on one platform. ``ran`` is the number of scenarios, ``outcomes`` those that did not pass.

    ``seconds`` is wall time, ``cpu`` the processor time of suite and sandbox. ``cut_short`` is the reason why some
    scenarios did not run; empty if all ran.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    ran: int = 0
    outcomes: tuple[Outcome, ...] = ()
    cut_short: str = ""


@dataclass(frozen=True)
class PlatformResult:
    """A defect or a variant with its round. ``kind`` is the class of a defect; a variant breaks no clause."""

    name: str
    kind: str
    api: str
    sentence: str
    clauses: tuple[str, ...]
    round: Round

    @cached_property
    def catches(self) -> tuple[Outcome, ...]:
        """Return the outcomes that found a clause broken."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.catches)

    @property
    def named(self) -> bool:
        """Return whether a violation names a clause that this defect breaks."""
        return any(set(outcome.broken) & set(self.clauses) for outcome in self.catches)

    @property
    def alarms(self) -> tuple[Outcome, ...]:
        """Return the outcomes that are neither passed nor skipped, nor cut short: on a variant, a false alarm."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind not in (*HARMLESS, UNFINISHED))

    @property
    def skips(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind == "skipped")

    @property
    def suite_faults(self) -> tuple[Outcome, ...]:
        """Return the outcomes without a verdict because of a bug of the suite."""
        return tuple(outcome for outcome in self.round.outcomes if outcome.kind in ("error", "usage"))


@dataclass(frozen=True)
class Matrix:
    """All rounds. ``walks`` is the number of random walks over each API in a round.

    ``causes`` are the clauses that are named as likely causes of each defect, best first (proof/causes/measuring.py).
    ``until_caught`` means that the round of a defect ended with the first scenario that found a clause broken.
    """

    scenarios: tuple[Scenario, ...]
    clauses: Mapping[str, str]
    defects: tuple[PlatformResult, ...]
    variants: tuple[PlatformResult, ...]
    green: Round
    seconds: float
    walks: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    until_caught: bool = False

    @cached_property
    def survivors(self) -> tuple[PlatformResult, ...]:
        """Return the defects that no scenario caught."""
        return tuple(defect for defect in self.defects if not defect.catches)

    @cached_property
    def misnamed(self) -> tuple[PlatformResult, ...]:
        """Return the defects that were caught, but only by violations of other clauses."""
        return tuple(defect for defect in self.defects if defect.catches and not defect.named)

    def misjudged(self, first: int) -> tuple[PlatformResult, ...]:
        """Return the defects of which none of the first so many likely causes is a clause that they break."""
        tried = [defect for defect in self.defects if defect.name in self.causes]
        return tuple(one for one in tried if not {*one.clauses} & {*self.causes[one.name][:first]})

    @cached_property
    def misnamed_first(self) -> tuple[PlatformResult, ...]:
        """Return the defects whose first violation, in the order of the scenarios, names another clause."""
        return tuple(one for one in self.defects if one.catches and not {*one.catches[0].broken[:1]} & {*one.clauses})

    @cached_property
    def false_alarms(self) -> tuple[PlatformResult, ...]:
        """Return the variants with a false alarm."""
        return tuple(variant for variant in self.variants if variant.alarms)

    @cached_property
    def cut_short(self) -> tuple[PlatformResult, ...]:
        """Return the rounds in which not all scenarios ran."""
        return tuple(result for result in (*self.defects, *self.variants) if result.round.cut_short)

    @cached_property
    def suite_faults(self) -> tuple[PlatformResult, ...]:
        """Return the defects that caused an error of the suite itself."""
        return tuple(defect for defect in self.defects if defect.suite_faults)

    @cached_property
    def caught_by(self) -> Mapping[str, tuple[str, ...]]:
        """Return the defects that each scenario catches."""
        caught: dict[str, list[str]] = {scenario.name: [] for scenario in self.scenarios}
        for defect in self.defects:
            for outcome in defect.catches:
                caught.setdefault(outcome.scenario, []).append(defect.name)
        return {name: tuple(defects) for name, defects in caught.items()}

    @cached_property
    def caught_only_by(self) -> Mapping[str, tuple[str, ...]]:
        """Return, per scenario, the defects that no other scenario catches."""
        found: dict[str, list[str]] = {}
        for defect in self.defects:
            if len(defect.catches) == 1:
                found.setdefault(defect.catches[0].scenario, []).append(defect.name)
        return {name: tuple(defects) for name, defects in found.items()}

    @cached_property
    def catching_nothing(self) -> tuple[Scenario, ...]:
        """Return the scenarios that catch nothing, of the APIs with a defect; none if rounds ended early."""
        apis = {defect.api for defect in self.defects}
        concerned = [one for one in self.scenarios if not one.api or one.api in apis or "both" in apis]
        return tuple(one for one in concerned if not self.caught_by[one.name] and not self.until_caught)

    @cached_property
    def defects_of(self) -> Mapping[str, int]:
        """Return the number of defects of each clause."""
        count = Counter(clause for defect in self.defects for clause in defect.clauses)
        return {clause: count[clause] for clause in self.clauses}

    @property
    def clauses_short_of_defects(self) -> tuple[str, ...]:
        """Return the clauses with fewer than two defects."""
        return tuple(clause for clause, count in self.defects_of.items() if count < _ENOUGH)

    @property
    def kinds(self) -> Mapping[str, tuple[PlatformResult, ...]]:
        """Return the defects by class."""
        kinds = dict.fromkeys(defect.kind for defect in self.defects)
        return {kind: tuple(defect for defect in self.defects if defect.kind == kind) for kind in kinds}

    def new_skips(self, result: PlatformResult) -> tuple[Outcome, ...]:
        """Return the scenarios that were judged on the true sandbox but not here."""
        usual = {outcome.scenario for outcome in self.green.outcomes if outcome.kind == "skipped"}
        return tuple(outcome for outcome in result.skips if outcome.scenario not in usual)

    @property
    def cpu(self) -> float:
        """Return the processor time of all rounds in seconds, without the browsers."""
        return sum(result.round.cpu for result in (*self.defects, *self.variants))

    @property
    def sound(self) -> bool:
        """Return whether every defect was caught, no variant raised an alarm, and all scenarios ran."""
        return not (self.survivors or self.false_alarms or self.cut_short)

    def as_json(self) -> dict[str, Any]:
        """Return the content of reports/proof.json."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> Matrix:
    """Return the matrix of a reports/proof.json."""
    return Matrix(
        **{
            **content,
            "scenarios": tuple(
                Scenario(**{**one, **{name: tuple(one.get(name, ())) for name in ("clauses", "operations")}})
                for one in content["scenarios"]
            ),
            "causes": {name: tuple(found) for name, found in content.get("causes", {}).items()},
            "defects": _results(content["defects"]),
            "variants": _results(content["variants"]),
            "green": _round(content["green"]),
        }
    )


def _results(content: Iterable[Mapping[str, Any]]) -> tuple[PlatformResult, ...]:
    return tuple(
        PlatformResult(**{**one, "clauses": tuple(one["clauses"]), "round": _round(one["round"])}) for one in content
    )


def _round(content: Mapping[str, Any]) -> Round:
    return Round(**{**content, "outcomes": tuple(read_outcome(one) for one in content["outcomes"])})


def read_outcome(content: Mapping[str, Any]) -> Outcome:
    """Return an outcome that was written as JSON."""
    violations = read_violations(tuple(content.get("violations", ())))
    others = {name: tuple(content.get(name, ())) for name in ("broken", "operations")}
    return Outcome(**{**content, **others, "violations": violations})
