"""The API description in one file."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.contract.bundle import bundle
from harness.contract.contract import documented


@pytest.fixture(scope="module")
def document() -> Any:
    return bundle()


def test_bundle_is_valid_and_refers_to_no_file(document):
    OpenAPIV31SpecValidator(document).validate()
    assert "schema.json" not in json.dumps(document)
    assert "allOf" not in json.dumps(document["components"])


def test_bundle_has_a_component_with_a_unique_title_for_each_schema(document):
    schemas = document["components"]["schemas"]
    assert len(schemas) == len(documented().schemas) + 2  # Alfred's rejection and confirmation have no file
    assert len({schema["title"] for schema in schemas.values()}) == len(schemas)


@pytest.mark.parametrize(
    ("component", "member", "types"),
    [
        ("WalletapiUndoing", "MainTransactionId", "string"),
        ("WalletapiTransaction", "MainTransactionId", ["string", "null"]),
        ("WalletapiWallet", "Name", ["string", "null"]),
    ],
)
def test_narrower_schema_of_a_member_is_used(document, component, member, types):
    assert document["components"]["schemas"][component]["properties"][member]["type"] == types


@pytest.mark.parametrize(
    ("operation", "member", "types"),
    [("CreateWallet", "Name", "string"), ("PurchaseByAlias", "Description", "string")],
)
def test_response_envelope_has_the_value_schema_of_its_operation(document, operation, member, types):
    envelope = document["components"]["schemas"][f"Walletapi{operation}Response"]
    assert envelope["properties"]["Value"]["properties"][member]["type"] == types
    assert envelope["required"] == ["Value", "IsSuccess", "IsFailure"]
