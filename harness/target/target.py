"""The values of a target file (contract.md, A target file), checked when they are created."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import BeforeValidator

_URL_WORDS: Final = "must be a URL with its scheme and host (https://host/path)"


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
    return value


def _base_url(value: Any) -> str:
    parts = urlsplit(_url(value))
    if parts.query or parts.fragment:
        raise ValueError("must not contain a query or a fragment")
    return str(value).rstrip("/")


def _amount(value: Any) -> Decimal:
    text = str(value)
    is_number = isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)
    if not (is_number and re.fullmatch(r"[0-9]+([.][0-9]{1,2})?", text) and Decimal(text) > 0):
        raise ValueError("must be an amount above zero with at most two decimal places")
    return Decimal(text)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError("must be a TOML array of texts that are not empty")
    return tuple(dict.fromkeys(value))


def _is_header(text: str) -> bool:
    return re.fullmatch("[!-~]([ -~]*[!-~])?", text) is not None


_ROLES: Final = ("shop", "platform", "token")

Text = Annotated[str, _rule("must be a text that is not empty", lambda value: isinstance(value, str) and value != "")]
AnyText = Annotated[str, _rule("must be a text", lambda value: isinstance(value, str))]
Integer = Annotated[int, _rule("must be a TOML integer", lambda value: type(value) is int)]
Url = Annotated[str, BeforeValidator(_url)]
BaseUrl = Annotated[str, BeforeValidator(_base_url)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Header = Annotated[str, _rule("must be the name of an HTTP header", _matches(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"))]
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
Seconds = Annotated[
    float,
    _rule(
        "must be a number of seconds above zero",
        lambda value: type(value) in (int, float) and math.isfinite(value) and value > 0,
    ),
]


class _Table:
    # No error may contain a value, because it may be a key.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "hide_input_in_errors": True}


@dataclass(frozen=True)
class AlfredTarget(_Table):
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

    @property
    def secret_headers(self) -> tuple[str, ...]:
        """The headers that carry keys and tokens."""
        return self.key_header, self.token_header


@dataclass(frozen=True)
class WalletApiTarget(_Table):
    """Where the WalletAPI is, its pair of keys, and whose wallets the suite may use."""

    base_url: BaseUrl
    key: Key
    client: Key
    currency: Text
    owner_id: AnyText = ""
    region_id: Integer = 1
    aliases: Texts = ()

    secret_headers: ClassVar[tuple[str, ...]] = ("apikeypublic", "apiclientpublic")


@dataclass(frozen=True)
class AdminTarget(_Table):
    """The page that shows a user's balance: its URL with ``{walletId}`` and a CSS selector; HTTP basic, optional."""

    url: Url
    balance: Text
    user: AnyText = ""
    password: Password | None = None


@dataclass(frozen=True)
class Limits(_Table):
    """``timeout`` is seconds for one response; ``spend`` the most that one run may move, by currency."""

    timeout: Seconds = 10.0
    spend: Mapping[str, Amount] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetFile(_Table):
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
    def secret_headers(self) -> tuple[str, ...]:
        """The headers that carry keys and tokens, to be masked."""
        return tuple(header for api in (self.alfred, self.walletapi) if api for header in api.secret_headers)

    @property
    def address(self) -> str:
        """The addresses under test, for a heading."""
        return ", ".join(self.base_urls)

    @property
    def base_urls(self) -> tuple[str, ...]:
        """The address of each API of the target, without duplicates."""
        return tuple(dict.fromkeys(api.base_url for api in (self.alfred, self.walletapi) if api))


@dataclass(frozen=True)
class Target(TargetFile):
    """One platform under test; ``name`` is the name of its file."""

    name: str = ""
