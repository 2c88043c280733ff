"""The sandbox over HTTP: responses, credentials, odd bodies, the Admin UI."""

import json
import socket
import time
from decimal import Decimal
from itertools import count

import pytest

aliases = count(7000000000)


@pytest.fixture(scope="module")
def shop(served):
    return {"API-KEY": served.tables["alfred"]["shop_key"]}


@pytest.fixture(scope="module")
def platform(served):
    return {"API-KEY": served.tables["alfred"]["platform_key"]}


@pytest.fixture(scope="module")
def pair(served):
    keys = served.tables["walletapi"]
    return {"apikeypublic": keys["key"], "apiclientpublic": keys["client"]}


@pytest.fixture(scope="module")
def login_path(served):
    return f"/v2/alfred/platform/{served.tables['alfred']['platform_id']}/walletauthentication"


@pytest.fixture
def alias(served, wire, pair):
    alias = str(next(aliases))
    opening = {
        "WalletOwnerId": served.tables["walletapi"]["owner_id"],
        "RegionId": 1,
        "CurrencyCode": "try",
        "Alias": alias,
    }
    assert wire.post("/api/v1/wallet", json=opening, headers=pair).status_code == 200
    assert (
        wire.post("/api/v1/wallet/deposit/by/alias", json={"Alias": alias, "Amount": 100}, headers=pair).status_code
        == 200
    )
    return alias


def balance(wire, pair, alias):
    return wire.get("/api/v1/wallet/balances/by/alias", params={"alias": alias}, headers=pair).json()["Value"][
        "WalletBalance"
    ]


NOT_ONE_OBJECT = {
    "empty": b"",
    "not json": b"{",
    "not utf-8": b'{"x": "\xff"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "utf-16": "{}".encode("utf-16"),
    "list": b"[]",
    "text": b'"x"',
    "null": b"null",
    "more after it": b"{} {}",
    "NaN": b'{"amount": NaN, "Amount": NaN}',
    "Infinity": b'{"amount": -Infinity, "Amount": Infinity}',
    "5,000 digits": b'{"amount": ' + b"9" * 5000 + b"}",
    "an exponent of 20 digits": b'{"amount": 1e99999999999999999999}',
    "10,000 deep": b'{"x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "10,000 deep, unclosed": b"[" * 10_000,
    "40 deep": b'{"x": ' + b"[" * 40 + b"]" * 40 + b"}",
    "2 MB": b'{"x": "' + b"x" * 2_000_000 + b'"}',
    "5 MB": b'{"x": "' + b"x" * 5_000_000 + b'"}',
    "5 MB of nothing": b" " * 5_000_000,
    "twice the same": b'{"amount": 1, "amount": 2, "Amount": 1, "Amount": 2}',
    "half a surrogate pair": b'{"description": "\\ud800", "Description": "\\ud800"}',
    "half a pair as a name": b'{"\\udfff": 1}',
}


@pytest.mark.parametrize("body", NOT_ONE_OBJECT.values(), ids=NOT_ONE_OBJECT)
def test_both_apis_reject_a_body_that_is_not_an_object(wire, shop, pair, body):
    alfred = wire.post("/v2/alfred/purchase", content=body, headers=shop)
    assert alfred.status_code in (400, 413)
    assert set(alfred.json()) == {"error"}
    walletapi = wire.post("/api/v1/wallet/purchase/by/alias", content=body, headers=pair)
    assert walletapi.status_code in (400, 413)
    envelope = walletapi.json()
    assert (envelope["IsSuccess"], envelope["IsFailure"], envelope["Value"], len(envelope["Errors"])) == (
        False,
        True,
        None,
        1,
    )


@pytest.mark.parametrize(
    "amount", ["0", "-1", '"10"', "null", "true", "[]", "1e400", "9" * 1000, "0." + "1" * 999, "1e-400", "-0.0"]
)
def test_invalid_amount_is_rejected_and_the_balance_is_unchanged(served, wire, shop, pair, alias, amount):
    configuration = served.tables["alfred"]["shop_configuration_id"]
    purchase = f'{{"amount": {amount}, "currency": "BDT", "shopConfigurationId": "{configuration}"}}'
    assert wire.post("/v2/alfred/purchase", content=purchase, headers=shop).status_code == 422
    for path in ("wallet/purchase/by/alias", "wallet/deposit/by/alias", "balance/gift/by/wallet/alias"):
        response = wire.post(f"/api/v1/{path}", content=f'{{"Alias": "{alias}", "Amount": {amount}}}', headers=pair)
        assert response.status_code == 422
        assert response.json()["IsFailure"]
    assert balance(wire, pair, alias) == 100


@pytest.mark.parametrize(
    "text", ["a\x00b", "😀", "\u202eabc", "' OR 1=1 --", "{{7*7}}", "<script>", "x" * 100_000, "", " "]
)
def test_odd_text_is_returned_unchanged(wire, pair, alias, text):
    sale = {"Alias": alias, "Amount": 1, "Description": text}
    assert wire.post("/api/v1/wallet/purchase/by/alias", json=sale, headers=pair).json()["Value"]["Description"] == text


def test_a_user_with_any_name_has_an_admin_page(wire, platform, login_path):
    wallet = wire.post(login_path, json={"externalReferenceId": "<b>Ann\x00a"}, headers=platform).json()["walletId"]
    page = wire.get(f"/admin/wallets/{wallet}")
    assert page.status_code == 200
    assert "<b>Ann" not in page.text
    assert '<div id="balance">0.00 BDT</div>' in page.text


def test_amounts_are_returned_with_two_decimal_places(wire, pair, alias):
    response = wire.post("/api/v1/wallet/purchase/by/alias", json={"Alias": alias, "Amount": 0.1}, headers=pair)
    value = json.loads(response.text, parse_float=Decimal)["Value"]
    assert (str(value["Amount"]), str(value["BalanceAfterTransaction"])) == ("0.10", "99.90")
    assert value["CreatedAt"].endswith("Z")
    assert len(value["CreatedAt"].partition(".")[2]) == len("1234567Z")


def test_no_rejection_contains_a_credential(wire, shop, platform, pair, login_path):
    sent = [*shop.values(), *platform.values(), *pair.values(), "made-up-token"]
    rejections = [
        wire.post(login_path, json={}, headers=platform),
        wire.post(login_path, json={"externalReferenceId": "x"}, headers=shop),
        wire.post("/v2/alfred/purchase", json={}, headers=platform),
        wire.get("/v2/wallet/wallets/x", headers={"Authorization": "Bearer made-up-token"}),
        wire.get("/v2/wallet/wallets/x", headers={"Authorization": "made-up-token"}),
        wire.get("/v2/wallet/wallets/x"),
        wire.post("/api/v1/wallet", json={}, headers=pair),
        wire.post("/api/v1/wallet", json={}, headers={"apikeypublic": pair["apiclientpublic"]}),
        wire.put("/api/v1/wallet", headers=pair),
        wire.get("/v2/nothing", headers=shop),
    ]
    assert [response.status_code for response in rejections] == [422, 403, 403, 401, 401, 401, 422, 401, 405, 404]
    for response in rejections:
        assert not any(secret in response.text + str(response.headers) for secret in sent)


def test_header_names_in_any_case_and_any_content_type_are_accepted(served, wire, login_path):
    headers = {"api-key": served.tables["alfred"]["platform_key"], "content-type": "text/plain"}
    login = wire.post(login_path, content=b'{"externalReferenceId": "case"}', headers=headers).json()
    token = {"AUTHORIZATION": f"bearer {login['accessToken']}"}
    assert wire.get(f"/v2/wallet/wallets/{login['walletId']}", headers=token).json()["id"] == login["walletId"]


@pytest.mark.parametrize("path", ["%00", "%ff", "..%2f..", "x" * 5000, "%F0%9F%98%80", "' OR 1=1"])
def test_odd_id_in_the_path_returns_404(wire, shop, path):
    assert wire.post(f"/v2/alfred/purchase/{path}/session", json={"walletId": "x"}, headers=shop).status_code == 404
    assert wire.get(f"/admin/wallets/{path}").status_code == 404


def test_sandbox_still_responds_after_bytes_that_are_not_http(served, wire):
    host, port = served.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as odd:
        odd.sendall(b"\x00\xff\r\n\r\n")
        odd.recv(1024)
    assert wire.get("/_sandbox/health").json() == {"status": "ok"}


def test_responses_on_an_open_connection_are_not_delayed(wire):
    """Without TCP_NODELAY a response takes 44 ms."""
    times = []
    for _ in range(20):
        started = time.perf_counter()
        wire.get("/_sandbox/health")
        times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.02


def test_the_admin_ui_lists_wallets_and_shows_one(wire, pair, alias):
    wallet = wire.get("/api/v1/wallet/balances/by/alias", params={"alias": alias}, headers=pair).json()["Value"]["Id"]
    wire.post("/api/v1/balance/gift/by/wallet/alias", json={"Alias": alias, "Amount": 5}, headers=pair)
    assert alias in wire.get("/admin").text
    page = wire.get(f"/admin/walletapi/{wallet}").text
    assert '<div id="balance">100.00 TRY</div>' in page
    assert "+100.00" in page
    assert "usable" in page
    assert "//" not in page.replace("</", "").replace("<!doctype", "")  # nothing from anywhere else


def test_the_ledger_is_sound(wire):
    """The order of the tests does not matter: the ledger is sound after each."""
    state = wire.get("/_sandbox/invariants").json()
    assert state["sound"] is True
    assert state["openTransactions"] == 0
    assert state["openConnections"] >= 1


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v2/alfred/purchase", {"POST"}),
        ("DELETE", "/v2/wallet/wallets/x", {"GET", "HEAD"}),
        ("PUT", "/v2/wallet/tx/payments/x:confirm", {"POST"}),
        ("PATCH", "/api/v1/wallet/purchase/by/alias", {"POST"}),
        ("OPTIONS", "/api/v1/wallet/balances/by/alias", {"GET", "HEAD"}),
    ],
)
def test_wrong_method_is_rejected_with_an_allow_header(wire, method, path, allowed):
    response = wire.request(method, path)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_unknown_path_has_no_allow_header(wire):
    assert "Allow" not in wire.get("/v2/nothing").headers
