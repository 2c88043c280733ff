"""Plain messages for what Gherkin's parser rejects. The parser itself lists the tokens that it expected."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from gherkin.dialect import DIALECTS, Dialect
from gherkin.errors import (
    AstBuilderException,
    NoSuchLanguageException,
    ParserException,
    UnexpectedEOFException,
    UnexpectedTokenException,
)
from gherkin.token_matcher import TokenMatcher

_TEXT_MARKS: Final = ('"""', "```")
_MARKS: Final = {
    "|": "a table belongs directly below a step or Examples:",
    "@": "tags belong above a Feature, Rule, Scenario or Examples",
    '"""': "a text block belongs directly below a step",
    "```": "a text block belongs directly below a step",
}


def dialect_of(lines: Sequence[str]) -> Dialect:
    """Return the keywords of a file's ``# language:``, or the English ones."""
    named = (TokenMatcher.LANGUAGE_RE.match(line) for line in lines)
    found = (Dialect.for_name(match[1]) for match in named if match)
    return next((dialect for dialect in found if dialect), Dialect(DIALECTS["en"]))


def reasons(errors: Sequence[ParserException], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Return the line and the reason of each error, without those that only follow from another one."""
    real = [error for error in errors if not isinstance(error, UnexpectedEOFException)] or list(errors)
    last = max((number for number, text in enumerate(lines, 1) if text.strip()), default=1)
    exact = {error.location["line"] for error in real if not isinstance(error, UnexpectedTokenException)}
    before_feature = any(isinstance(error, NoSuchLanguageException) for error in real)
    for error in real:
        line = min(error.location["line"], last)
        if isinstance(error, UnexpectedTokenException):
            expects_feature = "#FeatureLine" in str(error)
            if line in exact or (expects_feature and before_feature):
                continue
            before_feature |= expects_feature
        yield (_open_text(lines) or line, _reason(error, lines))


def _reason(error: ParserException, lines: Sequence[str]) -> str:
    text = lines[error.location["line"] - 1].strip() if error.location["line"] <= len(lines) else ""
    match error:
        case AstBuilderException():
            return "this row has more or fewer cells than the first row of its table; add or remove a |"
        case NoSuchLanguageException():
            name = str(error).rpartition(": ")[2]
            suggested = next(iter(get_close_matches(name, DIALECTS, 1)), "en")
            return f'the language "{name}" is unknown; write "{suggested}", or remove the line'
        case UnexpectedTokenException():
            return _unexpected(str(error), text, dialect_of(lines))
        case UnexpectedEOFException():
            if _open_text(lines):
                return "the text block that begins here has no end; close it with the same three quotes"
            after = next(filter(None, map(str.strip, reversed(lines))), "")
            return f'the file ends after "{after}"; write what belongs below it, or remove it'
    if "whitespace" in str(error):
        return f'a tag can\'t contain a blank: "{text}"; write @ before each tag, or _ for the blank'
    return str(error).partition("): ")[2]


def _unexpected(message: str, text: str, dialect: Dialect) -> str:
    if "#FeatureLine" in message:
        return f'"{text}" comes before the Feature; begin with "Feature:", or check the keyword and # language'
    for mark, reason in _MARKS.items():
        if text.startswith(mark):
            return reason
    for keywords, reason in (
        (dialect.feature_keywords, "a file contains only one Feature; write the second one to another file"),
        (dialect.examples_keywords, "Examples belong below the steps of a Scenario Outline"),
        (dialect.background_keywords, "only one Background is possible, as the first part of its Feature or Rule"),
    ):
        if text.startswith(tuple(f"{keyword}:" for keyword in keywords)):
            return f'"{text}" is not allowed here: {reason}'
    if "#StepLine" not in message and "#RuleLine" in message:
        return f"'{text}' is not allowed here: a Scenario, Rule or Examples must follow the tags"
    return f"'{text}' is not allowed here; check the keyword"


def _open_text(lines: Sequence[str]) -> int | None:
    """Return the line of a text block that is not closed."""
    start, mark = None, ""
    for number, line in enumerate(map(str.strip, lines), 1):
        if mark and line.startswith(mark):
            start, mark = None, ""
        elif not mark and line.startswith(_TEXT_MARKS):
            start, mark = number, line[:3]
    return start
