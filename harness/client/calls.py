"""A call as a value: what is about to be sent, so that a step can change one thing about it and nothing else."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from harness.wire.exchange import NOTHING, Exchange, Headers

_LETTERS: Final = {
    **dict.fromkeys(string.ascii_lowercase, string.ascii_lowercase),
    **dict.fromkeys(string.ascii_uppercase, string.ascii_uppercase),
    **dict.fromkeys(string.digits, string.digits),
}
_ENOUGH_TO_BE_UNIQUE: Final = 12
_DRAWS: Final = 64
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f{}-]+")


@dataclass(frozen=True)
class Call:
    """An operation with all that it sends.

    ``credentials`` are the headers that carry them. ``proper`` says that the documents allow the call as it stands;
    ``bare`` that a WalletAPI's rejection of it may come without the envelope (contract.md, Tolerances).
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = NOTHING
    raw: bytes | None = None
    credentials: Headers = field(default=(), repr=False)
    content_type: str = "application/json"
    proper: bool = True
    bare: bool = False

    def having(self, changes: Mapping[str, Any], *, bare: bool = False) -> Call:
        """The call with these members of its body changed; a name with dots reaches inside (``a.b``)."""
        body = _copied(self.body)
        for name, value in changes.items():
            holder, last = _holder(body, name)
            holder[last] = value
        return replace(self, body=body, proper=False, bare=bare or self.bare)

    def lacking(self, *names: str) -> Call:
        """The call without these members of its body."""
        body = _copied(self.body)
        for name in names:
            holder, last = _holder(body, name)
            del holder[last]
        return replace(self, body=body, proper=False)

    def to(self, **path: str) -> Call:
        """The call with other ids in its path."""
        return replace(self, path={**self.path, **path}, proper=False)

    def carrying(self, credentials: Headers, *, bare: bool = True) -> Call:
        """The call with other credentials."""
        return replace(self, credentials=credentials, proper=False, bare=bare)

    def sending(self, raw: bytes, content_type: str = "application/json") -> Call:
        """The call with these bytes for a body."""
        return replace(self, raw=raw, content_type=content_type, proper=False, bare=True)


@dataclass(frozen=True)
class Outcome:
    """What came of a call: ``accepted``, with what the response holds, or rejected, with the call having no effect.

    ``payload`` is Alfred's payload with the located members laid over it, or the WalletAPI's Value.
    """

    call: Call
    exchange: Exchange
    accepted: bool
    payload: Any = field(default=NOTHING, repr=False)

    @property
    def rejected(self) -> bool:
        """Whether the platform rejected the call."""
        return not self.accepted

    @property
    def summary(self) -> str:
        """What came, for a message: the status and how the body begins."""
        response = self.exchange.response
        return f"{response.status} {response.reason}" if response else "no response"


def made_up(like: str) -> str:
    """A text of the same shape as this one that names nothing: each letter and digit drawn anew.

    The shape is the same, so that the platform's data decides, not its parser. If there is too little to draw
    (an id of ``17``) a made-up one could be somebody's, so a long one of another shape is answered.
    """
    drawn = _drawn(like)
    if len(re.findall(r"[A-Za-z0-9]", like)) < _ENOUGH_TO_BE_UNIQUE or drawn == like:
        return "AAEAAA" + secrets.token_urlsafe(13)
    return drawn


def neighbour(like: str, among: Callable[[list[str]], str]) -> str:
    """A made-up text that begins as this one does: min one that comes before it, max one after it.

    Platforms may compare by order. If there is too little to draw, or no room, it is just made up; so it is where
    only digits would be drawn: ids that are counted up have somebody else's before them.
    """
    half = len(like) // 2
    drawn = among([like[:half] + _drawn(like[half:]) for _ in range(_DRAWS)])
    is_counted = not re.search(r"[A-Za-z]", like[half:])
    is_enough = not is_counted and len(re.findall(r"[A-Za-z0-9]", like[half:])) >= _ENOUGH_TO_BE_UNIQUE // 2
    return drawn if is_enough and drawn != like else made_up(like)


def _drawn(like: str) -> str:
    return "".join(secrets.choice(_LETTERS[letter]) if letter in _LETTERS else letter for letter in like)


def near_miss(like: str) -> str:
    """A text with one letter or digit changed, after three quarters of it: a careless comparison stops before.

    Not the last one, of which a platform that reads Base64 may drop bits.
    """
    places = [index for index, letter in enumerate(like) if letter in _LETTERS]
    if not places:
        return made_up(like)
    place = places[len(places) * 3 // 4]
    others = _LETTERS[like[place]].replace(like[place], "")
    return like[:place] + secrets.choice(others) + like[place + 1 :]


def other_case(like: str) -> str:
    """A text with its letters in the other case; the text itself if that says the same, as in a GUID."""
    return like if _HEXADECIMAL.fullmatch(like) else like.swapcase()


def _copied(body: Any) -> Any:
    return {name: _copied(value) for name, value in body.items()} if isinstance(body, dict) else body


def _holder(body: Any, name: str) -> tuple[Any, str]:
    *outer, last = name.split(".")
    for step in outer:
        body = body[step]
    return body, last
