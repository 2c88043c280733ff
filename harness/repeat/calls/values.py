"""Where a value of a request comes from: a key, an earlier response, a text that the run made up, or a time."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from harness.client.unique import UNIQUE
from harness.repeat.calls.altered import altered_id, altered_key
from harness.repeat.calls.paths import Place, leaves, place_of
from harness.repeat.calls.texts import Dynamic, Text
from harness.wire.exchange import Exchange

_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]{10,}")
_ALIAS: Final = re.compile(r"(?=(\d{3})(\d)(-?)(\d{4}))")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)")
_LONG: Final = 12  # characters of an id that is searched for inside another text
_ID: Final = re.compile(r"\S*\d\S*|\S{10,}")
_SOON: Final = 60.0


class Values:
    """The values of one story. What a script needs is collected while the requests are written."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """``keys`` gives the environment variable of a key."""
        self.keys = keys
        self.needed: dict[str, None] = {}
        self.unique: list[str] = []
        self.taken: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        self.times: defaultdict[int, list[str]] = defaultdict(list)
        self.soonest = 0.0
        self._hexadecimal = {text[1:11].lower() for text in UNIQUE if len(text) > 10}
        self._aliases = {text[1:4] + text[5:9] for text in UNIQUE if len(text) == 10}
        self._names: dict[Any, str] = {}
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._issued: defaultdict[str, list[tuple[Place, str]]] = defaultdict(list)
        self._sent: set[str] = set()

    def send(self, text: str) -> None:
        """Remember a text of a request: a response that returns it did not issue it."""
        self._sent.add(text)

    def learn(self, number: int, exchange: Exchange) -> None:
        """Remember the ids and tokens that a response issues."""
        for path, value in leaves(exchange):
            if not isinstance(value, str) or not _ID.fullmatch(value) or value in self.keys:
                continue
            if value in self._issued or value not in self._sent:
                self._issued[value].append((place_of(number, exchange, path), exchange.request.operation))

    def is_known(self, text: str) -> bool:
        """Return whether a text is another one in each run: it is issued, made up or a key."""
        return text in self._issued or text in self.keys or any(self._spans(text))

    def text(self, value: str, name: str = "", *, secret: bool = False) -> Text:
        """Return a value of a request; ``name`` is the one of its member. A ``secret`` is never written as it is."""
        if value in self.keys:
            return (self._key(value),)
        if value in self._issued:
            return (self._variable(self._origin(value, name)),)
        parts = tuple(self._parts(value))
        if len(parts) > 1 or not isinstance(parts[0] if parts else "", str):
            return parts
        if secret:
            return self._altered_key(value)
        known = [*self._issued]
        if found := altered_id(value, known):
            like, change = found
            return (self._changed(self._variable(self._origin(like, name)), change),)
        return (value,)

    def _altered_key(self, value: str) -> Text:
        if not value:
            return ("",)
        like, change = altered_key(value, [*self.keys, *self._issued])
        if not like:
            return ("unknown-", self.made_up(value, 10))
        dynamic = self._key(like) if like in self.keys else self._variable(self._origin(like, ""))
        return (self._changed(dynamic, change),)

    def _changed(self, like: Dynamic, change: str) -> Dynamic:
        return Dynamic(f"$(alter \"{like.shell}\" '{change}')")

    def time(self, number: int, value: str, reference: datetime) -> Dynamic | None:
        """Return a time relative to the platform's clock; None if the value is no time."""
        match = _TIME.fullmatch(value)
        if match is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            ahead = (moment.astimezone(UTC) - reference).total_seconds()
        except (ValueError, OverflowError):  # a date of no calendar, sent as hostile input
            return None
        offset = moment.utcoffset()
        if 0 < ahead <= _SOON:
            self.soonest = max(self.soonest, ahead)
        name = self._new("time")
        shift = offset.total_seconds() if offset else 0
        self.times[number].append(f"{name}=$(moment {round(ahead)} {round(shift)}){match[2]}")
        return Dynamic(f"${{{name}}}", plain=True)

    def made_up(self, core: str, digits: int) -> Dynamic:
        """Return the digits that stand for a text that the run made up, the same for the same text."""
        if core not in self._names:
            self._names[core] = name = f"unique_{len(self.unique) + 1}"
            self.unique.append(f"{name}=$(unique {len(self.unique) + 1} {digits})")
        return Dynamic(f"${{{self._names[core]}}}", plain=True)

    def plain_parts(self, text: str) -> Iterator[str | Dynamic]:
        """Return a text with the digits of the script in place of those that the run made up."""
        return _replaced(text, self._spans(text))

    def _parts(self, value: str) -> Iterator[str | Dynamic]:
        """Return the parts of a text: made-up digits, and ids and keys that it contains."""
        spans = list(self._spans(value))
        for known in (*self.keys, *self._issued):
            if len(known) >= _LONG and known in value:
                dynamic = self._key(known) if known in self.keys else self._variable(self._origin(known, ""))
                spans += [(found.start(), found.end(), dynamic) for found in re.finditer(re.escape(known), value)]
        return _replaced(value, spans)

    def _spans(self, text: str) -> Iterator[tuple[int, int, Dynamic]]:
        for run in _HEXADECIMAL.finditer(text):
            for first in range(run.start(), run.end() - 9):
                core = text[first : first + 10].lower()
                if core in self._hexadecimal:
                    yield first, first + 10, self.made_up(core, 10)
        for found in _ALIAS.finditer(text):
            core = found[1] + found[4]
            if core in self._aliases:
                name = self.made_up(core, 7).shell[2:-1]
                yield found.start(1), found.end(1), Dynamic(f"${{{name}%????}}", plain=True)
                yield found.start(4), found.end(4), Dynamic(f"${{{name}#???}}", plain=True)

    def _key(self, value: str) -> Dynamic:
        self.needed[self.keys[value]] = None
        return Dynamic(f"${{{self.keys[value]}}}")

    def _origin(self, value: str, name: str) -> Place:
        """Return the latest response with this value: of the same member, if there is one.

        Only the operation that was the first to return the value issues it; others may repeat it.
        """
        places = self._issued[value]
        same = [one for one in places if one[0].name.lower() == name.lower()] or places
        return [place for place, operation in same if operation == same[0][1]][-1]

    def _variable(self, place: Place) -> Dynamic:
        if place not in self._names:
            subject = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", place.name).lower()
            subject = re.sub(r"\W+", "_", subject).strip("_") or "value"
            self._names[place] = name = self._new(subject if subject[0].isalpha() else f"value_{subject}")
            self.taken[place.number].append((name, place.within()))
        return Dynamic(f"${{{self._names[place]}}}")

    def _new(self, subject: str) -> str:
        self._counts[subject] += 1
        return f"{subject}_{self._counts[subject]}"


def _replaced(text: str, spans: Iterable[tuple[int, int, Dynamic]]) -> Iterator[str | Dynamic]:
    """Return a text with these spans replaced. Of two that overlap, the first counts."""
    end = 0
    for first, last, dynamic in sorted(spans, key=lambda span: span[0]):
        if first >= end:
            yield from (part for part in (text[end:first], dynamic) if part)
            end = last
    if text[end:]:
        yield text[end:]


def is_time(text: str) -> bool:
    return re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text) is not None


def texts_of(raw: str) -> Iterator[str]:
    """Return every JSON string in a body, whether or not the body is JSON."""
    for found in STRING.finditer(raw):
        try:
            yield json.loads(found[0], strict=False)
        except ValueError:
            continue


STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
