"""The contract: loading, the messages for broken files of schemas/, and the text of findings."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.contract.contract import SCHEMAS, Contract, load_contract
from harness.failures import Finding, UsageError
from harness.wire.exchange import NOTHING

SALE = {
    "Alias": "1234567890",
    "Amount": Decimal("1.00"),
    "Description": "a sale",
    "ExternalReference": "r",
    "UseGiftBalances": True,
    "CashbackApply": False,
}
REFUSAL = {"Errors": ["no such alias"], "IsSuccess": False, "IsFailure": True}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(SCHEMAS, tmp_path / "schemas")


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(directory: Path) -> None:
        text = (directory / file).read_text(encoding="utf-8")
        assert old in text
        (directory / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def removed(file: str) -> Callable[[Path], None]:
    return lambda directory: (directory / file).unlink()


GIFT = "walletapi/gift.schema.json"

BROKEN = {
    "a schema that is no JSON": (replaced(GIFT, '"title":', '"title"'), [f"schemas/{GIFT} is broken", "line 3"]),
    "a schema that is no object": (
        lambda directory: (directory / GIFT).write_text("[]", encoding="utf-8"),
        [f"schemas/{GIFT} at $: should be an object"],
    ),
    "a schema that is not UTF-8": (
        lambda directory: (directory / GIFT).write_bytes(b'{"title": "\xff"}'),
        [f"schemas/{GIFT} is broken"],
    ),
    "an unknown type": (
        replaced(GIFT, '"type": "boolean"', '"type": "bool"'),
        [f"schemas/{GIFT} at $.properties.IsUnlimited.type: 'bool' is not valid"],
    ),
    "a member required twice": (
        replaced(GIFT, '"WalletId",', '"Id",'),
        [f"schemas/{GIFT} at $.required: "],
    ),
    "a length below zero": (
        replaced("alfred/getWallet.response.schema.json", '"minLength": 1', '"minLength": -1'),
        ["schemas/alfred/getWallet.response.schema.json at $.properties.walletAccountId.minLength"],
    ),
    "a pattern that is none": (
        replaced("walletapi/createWallet.request.schema.json", "^[a-z]{3}$", "^[a-z{3}$"),
        ["createWallet.request.schema.json at $.properties.CurrencyCode.pattern: '^[a-z{3}$' is not a 'regex'"],
    ),
    "a $ref to nothing": (
        replaced("walletapi/undoing.schema.json", "transaction.schema.json", "transactions.schema.json"),
        ["schemas/walletapi/undoing.schema.json at $.allOf[1].$ref", "transactions.schema.json"],
    ),
    "a message that is gone": (
        removed("alfred/createPurchase.request.schema.json"),
        ["schemas/openapi.yaml at $.paths['/v2/alfred/purchase'].post", "alfred/createPurchase.request.schema.json"],
    ),
    "no form of a rejection": (removed("walletapi/failure.schema.json"), ["walletapi/failure.schema.json"]),
    "no openapi.yaml": (removed("openapi.yaml"), ["schemas/openapi.yaml cannot be read: No such file"]),
    "an openapi.yaml that is no YAML": (
        replaced("openapi.yaml", "tags: [alfred]", "tags: [alfred"),
        ["schemas/openapi.yaml is broken", "line"],
    ),
    "an empty openapi.yaml": (
        lambda directory: (directory / "openapi.yaml").write_text("", encoding="utf-8"),
        ["schemas/openapi.yaml at $: should be an object"],
    ),
    "no x-clause": (
        replaced("openapi.yaml", "      x-clause: P-1\n", ""),
        ["schemas/openapi.yaml at $.paths['/v2/alfred/purchase'].post: 'x-clause' is missing"],
    ),
    "an unknown x-clause": (
        replaced("openapi.yaml", "x-clause: P-1", "x-clause: P-99"),
        ["schemas/openapi.yaml at $.paths['/v2/alfred/purchase'].post.x-clause: P-99 is not a clause"],
    ),
    "no operationId": (
        replaced("openapi.yaml", "operationId: createPurchase", "operation: createPurchase"),
        ["schemas/openapi.yaml at $.paths['/v2/alfred/purchase'].post: 'operationId' is missing"],
    ),
    "an unknown credential": (
        replaced("openapi.yaml", "- platformKey: []", "- plattformKey: []"),
        ["schemas/openapi.yaml at", ".security[0]: names no credential"],
    ),
    "an unknown API": (replaced("openapi.yaml", "tags: [alfred]", "tags: [albert]"), ["'albert' is not an API"]),
    "no clauses.toml": (removed("clauses.toml"), ["schemas/clauses.toml cannot be read"]),
    "a clauses.toml that is no TOML": (
        replaced("clauses.toml", 'id = "A-1"', "id = A-1"),
        ["schemas/clauses.toml is broken", "line 6"],
    ),
    "a clause twice": (
        replaced("clauses.toml", 'id = "A-2"', 'id = "A-1"'),
        ["schemas/clauses.toml", "A-1 occurs twice"],
    ),
    "an unknown level": (
        replaced("clauses.toml", '"documented"', '"documentd"'),
        ["schemas/clauses.toml at $.clause[0].level: 'documentd' is not a level"],
    ),
    "a clause without words": (
        replaced("clauses.toml", "\ntext =", "\nwords ="),
        ["schemas/clauses.toml at $.clause[0]: 'text' is missing"],
    ),
    "a pattern of a leak that is none": (
        replaced("clauses.toml", "[clause.patterns]\n", "[clause.patterns]\nodd = '('\n"),
        ["schemas/clauses.toml at", ".patterns.odd: is not a regular expression"],
    ),
}


@pytest.mark.parametrize("why", BROKEN)
def test_error_for_a_broken_file_names_the_file_and_place(copied: Path, why: str) -> None:
    change, words = BROKEN[why]
    change(copied)
    with pytest.raises(UsageError) as raised:
        load_contract(copied)
    message = str(raised.value)
    assert [word for word in words if word not in message] == [], message
    assert "\n" not in message


def test_a_copy_of_the_schemas_loads(copied: Path) -> None:
    assert load_contract(copied) == load_contract()


def test_other_files_in_the_directory_are_not_loaded(copied: Path) -> None:
    (copied / "another.schema.json").write_text("no JSON", encoding="utf-8")
    assert load_contract(copied)


def test_importing_the_module_imports_no_validator() -> None:
    program = "import sys, harness.contract.contract; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=SCHEMAS.parent, check=False).returncode == 0


def test_valid_request_and_response_have_no_findings(contract: Contract) -> None:
    assert contract.findings("walletapi.purchaseByAlias.request", SALE) == ()
    assert contract.response_findings("createPurchase", {"id": "7"}) == ()
    assert contract.findings(contract.rejection_schema, REFUSAL) == ()


@pytest.mark.parametrize("payload", [NOTHING, None, {}, [], "confirmed", {"state": 1}])
def test_a_confirmation_requires_no_members(contract: Contract, payload: Any) -> None:
    assert contract.response_findings("confirmPurchase", payload) == ()
    assert contract.response_findings("confirmPayment", payload) == ()


@pytest.mark.parametrize(
    ("amount", "received"),
    [
        ("12", '"12" (a string)'),
        (True, "true (a boolean)"),
        (None, "null"),
        (1.5, "1.5 (a float, which is not exact)"),
        (Decimal("NaN"), "NaN (a number)"),
        (Decimal("Infinity"), "Infinity (a number)"),
        (Decimal("-0.10"), "-0.10 (a number)"),
        (0, "0 (a number)"),
        ({"value": 1, "currency": "TRY"}, "an object: members value, currency"),
        ([], "an array: no elements"),
        ("x" * 200, '"' + "x" * 76 + "... (a string)"),
        ("\ud800", '"\\ud800" (a string)'),
    ],
)
def test_finding_shows_the_received_value_with_its_type(contract: Contract, amount: Any, received: str) -> None:
    (finding,) = contract.findings("walletapi.purchaseByAlias.request", SALE | {"Amount": amount})
    assert finding == Finding(
        "$.Amount",
        "a number above 0 and a multiple of 0.01: what the sale costs, a decimal in major units; docs/walletapi.md",
        received,
    )
    finding.received.encode()


def test_finding_for_a_missing_member_has_its_expected_path(contract: Contract) -> None:
    (finding,) = contract.response_findings("getWallet", {})
    assert finding.where == "$.walletAccountId"
    assert finding.documented.startswith("a string that is not empty: the account of the wallet")
    assert finding.received == "absent"


def test_invalid_json_body_is_reported_as_no_json(contract: Contract) -> None:
    (finding,) = contract.response_findings("getWallet", NOTHING)
    assert (finding.where, finding.received) == ("$", "nothing (no JSON)")


def test_alternatives_are_described_in_one_sentence(contract: Contract) -> None:
    found = contract.findings("walletapi.wallet", {"FrozenUntil": "never"})
    (finding,) = [finding for finding in found if finding.received != "absent"]
    assert finding.documented.startswith(
        "null or a timestamp (ISO 8601 with Z or an offset, at most 7 fractional digits)"
        ' or "0001-01-01T00:00:00": until when the wallet is frozen'
    )


@pytest.mark.parametrize(
    ("change", "documented"),
    [
        ({"IsFailure": False}, "true: whether the call failed"),
        ({"Errors": []}, "an array that is not empty: messages or error codes"),
        ({"Value": "x"}, "an object or null: nothing is said of it"),
    ],
)
def test_documented_values_are_described_in_words(contract: Contract, change: dict[str, Any], documented: str) -> None:
    (finding,) = contract.findings(contract.rejection_schema, REFUSAL | change)
    assert finding.documented.startswith(documented)


def test_findings_are_ordered_by_path_with_one_per_place(contract: Contract) -> None:
    found = contract.response_findings("purchaseByAlias", {"Value": {"Description": 1}, "IsSuccess": "x"})
    places = [finding.where for finding in found]
    assert places == sorted(set(places))
    assert {"$.IsFailure", "$.IsSuccess", "$.Value.Amount", "$.Value.Description"} <= set(places)


@pytest.mark.parametrize("token", [7, ["s3cret-value"], {"s3cret-value": "s3cret-value"}, ""])
def test_finding_never_shows_a_credential(contract: Contract, token: Any) -> None:
    (finding,) = contract.response_findings("authenticateWallet", {"walletId": "7", "accessToken": token})
    assert finding.where == "$.accessToken"
    assert finding.received.endswith(", not shown")
    assert "s3cret-value" not in finding.received


def test_finding_never_shows_a_credential_inside_a_received_value(contract: Contract) -> None:
    (finding,) = contract.response_findings("authenticateWallet", [{"accessToken": "s3cret-value"}])
    assert (finding.where, finding.received) == ("$", "an array: 1 elements")
