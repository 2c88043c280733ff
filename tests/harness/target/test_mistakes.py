"""Mistakes in a target file: each is reported in one line with file, line and key, before anything is sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.failures import UsageError
from harness.target.reading import build_target
from proof.target_file import toml
from tests.conftest import Row
from tests.harness.runs import KEYS, PAIR, run_pytest, tables_at
from tests.harness.target.conftest import URL, error_message

TITLE = "a first day with a target file: what was wrong, and what the run says before the first scenario"

WRONG = {
    "no TOML": ("[walletapi]", "[walletapi", ["not valid TOML", "line 9"]),
    "a key twice": ("[walletapi]", 'currency = "EUR"\n[walletapi]', ["not valid TOML", "line 9"]),
    "a number for a text": ('"P-1"', "7", ["line 3: alfred.platform_id", "text"]),
    "a text for a number": ("[walletapi]", '[walletapi]\nregion_id = "1"', ["line 10: walletapi.region_id", "integer"]),
    "a text for a list": ("[walletapi]", '[walletapi]\naliases = "1"', ["line 10: walletapi.aliases", "array"]),
    "an unknown key": ("platform_id", "platform", ["line 3: alfred.platform is not known", "platform_id is missing"]),
    "an unknown table": ("[walletapi]", "[walletapy]", ["line 9: walletapy is not known"]),
    "a missing key": ('shop_key = "shop-key-4711"\n', "", ["line 1: alfred.shop_key is missing"]),
    "an empty key": ('"shop-key-4711"', '""', ["line 7: alfred.shop_key", "not empty"]),
    "an unset variable": ('"shop-key-4711"', '"${UNSET_KEY}"', ["line 7: alfred.shop_key", "UNSET_KEY", "not set"]),
    "an empty variable": ('"shop-key-4711"', '"${EMPTY_KEY}"', ["line 7: alfred.shop_key", "EMPTY_KEY", "not empty"]),
    "no scheme": (f'"{URL}"', '"wallet.example"', ["line 2: alfred.base_url", "scheme"]),
    "another scheme": (f'"{URL}"', '"ftp://wallet.example"', ["line 2: alfred.base_url", "scheme"]),
    "no host": (f'"{URL}"', '"https:///v2"', ["line 2: alfred.base_url", "host"]),
    "a port that is none": (f'"{URL}"', f'"{URL}:web"', ["line 2: alfred.base_url"]),
    "a port beyond all": (f'"{URL}"', f'"{URL}:99999"', ["line 2: alfred.base_url"]),
    "half an address": (f'"{URL}"', '"http://[::1"', ["line 2: alfred.base_url"]),
    "a query": (f'"{URL}"', f'"{URL}/?v=2"', ["line 2: alfred.base_url"]),
    "a login in an address": (f'"{URL}"', '"https://me:shop-key-4711@w.example"', ["line 2: alfred.base_url"]),
    "a gate that is none": ("[alfred]", 'gate = "some"\n[alfred]', ["line 1: gate", "all, documented"]),
    "an amount of nothing": ("[walletapi]", 'probe_amount = "0"\n[walletapi]', ["line 9: alfred.probe_amount"]),
    "an amount beyond all": ("[walletapi]", "probe_amount = inf\n[walletapi]", ["line 9: alfred.probe_amount"]),
    "an amount that is none": ("[walletapi]", "probe_amount = nan\n[walletapi]", ["line 9: alfred.probe_amount"]),
    "three places": ("[walletapi]", "probe_amount = 1.005\n[walletapi]", ["line 9: alfred.probe_amount"]),
    "a timeout of nothing": ("[walletapi]", "[limits]\ntimeout = 0\n[walletapi]", ["line 10: limits.timeout"]),
    "a timeout without end": ("[walletapi]", "[limits]\ntimeout = inf\n[walletapi]", ["line 10: limits.timeout"]),
    "no JSONPath": (
        "[walletapi]",
        '[alfred.locate]\nbalanceAmount = "$.["\n[walletapi]',
        ["line 10: alfred.locate.balanceAmount", "RFC 9535"],
    ),
    "a member that can't be located": (
        "[walletapi]",
        '[alfred.locate]\nbalance = "$.x"\n[walletapi]',
        ["line 10: alfred.locate.balance", "balanceAmount"],
    ),
    "a member of another operation": (
        "[walletapi]",
        '[alfred.locate]\ngetWallet.id = "$.x"\n[walletapi]',
        ["line 10: alfred.locate.getWallet.id", "did you mean"],
    ),
    "an unknown role": (
        "[walletapi]",
        '[alfred.credentials]\ngetWallet = "user"\n[walletapi]',
        ["line 10: alfred.credentials.getWallet", "shop, platform or token"],
    ),
    "a token to get a token": (
        "[walletapi]",
        '[alfred.credentials]\nauthenticateWallet = "token"\n[walletapi]',
        ["line 10: alfred.credentials.authenticateWallet", "shop, platform"],
    ),
    "a password alone": (
        "[walletapi]",
        '[admin]\nurl = "https://a.example/{walletId}"\nbalance = "b"\npassword = "shop-key-4711"\n[walletapi]',
        ["line 9: admin.user is missing", "password"],
    ),
    "a name with a break": ('"platform-key-0815"', '"a\\nb"', ["line 8: alfred.platform_key", "HTTP header"]),
    "a key in two lines": ('"shop-key-4711"', '"shop-key-4711\\n"', ["line 7: alfred.shop_key", "line break"]),
    "a key between blanks": ('"shop-key-4711"', '" shop-key-4711"', ["line 7: alfred.shop_key", "blank"]),
    "a key quoted twice": ('"shop-key-4711"', "'\"shop-key-4711\"'", ["line 7: alfred.shop_key", "quoted twice"]),
    "a key in typographic quotes": (
        '"shop-key-4711"',
        '"\u201cshop-key-4711\u201d"',
        ["line 7: alfred.shop_key", "quoted twice"],
    ),
    "a variable that is not closed": ('"shop-key-4711"', '"${SHOP_KEY"', ["line 7: alfred.shop_key", "a ${"]),
    "a variable with a dash": ('"shop-key-4711"', '"${SHOP-KEY}"', ["line 7: alfred.shop_key", "a ${"]),
    "a variable with a blank": ('"shop-key-4711"', '"${ SHOP_KEY }"', ["line 7: alfred.shop_key", "a ${"]),
    "a variable that contains a variable": ('"shop-key-4711"', '"${NESTED}"', ["alfred.shop_key", "a ${", "NESTED"]),
    "a key with a letter that no header has": ('"shop-key-4711"', '"k\u00e9y"', ["line 7: alfred.shop_key", "header"]),
    "a number for a key": ('"shop-key-4711"', "4711", ["line 7: alfred.shop_key", "text"]),
    "an id with a blank": ('"P-1"', '"P 1"', ["line 3: alfred.platform_id", "no blank"]),
    "an id in an array": ('"P-1"', '["P-1"]', ["line 3: alfred.platform_id", "text"]),
    "a currency without quotes": ('"BDT"', "BDT", ["line 6: currency is not valid TOML", "column 12"]),
    "a currency with a blank": ('"BDT"', '"BDT "', ["line 6: alfred.currency", "blank"]),
    "a country of nothing": ('"BD"', '""', ["line 5: alfred.country_code", "not empty"]),
    "true for a text": ('"BD"', "true", ["line 5: alfred.country_code", "text"]),
    "a URL with a blank in it": (f'"{URL}"', '"https://wallet .example"', ["line 2: alfred.base_url", "URL"]),
    "a URL with a placeholder": (f'"{URL}"', '"https://<host>/v2"', ["line 2: alfred.base_url", "<"]),
    "a URL with a fragment": (f'"{URL}"', f'"{URL}/#top"', ["line 2: alfred.base_url", "fragment"]),
    "a table as a value": ("[walletapi]", "limits = 5\n[walletapi]", ["line 9: alfred.limits is not known"]),
    "a header with a colon": ("[walletapi]", 'key_header = "API-KEY:"\n[walletapi]', ["line 9: alfred.key_header"]),
    "a scheme of two words": ("[walletapi]", 'token_scheme = "a b"\n[walletapi]', ["line 9: alfred.token_scheme"]),
    "an Admin URL without the wallet": (
        "[walletapi]",
        '[admin]\nurl = "https://a.example/7"\nbalance = "b"\n[walletapi]',
        ["line 10: admin.url", "{walletId}"],
    ),
    "an Admin URL with another name": (
        "[walletapi]",
        '[admin]\nurl = "https://a.example/{walletid}"\nbalance = "b"\n[walletapi]',
        ["line 10: admin.url", "{walletId}"],
    ),
    "an Admin URL with the wallet as its host": (
        "[walletapi]",
        '[admin]\nurl = "https://{walletId}"\nbalance = "b"\n[walletapi]',
        ["line 10: admin.url", "{walletId} after the host"],
    ),
    "no selector": (
        "[walletapi]",
        '[admin]\nurl = "https://a.example/{walletId}"\nbalance = "td["\n[walletapi]',
        ["line 11: admin.balance", "CSS selector"],
    ),
    "an XPath for a selector": (
        "[walletapi]",
        '[admin]\nurl = "https://a.example/{walletId}"\nbalance = "//td[1]"\n[walletapi]',
        ["line 11: admin.balance", "CSS selector"],
    ),
    "a clause that does not exist": ("[alfred]", 'left_out = ["S-44"]\n[alfred]', ["line 1: left_out", "S-4?"]),
    "a clause in small letters": ("[alfred]", 'left_out = ["s-4"]\n[alfred]', ["line 1: left_out", "S-4?"]),
    "an API that does not exist": ("[alfred]", 'left_out = ["wallet"]\n[alfred]', ["line 1: left_out", "walletapi?"]),
    "a clause twice": ("[alfred]", 'left_out = ["S-4", "S-4"]\n[alfred]', ["line 1: left_out", "S-4 twice"]),
    "a clause that is no array": ("[alfred]", 'left_out = "S-4"\n[alfred]', ["line 1: left_out", "array"]),
    "a kind that does not exist": (
        "[walletapi]",
        '[limits]\nallow = ["race"]\n[walletapi]',
        ["line 10: limits.allow", "races?", "hostile"],
    ),
    "a setting in another table": (
        "[walletapi]",
        '[limits]\nleft_out = ["S-4"]\n[walletapi]',
        ["line 10: limits.left_out", "above the first [table]"],
    ),
    "a limit in another table": (
        "[walletapi]",
        "timeout = 10\n[walletapi]",
        ["line 9: alfred.timeout", "belongs to [limits]"],
    ),
    "a limit in a currency of neither API": (
        "[walletapi]",
        '[limits]\nspend = { BDX = "5" }\n[walletapi]',
        ["line 10: limits.spend.BDX", "BDT, TRY"],
    ),
    "a limit without a currency": (
        "[walletapi]",
        "[limits]\nspend = 500\n[walletapi]",
        ["line 10: limits.spend", "table"],
    ),
    "no calls at all": (
        "[walletapi]",
        "[limits]\ncalls_per_second = 0\n[walletapi]",
        ["line 10: limits.calls_per_second", "above zero"],
    ),
    "a rate in quotes": (
        "[walletapi]",
        '[limits]\ncalls_per_second = "20"\n[walletapi]',
        ["line 10: limits.calls_per_second", "number"],
    ),
    "a header of HTTP": (
        "[alfred]",
        'request_id_header = "Host"\n[alfred]',
        ["line 1: request_id_header", "HTTP needs"],
    ),
    "known issues that are not there": (
        "[alfred]",
        'known_issues = "gone.toml"\n[alfred]',
        ["line 1: known_issues", "can't be read"],
    ),
    "an authority that is not there": (
        "[alfred]",
        'ca_file = "gone.pem"\n[alfred]',
        ["line 1: ca_file", "can't be read"],
    ),
    "an authority without a certificate": (
        "[alfred]",
        'ca_file = "small.toml"\n[alfred]',
        ["line 1: ca_file", "no certificate"],
    ),
}

SEVERAL = frozenset({"an unknown key", "an unknown table"})
"""Mistakes that leave something else missing, which has a line of its own."""


@pytest.mark.parametrize("name", WRONG)
def test_mistake_is_reported_in_one_line_with_file_line_and_key(
    written: Any, monkeypatch: pytest.MonkeyPatch, name: str, row: Row
) -> None:
    old, new, words = WRONG[name]
    monkeypatch.setenv("EMPTY_KEY", "")
    monkeypatch.setenv("NESTED", "${SHOP_KEY}")
    path = written(old, new)
    message = error_message(path)
    row(TITLE, name, message.replace(path, "small.toml").splitlines()[0])
    assert [word for word in words if word not in message] == []
    assert [key for key in (*KEYS.values(), *PAIR.values()) if key in message] == []
    lines = message.partition("\nSet each: ")[0].splitlines()
    assert all(line.startswith(path) for line in lines), "one problem per line"
    assert len(lines) == 1 or name in SEVERAL


FULL = {
    **tables_at(URL, locate={"balanceAmount": "$.x", "remainingAmount": "$.y"}),
    "admin": {"url": f"{URL}/{{walletId}}", "balance": "#b", "user": "me", "password": "open-sesame"},
}
SECRETS = (*KEYS.values(), *PAIR.values(), "open-sesame")
WAYS = {
    "a blank before it": lambda value: f" {value}",
    "a line break after it": lambda value: f"{value}\n",
    "quoted twice": lambda value: f'"{value}"',
    "in single quotes": lambda value: f"'{value}'",
    "a ${ left over": lambda value: f"${{{value}",
    "a number": lambda _: 7,
    "true": lambda _: True,
    "a list": lambda value: [value],
    "a table": lambda value: {"value": value},
    "an unset variable": lambda _: "${UNSET_VARIABLE}",
    "an empty variable": lambda _: "${EMPTY_VARIABLE}",
}


def places() -> Iterator[tuple[str, str]]:
    return ((table, key) for table, values in FULL.items() for key, value in values.items() if isinstance(value, str))


@pytest.mark.parametrize("way", WAYS)
def test_each_invalid_value_is_reported_in_one_line(way: str, monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    monkeypatch.setenv("EMPTY_VARIABLE", "")
    for table, key in places():
        tables = {**FULL, table: {**FULL[table], key: WAYS[way](FULL[table][key])}}
        with pytest.raises(UsageError) as error:
            build_target("small", tables, source="small.toml", text=toml(tables))
        message = str(error.value)
        problem, _, remedy = message.partition("\nSet each: ")
        assert len(problem.splitlines()) == 1, message
        assert bool(remedy) == ("which is not set" in problem)
        assert f"{table}.{key} " in problem
        assert [secret for secret in SECRETS if secret in message] == []
    row(TITLE, f"each of {len(list(places()))} values: {way}", problem)


def test_each_missing_value_is_reported_in_one_line(row: Row) -> None:
    optional = {("walletapi", "owner_id"), ("admin", "password")}
    for table, key in places():
        tables = {**FULL, table: {name: value for name, value in FULL[table].items() if name != key}}
        if (table, key) in optional:
            build_target("small", tables)
            continue
        with pytest.raises(UsageError, match=f"{table}.{key} is missing") as error:
            build_target("small", tables, source="small.toml", text=toml(tables))
        assert len(str(error.value).splitlines()) == 1
    row(TITLE, "each required value: missing", str(error.value))


def test_all_mistakes_are_reported_at_once_before_anything_is_sent(tmp_path: Path, row: Row) -> None:
    text = toml(tables_at("http://127.0.0.1:9")).replace("shop-key-4711", "${UNSET_A}-${UNSET_B}")
    text = text.replace("platform-key-0815", "${UNSET_C}").replace('"BD"', '" BD"').replace('"S-1"', '"${S-1}"')
    (tmp_path / "small.toml").write_text(text)
    ran = run_pytest(f"--target={tmp_path}/small.toml", "features", "-n", "2")
    lines = [line for line in ran.lines if "small.toml, line" in line]
    assert ran.status == 4
    assert [line.partition("small.toml, ")[2] for line in lines] == [
        "line 4: alfred.shop_configuration_id contains a ${ that is not the beginning of ${NAME}",
        "line 5: alfred.country_code begins or ends with a blank or a line break",
        "line 7: alfred.shop_key needs the environment variable UNSET_A, which is not set",
        "line 7: alfred.shop_key needs the environment variable UNSET_B, which is not set",
        "line 8: alfred.platform_key needs the environment variable UNSET_C, which is not set",
    ]
    assert "scenario" not in ran.output.lower()
    row(TITLE, "five mistakes at once", f"{len(lines)} lines, status {ran.status}")
