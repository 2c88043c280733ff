"""openapi.yaml as others read it, and its operations (contract.md, Alfred and WalletAPI)."""

import re
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.contract.contract import SCHEMAS, load_contract
from sandbox.alfred import routes as alfred
from sandbox.walletapi import routes as walletapi

FILE = SCHEMAS / "openapi.yaml"

CONTRACT = (SCHEMAS.parent / "docs" / "contract.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+) \| ([A-Z]+) `([^`]+)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_document_with_its_message_schemas_is_valid_openapi(document: Any) -> None:
    OpenAPIV31SpecValidator(document, base_uri=FILE.as_uri()).validate()


def test_table_of_alfred_in_contract_md_lists_its_operations() -> None:
    operations = [one for one in load_contract().operations.values() if one.api == "alfred"]
    assert ROW.findall(CONTRACT) == [(one.id, one.method, one.path) for one in operations]


def test_sandbox_routes_match_the_documented_operations() -> None:
    routes = [*alfred.OPERATIONS, *walletapi.OPERATIONS]
    found = {one.id: (one.method, one.path, one.takes or "walletapi", one.takes_body) for one in routes}
    operations = load_contract().operations.items()
    assert found == {
        name: (one.method, one.path, one.credential, one.request_schema is not None) for name, one in operations
    }


def test_a_message_is_named_after_its_operation_and_is_used() -> None:
    contract = load_contract()
    for name, one in contract.operations.items():
        assert one.request_schema in (None, f"{one.api}.{name}.request")
        assert one.response_schema in (None, f"{one.api}.{name}.response")
    used = {schema for one in contract.operations.values() for schema in (one.request_schema, one.response_schema)}
    idle = {name for name in contract.schemas if re.search(r"\.(request|response)$", name)} - used
    assert idle == set()


def test_every_operation_and_parameter_has_a_description(document: Any) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert re.search(r"contract\.md", operation["description"]), operation["operationId"]
            for parameter in parameters(operation):
                assert re.search(r"docs/\S+\.md|contract\.md", parameter["description"]), parameter["name"]
    described = (document["components"]["securitySchemes"] | document["components"]["responses"]).values()
    assert all(part["description"] for part in described)


def parameters(operation: Any) -> list[Any]:
    return operation.get("parameters", [])
