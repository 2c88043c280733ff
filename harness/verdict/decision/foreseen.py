"""Settings of a target's owner: what the target leaves out, and known issues, which expire on a date."""

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import StringConstraints, TypeAdapter, ValidationError

from harness.failures import UsageError
from harness.not_judged import NotJudged
from harness.target.target import Table

PREFIX: Final = "not judged: "
_ADMIN: Final = "S-4"
_OF_THE_ADMIN_PAGE: Final = {NotJudged.NO_ADMIN, NotJudged.NEEDS_BROWSER}
_OF_AN_API: Final = {
    NotJudged.NO_ALFRED: "alfred",
    NotJudged.NO_WALLETAPI: "walletapi",
    NotJudged.NO_WALLETS: "walletapi",
}
# They depend on the moment: another run may judge the scenario.
_PASSING: Final = {NotJudged.WALLETS_IN_USE}


def names_covering(reason: str, clause: str, apis: Iterable[str]) -> tuple[str, ...]:
    """Return the names that ``left_out`` may contain to cover a scenario of a clause that was skipped for a reason."""
    kind = kind_of(reason)
    admin = (_ADMIN,) if kind in _OF_THE_ADMIN_PAGE else ()
    return (clause, *apis, *admin)


def counts_as_left_out(reason: str) -> bool:
    """Return whether the reason is itself a setting of the target file, as the calls that it does not allow."""
    return bool(getattr(kind_of(reason), "counts_as_left_out", False))


def name_for(reason: str, clause: str) -> str:
    """Return the name that covers a skipped scenario best; empty if the target is not the reason."""
    kind = kind_of(reason)
    if kind is None or kind in _PASSING or kind.name.startswith("SPEND"):
        return ""
    return _ADMIN if kind in _OF_THE_ADMIN_PAGE else _OF_AN_API.get(kind, clause)


def line_to_paste(named: Iterable[str], missing: Iterable[str]) -> str:
    """Return the line to paste; empty if nothing is missing."""
    missing = tuple(missing)
    return f"left_out = {json.dumps(list(dict.fromkeys((*named, *missing))))}" if missing else ""


def kind_of(reason: str) -> NotJudged | None:
    """Return the kind of a reason, without the values in its braces."""
    text = reason.removeprefix(PREFIX)
    return next((kind for kind, pattern in _patterns().items() if pattern.fullmatch(text)), None)


@cache
def _patterns() -> Mapping[NotJudged, re.Pattern[str]]:
    return {kind: re.compile(re.sub(r"\\{.*?\\}", "(?s:.*)", re.escape(kind.value))) for kind in NotJudged}


LONGEST: Final = 180  # days until an issue expires
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
_WORDS: Final = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "unexpected_keyword_argument": "is not known here (known: clause, scenario, owner, ticket, expires, because)",
    "string_type": "must be a text",
    "string_too_short": "must be a text that is not empty",
    "dataclass_type": "must be a table [[issue]]",
    "list_type": "must be tables [[issue]]",
}
_A_DATE: Final = "must be a date (expires = 2030-12-31)"


@dataclass(frozen=True)
class KnownIssue(Table):
    """A violation of a clause, in one scenario or in any, that does not make a run red until it expires."""

    clause: Text
    owner: Text
    ticket: Text
    expires: date
    because: Text
    scenario: str = ""

    def matches(self, clause: str, title: str) -> bool:
        """Return whether this is the violation of a clause in a scenario of this title, which may end with a row."""
        return self.clause == clause and self.concerns(title)

    def concerns(self, title: str) -> bool:
        """Return whether the known issue names a scenario of this title."""
        return not self.scenario or self.scenario in (title, title.partition("[")[0])

    def days_left(self, today: date) -> int:
        """Return the days until it expires; it is known on the last of them, too."""
        return (self.expires - today).days


@dataclass(frozen=True)
class _File(Table):
    issue: list[KnownIssue] = field(default_factory=list)


_ADAPTER: Final = TypeAdapter(_File)


def read_issues(path: Path, clauses: Collection[str], titles: Collection[str]) -> tuple[KnownIssue, ...]:
    """Read the file. UsageError names file, line and key of everything that is wrong with it."""
    try:
        text = path.read_text("utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read as a text in UTF-8: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from None
    try:
        issues = _ADAPTER.validate_python(tables).issue
    except ValidationError as error:
        found = [(_keys(one["loc"]), _words(one)) for one in error.errors(include_url=False, include_input=False)]
    else:
        found = [*_wrong(issues, clauses, titles, datetime.now(UTC).date())]
    if found:
        raise UsageError("\n".join(_message(path, text, *one) for one in found))
    return tuple(issues)


def _wrong(
    issues: list[KnownIssue], clauses: Collection[str], titles: Collection[str], today: date
) -> Iterator[tuple[tuple[int, str], str]]:
    seen: dict[tuple[str, str], int] = {}
    for number, issue in enumerate(issues):
        if issue.clause not in clauses:
            yield (
                (number, "clause"),
                f"{issue.clause!r} is not a clause of docs/contract.md{_near(issue.clause, clauses)}",
            )
        if issue.scenario and not any(issue.concerns(title) for title in titles):
            yield (number, "scenario"), f"there is no scenario {issue.scenario!r}{_near(issue.scenario, titles)}"
        if issue.days_left(today) > LONGEST:
            yield (number, "expires"), f"is {issue.days_left(today)} days ahead; {LONGEST} at most"
        if seen.setdefault((issue.clause, issue.scenario), number) != number:
            yield (number, "clause"), "the same clause and scenario are named twice"


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1, 0.6)
    return f"; near: {near[0]!r}" if near else ""


def _keys(location: tuple[int | str, ...]) -> tuple[int, str]:
    number = next((part for part in location if isinstance(part, int)), 0)
    return number, str(location[-1]) if isinstance(location[-1], str) else ""


def _words(error: Any) -> str:
    return _A_DATE if error["type"].startswith("date") else _WORDS.get(error["type"], error["msg"])


def _message(path: Path, text: str, keys: tuple[int, str], what: str) -> str:
    number, key = keys
    line, issue = 0, -1
    for place, content in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*issue\s*\]\]", content):
            issue += 1
            line = place if issue == number else line
        if issue in (number, -1) and key and re.match(rf"\s*[\[\"']*{re.escape(key)}[\"'\]]*\s*(=|$)", content):
            line = place
    where = f"{path}, line {line}" if line else str(path)
    return f"{where}: {key or 'issue'} {what}"
