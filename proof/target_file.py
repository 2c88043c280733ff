"""The target file of a sandbox. It reads the keys from environment variables, as the target file of a platform does."""

import json
from collections.abc import Mapping
from typing import Any, Final

_KEYS: Final = {
    "ALFRED_SHOP_KEY": ("alfred", "shop_key"),
    "ALFRED_PLATFORM_KEY": ("alfred", "platform_key"),
    "WALLETAPI_KEY": ("walletapi", "key"),
    "WALLETAPI_CLIENT": ("walletapi", "client"),
}


def keys_of(tables: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables with the keys in these tables."""
    return {name: str(tables[api][member]) for name, (api, member) in _KEYS.items()}


def with_variables(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with references to the environment variables instead of keys."""
    copied: dict[str, Any] = json.loads(json.dumps(tables))
    for name, (api, member) in _KEYS.items():
        copied[api][member] = f"${{{name}}}"
    return copied


def toml(tables: Mapping[str, Any], *prefix: str) -> str:
    """Return tables as the text of a target file. Strings, numbers and lists are the same in JSON and TOML."""
    lines = [f"[{'.'.join(prefix)}]"] if prefix else []
    lines += [f"{key} = {json.dumps(value)}" for key, value in tables.items() if not isinstance(value, Mapping)]
    inner = [toml(value, *prefix, key) for key, value in tables.items() if isinstance(value, Mapping)]
    return "\n".join([*lines, *inner])
