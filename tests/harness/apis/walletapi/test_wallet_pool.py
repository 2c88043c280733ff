"""Wallets for a scenario: new ones, or aliases that no other scenario uses meanwhile, in any process."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from harness.apis.walletapi import wallet_pool
from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract
from harness.failures import EnvironmentFault
from harness.target.reading import build_target
from harness.wire.channel import Channel
from sandbox.launcher import RunningSandbox

LOCKED = "import sys; from filelock import FileLock; FileLock(sys.argv[1]).acquire(timeout=0)"


@pytest.fixture
def api(sandbox: RunningSandbox, shared_channel: Channel, contract: Contract) -> WalletApi:
    target = build_target("sandbox", sandbox.tables)
    assert target.walletapi
    return WalletApi(target.walletapi, shared_channel, Recorder(Run.of(contract, target.secrets)))


@pytest.fixture
def with_aliases(
    api: WalletApi, shared_channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], tuple[WalletApi, list[Wallet]]]:
    """The WalletAPI on a target that opens no wallets, and the wallets behind its aliases."""
    monkeypatch.setattr(wallet_pool, "_PATIENCE", 0.1)

    def given(count: int) -> tuple[WalletApi, list[Wallet]]:
        wallets = [api.open_wallet() for _ in range(count)]
        target = replace(api.target, owner_id="", aliases=tuple(wallet.alias for wallet in wallets))
        return WalletApi(target, shared_channel, api.recorder), wallets

    return given


def free_for_another_process(api: WalletApi, wallet: Wallet) -> bool:
    lock = wallet_pool._lock(api.target.base_url, wallet.alias).lock_file
    return subprocess.run([sys.executable, "-c", LOCKED, lock], check=False, stderr=subprocess.DEVNULL).returncode == 0


def skipped(act: Callable[[], object]) -> str:
    with pytest.raises(pytest.skip.Exception) as caught:
        act()
    return str(caught.value)


def test_an_owner_opens_a_new_wallet_each_time(api: WalletApi) -> None:
    taken = WalletPool(api)
    assert taken.take() != taken.take()
    taken.release()


def test_alias_belongs_to_one_scenario_until_it_is_released(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]],
) -> None:
    api, (wallet,) = with_aliases(1)
    first, second = WalletPool(api), WalletPool(api)
    assert first.take().alias == wallet.alias
    assert "every one of aliases is in use" in skipped(second.take)
    first.release()
    assert second.take().alias == wallet.alias
    second.release()


def test_an_alias_is_locked_against_another_process(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]],
) -> None:
    api, (wallet,) = with_aliases(1)
    taken = WalletPool(api)
    taken.take()
    assert not free_for_another_process(api, wallet)
    taken.release()
    assert free_for_another_process(api, wallet)


def test_two_scenarios_get_different_aliases(with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]]) -> None:
    api, wallets = with_aliases(2)
    first, second = WalletPool(api), WalletPool(api)
    assert {first.take().alias, second.take().alias} == {wallet.alias for wallet in wallets}
    first.release()
    second.release()


def test_scenario_that_needs_two_wallets_is_skipped_with_one_alias(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]],
) -> None:
    taken = WalletPool(with_aliases(1)[0])
    taken.take()
    assert "needs 2 wallets, and aliases has 1" in skipped(taken.take)
    taken.release()


def test_wallet_with_a_gift_is_not_used_for_a_scenario_without_gifts(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]],
) -> None:
    api, (wallet,) = with_aliases(1)
    api.give(wallet, Decimal("5.00"))
    taken = WalletPool(api)
    assert "every one of aliases has a gift already" in skipped(lambda: taken.take(without_gifts=True))
    assert taken.take().alias == wallet.alias
    taken.release()


def test_release_spends_the_rest_of_a_gift_and_nothing_else(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]],
) -> None:
    api, (wallet,) = with_aliases(1)
    taken = WalletPool(api)
    taken.take(without_gifts=True)
    api.deposit(wallet, Decimal("20.00"))
    api.give(wallet, Decimal("5.00"))
    taken.release()
    left = api.balances(wallet)
    assert (left.wallet, left.gifts) == (Decimal("20.00"), Decimal(0))


def test_alias_is_released_if_the_cleanup_fails(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, (wallet,) = with_aliases(1)
    taken = WalletPool(api)
    taken.take(without_gifts=True)
    monkeypatch.setattr(api.client, "base_url", "http://127.0.0.1:9")
    taken.release()
    assert free_for_another_process(api, wallet)


def test_alias_is_released_if_the_platform_fails_while_it_is_taken(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, (wallet,) = with_aliases(1)
    with monkeypatch.context() as broken:
        broken.setattr(api.client, "base_url", "http://127.0.0.1:9")
        with pytest.raises(EnvironmentFault) as caught:
            WalletPool(api).take()
    assert caught.value
    assert free_for_another_process(api, wallet)


def test_locks_that_cannot_be_written_are_an_environment_fault(
    with_aliases: Callable[[int], tuple[WalletApi, list[Wallet]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, _ = with_aliases(1)
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "file"))
    with pytest.raises(EnvironmentFault, match=r"lock can't be written: .+\. Each of aliases is locked by a file"):
        WalletPool(api).take()
