"""The tables of a target file (contract.md, A target file), checked when they are created."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Final

from harness.target.values import (
    Amount,
    AnyId,
    AnyText,
    BaseUrl,
    FreeHeader,
    Gate,
    Header,
    Id,
    Integer,
    Key,
    PageUrl,
    Password,
    Rate,
    Role,
    Scheme,
    Seconds,
    Secret,
    Selector,
    Text,
    Texts,
)

KNOWN_ISSUES: Final = "known_issues.toml"


class Table:
    # No error may contain a value, because it may be a key.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "hide_input_in_errors": True}


@dataclass(frozen=True)
class AlfredTarget(Table):
    """Alfred's address, its credentials, and the locations of members that are not in the payload."""

    base_url: BaseUrl
    platform_id: Id
    shop_configuration_id: Id
    country_code: Id
    currency: Id
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
class WalletApiTarget(Table):
    """The WalletAPI's address, its pair of keys, and the owner or the aliases of the wallets that the suite may use."""

    base_url: BaseUrl
    key: Key
    client: Key
    currency: Id
    owner_id: AnyId = ""
    region_id: Integer = 1
    aliases: Texts = ()

    secret_headers: ClassVar[tuple[str, ...]] = ("apikeypublic", "apiclientpublic")

    @property
    def has_wallets(self) -> bool:
        """Whether the suite has wallets to use: those that it opens for the owner, or the aliases."""
        return bool(self.owner_id or self.aliases)


@dataclass(frozen=True)
class AdminTarget(Table):
    """The page that shows a user's balance: its URL with ``{walletId}`` and a CSS selector; HTTP basic, optional."""

    url: PageUrl
    balance: Selector
    user: AnyText = ""
    password: Password | None = None


@dataclass(frozen=True)
class Limits(Table):
    """``timeout`` is seconds for one response; ``spend`` the most that one run may move, by currency.

    ``allow`` names the kinds of calls that the target allows beside single calls (harness/target/values.py, KINDS).
    """

    timeout: Seconds = 10.0
    spend: Mapping[str, Amount] = field(default_factory=dict)
    allow: Texts = ()
    calls_per_second: Rate | None = None


@dataclass(frozen=True)
class TargetFile(Table):
    """A target file. An API that it does not have is None, and the scenarios of that API are skipped.

    ``left_out`` names clauses and APIs that the target cannot show. The two files are relative to the target file.
    """

    gate: Gate = "documented"
    left_out: Texts = ()
    known_issues: Text = ""
    ca_file: Text = ""
    request_id_header: FreeHeader = "X-Request-Id"
    alfred: AlfredTarget | None = None
    walletapi: WalletApiTarget | None = None
    admin: AdminTarget | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def apis(self) -> dict[str, AlfredTarget | WalletApiTarget]:
        """The tables of the APIs that the target has."""
        return {name: api for name, api in (("alfred", self.alfred), ("walletapi", self.walletapi)) if api}

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
        return tuple(header for api in self.apis.values() for header in api.secret_headers)

    @property
    def public_ids(self) -> tuple[str, ...]:
        """The ids of the platform, the shop and the owner: a key may begin as they do."""
        ids = (self.alfred.platform_id, self.alfred.shop_configuration_id) if self.alfred else ()
        return (*ids, self.walletapi.owner_id) if self.walletapi else ids

    @property
    def address(self) -> str:
        return ", ".join(dict.fromkeys(api.base_url for api in self.apis.values()))


@dataclass(frozen=True)
class Target(TargetFile):
    """One platform under test; ``name`` is the name of its file, ``folder`` the folder that contains it, if any."""

    name: str = ""
    folder: Path | None = None

    @property
    def known_issues_file(self) -> Path | None:
        """The file of known issues: the one that is named, or the one beside the target file; None without either."""
        if self.folder is None:
            return None
        path = self.folder / (self.known_issues or KNOWN_ISSUES)
        return path if self.known_issues or path.is_file() else None

    @property
    def authority(self) -> Path | None:
        """The file of the private certificate authority; None without one."""
        return (self.folder or Path()) / self.ca_file if self.ca_file else None
