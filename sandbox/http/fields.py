"""Members of a request's body, each read as the type it must have, or rejected by name."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import timestamps
from sandbox.ledger.money import INTEGER_DIGITS, is_whole_minor, to_major, to_minor

_MOST_PLACES = 10


def required(body: Body, name: str) -> Any:
    """Whatever is there, unless it is absent or null."""
    value = body.get(name)
    if value is None:
        raise Rejection("missing_member", name)
    return value


def text(body: Body, name: str) -> str:
    required(body, name)
    value = optional_text(body, name)
    if not value:
        raise Rejection("empty_text", name)
    return value


def optional_text(body: Body, name: str) -> str | None:
    """A text, or None if it is absent or null."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Rejection("not_text", name)
    return value


def members(body: Body, name: str) -> Body:
    value = required(body, name)
    if not isinstance(value, dict):
        raise Rejection("not_an_object", name)
    return value


def flag(body: Body, name: str) -> bool:
    """True or false; absent or null is false."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise Rejection("not_a_flag", name)
    return bool(value)


def number(body: Body, name: str) -> Decimal:
    """A number of a size that money can have, with at most ten places."""
    value = required(body, name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Rejection("not_a_number", name)
    exact = Decimal(value) or Decimal(0)  # no zero with an exponent of its own
    if exact.adjusted() >= INTEGER_DIGITS:
        raise Rejection("too_large", name)
    if len(exact.as_tuple().digits) > INTEGER_DIGITS + _MOST_PLACES or exact.adjusted() < -_MOST_PLACES:
        raise Rejection("too_precise", name)
    return exact


def amount(body: Body, name: str) -> Decimal:
    """An amount in major units: more than zero, with at most two places; 5 is answered as 5.00."""
    value = number(body, name)
    check_positive(value, name)
    check_minor_units(value, name)
    return to_major(to_minor(value))


def check_positive(value: Decimal, name: str) -> None:
    """More than zero."""
    if value <= 0:
        raise Rejection("not_positive", name)


def check_minor_units(value: Decimal, name: str) -> None:
    if not is_whole_minor(value):
        raise Rejection("too_precise", name)


def whole_number(body: Body, name: str) -> int:
    value = number(body, name)
    if value != value.to_integral_value():
        raise Rejection("not_whole", name)
    return int(value)


def guid(body: Body, name: str) -> str:
    """A GUID in either case, answered in lower case."""
    value = text(body, name)
    try:
        parsed = str(uuid.UUID(value))
    except ValueError:
        raise Rejection("not_a_guid", name) from None
    if parsed != value.lower():
        raise Rejection("not_a_guid", name)
    return parsed


def optional_moment(body: Body, name: str) -> datetime | None:
    """A date and time, or None if it is absent or null."""
    value = optional_text(body, name)
    if value is None:
        return None
    moment = timestamps.parse(value)
    if moment is None:
        raise Rejection("not_a_moment", name)
    return moment
