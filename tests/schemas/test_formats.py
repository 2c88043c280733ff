"""GUIDs and timestamps, which are really checked (contract.md, Values)."""

import pytest

from harness.contract.checking import is_guid, is_timestamp


@pytest.mark.parametrize(
    "text",
    [
        "e966d7fe-4d49-4b73-9c58-0921cfa51ea3",
        "E966D7FE-4D49-4B73-9C58-0921CFA51EA3",
        "e966D7fe-4d49-4B73-9c58-0921cfa51Ea3",
        "00000000-0000-0000-0000-000000000000",
    ],
)
def test_valid_guid_is_accepted(text: str) -> None:
    assert is_guid(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e966d7fe4d494b739c580921cfa51ea3",
        "{e966d7fe-4d49-4b73-9c58-0921cfa51ea3}",
        "urn:uuid:e966d7fe-4d49-4b73-9c58-0921cfa51ea3",
        "e966d7fe-4d49-4b73-9c58-0921cfa51ea",
        "e966d7fe-4d49-4b73-9c58-0921cfa51ea3\n",
        "g966d7fe-4d49-4b73-9c58-0921cfa51ea3",
        "e966d7fe-4d494-b73-9c58-0921cfa51ea3",
    ],
)
def test_invalid_guid_is_rejected(text: str) -> None:
    assert not is_guid(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-28T08:10:12Z",
        "2025-04-28T08:10:12.8Z",
        "2025-04-28T08:10:12.882852Z",
        "2025-04-28T08:10:12.8828523Z",
        "2025-04-28T08:10:12+06:00",
        "2025-04-28T08:10:12.1234567-03:30",
        "2024-02-29T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999+00:00",
    ],
)
def test_valid_timestamp_is_accepted(text: str) -> None:
    assert is_timestamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-04-28",
        "2025-04-28T08:10:12",
        "0001-01-01T00:00:00",
        "2025-04-28 08:10:12Z",
        "2025-04-28T08:10Z",
        "2025-13-01T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2025-04-31T00:00:00Z",
        "2025-04-28T24:00:00Z",
        "2025-04-28T23:60:00Z",
        "2025-04-28T23:59:60Z",
        "2025-04-28T08:10:12.Z",
        "2025-04-28T08:10:12.12345678Z",
        "2025-04-28T08:10:12,5Z",
        "2025-04-28T08:10:12+24:00",
        "2025-04-28T08:10:12+06:60",
        "2025-04-28T08:10:12+0600",
        "2025-04-28T08:10:12ZZ",
        "2025-04-28T08:10:12Z\n",
        "20250428T081012Z",
        "2025-W18-1T08:10:12Z",
        "0000-01-01T00:00:00Z",
        "٢٠٢٥-04-28T08:10:12Z",
        "1745827812",
        "Mon, 28 Apr 2025 08:10:12 GMT",
    ],
)
def test_invalid_timestamp_is_rejected(text: str) -> None:
    assert not is_timestamp(text)


@pytest.mark.parametrize("value", [None, 12, True, [], {}])
def test_a_format_applies_to_strings_only(value: object) -> None:
    assert is_guid(value)
    assert is_timestamp(value)
