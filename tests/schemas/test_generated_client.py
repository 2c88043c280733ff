"""A client that openapi-python-client generates from the API description."""

import importlib
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.contract.contract import documented

PACKAGE = "generated_wallet_client"
OPERATIONS = sorted(documented().operations.values(), key=lambda one: one.id)


@pytest.fixture(scope="module", autouse=True)
def _generated(description: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    files: list[str | Path] = [
        "--path",
        description,
        "--config",
        folder / "config.yaml",
        "--output-path",
        folder / PACKAGE,
    ]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


def part(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


def call(operation: str) -> ModuleType:
    one = documented().operations[operation]
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)
    return part(f"api.{one.api}.{snake}")


def model(name: str, **members: Any) -> Any:
    return getattr(part("models"), name)(**members)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_generated_operation_returns_typed_models(operation: Any) -> None:
    names = typing.get_type_hints(call(operation.id).sync)["return"]
    types = [one for one in typing.get_args(names) if one is not type(None)]
    assert Any not in types
    assert len(types) == 2  # a success and a rejection
    assert all(one.__module__.startswith(f"{PACKAGE}.models") for one in types)


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("ASaleThatWasMadeValue", "amount", "float"),
        ("ASaleThatWasMadeValue", "description", "str"),
        ("ASessionOnAPurchase", "payment_session_id", "str"),
        ("TheBalancesThatWereRead", "value", "TheBalancesOfAWallet"),
    ],
)
def test_generated_member_has_the_expected_type(kind: str, member: str, expected: str) -> None:
    assert getattr(part("models"), kind).__annotations__[member] == expected


@pytest.fixture
def authorized(platform: Any) -> Iterator[Callable[..., Any]]:
    """Return a client with a credential and other headers."""
    clients = []

    def make(token: str, header: str = "Authorization", prefix: str = "Bearer", **others: str) -> Any:
        kind = part("client").AuthenticatedClient
        client = kind(base_url=platform.base_url, token=token, auth_header_name=header, prefix=prefix, headers=others)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.get_httpx_client().close()


@pytest.fixture
def shop(platform: Any, authorized: Any) -> Any:
    return authorized(platform.alfred["shop_key"], "API-KEY", "")


@pytest.fixture
def login(platform: Any, authorized: Any) -> Any:
    """Return the response to a login of a new user."""
    client = authorized(platform.alfred["platform_key"], "API-KEY", "")
    body = model("AuthenticateAUserAsThePlatform", external_reference_id="generated")
    return call("authenticateWallet").sync(platform.alfred["platform_id"], client=client, body=body)


def test_a_wallet_is_funded_and_a_purchase_is_split(platform: Any, authorized: Any, shop: Any, login: Any) -> None:
    user = authorized(login.access_token)
    account = call("getWallet").sync(login.wallet_id, client=user).wallet_account_id
    fund(platform, user, account, 20.0)
    purchase = call("createPurchase").sync(client=shop, body=a_purchase(platform, 50.0)).id
    opening = model("OpenASessionOnAPurchase", country_code="BD", wallet_id=login.wallet_id)
    session = call("openPurchaseSession").sync(purchase, client=shop, body=opening)
    assert (session.balance_amount, session.remaining_amount) == (20.0, 30.0)
    instrument = model(
        "ConfirmAPurchaseTheInstrumentOfAPurchase",
        selected_payment_method="cash",
        selected_payment_instrument_id=session.payment_instrument_id,
    )
    confirmation = model(
        "ConfirmAPurchase",
        payment_session_details=instrument,
        payment_session_id=session.payment_session_id,
        wallet_id=login.wallet_id,
    )
    confirmed = call("confirmPurchase").sync(purchase, client=shop, body=confirmation)
    assert isinstance(confirmed, part("models").AConfirmationByAlfred)
    later = call("createPurchase").sync(client=shop, body=a_purchase(platform, 10.0)).id
    assert call("openPurchaseSession").sync(later, client=shop, body=opening).balance_amount == 0


def test_a_sale_and_its_refund_are_typed(platform: Any, authorized: Any) -> None:
    keys = platform.walletapi
    client = authorized(keys["key"], "apikeypublic", "", apiclientpublic=keys["client"])
    deposit = model("PutMoneyOnAWallet", alias=platform.alias, amount=30.0, description="d", external_reference="d")
    assert call("depositByAlias").sync(client=client, body=deposit).value.balance >= 30
    sale = model(
        "MakeASale",
        alias=platform.alias,
        amount=12.5,
        description="a book",
        external_reference="generated-1",
        use_gift_balances=False,
        cashback_apply=False,
    )
    made = call("purchaseByAlias").sync(client=client, body=sale).value
    assert (made.amount, made.description, made.gift_amount) == (12.5, "a book", None)
    again = call("purchaseByAlias").sync(client=client, body=sale)
    assert isinstance(again, part("models").TheEnvelopeOfARejection)
    undoing = model("RefundASale", external_reference="generated-1", rollback_fee=False, rollback_cashback=False)
    assert call("refundPurchase").sync(client=client, body=undoing).value.main_transaction_id == made.id


def test_rejection_is_typed(platform: Any, shop: Any) -> None:
    rejected = call("createPurchase").sync(client=shop, body=a_purchase(platform, -1.0))
    assert isinstance(rejected, part("models").ARejectionByAlfred)


def a_purchase(platform: Any, amount: float) -> Any:
    return model(
        "CreateAPurchase",
        amount=amount,
        currency=platform.alfred["currency"],
        shop_configuration_id=platform.alfred["shop_configuration_id"],
        billing_address="",
        shipping_address="",
        custom_type="",
        description="",
    )


def fund(platform: Any, user: Any, account: str, amount: float) -> None:
    opening = model("OpenAFundingSession", payment_type="Funding", wallet_account_id=account)
    session = call("openPaymentSession").sync(client=user, body=opening)
    instrument = model(
        "CreateAPaymentTheInstrumentOfAPayment",
        selected_payment_method="cash",
        selected_payment_instrument_id=session.payment_instrument_id,
    )
    payment = model(
        "CreateAPayment",
        description="",
        payment_amount=amount,
        payment_currency=platform.alfred["currency"],
        payment_session_details_json=instrument,
        payment_session_id=session.payment_session_id,
        wallet_account_id=account,
    )
    created = call("createPayment").sync(client=user, body=payment)
    call("confirmPayment").sync(created.id, client=user)
