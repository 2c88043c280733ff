"""Wallets of the WalletAPI for a scenario: new ones, or aliases of the target that nobody else uses meanwhile."""

import hashlib
import tempfile
import time
from contextlib import ExitStack, suppress
from decimal import Decimal
from pathlib import Path
from typing import Final, NoReturn

import pytest
from filelock import FileLock, Timeout

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.not_judged import NotJudged

_PATIENCE: Final = 120.0  # seconds until an alias must be free
_PAUSE: Final = 0.05


class WalletPool:
    """The wallets of one scenario. An alias is locked, also against other processes (contract.md, WalletAPI)."""

    def __init__(self, walletapi: WalletApi) -> None:
        self._walletapi = walletapi
        self._taken: dict[Wallet, FileLock] = {}
        self.without_gifts: set[Wallet] = set()
        self.before: dict[Wallet, Balances] = {}

    def provide(self, amount: Decimal, *, without_gifts: bool = False) -> Wallet:
        """Take a wallet, deposit an amount on it and read its balances into ``before``."""
        wallet = self.take(without_gifts=without_gifts)
        self.fill(wallet, amount)
        return wallet

    def fill(self, wallet: Wallet, amount: Decimal) -> None:
        """Deposit an amount and read the balances. ContractViolation of M-1 if it is not there."""
        self._walletapi.deposit(wallet, amount)
        self.before[wallet] = balances = self._walletapi.balances(wallet)
        if self._walletapi.target.owner_id and balances.wallet != amount:  # the wallet is new
            finding = Finding("the balance", str(amount), str(balances.wallet), compared=(balances.wallet, (amount,)))
            raise self._walletapi.recorder.violation("M-1", (finding,))

    def take(self, *, without_gifts: bool = False) -> Wallet:
        """Return a wallet of this scenario's own. Skip the scenario if there is none."""
        owner = self._walletapi.target.owner_id
        wallet = self._walletapi.open_wallet() if owner else self._take_alias(without_gifts=without_gifts)
        if without_gifts:
            self.without_gifts.add(wallet)
        return wallet

    def _take_alias(self, *, without_gifts: bool) -> Wallet:
        deadline = time.monotonic() + (0 if self._taken else _PATIENCE)
        while True:
            busy = False
            for alias in self._walletapi.target.aliases:
                lock = _lock(self._walletapi.target.base_url, alias)
                try:
                    with suppress(Timeout):
                        lock.acquire(timeout=0)
                except OSError as error:
                    fault = f"{lock.lock_file} can't be written: {error.strerror}. Each of aliases is locked by a file"
                    raise EnvironmentFault(fault) from error
                if not lock.is_locked:
                    busy = True
                    continue
                with ExitStack() as until_taken:
                    until_taken.callback(lock.release)
                    wallet = self._walletapi.wallet_behind(alias)
                    if not without_gifts or not self._walletapi.balances(wallet).gifts:
                        until_taken.pop_all()
                        self._taken[wallet] = lock
                        return wallet
            if not busy or time.monotonic() > deadline:
                self._give_up(busy=busy)
            time.sleep(_PAUSE)

    def _give_up(self, *, busy: bool) -> NoReturn:
        if self._taken:
            usable = len(self._walletapi.target.aliases)
            NotJudged.TOO_FEW_WALLETS.skip(needed=len(self._taken) + 1, usable=usable)
        (NotJudged.WALLETS_IN_USE if busy else NotJudged.WALLETS_WITH_GIFTS).skip()

    def release(self) -> None:
        """Spend what is left of the scenario's gifts, so that the next scenario finds none, and unlock the aliases."""
        for wallet, lock in self._taken.items():
            try:
                if wallet in self.without_gifts:  # otherwise the gifts may be somebody else's
                    self._spend_gifts(wallet)
            finally:
                lock.release()
        self._taken.clear()

    def _spend_gifts(self, wallet: Wallet) -> None:
        try:
            left = self._walletapi.balances(wallet).gifts
            if left > 0:
                self._walletapi.attempt(self._walletapi.sale_call(wallet, left, gifts=True))
        except (ContractViolation, EnvironmentFault, pytest.skip.Exception):
            return  # the scenario has reported what is wrong


def _lock(base_url: str, alias: str) -> FileLock:
    folder = Path(tempfile.gettempdir()) / "wallet-contract-suite-aliases"
    with suppress(OSError):
        folder.mkdir()
        folder.chmod(0o1777)  # other users of this machine may test the same aliases
    name = hashlib.sha256(f"{base_url} {alias}".encode()).hexdigest()[:24]
    return FileLock(folder / f"{name}.lock", mode=0o666, is_singleton=False)
