"""Checks of descriptions, which Gherkin allows below each heading: a mistyped keyword makes a description of a step."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Final

from gherkin.dialect import DIALECTS, Dialect

_STEPS: Final = ("given", "when", "then")
_SHORT: Final = ("and", "but")
# English words that are like a keyword and often begin a sentence.
_WORDS: Final = frozenset(
    {"the", "them", "they", "thee", "than", "thin", "ten", "teen", "hen", "went", "whey", "give", "gives", "giver"}
)
_HEADINGS: Final = (
    *("feature", "rule", "background", "example", "examples"),
    *("scenario", "scenarios", "scenario outline", "scenario template"),
)
_HEADING: Final = re.compile(r"\s*([^\W\d_]+(?: [^\W\d_]+)?) ?:")
_NO_COLON: Final = re.compile(r"\s*(Scenario|Scenario Outline|Background)\b(?! ?:)")


def mistyped(description: str, language: str, is_step: Callable[[str], bool] | None) -> Iterator[str]:
    """Return the lines that look like mistyped keywords: headings anywhere, steps only in a paragraph's first line.

    Below a heading without steps of its own, such as a Rule, a sentence may begin with "When". There ``is_step``
    says whether a step exists for the rest of the line.
    """
    first = True
    for number, line in enumerate(description.strip().splitlines()):
        if _like_heading(line) or (
            first and (_NO_COLON.match(line) or _like_step(line.strip(), language, is_step, number))
        ):
            yield line.strip()
        first = not line.strip()


def _like_heading(line: str) -> bool:
    heading = _HEADING.match(line)
    return bool(heading and get_close_matches(heading[1].casefold(), _HEADINGS, 1, 0.8))


def _like_step(line: str, language: str, is_step: Callable[[str], bool] | None, number: int) -> bool:
    word, _, rest = line.partition(" ")
    name = word.casefold()
    if not rest:
        return False
    if word in keywords_of(language) and is_step:
        return is_step(rest)
    if name in map(str.casefold, keywords_of(language)):
        return number == 0  # a later paragraph may begin with "and"
    swapped = any(sorted(name) == sorted(short) for short in _SHORT)
    return swapped or (name not in _WORDS and bool(get_close_matches(name, _STEPS, 1, 0.75)))


def keywords_of(language: str) -> set[str]:
    """Return the English keywords of steps and those of a language, without ``*``."""
    found = set()
    for dialect in (Dialect(DIALECTS["en"]), Dialect(DIALECTS[language])):
        kinds = (dialect.given_keywords, dialect.when_keywords, dialect.then_keywords)
        found |= {word.strip() for words in (*kinds, dialect.and_keywords, dialect.but_keywords) for word in words}
    return found - {"*"}
