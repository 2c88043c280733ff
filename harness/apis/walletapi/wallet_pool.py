"""Wallets of the WalletAPI for a scenario: new ones, or aliases of the target that nobody else uses meanwhile."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import pytest

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.failures import ContractViolation, EnvironmentFault

_PATIENCE: Final = 120.0
_PAUSE: Final = 0.05


class Purses:
    """The wallets that one scenario took. With aliases each is locked, also against other processes (contract.md)."""

    def __init__(self, walletapi: WalletApi) -> None:
        """Take none yet."""
        self._walletapi = walletapi
        self._taken: list[tuple[Wallet, Any, bool]] = []

    def take(self, *, gifts_known: bool = True) -> Wallet:
        """A wallet of this scenario's own; ``gifts_known`` wants one without a gift. Skips where none is to be had."""
        if self._walletapi.target.owner_id:
            return self._walletapi.open_wallet()
        deadline = time.monotonic() + (0 if self._taken else _PATIENCE)
        while True:
            busy = False
            for alias in self._walletapi.target.aliases:
                lock = _lock(self._walletapi.target.base_url, alias)
                if not _acquired(lock):
                    busy = True
                    continue
                wallet = self._fitting(alias, gifts_known=gifts_known)
                if wallet is not None:
                    self._taken.append((wallet, lock, gifts_known))
                    return wallet
                lock.release()
            if not busy or time.monotonic() > deadline:
                pytest.skip(f"not judged: {_reason(self._walletapi.target.aliases, len(self._taken), busy=busy)}")
            time.sleep(_PAUSE)

    def release(self) -> None:
        """Spend what is left of the scenario's own gifts, so that the next finds none, and let the aliases go."""
        for wallet, lock, gifts_known in self._taken:
            try:
                if gifts_known:  # else those that are there may be somebody's
                    self._spend_gifts(wallet)
            finally:
                lock.release()
        self._taken.clear()

    def _fitting(self, alias: str, *, gifts_known: bool) -> Wallet | None:
        wallet = self._walletapi.wallet_behind(alias)
        return None if gifts_known and self._walletapi.balances(wallet).gifts else wallet

    def _spend_gifts(self, wallet: Wallet) -> None:
        try:
            left: Balances = self._walletapi.balances(wallet)
            if left.gifts > 0:
                self._walletapi.attempt(self._walletapi.sale_call(wallet, left.gifts, gifts=True))
        except (ContractViolation, EnvironmentFault):
            return  # the scenario has told what is wrong; tidying up after it says nothing new


def _lock(base_url: str, alias: str) -> Any:
    from filelock import FileLock

    folder = Path(tempfile.gettempdir()) / "wallet-contract-suite-aliases"
    folder.mkdir(exist_ok=True)
    name = hashlib.sha256(f"{base_url} {alias}".encode()).hexdigest()[:24]
    return FileLock(folder / f"{name}.lock", is_singleton=False)


def _acquired(lock: Any) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _reason(aliases: tuple[str, ...], taken: int, *, busy: bool) -> str:
    if taken:
        return f"the scenario needs {taken + 1} wallets, and {len(aliases)} of aliases are to be had"
    return "every one of aliases is in use" if busy else "every one of aliases holds a gift already"
