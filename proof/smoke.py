"""``python -m proof.smoke``: the fewest scenarios that catch nine defects in ten, from the last whole matrix.

They are found by a search that keeps the best few hundred sets of each size (a greedy choice keeps one): the same
matrix gives the same set, and no smaller one was met. pytest marks them ``smoke``. Random walks are left out: what they
catch in one run they may miss in the next.
"""

from __future__ import annotations

import sys
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
_ADDS: Final = "#   + "


@dataclass(frozen=True)
class Pick:
    """A scenario of the selection, and the defects that none before it catches."""

    scenario: str
    adds: tuple[str, ...]


def main() -> int:
    """Write proof/smoke.txt; answers the exit status."""
    matrix = report.read_last()
    if matrix is None:
        print("proof.smoke: there is no reports/proof.json: run make prove first", file=sys.stderr)
        return _USAGE
    picks = selection(steady(matrix.caught_by), [defect.name for defect in matrix.defects])
    SMOKE.write_text(written(picks, matrix), "utf-8")
    caught = sum(len(pick.adds) for pick in picks)
    print(f"proof/smoke.txt: {len(picks)} scenarios catch {caught} of {len(matrix.defects)} defects")
    return 0


def selection(caught_by: Mapping[str, Iterable[str]], defects: Sequence[str], share: float = SHARE) -> tuple[Pick, ...]:
    """The fewest scenarios found that catch this share of the defects, or of those that are caught at all."""
    bit = {name: 1 << place for place, name in enumerate(sorted(defects))}
    masks = {name: sum(bit[defect] for defect in set(caught)) for name, caught in sorted(caught_by.items())}
    all_caught = 0
    for mask in masks.values():
        all_caught |= mask
    wanted = min(ceil(share * len(defects)), all_caught.bit_count())
    return _in_order(_fewest(_undominated(masks), wanted), masks, bit)


def steady(caught_by: Mapping[str, Iterable[str]]) -> dict[str, Iterable[str]]:
    """What the scenarios catch that do the same in every run."""
    return {scenario: caught for scenario, caught in caught_by.items() if _RANDOM not in scenario}


def _undominated(masks: Mapping[str, int]) -> dict[str, int]:
    """Without the scenarios that catch only what another does too; of equals, the first by name stays."""
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
    """The one that catches most first, then the one that adds most."""
    left, covered, picks = sorted(names), 0, []
    while left:
        name = max(left, key=lambda each: (masks[each] & ~covered).bit_count())
        left.remove(name)
        adds = masks[name] & ~covered
        covered |= adds
        picks.append(Pick(name, tuple(defect for defect in bit if bit[defect] & adds)))
    return tuple(picks)


def written(picks: Sequence[Pick], matrix: Matrix) -> str:
    """The text of proof/smoke.txt."""
    caught = sum(len(pick.adds) for pick in picks)
    lines = [
        f"# {len(picks)} of {len(matrix.scenarios)} scenarios catch {caught} of {len(matrix.defects)} defects.",
        "# Written by make smoke from the last make prove; pytest -m smoke runs them. Under each scenario stand the",
        "# defects that none above it catches.",
    ]
    for pick in picks:
        lines += [pick.scenario, _ADDS + ", ".join(pick.adds)]
    return "\n".join(lines) + "\n"


def read_picks(text: str) -> tuple[Pick, ...]:
    """The selection of a proof/smoke.txt."""
    picks: list[Pick] = []
    for line in text.splitlines():
        if line.startswith(_ADDS) and picks:
            picks[-1] = Pick(picks[-1].scenario, tuple(line.removeprefix(_ADDS).split(", ")))
        elif line.strip() and not line.startswith("#"):
            picks.append(Pick(line, ()))
    return tuple(picks)


if __name__ == "__main__":
    sys.exit(main())
