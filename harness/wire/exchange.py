"""One request and its response, as they went over the wire; every module above the channel speaks in these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final


class _Nothing:
    """What stands where a response has no JSON: no body, or one that is not JSON."""

    def __repr__(self) -> str:
        return "nothing"

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """What is sent. ``body`` is the exact bytes, or None for a call without a body."""

    operation: str
    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = None


@dataclass(frozen=True)
class Response:
    """What came. ``json`` holds decimals, never floats; it is NOTHING where the body is empty or no JSON.

    It shows its status only: all else may hold a token.
    """

    status: int
    reason: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    json: Any = field(default=NOTHING, repr=False)

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; empty where there is none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def date(self) -> datetime | None:
        """The platform's clock in the Date header, in whole seconds; None without a readable one."""
        try:
            moment = parsedate_to_datetime(self.header("date") or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Exchange:
    """A request with its response (None where none came) and when it was sent, by our clock; ``elapsed`` is seconds."""

    request: Request
    response: Response | None
    started: datetime
    elapsed: float
    fault: str = field(default="")
