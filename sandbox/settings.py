"""The keys and names of the sandbox, each read from an environment variable ``SANDBOX_<FIELD>``."""

import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from sandbox.errors import UsageError

PREFIX = "SANDBOX_"


@dataclass(frozen=True)
class Settings:
    """The default keys are not secret: they are for trying the sandbox on the own machine."""

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
        """Reject values that no header can contain, and equal keys for two roles."""
        for name, value in asdict(self).items():
            if not re.fullmatch(r"[!-~]+", value):
                raise UsageError(f"{variable(name)} must be visible ASCII without spaces, and not empty")
        if self.shop_key == self.platform_key:
            raise UsageError(f"{variable('shop_key')} and {variable('platform_key')} must differ")
        if self.walletapi_key == self.walletapi_client:
            raise UsageError(f"{variable('walletapi_key')} and {variable('walletapi_client')} must differ")
        try:
            uuid.UUID(self.owner_id)
        except ValueError:
            raise UsageError(f"{variable('owner_id')} must be a GUID") from None


def variable(field: str) -> str:
    """Return the environment variable of a field: SANDBOX_SHOP_KEY for ``shop_key``."""
    return PREFIX + field.upper()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment. UsageError names a variable with a bad value."""
    names = [field.name for field in fields(Settings) if variable(field.name) in environment]
    return Settings(**{name: environment[variable(name)] for name in names})


def as_environment(settings: Settings) -> dict[str, str]:
    return {variable(name): value for name, value in asdict(settings).items()}
