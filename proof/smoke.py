"""``python -m proof.smoke``: the fewest scenarios that catch nine defects in ten, from the last whole matrix.

The search keeps the best few hundred sets of each size. The same matrix gives the same set. pytest marks the scenarios
``smoke``. Random walks are left out: what they catch in one run, they may miss in the next.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from harness.gherkin.tags import SMOKE
from proof.matrix import report
from proof.matrix.matrix import Matrix

SHARE: Final = 0.9
_WIDTH: Final = 300
_USAGE: Final = 4
_RANDOM: Final = "/walks.feature::"


@dataclass(frozen=True)
class Pick:
    """A scenario of the selection, and the defects that no scenario before it catches."""

    scenario: str
    adds: tuple[str, ...]


def main() -> int:
    """Write proof/smoke.toml, and return the exit status."""
    matrix = report.read_last()
    if matrix is None:
        print("proof.smoke: there is no reports/proof.json: run make prove first", file=sys.stderr)
        return _USAGE
    picks = selection(steady(matrix.caught_by), [defect.name for defect in matrix.defects])
    SMOKE.write_text(toml(picks, matrix), "utf-8")
    caught = sum(len(pick.adds) for pick in picks)
    print(f"proof/smoke.toml: {len(picks)} scenarios catch {caught} of {len(matrix.defects)} defects")
    return 0


def selection(caught_by: Mapping[str, Iterable[str]], defects: Sequence[str], share: float = SHARE) -> tuple[Pick, ...]:
    """Return the fewest scenarios that catch this share of the defects, or of those that are caught at all."""
    bit = {name: 1 << place for place, name in enumerate(sorted(defects))}
    masks = {name: sum(bit[defect] for defect in set(caught)) for name, caught in sorted(caught_by.items())}
    all_caught = 0
    for mask in masks.values():
        all_caught |= mask
    wanted = min(ceil(share * len(defects)), all_caught.bit_count())
    return _in_order(_fewest(_undominated(masks), wanted), masks, bit)


def steady(caught_by: Mapping[str, Iterable[str]]) -> dict[str, Iterable[str]]:
    """Return what the scenarios catch that do the same in every run."""
    return {scenario: caught for scenario, caught in caught_by.items() if _RANDOM not in scenario}


def _undominated(masks: Mapping[str, int]) -> dict[str, int]:
    """Leave out the scenarios that catch only what another one catches too; of equal ones, keep the first by name."""
    kept: dict[str, int] = {}
    for name, mask in sorted(masks.items(), key=lambda each: (-each[1].bit_count(), each[0])):
        if mask and all(mask | other != other for other in kept.values()):
            kept[name] = mask
    return kept


def _fewest(masks: Mapping[str, int], wanted: int) -> tuple[str, ...]:
    best: dict[int, tuple[str, ...]] = {0: ()}
    while max(mask.bit_count() for mask in best) < wanted:
        larger: dict[int, tuple[str, ...]] = {}
        for covered, names in best.items():
            for name, mask in masks.items():
                both = covered | mask
                chosen = tuple(sorted((*names, name)))
                if both != covered and (both not in larger or chosen < larger[both]):
                    larger[both] = chosen
        ranked = sorted(larger.items(), key=lambda each: (-each[0].bit_count(), each[1]))
        best = dict(ranked[:_WIDTH])
    return next(iter(best.values()))


def _in_order(names: Iterable[str], masks: Mapping[str, int], bit: Mapping[str, int]) -> tuple[Pick, ...]:
    """Order the scenarios: first the one that catches most, then always the one that adds most."""
    left, covered, picks = sorted(names), 0, []
    while left:
        name = max(left, key=lambda each: (masks[each] & ~covered).bit_count())
        left.remove(name)
        adds = masks[name] & ~covered
        covered |= adds
        picks.append(Pick(name, tuple(defect for defect in bit if bit[defect] & adds)))
    return tuple(picks)


def toml(picks: Sequence[Pick], matrix: Matrix) -> str:
    """Return the text of proof/smoke.toml."""
    caught = sum(len(pick.adds) for pick in picks)
    lines = [
        f"# {len(picks)} of {len(matrix.scenarios)} scenarios catch {caught} of {len(matrix.defects)} defects.",
        "# Written by make smoke from the last make prove. pytest -m smoke runs these scenarios.",
        "# A scenario adds the defects that no scenario above it catches.",
    ]
    for pick in picks:
        # A JSON string or list of strings is the same in TOML.
        name, adds = (json.dumps(value, ensure_ascii=False) for value in (pick.scenario, pick.adds))
        lines += ["", "[[scenario]]", f"name = {name}", f"adds = {adds}"]
    return "\n".join(lines) + "\n"


def read_picks(text: str) -> tuple[Pick, ...]:
    """Return the selection of a proof/smoke.toml."""
    return tuple(Pick(each["name"], tuple(each["adds"])) for each in tomllib.loads(text)["scenario"])


if __name__ == "__main__":
    sys.exit(main())
