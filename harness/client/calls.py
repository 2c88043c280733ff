"""Immutable calls. A step can change one part of a call before the call is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from harness.failures import WrongOutcome
from harness.wire.exchange import NOTHING, Exchange, Headers
from harness.wire.messages import encoded, in_escapes


@dataclass(frozen=True)
class Call:
    """An operation with everything that is sent.

    ``credentials`` are headers. ``proper``: the documents allow this call, so it must succeed. ``is_valid``: they allow
    it, but it may be rejected for what was called before. ``bare``: the WalletAPI may reject it without its envelope
    (contract.md, Tolerances). ``hostile`` describes its hostile input; if that is ``drastic``, any 4xx rejects the
    call, whatever its body. ``refusal``: the clause by which it must be rejected, if there is one.
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = NOTHING
    raw: bytes | None = None
    credentials: Headers = field(default=(), repr=False)
    content_type: str = "application/json"
    proper: bool = True
    is_valid: bool = True
    bare: bool = False
    hostile: str = ""
    drastic: bool = False
    refusal: str = ""

    def having(self, changes: Mapping[str, Any], *, bare: bool = False) -> Self:
        """Return the call with changed members in its body; a name may contain dots (``a.b``)."""
        body = _copied(self.body)
        for name, value in changes.items():
            holder, last = _holder(body, name)
            holder[last] = value
        return replace(self, body=body, proper=False, is_valid=False, bare=bare or self.bare)

    def lacking(self, *names: str) -> Self:
        body = _copied(self.body)
        for name in names:
            holder, last = _holder(body, name)
            del holder[last]
        return replace(self, body=body, proper=False, is_valid=False)

    def to(self, **path: str) -> Self:
        return replace(self, path={**self.path, **path}, proper=False, is_valid=False)

    def carrying(self, credentials: Headers) -> Self:
        return replace(self, credentials=credentials, proper=False, is_valid=False, bare=True)

    def escaping(self, member: str) -> Self:
        """Return the call with each character of a text in its body as an escape of JSON: the same text."""
        raw = encoded(self.body).replace(encoded(self.body[member]), in_escapes(self.body[member]).encode())
        return replace(self.sending(raw), bare=self.bare)

    def sending(self, raw: bytes, content_type: str = "application/json") -> Self:
        return replace(self, raw=raw, content_type=content_type, proper=False, is_valid=False, bare=True)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a call: accepted or rejected.

    ``payload`` is Alfred's payload with the located members, or the WalletAPI's Value.
    """

    call: Call
    exchange: Exchange
    accepted: bool
    payload: Any = field(default=NOTHING, repr=False)

    @property
    def rejected(self) -> bool:
        return not self.accepted

    def check_accepted(self) -> None:
        """WrongOutcome if the call was rejected."""
        if self.rejected:
            raise WrongOutcome(f"the platform rejected it: {self.summary}", "accepted", self.exchange)

    def check_rejected(self) -> None:
        """WrongOutcome if the call was accepted."""
        if self.accepted:
            raise WrongOutcome(f"the platform accepted it: {self.summary}", "rejected", self.exchange)

    @property
    def summary(self) -> str:
        """The status code and the reason, for a message."""
        response = self.exchange.response
        return f"{response.status} {response.reason}" if response else "no response"


def _copied(body: Any) -> Any:
    return {name: _copied(value) for name, value in body.items()} if isinstance(body, dict) else body


def _holder(body: Any, name: str) -> tuple[Any, str]:
    *outer, last = name.split(".")
    for step in outer:
        body = body[step]
    return body, last
