"""Read members of a request body. A member with a wrong type or value is a rejection that names it."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger import timestamps
from sandbox.ledger.money import INTEGER_DIGITS, is_whole_minor, to_major, to_minor

_MOST_PLACES = 10


def required(body: Body, name: str) -> Any:
    """Return a value of any type. Absent or null is rejected."""
    value = body.get(name)
    require(value is not None, "missing_member", name)
    return value


def text(body: Body, name: str) -> str:
    required(body, name)
    value = optional_text(body, name)
    require(value, "empty_text", name)
    return value or ""


def optional_text(body: Body, name: str) -> str | None:
    """Return a text, or None if it is absent or null."""
    value = body.get(name)
    require(isinstance(value, str | None), "not_text", name)
    return value


def members(body: Body, name: str) -> Body:
    value: Body = required(body, name)
    require(isinstance(value, dict), "not_an_object", name)
    return value


def flag(body: Body, name: str) -> bool:
    """Return a boolean. Absent or null is False."""
    value = body.get(name)
    require(isinstance(value, bool | None), "not_a_flag", name)
    return bool(value)


def number(body: Body, name: str) -> Decimal:
    """Return a number with at most twelve digits before the point and ten after it."""
    value = required(body, name)
    require(isinstance(value, int | Decimal) and not isinstance(value, bool), "not_a_number", name)
    exact = Decimal(value) or Decimal(0)  # 0E+5 becomes 0
    require(exact.adjusted() < INTEGER_DIGITS, "too_large", name)
    require(exact.adjusted() >= -_MOST_PLACES, "too_precise", name)
    require(len(exact.as_tuple().digits) <= INTEGER_DIGITS + _MOST_PLACES, "too_precise", name)
    return exact


def amount(body: Body, name: str) -> Decimal:
    """Return an amount in major units, above zero, always with two places: 5 becomes 5.00."""
    value = number(body, name)
    require(value > 0, "not_positive", name)
    check_minor_units(value, name)
    return to_major(to_minor(value))


def check_minor_units(value: Decimal, name: str) -> None:
    require(is_whole_minor(value), "too_precise", name)


def whole_number(body: Body, name: str) -> int:
    value = number(body, name)
    require(value == value.to_integral_value(), "not_whole", name)
    return int(value)


def guid(body: Body, name: str) -> str:
    value = text(body, name)
    try:
        parsed = str(uuid.UUID(value))
    except ValueError:
        raise Rejection("not_a_guid", name) from None
    require(parsed == value.lower(), "not_a_guid", name)
    return parsed


def optional_moment(body: Body, name: str) -> datetime | None:
    """Return a date and time, or None if it is absent or null."""
    value = optional_text(body, name)
    if value is None:
        return None
    moment = timestamps.parse(value)
    require(moment, "not_a_moment", name)
    return moment
