"""openapi.yaml as others read it, and its fifteen operations (contract.md, Alfred and WalletAPI)."""

import re
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.contract.contract import SCHEMAS, load_contract

FILE = SCHEMAS / "openapi.yaml"

ALFRED = {
    "authenticateWallet": ("POST", "/v2/alfred/platform/{platformId}/walletauthentication", "A-1", "platform"),
    "createPurchase": ("POST", "/v2/alfred/purchase", "P-1", "shop"),
    "openPurchaseSession": ("POST", "/v2/alfred/purchase/{purchaseId}/session", "P-3", "shop"),
    "confirmPurchase": ("POST", "/v2/alfred/purchase/{purchaseId}:confirm", "P-4", "shop"),
    "getWallet": ("GET", "/v2/wallet/wallets/{walletId}", "W-1", "token"),
    "openPaymentSession": ("POST", "/v2/wallet/tx/payments/session", "F-1", "token"),
    "createPayment": ("POST", "/v2/wallet/tx/payments", "F-2", "token"),
    "confirmPayment": ("POST", "/v2/wallet/tx/payments/{paymentId}:confirm", "F-3", "token"),
}
WALLETAPI = {
    "purchaseByAlias": ("POST", "/api/v1/wallet/purchase/by/alias", "T-1", "walletapi"),
    "createWallet": ("POST", "/api/v1/wallet", "T-8", "walletapi"),
    "depositByAlias": ("POST", "/api/v1/wallet/deposit/by/alias", "T-8", "walletapi"),
    "createGiftByAlias": ("POST", "/api/v1/balance/gift/by/wallet/alias", "T-8", "walletapi"),
    "balancesByAlias": ("GET", "/api/v1/wallet/balances/by/alias", "T-8", "walletapi"),
    "cancelPurchase": ("POST", "/api/v1/wallet/purchase/cancel", "R-1", "walletapi"),
    "refundPurchase": ("POST", "/api/v1/wallet/purchase/refund", "R-1", "walletapi"),
}


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_it_is_valid_openapi_with_every_message_behind_it(document: Any) -> None:
    OpenAPIV31SpecValidator(document, base_uri=FILE.as_uri()).validate()


def test_it_has_the_operations_of_the_contract() -> None:
    operations = load_contract().operations
    found = {name: (one.method, one.path, one.clause, one.credential) for name, one in operations.items()}
    assert found == ALFRED | WALLETAPI
    assert {name for name, one in operations.items() if one.api == "alfred"} == set(ALFRED)


def test_each_operation_has_its_messages() -> None:
    contract = load_contract()
    for name, one in contract.operations.items():
        sends = one.method == "POST" and name != "confirmPayment"
        assert one.request_schema == (f"{one.api}.{name}.request" if sends else None)
        named = name not in {"confirmPurchase", "confirmPayment"}
        assert one.response_schema == (f"{one.api}.{name}.response" if named else None)
    used = {schema for one in contract.operations.values() for schema in (one.request_schema, one.response_schema)}
    idle = {name for name in contract.schemas if re.search(r"\.(request|response)$", name)} - used
    assert idle == set()


def test_everything_in_it_is_described(document: Any) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert re.search(r"docs/\S+\.md", operation["description"])
            assert all(
                "docs/alfred.md" in p["description"] or "docs/walletapi" in p["description"]
                for p in parameters(operation)
            )
    described = (document["components"]["securitySchemes"] | document["components"]["responses"]).values()
    assert all(part["description"] for part in described)


def parameters(operation: Any) -> list[Any]:
    return operation.get("parameters", [])
