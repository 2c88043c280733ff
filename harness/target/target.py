"""The values of a target file (contract.md, A target file), checked when they are created."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, StrictInt, StrictStr
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

# No error may contain a value, because it may be a key.
_CONFIG: Final = ConfigDict(extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)


@dataclass(frozen=True, config=_CONFIG)
class Secret:
    """A credential, which no repr shows; ``variable`` is the environment variable that contains it."""

    value: str = field(repr=False)
    variable: str = ""

    def __str__(self) -> str:
        return f"${{{self.variable}}}" if self.variable else "(a secret)"


def _checked(words: str, fits: Callable[[Any], bool]) -> BeforeValidator:
    """Return a validator that accepts the values that fit, and reports these words for all others."""

    def check(value: Any) -> Any:
        if not fits(value):
            raise PydanticCustomError("target", "{words}", {"words": words})
        return value

    return BeforeValidator(check)


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _url(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^/?#\s]+[^\s]*", value):
        raise PydanticCustomError("target", "must be a URL with its scheme and host (https://host/path)")
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise PydanticCustomError("target", "is not a URL: its host or port can't be read") from None
    if not has_host:
        raise PydanticCustomError("target", "must be a URL with its scheme and host (https://host/path)")
    if parts.username is not None:
        raise PydanticCustomError("target", "must not contain a user or a password")
    return value


def _base_url(value: Any) -> str:
    parts = urlsplit(_url(value))
    if parts.query or parts.fragment:
        raise PydanticCustomError("target", "must not contain a query or a fragment")
    return str(value).rstrip("/")


def _amount(value: Any) -> Decimal:
    text = str(value)
    is_number = isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)
    if not (is_number and re.fullmatch(r"[0-9]+([.][0-9]{1,2})?", text) and Decimal(text) > 0):
        raise PydanticCustomError("target", "must be an amount above zero with at most two decimal places")
    return Decimal(text)


Text = Annotated[
    str, _checked("must be a text that is not empty", lambda value: isinstance(value, str) and value != "")
]
Url = Annotated[str, BeforeValidator(_url)]
BaseUrl = Annotated[str, BeforeValidator(_base_url)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Header = Annotated[str, _checked("must be the name of an HTTP header", _matches(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"))]
Scheme = Annotated[str, _checked("must be one word that fits an HTTP header, or empty", _matches("[!-~]*"))]
Role = Annotated[str, _checked("must be shop, platform or token", lambda value: value in ("shop", "platform", "token"))]
Gate = Annotated[
    Literal["all", "documented"],
    _checked("must be one of all, documented", lambda value: value in ("all", "documented")),
]
Key = Annotated[
    Secret,
    _checked(
        "must be a text that fits an HTTP header, and is not empty",
        lambda value: isinstance(value, Secret) and re.fullmatch("[!-~]([ -~]*[!-~])?", value.value) is not None,
    ),
]
Password = Annotated[
    Secret,
    _checked("must be a text that is not empty", lambda value: isinstance(value, Secret) and value.value != ""),
]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(lambda value: tuple(dict.fromkeys(value)) if isinstance(value, list) else value),
]
Seconds = Annotated[
    float,
    _checked(
        "must be a number of seconds above zero",
        lambda value: (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
        ),
    ),
]


@dataclass(frozen=True, config=_CONFIG)
class AlfredTarget:
    """Where Alfred is, the credentials it takes, and where its responses contain what is not simply in the payload."""

    base_url: BaseUrl
    platform_id: Text
    shop_configuration_id: Text
    country_code: Text
    currency: Text
    shop_key: Key
    platform_key: Key
    probe_amount: Amount = Decimal("999999.99")
    key_header: Header = "API-KEY"
    token_header: Header = "Authorization"
    token_scheme: Scheme = "Bearer"
    credentials: Mapping[str, Role] = field(default_factory=dict)
    locate: Mapping[str, Text] = field(default_factory=dict)

    @property
    def shows_balance(self) -> bool:
        """Whether the target locates both amounts of a session, so that a balance can be read."""
        members = {key.rpartition(".")[2] for key in self.locate}
        return {"balanceAmount", "remainingAmount"} <= members


@dataclass(frozen=True, config=_CONFIG)
class WalletApiTarget:
    """Where the WalletAPI is, its pair of keys, and whose wallets the suite may use."""

    base_url: BaseUrl
    key: Key
    client: Key
    currency: Text
    owner_id: StrictStr = ""
    region_id: StrictInt = 1
    aliases: Texts = ()


@dataclass(frozen=True, config=_CONFIG)
class AdminTarget:
    """The page that shows a user's balance: its URL with ``{walletId}`` and a CSS selector; HTTP basic, optional."""

    url: Url
    balance: Text
    user: StrictStr = ""
    password: Password | None = None


@dataclass(frozen=True, config=_CONFIG)
class Limits:
    """``timeout`` is seconds for one response; ``spend`` the most that one run may move, by currency."""

    timeout: Seconds = 10.0
    spend: Mapping[str, Amount] = field(default_factory=dict)


@dataclass(frozen=True, config=_CONFIG)
class TargetFile:
    """A target file. An API that it leaves out is None, and the scenarios of that API are skipped."""

    gate: Gate = "documented"
    alfred: AlfredTarget | None = None
    walletapi: WalletApiTarget | None = None
    admin: AdminTarget | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every key of the file, to be masked."""
        keys: list[Secret] = []
        if self.alfred:
            keys += [self.alfred.shop_key, self.alfred.platform_key]
        if self.walletapi:
            keys += [self.walletapi.key, self.walletapi.client]
        if self.admin and self.admin.password:
            keys.append(self.admin.password)
        return tuple(keys)

    @property
    def address(self) -> str:
        """The addresses under test, for a heading."""
        return ", ".join(self.base_urls)

    @property
    def base_urls(self) -> tuple[str, ...]:
        """The address of each API of the target, without duplicates."""
        return tuple(dict.fromkeys(api.base_url for api in (self.alfred, self.walletapi) if api))


@dataclass(frozen=True, config=_CONFIG)
class Target(TargetFile):
    """One platform under test; ``name`` is the name of its file."""

    name: str = ""
