"""Keys and names that the sandbox answers to, each from an environment variable ``SANDBOX_<FIELD>``."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from sandbox.errors import UsageError

PREFIX = "SANDBOX_"


@dataclass(frozen=True)
class Settings:
    """The defaults are for a person at a loopback sandbox; the keys are no secrets and open nothing else."""

    shop_key: str = "sandbox-shop-key"
    platform_key: str = "sandbox-platform-key"
    platform_id: str = "AAEAAASandboxPlatform001"
    shop_configuration_id: str = "AAEAAASandboxShopConfig1"
    country_code: str = "BD"
    alfred_currency: str = "BDT"
    walletapi_key: str = "sandbox-walletapi-key"
    walletapi_client: str = "sandbox-walletapi-client"
    walletapi_currency: str = "TRY"
    owner_id: str = "5a4db0c0-0000-4000-8000-000000000001"

    def __post_init__(self) -> None:
        """Reject what no caller could send or what would make two roles one."""
        for name, value in asdict(self).items():
            if not re.fullmatch(r"[!-~]+", value):
                raise UsageError(f"{variable(name)} must be visible ASCII without spaces, and not empty")
        self._check_keys_differ()
        self._check_owner()

    def _check_keys_differ(self) -> None:
        if self.shop_key == self.platform_key:
            raise UsageError(f"{variable('shop_key')} and {variable('platform_key')} must differ")
        if self.walletapi_key == self.walletapi_client:
            raise UsageError(f"{variable('walletapi_key')} and {variable('walletapi_client')} must differ")

    def _check_owner(self) -> None:
        try:
            uuid.UUID(self.owner_id)
        except ValueError:
            raise UsageError(f"{variable('owner_id')} must be a GUID") from None


def variable(field: str) -> str:
    """The environment variable of a field: ``shop_key`` is read from SANDBOX_SHOP_KEY."""
    return PREFIX + field.upper()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment, defaults for what is unset; UsageError names a variable that cannot be."""
    given = {
        field.name: environment[variable(field.name)]
        for field in fields(Settings)
        if variable(field.name) in environment
    }
    return Settings(**given)


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables from which ``read_settings`` makes the same settings."""
    return {variable(name): value for name, value in asdict(settings).items()}
