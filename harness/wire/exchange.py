"""A request and its response as they went over the wire. Every module above the channel uses these values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit


class _Nothing:
    """The JSON value of a body that is empty or not JSON."""

    def __repr__(self) -> str:
        return "nothing"

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()


class UnusableNumber:
    """A number in a response with so many digits, or so large an exponent, that nobody can calculate with it.

    It is not a number for any schema: if a number is documented, it breaks a clause, and otherwise it is tolerated.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text if len(self._text) <= _SHOWN else f"{self._text[:_SHOWN]}... ({len(self._text)} characters)"


_SHOWN: Final = 30
_FIRST_YEAR, _LAST_YEAR = 1970, 9999

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """``body`` is the exact bytes, or None for a call without a body.

    ``place`` counts the calls of this operation in the scenario. ``id`` is given to each request when it
    is sent, so that the platform's people can find it in their logs.
    """

    operation: str
    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = None
    place: int = 0
    id: str = field(default="", compare=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port. An error message may contain it; the path may contain an id."""
        return origin(self.url)


@dataclass(frozen=True)
class Response:
    """``json`` contains decimals, never floats; it is NOTHING if the body is empty or not JSON.

    Its repr contains the status code only, because everything else may contain a token.
    """

    status: int
    reason: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    json: Any = field(default=NOTHING, repr=False)

    def header(self, name: str) -> str | None:
        """Return the first header of this name; upper and lower case do not matter."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; empty if there is none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def date(self) -> datetime | None:
        """The platform's clock in the Date header, in whole seconds; None without a valid one."""
        try:
            moment = parsedate_to_datetime(self.header("date") or "")
        except (ValueError, OverflowError, IndexError):
            return None
        is_plausible = _FIRST_YEAR < moment.year < _LAST_YEAR  # a day more or less is a date too
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) if is_plausible else None


@dataclass(frozen=True)
class Fault:
    """Why a request got no response. ``kind`` is one of the constants below, ``text`` describes it for people.

    ``proxy`` is the address of the proxy that is at fault; empty if it is not a proxy.
    """

    kind: str
    text: str
    proxy: str = ""


@dataclass(frozen=True)
class Exchange:
    """A request with its response, or with the fault because of which there is none.

    ``started`` is our clock when the request was sent; ``elapsed`` is in seconds.
    """

    request: Request
    response: Response | None
    started: datetime
    elapsed: float
    fault: Fault | None = None

    @property
    def json(self) -> Any:
        """The JSON value of the response; NOTHING without one."""
        return self.response.json if self.response else NOTHING


UNREACHED: Final = "unreached"  # no connection was made, so nothing was sent
CUT_OFF: Final = "cut off"  # the request may or may not have been processed
TIMED_OUT: Final = "timed out"  # cut off too: no complete response within the timeout


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, without a user name."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
