"""Every message schema with its examples and with bad ones, and with every member missing, null and of a wrong type."""

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson
from jsonschema.validators import Draft202012Validator

from harness.contract.contract import SCHEMAS, Contract, load_contract

HERE = Path(__file__).parent
DOCS = SCHEMAS.parent / "docs"
FILES = sorted(SCHEMAS.glob("*/*.schema.json"))


def read(file: Path) -> Any:
    return simplejson.loads(file.read_text(encoding="utf-8"), use_decimal=True)


GOOD_EXAMPLES: dict[str, list[Any]] = {
    ".".join(file.relative_to(SCHEMAS).parts).removesuffix(".schema.json"): read(file).get("examples", [])
    for file in FILES
}
BAD_EXAMPLES: dict[str, dict[str, Any]] = {}
for each in sorted((HERE / "bad_examples").glob("*.json")):
    BAD_EXAMPLES |= read(each)

KEYWORDS = frozenset(
    [
        "$schema",
        "$ref",
        "title",
        "description",
        "type",
        "format",
        "pattern",
        "const",
        "enum",
        "required",
        "properties",
        "allOf",
        "anyOf",
        "maxLength",
        "minLength",
        "items",
        "if",
        "then",
        "multipleOf",
        "minItems",
        "maxItems",
        "minimum",
        "exclusiveMinimum",
        "examples",
    ]
)
FORMATS = frozenset({"date-time", "uuid"})


def schemas_in(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and every schema inside it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("allOf", ()), *schema.get("anyOf", ())]
    for one in inner:
        yield from schemas_in(one)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_schema_uses_only_keywords_and_formats_that_the_suite_checks(file: Path) -> None:
    whole = json.loads(file.read_text(encoding="utf-8"))
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for schema in schemas_in(whole):
        assert set(schema) <= KEYWORDS
        assert schema.get("format", "uuid") in FORMATS
        kinds = schema.get("type", [])
        assert ("items" in schema) == ("array" in ([kinds] if isinstance(kinds, str) else kinds))
        assert schema.get("multipleOf", 0.01) == 0.01  # the checker compares decimal places


# What may be absent or null, by schema, as contract.md has it.
TRANSACTION_MAY_BE_NULL = {
    "GiftAmount",
    "UpdatedAt",
    "SourceWalletId",
    "DestinationWalletId",
    "GiftBalanceId",
    "MainTransactionId",
    "UsedGiftBalances",
}
WALLET_MAY_BE_NULL = {"FrozenUntil", "UpdatedAt"}
MAY_BE_NULL = {
    "walletapi.success": {"Errors"},
    "walletapi.failure": {"Value"},
    "walletapi.transaction": TRANSACTION_MAY_BE_NULL | {"Description"},
    "walletapi.purchaseByAlias.response": TRANSACTION_MAY_BE_NULL,
    "walletapi.undoing": TRANSACTION_MAY_BE_NULL - {"MainTransactionId"} | {"Description"},
    "walletapi.cancelPurchase.response": TRANSACTION_MAY_BE_NULL - {"MainTransactionId"} | {"Description"},
    "walletapi.refundPurchase.response": TRANSACTION_MAY_BE_NULL - {"MainTransactionId"} | {"Description"},
    "walletapi.wallet": WALLET_MAY_BE_NULL | {"Name"},
    "walletapi.createWallet.response": WALLET_MAY_BE_NULL,
    "walletapi.depositByAlias.response": WALLET_MAY_BE_NULL | {"Name"},
    "walletapi.gift": {"ExpirationDate", "Description", "LastTransactionId", "UpdatedAt"},
    "walletapi.createGiftByAlias.response": {"ExpirationDate", "Description", "LastTransactionId", "UpdatedAt"},
    "walletapi.balances": {"Name"},
    "walletapi.balancesByAlias.response": {"Name"},
    "walletapi.createGiftByAlias.request": {"ExpirationDate"},
    "alfred.openPurchaseSession.response": {"balanceAmount", "remainingAmount"},
}
MAY_BE_ABSENT = {
    "walletapi.success": {"Errors"},
    "walletapi.failure": {"Value"},
    "walletapi.createGiftByAlias.request": {"ExpirationDate", "Description", "ExternalReference"},
    "alfred.openPurchaseSession.response": {"balanceAmount", "remainingAmount"},
}
OF_ONE_GENERATION = {
    "Alias",
    "BlockedBalanceAfterTransaction",
    "MerchantId",
    "TransactionId",
    "AllowOverdraft",
    "OverdraftLimit",
}
WITH_ALIAS_OPTIONAL = {
    "transaction",
    "undoing",
    "purchaseByAlias.response",
    "cancelPurchase.response",
    "refundPurchase.response",
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def optional(schema: str, member: str) -> bool:
    if member == "Alias":
        return schema.removeprefix("walletapi.") in WITH_ALIAS_OPTIONAL
    envelope = schema.endswith(".response") and schema.startswith("walletapi.") and member == "Errors"
    return envelope or member in OF_ONE_GENERATION or member in MAY_BE_ABSENT.get(schema, ())


def nullable(schema: str, member: str) -> bool:
    one_generation = member in OF_ONE_GENERATION and optional(schema, member)
    envelope = schema.endswith(".response") and schema.startswith("walletapi.") and member == "Errors"
    return envelope or one_generation or member in MAY_BE_NULL.get(schema, ())


def members(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from members(inner, (*path, name))


def changed(value: Any, path: tuple[str, ...], *to: Any) -> Any:
    whole = copy.deepcopy(value)
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    if to:
        inner[path[-1]] = to[0]
    else:
        del inner[path[-1]]
    return whole


def wrong_types(value: Any) -> list[Any]:
    of_all = [["x"], {"x": 1}, "x", "1", 1, True, 1.5]
    if isinstance(value, bool):
        return [wrong for wrong in [*of_all, 0, "true"] if not isinstance(wrong, bool)]
    if isinstance(value, str):
        return [wrong for wrong in of_all if not isinstance(wrong, str)]
    if isinstance(value, list | dict):
        return [wrong for wrong in of_all if not isinstance(wrong, type(value))]
    return [wrong for wrong in of_all if wrong is True or isinstance(wrong, str | list | dict | float)]


GOOD = [(name, index) for name, examples in GOOD_EXAMPLES.items() for index in range(len(examples))]
BAD = [(name, why) for name, examples in BAD_EXAMPLES.items() for why in examples]
MEMBERS = [
    (name, path) for name, examples in GOOD_EXAMPLES.items() for path in members(examples[0] if examples else {})
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_schema_has_an_example(file: Path) -> None:
    assert read(file).get("examples"), f'write "examples": [...] into {file.relative_to(SCHEMAS.parent)}'


def test_a_bad_example_belongs_to_a_schema() -> None:
    assert set(BAD_EXAMPLES) <= set(GOOD_EXAMPLES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_schema_conforms_to_the_metaschema(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_property_has_a_description_with_its_source(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    assert schema["title"]
    assert sourced(schema["description"])
    undescribed = [name for name, inner in properties(schema) if not sourced(inner.get("description", ""))]
    assert undescribed == []


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, list):
        for inner in schema:
            yield from properties(inner)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for keyword, inner in schema.items():
            yield from properties([*inner.values()] if keyword == "properties" else inner)


def sourced(description: str) -> bool:
    return re.search(r"docs/\S+\.md|contract\.md", description) is not None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_schema_allows_additional_members_and_decimals(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "additionalProperties" not in text
    assert "unevaluatedProperties" not in text
    assert '"integer"' not in text
    assert "multipleOf" not in text or file.name.endswith(".request.schema.json")


def test_each_schema_has_a_title_of_its_own() -> None:
    titles = [json.loads(file.read_text(encoding="utf-8"))["title"] for file in FILES]
    assert len(set(titles)) == len(FILES)


@pytest.mark.parametrize("amount", ["10", "10.5", "0.01", "1.000", "9.84E+2", "1E+400", "1" + "0" * 1000])
def test_amount_with_two_decimal_places_is_valid_in_a_request(contract: Contract, amount: str) -> None:
    assert contract.findings("walletapi.depositByAlias.request", deposit(amount)) == ()


@pytest.mark.parametrize("amount", ["10.005", "0.001", "1E-3", "1E-1000000000", "123456789012345678901234567890.001"])
def test_amount_with_three_decimal_places_is_invalid_in_a_request(contract: Contract, amount: str) -> None:
    (found,) = contract.findings("walletapi.depositByAlias.request", deposit(amount))
    assert found.where == "$.Amount"
    assert "a multiple of 0.01" in found.documented


def deposit(amount: str) -> dict[str, Any]:
    return GOOD_EXAMPLES["walletapi.depositByAlias.request"][0] | {"Amount": Decimal(amount)}


@pytest.mark.parametrize(("name", "index"), GOOD)
def test_good_example_has_no_findings(contract: Contract, name: str, index: int) -> None:
    assert contract.findings(name, GOOD_EXAMPLES[name][index]) == ()


@pytest.mark.parametrize(("name", "why"), BAD)
def test_bad_example_has_findings(contract: Contract, name: str, why: str) -> None:
    assert contract.findings(name, BAD_EXAMPLES[name][why])


@pytest.mark.parametrize(("name", "path"), MEMBERS, ids=lambda part: part if isinstance(part, str) else ".".join(part))
def test_member_may_be_absent_only_if_the_contract_allows_it(
    contract: Contract, name: str, path: tuple[str, ...]
) -> None:
    found = contract.findings(name, changed(GOOD_EXAMPLES[name][0], path))
    expected = [] if optional(name, path[-1]) else [(where(path), "absent")]
    assert [(finding.where, finding.received) for finding in found] == expected


@pytest.mark.parametrize(("name", "path"), MEMBERS, ids=lambda part: part if isinstance(part, str) else ".".join(part))
def test_member_may_be_null_only_if_the_contract_allows_it(
    contract: Contract, name: str, path: tuple[str, ...]
) -> None:
    found = contract.findings(name, changed(GOOD_EXAMPLES[name][0], path, None))
    expected = [] if nullable(name, path[-1]) else [(where(path), "null")]
    assert [(finding.where, finding.received) for finding in found] == expected


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, path in MEMBERS if not (optional(name, path[-1]) and path[-1] in OF_ONE_GENERATION)],
    ids=lambda part: part if isinstance(part, str) else ".".join(part),
)
def test_member_of_a_wrong_type_is_reported(contract: Contract, name: str, path: tuple[str, ...]) -> None:
    good = value = GOOD_EXAMPLES[name][0]
    for part in path:
        value = value[part]
    for wrong in wrong_types(value):
        assert [finding.where for finding in contract.findings(name, changed(good, path, wrong))] == [where(path)], (
            wrong
        )


@pytest.mark.parametrize("name", GOOD_EXAMPLES)
def test_undocumented_members_are_accepted_anywhere(contract: Contract, name: str) -> None:
    good = copy.deepcopy(GOOD_EXAMPLES[name][0])
    good["another"] = {"deep": [None, 1]}
    if isinstance(good.get("Value"), dict):
        good["Value"]["another"] = "text"
    assert contract.findings(name, good) == ()


@pytest.mark.parametrize(
    "scale", ["1", "1.0", "1.00", "9.84E+2", "984.00", "100000.80", "1e0", "0", "123456789012.345678"]
)
def test_a_number_is_accepted_at_any_scale_and_in_any_form(contract: Contract, scale: str) -> None:
    sale = changed(GOOD_EXAMPLES["walletapi.purchaseByAlias.response"][0], ("Value", "Amount"), parsed(scale))
    assert contract.findings("walletapi.purchaseByAlias.response", sale) == ()


def test_sale_shown_in_walletapi_md_is_valid(contract: Contract) -> None:
    request, response = re.findall(
        r"^\{$.*?^\}$", (DOCS / "walletapi.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert contract.response_findings("purchaseByAlias", parsed(response)) == ()
    assert contract.findings("walletapi.purchaseByAlias.request", parsed(re.sub(r"//.*", "", request))) == ()


def test_requests_shown_in_alfred_md_are_valid(contract: Contract) -> None:
    shown = re.findall(r"^\{$.*?^\}$", (DOCS / "alfred.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    order = (
        *("createPurchase", "authenticateWallet", "openPurchaseSession", "confirmPurchase"),
        *("authenticateWallet", "openPaymentSession", "createPayment"),
        *("createPurchase", "openPurchaseSession", "confirmPurchase"),
    )
    assert len(shown) == len(order)
    found = [
        contract.findings(contract.operations[name].request_schema or "", parsed(body))
        for name, body in zip(order, shown, strict=True)
    ]
    assert found == [()] * len(order)


def parsed(text: str) -> Any:
    return simplejson.loads(text, use_decimal=True)


def where(path: tuple[str, ...]) -> str:
    return ".".join(("$", *path))
