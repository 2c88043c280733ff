"""Places in the responses of a story, as jq finds them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harness.wire.exchange import NOTHING, Exchange

Path = tuple[str | int, ...]
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD: Final = re.compile(r"[A-Z]?[a-z]{1,15}([ _-][A-Za-z]?[a-z]{1,15}){0,5}|[A-Z]{1,5}")


@dataclass(frozen=True)
class Place:
    """A value in the response of a call: the number of the call, and the value's path in jq."""

    number: int
    path: str
    name: str

    def within(self) -> str:
        """Return the path in the record of its own call."""
        return self.path.replace("@", ".json", 1)

    def everywhere(self) -> str:
        """Return the path in the records of all calls."""
        return self.path.replace("@", f"$c[{self.number}].json", 1)


def place_of(number: int, exchange: Exchange, path: Path) -> Place:
    """Return the place of a value. An element of a list is found by a word beside it, or else by its number."""
    found, value = "@", exchange.json
    for step in path:
        if isinstance(step, str):
            found += f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step)}]"
            value = value.get(step) if isinstance(value, Mapping) else None
        else:
            word = _word_beside(value, step)
            found = f"({found}[] | select({word}))" if word else f"{found}[{step}]"
            value = value[step] if isinstance(value, list) and step < len(value) else None
    names = [step for step in path if isinstance(step, str)]
    return Place(number, found, names[-1] if names else "")


def leaves(exchange: Exchange) -> Iterator[tuple[Path, Any]]:
    """Return every value in a response that is no object and no list, with its path."""
    return _leaves(exchange.json, ())


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _leaves(one, (*path, number))
    elif value is not NOTHING:
        yield path, value


def _word_beside(elements: Any, number: int) -> str:
    """Return the condition that only this element of a list fulfils, by a word in it; empty without one."""
    if not isinstance(elements, list) or not all(isinstance(one, Mapping) for one in elements):
        return ""
    for name, word in elements[number].items():
        is_word = isinstance(word, str) and _WORD.fullmatch(word) and not name.lower().endswith("id")
        if is_word and sum(one.get(name) == word for one in elements) == 1:
            return f".[{json.dumps(name)}] == {json.dumps(word)}"
    return ""
