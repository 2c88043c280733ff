"""What came back from a call, and the exceptions for everything that is not a response of the platform."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from harness.failures import EnvironmentFault
from harness.wire.exchange import CUT_OFF, UNREACHED, Exchange, Fault, Response
from harness.wire.redaction import REDACTION

_WAIT_IF_UNREADABLE: Final = 1.0


class CameBack(StrEnum):
    UNREACHED = "unreached"
    CUT_OFF = "cut off"
    THROTTLED = "throttled"
    IN_BETWEEN = "in between"
    KEY_REFUSED = "key refused"
    STRANGE = "strange"
    RESPONSE = "response"


class CallFault(EnvironmentFault):
    """A call from which no response of the platform came back. It is no verdict yet: the diagnosis decides.

    ``hostile`` describes the hostile input of the call, or of one before it: then ``began_on`` is the operation of that
    call. ``accuse`` returns the violation if the platform is to blame.
    """

    def __init__(self, came_back: CameBack, exchange: Exchange, text: str) -> None:
        self.came_back = came_back
        self.exchange = exchange
        self.hostile = self.began_on = ""
        self.accuse: Callable[[], AssertionError] | None = None
        super().__init__(REDACTION.mask(text))

    @property
    def operation(self) -> str:
        return self.exchange.request.operation

    @property
    def place(self) -> tuple[str, str, str]:
        """A text that is equal for the same fault of the same call in another run of the scenario."""
        return self.operation, self.hostile or str(self.exchange.request.place), self.came_back


class NoResponse(CallFault):
    """A request without a response. ``exchange`` contains the fault."""

    def __init__(self, exchange: Exchange) -> None:
        """Describe the fault without the path, which may contain an id."""
        request, fault = exchange.request, exchange.fault or Fault(CUT_OFF, "gave no response")
        self.kind = fault.kind
        self.is_by_proxy = fault.proxy != ""
        came_back = CameBack.UNREACHED if fault.kind == UNREACHED else CameBack.CUT_OFF
        subject = fault.proxy or request.origin
        super().__init__(came_back, exchange, f"{subject} {fault.text} ({request.method} {request.operation})")

    @property
    def is_repeatable(self) -> bool:
        """Whether sending the request again cannot move money: nothing was sent, or it is a GET that was reset."""
        return self.kind == UNREACHED or (self.kind == CUT_OFF and self.exchange.request.method == "GET")


class TooManyRequests(CallFault):
    """The platform responded with 429: it did not process the call, which may be sent again after ``seconds``."""

    def __init__(self, exchange: Exchange) -> None:
        self.seconds = seconds_asked_for(exchange.response) if exchange.response else _WAIT_IF_UNREADABLE
        request = exchange.request
        text = f"{request.origin} responded with 429: too many requests ({request.method} {request.operation})"
        super().__init__(CameBack.THROTTLED, exchange, text)


def seconds_asked_for(response: Response) -> float:
    """Return the wait that Retry-After asks for: seconds, or a date on the platform's clock. Anything else is 1 s."""
    text = (response.header("retry-after") or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):
        return _WAIT_IF_UNREADABLE
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (response.date or datetime.now(UTC))).total_seconds())
