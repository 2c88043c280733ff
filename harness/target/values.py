"""The values that a target file may have, each with the rule that it must follow. No message contains a value."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import BeforeValidator

KINDS: Final = ("races", "hostile", "walks", "load")
"""The kinds of calls that a target may allow, beside single calls as the documents have them."""

WALLET_ID: Final = "{walletId}"
_URL_WORDS: Final = "must be a URL with its scheme and host (https://host/path)"
_NOT_IN_URLS: Final = re.compile(r'[<>"{}|\\^`]')
_ROLES: Final = ("shop", "platform", "token")
_USED_HEADERS: Final = frozenset(
    {"host", "accept", "accept-encoding", "user-agent", "connection", "content-length", "content-type", "cookie"}
)


@dataclass(frozen=True)
class Secret:
    """A credential, which no repr shows; ``variable`` is the environment variable that contains it."""

    value: str = field(repr=False)
    variable: str = ""

    def __str__(self) -> str:
        return f"${{{self.variable}}}" if self.variable else "(a secret)"


def _rule(words: str, fits: Callable[[Any], bool]) -> BeforeValidator:
    def check(value: Any) -> Any:
        if not fits(value):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _url(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^/?#\s]+[^\s]*", value):
        raise ValueError(_URL_WORDS)
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError("is not a URL: its host or port can't be read") from None
    if not has_host:
        raise ValueError(_URL_WORDS)
    if parts.username is not None:
        raise ValueError("must not contain a user or a password")
    if found := _NOT_IN_URLS.search(value):
        raise ValueError(f"contains a {found[0]}, which no URL can contain")
    return value


def _base_url(value: Any) -> str:
    parts = urlsplit(_url(value))
    if parts.query or parts.fragment:
        raise ValueError("must not contain a query or a fragment")
    return str(value).rstrip("/")


def _page_url(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_URL_WORDS)  # noqa: TRY004 - pydantic reports a ValueError
    if WALLET_ID not in value.partition("://")[2].partition("/")[2]:
        raise ValueError(f"must contain {WALLET_ID} after the host: it is replaced by the id of the user's wallet")
    _url(value.replace(WALLET_ID, "1"))
    return value


def _selector(value: Any) -> str:
    import soupsieve  # slow to import

    if not isinstance(value, str) or not value:
        raise ValueError("must be a CSS selector that is not empty")
    try:
        soupsieve.compile(value)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError):
        raise ValueError("is not a CSS selector") from None
    return value


def _amount(value: Any) -> Decimal:
    text = str(value)
    is_number = isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)
    if not (is_number and re.fullmatch(r"[0-9]+([.][0-9]{1,2})?", text) and Decimal(text) > 0):
        raise ValueError("must be an amount above zero with at most two decimal places")
    return Decimal(text)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError('must be a TOML array of texts that are not empty: ["..."]')
    return tuple(dict.fromkeys(value))


def _is_header(text: str) -> bool:
    return re.fullmatch("[!-~]([ -~]*[!-~])?", text) is not None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value > 0


Text = Annotated[str, _rule("must be a text that is not empty", lambda value: isinstance(value, str) and value != "")]
AnyText = Annotated[str, _rule("must be a text", lambda value: isinstance(value, str))]
Id = Annotated[str, _rule("must be a text that is not empty and contains no blank", _matches(r"\S+"))]
AnyId = Annotated[str, _rule("must be a text that contains no blank", _matches(r"\S*"))]
Integer = Annotated[int, _rule("must be a TOML integer", lambda value: type(value) is int)]
BaseUrl = Annotated[str, BeforeValidator(_base_url)]
PageUrl = Annotated[str, BeforeValidator(_page_url)]
Selector = Annotated[str, BeforeValidator(_selector)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Header = Annotated[str, _rule("must be the name of an HTTP header", _matches(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"))]
FreeHeader = Annotated[
    Header, _rule("is a header that HTTP needs for itself", lambda value: str(value).lower() not in _USED_HEADERS)
]
Scheme = Annotated[str, _rule("must be one word that fits an HTTP header, or empty", _matches("[!-~]*"))]
Role = Annotated[str, _rule("must be shop, platform or token", lambda value: value in _ROLES)]
Gate = Annotated[str, _rule("must be one of all, documented", lambda value: value in ("all", "documented"))]
Key = Annotated[
    Secret,
    _rule(
        "must be a text that fits an HTTP header, and is not empty",
        lambda value: isinstance(value, Secret) and _is_header(value.value),
    ),
]
Password = Annotated[
    Secret, _rule("must be a text that is not empty", lambda value: isinstance(value, Secret) and value.value != "")
]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Seconds = Annotated[float, _rule("must be a number of seconds above zero", _is_number)]
Rate = Annotated[float, _rule("must be a number above zero", _is_number)]
