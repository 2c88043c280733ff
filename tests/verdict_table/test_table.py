"""The table of wrong greens and wrong reds: what was done, the status that is required, the status of the run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from harness.run_state import Status
from sandbox.launcher import running_sandbox
from tests.verdict_table.cases import CASES
from tests.verdict_table.stage import Case, Ended, prepare, run


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Ended]]]:
    """Run every case, two at a time."""
    place = tmp_path_factory.mktemp("table")
    with running_sandbox() as sandbox, ThreadPoolExecutor(2) as pool:
        original = prepare(place / "original", sandbox.tables)
        yield {case.name: pool.submit(run, original, place / str(at), case) for at, case in enumerate(CASES)}
        pool.shutdown(cancel_futures=True)


def _wrong(case: Case, end: Ended) -> list[str]:
    wrong = [] if end.status == case.status else [f"status {end.status}"]
    if end.status == Status.HOLDS and end.headline.startswith("PART") != case.part:
        wrong.append(f"the headline is {end.headline!r}")
    if end.verdict and end.verdict["finished"] != case.finishes:
        wrong.append(f"verdict.json says {end.headline!r}")
    return wrong + end.disagreements()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_run_ends_as_the_verdict_says(ended: dict[str, Future[Ended]], case: Case) -> None:
    end = ended[case.name].result()
    wrong = _wrong(case, end)
    assert not wrong, f"{wrong}\n{end.output[-3000:]}"


def test_the_table(ended: dict[str, Future[Ended]], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(case, ended[case.name].result()) for case in CASES]
    with capsys.disabled():
        print(f"\n\n{'what was done':52} {'required':14} {'ended as':14} first line")
        for case, end in rows:
            mark = "" if not _wrong(case, end) else "WRONG: " + "; ".join(_wrong(case, end))
            words = [Status(one).name if one in set(Status) else str(one) for one in (case.status, end.status)]
            print(f"{case.name:52} {words[0]:14} {words[1]:14} {mark or end.headline[:70]}")
    assert not [case.name for case, end in rows if end.status == Status.HOLDS and case.status != Status.HOLDS]
