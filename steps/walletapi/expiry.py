"""A gift that expires. It is given before the first scenario, so that the run need not wait until it has expired."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import pytest
from pytest_bdd import given, then

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.expiry import SOONEST, expiry_in, give_until
from harness.apis.walletapi.flaws import HEADERS, SALE, clause_of
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.budget.depth import Depth
from harness.client.flaws import Flaw
from harness.gherkin.collection import clauses_of
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.early import Early, make_early, when_ready
from steps.walletapi.plain_sales import plain_sales_first

BALANCE = Decimal("300.00")
GIFT = Decimal("20.00")
SOLD = Decimal("10.00")
TOO_MUCH = Decimal("900.00")


@dataclass(frozen=True)
class Way:
    """How a gift expires: the offset in which its date is written, and in how many seconds, at least; 0 for never.

    ``spent`` is what a sale spends of it before, ``beside`` the amount of another gift, which does not expire:
    one that is given after it, or before it if it is ``older``.
    ``more``: an equal gift is given after it, and expires too. Before they expire, the balances are ``read``, a sale is
    made that may not use gifts (``sold``), or a sale ``failed``.
    """

    hours: float = 0
    seconds: int = SOONEST
    spent: Decimal = Decimal(0)
    beside: Decimal = Decimal(0)
    read: bool = False
    more: bool = False
    sold: bool = False
    failed: bool = False
    older: bool = False


WAYS: Mapping[str, Way] = {
    "": Way(),
    ", written west of UTC": Way(hours=-5),
    ", written east of UTC": Way(hours=5.5),
    # T-5 allows 2 s, and a Date is in whole seconds: a later sale that has the time of this one differs by more.
    ", after a part of it was spent and a sale failed": Way(seconds=6, spent=Decimal("5.00"), failed=True),
    ", after a part of it was spent": Way(spent=Decimal("5.00")),
    ", beside one of 10.00 that has not": Way(beside=Decimal("10.00")),
    ", beside one of 10.00 that was given before it and has not": Way(beside=Decimal("10.00"), older=True),
    ", after the balances were read": Way(read=True),
    ", after several sales failed and the balances were read": Way(failed=True, read=True),
    ", after a part of it was spent and the balances were read": Way(spent=Decimal("5.00"), read=True),
    ", as has an equal one given after it": Way(more=True),
    ", after a sale that may not use gifts": Way(sold=True),
}

WRONG: Mapping[str, Flaw] = {
    **{name: HEADERS[name] for name in ("without apikeypublic", "with an unknown apiclientpublic")},
    "with a cashback of -5.00": SALE["with a cashback of -5.00"],
}

LASTING: Mapping[str, Way] = {
    "of which 5.00 was spent some seconds ago": Way(seconds=0, spent=Decimal("5.00")),
    "that was given some seconds ago": Way(seconds=0),
}
AGE = 6.0  # seconds: as above


@dataclass(frozen=True)
class Given:
    """A wallet whose gift expires, the id of the gift beside it, which does not, and the balance that was read."""

    wallet: Wallet
    beside: str = ""
    balance: Decimal | None = None


def give_expiring_gift(walletapi: WalletApi, wallet: Wallet, way: Way) -> tuple[Given, float]:
    """Deposit money and give a gift that expires soon. Return also the time.monotonic() at which it has expired.

    Of a gift that never expires, that is the time at which what was spent of it is old enough.
    """
    walletapi.deposit(wallet, BALANCE)
    expiry = expiry_in(way.seconds, walletapi, wallet) if way.seconds else None
    offset = timezone(timedelta(hours=way.hours))
    beside = walletapi.give(wallet, way.beside) if way.beside and way.older else ""
    if not expiry:
        walletapi.give(wallet, GIFT)
    elif not way.hours or not given_with_offset(walletapi, wallet, expiry.date.astimezone(offset)):
        give_until(walletapi, wallet, GIFT, expiry.date)
    if expiry and way.more:
        give_until(walletapi, wallet, GIFT, expiry.date)
    if way.spent:
        walletapi.sell(walletapi.sale_call(wallet, way.spent, gifts=True))
    if way.sold:
        walletapi.deposit(wallet, SOLD)
        walletapi.sell(walletapi.sale_call(wallet, SOLD))
    if way.failed:
        walletapi.attempt(walletapi.sale_call(wallet, TOO_MUCH))
        for name, flaw in WRONG.items():
            walletapi.attempt(flaw(walletapi.sale_call(wallet, SOLD)), clause_of(name))
    if way.beside and not way.older:
        beside = walletapi.give(wallet, way.beside)
    balance = walletapi.balances(wallet).wallet if way.read else None
    return Given(wallet, beside, balance), expiry.passed_at if expiry else time.monotonic() + AGE


def given_with_offset(walletapi: WalletApi, wallet: Wallet, expires: datetime) -> bool:
    """Give a gift. Return whether the platform takes an offset in its date, which contract.md leaves open."""
    call = walletapi.gift_call(wallet, GIFT)
    return walletapi.attempt(call.having({"ExpirationDate": expires.isoformat(timespec="seconds")})).accepted


@pytest.fixture(scope="session")
def early_gifts(
    request: pytest.FixtureRequest, walletapi_client: WalletApi | None, depth: Depth
) -> dict[Way, Early[Given]]:
    """Give the gifts before the first scenario. None on aliases, which must not be locked for so long.

    None if more depth is asked for: the scenarios wait, and see what a gift pays just after it has expired.
    """
    needed = any({"G-2", "G-5", "T-5"} & set(clauses_of(item)) for item in request.session.items)
    api = walletapi_client
    if not needed or depth is not Depth.QUICK or api is None or not api.target.owner_id:
        return {}

    def give(way: Way) -> tuple[Given, float]:
        return give_expiring_gift(api, api.open_wallet(), way)

    return make_early(api.recorder, {way: partial(give, way) for way in (*WAYS.values(), *LASTING.values())})


@pytest.fixture
def balances_before_expiry() -> dict[Wallet, Decimal | None]:
    return {}


@given(
    sentence("a wallet with 300.00 to spend and a gift of 20.00 {way:Lasting}", Lasting=LASTING),
    target_fixture="wallet",
)
@given(
    sentence("a wallet with 300.00 to spend and a gift of 20.00 that has expired{way:Way}", Way=WAYS),
    target_fixture="wallet",
)
def a_wallet_with_an_expired_gift(
    walletapi: WalletApi,
    wallet_pool: WalletPool,
    early_gifts: dict[Way, Early[Given]],
    gifts: list[str],
    balances_before_expiry: dict[Wallet, Decimal | None],
    way: Way,
) -> Wallet:
    def make() -> tuple[Given, float]:
        return give_expiring_gift(walletapi, wallet_pool.take(without_gifts=True), way)

    made = when_ready(walletapi.recorder, early_gifts.get(way), make)
    gifts.append(made.beside)
    balances_before_expiry[made.wallet] = made.balance
    return made.wallet


@then("the balance is the one that was read before the gift expired")
@judges("M-1")
def the_balance_is_the_one_before(
    walletapi: WalletApi, wallet: Wallet, balances_before_expiry: dict[Wallet, Decimal | None]
) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(wallet).wallet == balances_before_expiry[wallet]
