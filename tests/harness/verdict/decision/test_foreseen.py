"""Settings of a target for its verdict: known issues, and clauses that are left out."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.failures import UsageError
from harness.not_judged import NotJudged
from harness.verdict.decision.foreseen import counts_as_left_out, kind_of, line_to_paste, name_for, read_issues

TODAY = datetime.now(UTC).date()
GOOD = {
    "clause": '"F-3"',
    "scenario": '"A funding"',
    "owner": '"Payments"',
    "ticket": '"PAY-1"',
    "expires": str(TODAY + timedelta(days=180)),
    "because": '"it is late"',
}
CLAUSES = ("F-3", "S-1")
TITLES = ("A funding", "A sale[1, 2]")


def written(folder: Path, *issues: dict[str, str]) -> Path:
    path = folder / "known_issues.toml"
    tables = ["\n".join(["[[issue]]", *(f"{key} = {value}" for key, value in one.items())]) for one in issues]
    path.write_text("# ours\n" + "\n".join(tables))
    return path


def test_a_file_of_known_issues_is_read(tmp_path: Path) -> None:
    other = {key: value for key, value in GOOD.items() if key != "scenario"}
    first, second = read_issues(written(tmp_path, GOOD, other), CLAUSES, TITLES)
    assert (first.clause, first.scenario, first.owner, first.days_left(TODAY)) == ("F-3", "A funding", "Payments", 180)
    assert first.matches("F-3", "A funding[20]")
    assert not first.matches("F-3", "A sale")
    assert second.matches("F-3", "A sale")
    assert not second.matches("S-1", "A sale")


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "an unknown clause": (
        {"clause": '"F-33"'},
        "line 3: clause 'F-33' is not a clause of docs/contract.md; near: 'F-3'",
    ),
    "an unknown scenario": ({"scenario": '"A fundin"'}, "line 4: scenario there is no scenario 'A fundin'; near: 'A f"),
    "too far ahead": ({"expires": str(TODAY + timedelta(days=190))}, "days ahead; 180 at most"),
    "no date": ({"expires": '"soon"'}, "line 7: expires must be a date"),
    "an empty owner": ({"owner": '" "'}, "line 5: owner must be a text that is not empty"),
    "a number": ({"ticket": "7"}, "line 6: ticket must be a text"),
    "an unknown key": ({"ownr": '"x"'}, "ownr is not known here"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_reported_with_file_line_and_key(tmp_path: Path, name: str) -> None:
    change, message = WRONG[name]
    path = written(tmp_path, {**GOOD, **change})
    with pytest.raises(UsageError) as caught:
        read_issues(path, CLAUSES, TITLES)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("key", ["clause", "owner", "ticket", "expires", "because"])
def test_a_missing_key_is_reported_with_the_line_of_its_issue(tmp_path: Path, key: str) -> None:
    path = written(tmp_path, GOOD, {name: value for name, value in GOOD.items() if name != key})
    with pytest.raises(UsageError, match=f"line 9: {key} is missing"):
        read_issues(path, CLAUSES, TITLES)


@pytest.mark.parametrize("text", ["issue = 7", "[[isue]]", "[[issue]", "[[issue]]\nclause = 1\n[[issue]]\nclause = 2"])
def test_file_without_valid_issues_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "known_issues.toml").write_text(text)
    with pytest.raises(UsageError, match="known_issues"):
        read_issues(tmp_path / "known_issues.toml", CLAUSES, TITLES)


@pytest.mark.parametrize("kind", NotJudged)
def test_every_reason_is_recognized_and_either_left_out_or_named(kind: NotJudged) -> None:
    filled = kind.format_map(defaultdict(lambda: "x"))
    reason = f"not judged: {filled}"
    assert kind_of(reason) is kind
    harmless = {NotJudged.NOT_ALLOWED, NotJudged.SAME_IN_EITHER_CASE, NotJudged.SAME_ID, NotJudged.SAME_HEADER}
    assert counts_as_left_out(reason) == (kind in {*harmless, NotJudged.TOKEN_MAY_END})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NotJudged.NO_WALLETAPI, "walletapi"),
        (NotJudged.NO_ALFRED, "alfred"),
        (NotJudged.NO_ADMIN, "S-4"),
        (NotJudged.NO_LOCATORS, "F-3"),
        (NotJudged.WALLETS_IN_USE, ""),
    ],
)
def test_each_reason_has_its_name_for_left_out(kind: NotJudged, name: str) -> None:
    assert name_for(f"not judged: {kind}", "F-3") == name


def test_left_out_line_repeats_the_existing_entries() -> None:
    assert line_to_paste(("S-4",), ("walletapi", "S-4")) == 'left_out = ["S-4", "walletapi"]'
    assert line_to_paste(("S-4",), ()) == ""
