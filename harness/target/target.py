"""A target file read into frozen values (contract.md, A target file): what is tested, where, and how it differs."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from harness.failures import UsageError
from harness.target.target_file import place_of, problems

TARGETS: Final = Path(__file__).resolve().parents[2] / "targets"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Secret:
    """A credential. It shows itself only when asked; ``variable`` is where in the environment it came from."""

    value: str = field(repr=False)
    variable: str = ""

    def __str__(self) -> str:
        return f"${{{self.variable}}}" if self.variable else "(a secret)"


@dataclass(frozen=True)
class AlfredTarget:
    """Where Alfred is, the credentials it takes, and where its answers put what is not simply in the payload."""

    base_url: str
    platform_id: str
    shop_configuration_id: str
    country_code: str
    currency: str
    shop_key: Secret
    platform_key: Secret
    probe_amount: Decimal = Decimal("999999.99")
    key_header: str = "API-KEY"
    token_header: str = "Authorization"
    token_scheme: str = "Bearer"
    credentials: Mapping[str, str] = field(default_factory=dict)
    locate: Mapping[str, str] = field(default_factory=dict)

    @property
    def shows_balance(self) -> bool:
        """Whether the target says where a session shows the two amounts, so that a balance can be read."""
        return all(
            any(key.rpartition(".")[2] == name for key in self.locate) for name in ("balanceAmount", "remainingAmount")
        )


@dataclass(frozen=True)
class WalletApiTarget:
    """Where the WalletAPI is, its pair of keys, and whose wallets the suite may use."""

    base_url: str
    key: Secret
    client: Secret
    currency: str
    owner_id: str = ""
    region_id: int = 1
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdminTarget:
    """The page that shows a user's balance: its URL with ``{walletId}`` and a CSS selector; HTTP basic, optional."""

    url: str
    balance: str
    user: str = ""
    password: Secret | None = None


@dataclass(frozen=True)
class Limits:
    """``timeout`` is seconds for one response; ``spend`` the most that one run may move, by currency."""

    timeout: float = 10.0
    spend: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """One platform under test. An API that the file leaves out is None, and its scenarios are skipped."""

    name: str
    gate: str
    alfred: AlfredTarget | None
    walletapi: WalletApiTarget | None
    admin: AdminTarget | None
    limits: Limits

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
        """Where each API of the target is, no address twice."""
        return tuple(dict.fromkeys(api.base_url for api in (self.alfred, self.walletapi) if api))


def read_target(name: str) -> Target:
    """Read targets/NAME.toml, or the file at this path; UsageError where it is missing, malformed or incomplete."""
    path = Path(name) if name.endswith(".toml") or "/" in name else TARGETS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in TARGETS.glob("*.toml")))
        raise UsageError(f"there is no target {name!r}: {path} does not exist (targets/ has: {known})")
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from None
    return build_target(path.stem, tables, source=str(path), text=text)


def build_target(name: str, tables: Mapping[str, Any], *, source: str = "the target", text: str = "") -> Target:
    """Check the tables of a target file and build the Target; UsageError names the key, and its line where known."""
    variables: dict[tuple[str, ...], str] = {}
    tables = _with_dotted_locators(_expanded(tables, (), variables, source, text))
    found = problems(tables)
    if found:
        raise UsageError("; ".join(_told(source, text, keys, what, variables.get(keys, "")) for keys, what in found))

    def secret(*keys: str) -> Secret:
        return Secret(tables[keys[0]][keys[1]], variables.get(keys, ""))

    alfred, walletapi, admin = (tables.get(api) for api in ("alfred", "walletapi", "admin"))
    limits = tables.get("limits", {})
    return Target(
        name=name,
        gate=tables.get("gate", "documented"),
        alfred=alfred
        and AlfredTarget(
            **{
                **alfred,
                **_alfred_values(alfred),
                "shop_key": secret("alfred", "shop_key"),
                "platform_key": secret("alfred", "platform_key"),
            }
        ),
        walletapi=walletapi
        and WalletApiTarget(
            **{
                **walletapi,
                "base_url": walletapi["base_url"].rstrip("/"),
                "aliases": tuple(walletapi.get("aliases", ())),
                "key": secret("walletapi", "key"),
                "client": secret("walletapi", "client"),
            }
        ),
        admin=admin
        and AdminTarget(**{**admin, "password": secret("admin", "password") if "password" in admin else None}),
        limits=Limits(
            float(limits.get("timeout", 10)),
            {unit: Decimal(str(most)) for unit, most in limits.get("spend", {}).items()},
        ),
    )


def _told(source: str, text: str, keys: tuple[str, ...], what: str, variable: str) -> str:
    origin = f" (it comes from the environment variable {variable})" if variable else ""
    return f"{source}{place_of(text, keys)}: {'.'.join(keys) or 'the file'} {what}{origin}"


def _with_dotted_locators(tables: Mapping[str, Any]) -> Mapping[str, Any]:
    # TOML reads a bare ``createPurchase.id = ...`` as a table in a table; it means what the quoted key means.
    alfred = tables.get("alfred")
    locate = alfred.get("locate") if isinstance(alfred, Mapping) else None
    if not isinstance(alfred, Mapping) or not isinstance(locate, Mapping):
        return tables
    flat: dict[str, Any] = {}
    for name, value in locate.items():
        inner = value.items() if isinstance(value, Mapping) else ()
        flat |= {f"{name}.{member}": query for member, query in inner} if inner else {name: value}
    return {**tables, "alfred": {**alfred, "locate": flat}}


def _alfred_values(table: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"base_url": table["base_url"].rstrip("/")}
    if "probe_amount" in table:
        values["probe_amount"] = Decimal(str(table["probe_amount"]))
    return values


def _expanded(value: Any, keys: tuple[str, ...], variables: dict[tuple[str, ...], str], source: str, text: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _expanded(item, (*keys, key), variables, source, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_expanded(item, keys, variables, source, text) for item in value]
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        variable = match.group(1)
        if variable not in os.environ:
            needs = f"needs the environment variable {variable}, which is not set"
            raise UsageError(_told(source, text, keys, needs, ""))
        if match.group(0) == value:
            variables[keys] = variable
        return os.environ[variable]

    return _VARIABLE.sub(replace, value)
