"""The table of runs that could pass or fail wrongly: what was done, the required status, the status of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from harness.processes.exit_status import Status
from sandbox.launcher import running_sandbox
from tests.verdict_table.cases import CASES
from tests.verdict_table.stage import Case, Ended, Stage, opened, run


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_sandbox() as sandbox, opened(tmp_path_factory.mktemp("table"), sandbox.tables) as opened_stage:
        yield opened_stage


def _wrong(case: Case, end: Ended) -> list[str]:
    wrong = [] if end.status == case.status else [f"status {end.status}"]
    if end.status == Status.HOLDS and end.headline.startswith("PART") != case.part:
        wrong.append(f"the headline is {end.headline!r}")
    if end.verdict and end.verdict["finished"] != case.finishes:
        wrong.append(f"verdict.json says {end.headline!r}")
    return wrong + end.disagreements()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_ends_with_the_required_status(
    stage: Stage, case: Case, row: Callable[[str, str, str], None]
) -> None:
    end = run(stage, case)
    wrong = _wrong(case, end)
    words = [Status(one).name if one in set(Status) else str(one) for one in (case.status, end.status)]
    said = f"WRONG: {'; '.join(wrong)}" if wrong else end.headline.partition("\n")[0][:70]
    row("wrong greens and reds: what was done, required, ended as", case.name, f"{words[0]:14} {words[1]:14} {said}")
    assert not wrong, f"{wrong}\n{end.output[-3000:]}"


def test_there_are_enough_cases_and_their_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40
