"""What is wrong with the tables of a target file, in words, and on which line it stands."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

SCHEMA: Final = Path(__file__).resolve().parents[2] / "schemas" / "target.schema.json"

LOCATABLE: Final = {
    "authenticateWallet": ("walletId", "accessToken"),
    "createPurchase": ("id",),
    "openPurchaseSession": ("paymentSessionId", "paymentInstrumentId", "balanceAmount", "remainingAmount"),
    "getWallet": ("walletAccountId",),
    "openPaymentSession": ("paymentSessionId", "paymentInstrumentId"),
    "createPayment": ("id",),
}

Problem = tuple[tuple[str, ...], str]


def problems(tables: Mapping[str, Any]) -> list[Problem]:
    """Each key that is wrong, with what is wrong about it; never the value, which may be a key to a platform."""
    from jsonschema import Draft202012Validator  # slow to import, and the embedded sandbox's tables need no check

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = [problem for error in Draft202012Validator(schema).iter_errors(tables) for problem in _in_words(error)]
    found += _wrong_locators(tables)
    found = found or [*_wrong_addresses(tables), *_wrong_numbers(tables)]
    if not found and not ({"alfred", "walletapi"} & tables.keys()):
        found = [((), "names no platform: it needs [alfred], [walletapi] or both")]
    return sorted(found)


def place_of(text: str, keys: tuple[str, ...]) -> str:
    """``, line N`` for the line of the file on which this key (or its table) stands; empty where it is not found."""
    table: tuple[str, ...] = ()
    best = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*\[([\w.-]+)\]", line)
        if heading:
            table = tuple(heading.group(1).split("."))
            best = f", line {number}" if table == keys[: len(table)] else best
        named = re.match(r'\s*"?([\w.-]+)"?\s*=', line)
        if named and f"{'.'.join(keys)}.".startswith(f"{'.'.join((*table, named.group(1)))}."):
            return f", line {number}"
    return best


def _in_words(error: Any) -> list[Problem]:
    keys = tuple(str(key) for key in error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [
            ((*keys, key), f"is not known here (known: {', '.join(known)})")
            for key in error.instance
            if key not in known
        ]
    if error.validator == "required":
        return [((*keys, key), "is missing") for key in error.validator_value if key not in error.instance]
    if error.validator == "dependentRequired":
        return [((*keys, "user"), "is missing: a password needs it")]
    words = error.schema.get("x-words") if isinstance(error.schema, Mapping) else None
    return [(keys, words or _expectation(error))]


def _expectation(error: Any) -> str:
    if error.validator == "enum":
        return f"must be one of {', '.join(map(str, error.validator_value))}"
    if error.validator == "type":
        return f"must be a TOML {'table' if error.validator_value == 'object' else error.validator_value}"
    return f"does not fit ({error.validator} {error.validator_value})"


def _wrong_addresses(tables: Mapping[str, Any]) -> list[Problem]:
    places = (("alfred", "base_url"), ("walletapi", "base_url"), ("admin", "url"))
    given = [((api, key), tables[api][key]) for api, key in places if api in tables]
    return [(keys, fault) for keys, url in given if (fault := _address_fault(url, base=keys[1] == "base_url"))]


def _address_fault(url: str, *, base: bool) -> str:
    try:
        parts = urlsplit(url)
        if not parts.hostname or parts.port == 0:
            return "must be a URL with its scheme and host (https://host/path)"
    except ValueError:
        return "is no URL: its host or port can't be read"
    if parts.username is not None:
        return "must not hold a user or a password"
    return "must not hold a query or a fragment" if base and (parts.query or parts.fragment) else ""


def _wrong_numbers(tables: Mapping[str, Any]) -> list[Problem]:
    # TOML has inf and nan, and neither a limit nor an amount can be one.
    probe = str(tables.get("alfred", {}).get("probe_amount", 1))
    limits = tables.get("limits", {})
    found: list[Problem] = []
    if not (math.isfinite(float(probe)) and float(probe) > 0 and re.fullmatch(r"[0-9]+([.][0-9]{1,2})?", probe)):
        found.append((("alfred", "probe_amount"), "must be an amount above zero with at most two places"))
    if not math.isfinite(limits.get("timeout", 1)):
        found.append((("limits", "timeout"), "must be a number of seconds"))
    spend = limits.get("spend", {}).items()
    found += [
        (("limits", "spend", unit), "must be an amount") for unit, most in spend if not math.isfinite(float(most))
    ]
    return found


def _wrong_locators(tables: Mapping[str, Any]) -> list[Problem]:
    alfred = tables.get("alfred")
    locate = alfred.get("locate") if isinstance(alfred, Mapping) else None
    if not isinstance(locate, Mapping) or not locate:
        return []
    from jsonpath_rfc9535 import JSONPathError, find

    found: list[Problem] = []
    for name, query in locate.items():
        keys = ("alfred", "locate", name)
        if name not in locatable():
            found.append((keys, f"is no member that can be located (known: {', '.join(locatable())})"))
        try:
            find(str(query), {})
        except JSONPathError as error:
            found.append((keys, f"is no RFC 9535 JSONPath: {error.args[0]}"))
    return found


def locatable() -> tuple[str, ...]:
    """The members that ``[alfred.locate]`` may name: alone, or as ``operation.member``."""
    members = dict.fromkeys(member for named in LOCATABLE.values() for member in named)
    return (*members, *(f"{operation}.{member}" for operation, named in LOCATABLE.items() for member in named))
