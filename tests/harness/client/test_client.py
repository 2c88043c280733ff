"""Code that both clients share: how a call becomes a request, and how status and media type decide about a response."""

from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from harness.apis.alfred.users import User
from harness.client.similar_texts import made_up, neighbour, of_another_kind
from harness.failures import ContractViolation, EnvironmentFault
from harness.wire.redaction import REDACTION
from tests.harness.loopback import Reply, reply

USER = User("reference", "W-1", "token-of-the-user")
ACCOUNT = {"walletAccountId": "A-1"}


@pytest.mark.parametrize(
    "wallet_id", ["plain", "a/b", "a b", "a%2Fb", "é日", "a?b#c", "a:b;c=d&e+f", "{x}", "~!$'()*,@"]
)
def test_id_with_special_characters_is_sent_unchanged(clients: Any, wallet_id: str) -> None:
    both = clients(reply(ACCOUNT))
    both.alfred.users.account(User("r", wallet_id, "t"))
    path = both.platform.received[0].path
    assert path.startswith("/v2/wallet/wallets/")
    assert unquote(path.removeprefix("/v2/wallet/wallets/")) == wallet_id
    assert path.count("/") == 4


def test_a_path_of_the_base_address_is_kept(clients: Any, platform: Any) -> None:
    served = platform(reply(ACCOUNT))
    both = clients(reply({}), base_url=f"{served.url}/gateway/alfred/")
    both.alfred.users.account(USER)
    assert served.received[0].path == "/gateway/alfred/v2/wallet/wallets/W-1"


def test_amount_is_sent_as_a_number_with_all_digits(clients: Any) -> None:
    both = clients(reply({"id": "P"}))
    both.alfred.purchases.create(Decimal("123456789012345678.10"))
    assert b'"amount": 123456789012345678.10' in both.platform.received[0].body


def test_a_call_without_a_body_sends_none(clients: Any) -> None:
    both = clients(reply(ACCOUNT))
    both.alfred.users.account(USER)
    assert (both.platform.received[0].body, "content-type" in both.platform.received[0].headers) == (b"", False)


def test_valid_call_that_violates_its_schema_is_a_bug_of_the_suite(clients: Any) -> None:
    both = clients(reply({"id": "P"}))
    with pytest.raises(RuntimeError, match="the suite's own createPurchase is not as documented"):
        both.alfred.purchases.create("20")
    assert both.platform.received == []


ACCEPTED = {
    "200": reply(ACCOUNT),
    "201": reply(ACCOUNT, 201),
    "299": reply(ACCOUNT, 299),
    "inside data": reply({"data": ACCOUNT}),
    "extra members": reply({**ACCOUNT, "x": [1, {"y": None}]}),
    "a charset": reply(ACCOUNT, media="application/json; charset=utf-8"),
    "another case": reply(ACCOUNT, media="Application/JSON"),
    "chunked": Reply(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n"
        b'f\r\n{"walletAccount\r\n9\r\nId": "A"}\r\n0\r\n\r\n'
    ),
    "until it hangs up": Reply(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"walletAccountId": "A"}', "hang up"
    ),
}


@pytest.mark.parametrize("response", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_response_that_the_contract_allows_is_accepted(clients: Any, response: Reply) -> None:
    assert clients(response).alfred.users.account(USER).startswith("A")


BROKEN = {
    "a missing member": (reply({}), "walletAccountId"),
    "an empty member": (reply({"walletAccountId": ""}), "walletAccountId"),
    "a number for a text": (reply({"walletAccountId": 7}), "walletAccountId"),
    "null": (reply({"walletAccountId": None}), "walletAccountId"),
    "data without it": (reply({"data": {}, **ACCOUNT}), "walletAccountId"),
    "a list": (reply([ACCOUNT]), "$"),
    "no body": (reply(), "body"),
    "204": (reply(status=204), "body"),
    "no JSON": (reply("<html>"), "body"),
    "no UTF-8": (reply(b'{"walletAccountId": "\xe9"}'), "body"),
    "NaN": (reply('{"walletAccountId": "A", "x": NaN}'), "body"),
    "another type": (reply(ACCOUNT, media="text/plain"), "header Content-Type"),
    "no type": (reply(ACCOUNT, media=""), "header Content-Type"),
    "a redirect": (reply(status=302, Location="http://127.0.0.1:9/"), "status"),
    "a rejection of what is right": (reply({"code": 1}, 403), "status"),
    "an error of its own": (reply("at Foo.java:1", 500, media="text/plain"), "status"),
    "501": (reply(status=501), "status"),
}


@pytest.mark.parametrize(("response", "where"), BROKEN.values(), ids=BROKEN.keys())
def test_any_other_response_breaks_the_clause_of_the_operation(clients: Any, response: Reply, where: str) -> None:
    both = clients(response, clauses=("S-6",))
    violation = both.broken(lambda: both.alfred.users.account(USER))
    assert violation.clause == "W-1"
    assert where in violation.findings[0].where
    assert violation.text in str(violation)
    assert "curl -i -X GET" in str(violation)
    assert USER.token not in str(violation)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_response_of_a_gateway_is_an_environment_fault(clients: Any, status: int) -> None:
    with pytest.raises(EnvironmentFault, match=f"responded with {status}"):
        clients(reply("<html>", status, media="text/html")).alfred.users.account(USER)


REFUSALS = [reply({}, 400), reply(["x"], 404), reply('"no"', 409), reply(status=401), reply(b" ", 403), reply({}, 422)]
REFUSALS += [reply({}, 499), reply({"title": "x"}, 400, media="application/problem+json; charset=utf-8")]


@pytest.mark.parametrize("response", REFUSALS, ids=range(len(REFUSALS)))
def test_any_4xx_but_429_is_a_rejection(clients: Any, response: Reply) -> None:
    both = clients(response, clauses=("W-3",))
    assert both.alfred.attempt(both.alfred.users.wallet_call(USER).to(walletId="x")).rejected


@pytest.mark.parametrize(
    "response", [reply("Forbidden", 403, media="text/html"), reply({}, 400, media="text/json"), reply({}, 500)]
)
@pytest.mark.parametrize(("clauses", "clause"), [(("W-3",), "W-3"), (("P-8", "X-1"), "P-8"), ((), "W-1")])
def test_a_rejection_of_the_wrong_form_breaks_the_scenarios_clause(
    clients: Any, response: Reply, clauses: tuple[str, ...], clause: str
) -> None:
    both = clients(response, clauses=clauses)
    call = both.alfred.users.wallet_call(USER).to(walletId="x")
    assert both.broken(lambda: both.alfred.attempt(call)).clause == clause


@pytest.mark.parametrize("response", [reply({}), reply({"error": "unknown"}), reply("no"), reply(status=204)])
def test_2xx_in_place_of_a_required_rejection_breaks_its_clause(clients: Any, response: Reply) -> None:
    both = clients(response, clauses=("S-8",))
    call = both.alfred.users.wallet_call(USER).to(walletId="x")
    violation = both.broken(lambda: both.alfred.attempt(call, "W-3"))
    assert (violation.clause, violation.documented) == ("W-3", False)


@pytest.mark.parametrize(
    "leaking",
    [
        reply({**ACCOUNT, "echo": "token-of-the-user"}),
        reply(ACCOUNT, X_Echo="Bearer token-of-the-user"),
        reply({**ACCOUNT, "trace": "shop-key-4711"}),
        reply({**ACCOUNT, "error": 'Traceback (most recent call last):\n  File "/app/x.py", line 3'}),
    ],
)
def test_leak_is_recorded_and_does_not_stop_the_scenario(clients: Any, leaking: Reply) -> None:
    both = clients(leaking, clauses=("W-1",))
    both.alfred.users.account(USER)
    both.alfred.users.account(USER)
    assert [noted.clause for noted in both.recorder.scenario.violations] == ["X-2"]
    assert "token-of-the-user" not in str(both.recorder.scenario.violations[0]).replace("Bearer token-of-the-user", "")


def test_token_in_a_response_that_does_not_issue_it_is_a_leak(clients: Any) -> None:
    token = "AAEAAAtoken-of-the-user-4711"
    issued = reply({"walletId": "W-1", "accessToken": token})
    both = clients(issued, reply(ACCOUNT), issued, reply({"id": "P-1", "buyer": {"session": token}}))
    user = both.alfred.users.authenticate("someone")
    both.alfred.users.account(user)
    both.alfred.users.authenticate("someone")
    assert both.recorder.scenario.violations == []
    both.alfred.purchases.create(Decimal(50))
    assert [noted.clause for noted in both.recorder.scenario.violations] == ["X-2"]


def test_a_token_that_is_an_ordinary_word_is_not_searched_for(clients: Any) -> None:
    issued = reply({"walletId": "string", "accessToken": "string"})
    before = clients(issued, reply({"walletAccountId": "string", "note": "no token: string"}))
    user = before.alfred.users.authenticate("someone")
    assert before.alfred.users.account(user) == "string"
    assert before.recorder.scenario.violations == []
    assert "a token" in REDACTION.warning


@pytest.mark.parametrize("token", ["a\nX-Odd: b", "a\0b", " a", "a ", "\r\n"])
def test_a_token_that_fits_no_header_breaks_its_clause(clients: Any, token: str) -> None:
    before = clients(reply({"walletId": "W-1", "accessToken": token}))
    with pytest.raises(ContractViolation, match="A-1 is broken"):
        before.alfred.users.authenticate("someone")


def test_a_violation_shows_no_token_of_the_response(clients: Any) -> None:
    both = clients(reply({"accessToken": "tok-a1b2c3d4e5", "walletId": 7}))
    assert "tok-a1b2c3d4e5" not in str(both.broken(lambda: both.alfred.users.authenticate("r")))


@pytest.mark.parametrize("like", ["AAEAAADt1_43vWGIS1iow1I1", "a3f1c2d4-0000-4000-8000-1234567890ab", "17", "", "----"])
def test_made_up_id_is_unique_and_has_the_length_of_a_long_id(like: str) -> None:
    made = {made_up(like) for _ in range(50)}
    assert len(made) == 50
    assert like not in made
    assert len(like) < 20 or {len(one) for one in made} == {len(like)}


@pytest.mark.parametrize("like", ["AAEAAASandboxPlatform001", "a3f1c2d4-0000-4000-8000-1234567890ab"])
def test_neighbour_id_sorts_before_or_after_and_has_the_same_length(like: str) -> None:
    before, after = neighbour(like, min), neighbour(like, max)
    assert before < like < after
    assert len(before) == len(after) == len(like)


def test_short_id_gets_a_made_up_id_instead_of_a_neighbour() -> None:
    assert len(neighbour("17", max)) > 10


@pytest.mark.parametrize("like", ["acc-352cb84c183519457", "c0ffee00-8417325960"])
def test_an_id_of_another_kind_is_used_even_if_its_second_half_has_only_digits(like: str) -> None:
    assert of_another_kind(like) == like


@pytest.mark.parametrize("like", ["17", "order-000000012345", "5a4db0c0-0000-4000-8000-000000123456"])
def test_a_sequential_id_of_another_kind_is_not_used(like: str) -> None:
    assert of_another_kind(like) != like


def test_a_sequential_id_has_no_neighbour() -> None:
    before = {neighbour("order-000000012345", min) for _ in range(50)}
    assert not any(one.startswith("order-000") for one in before)


def test_repr_of_a_call_and_its_outcome_contains_no_credential(clients: Any) -> None:
    both = clients(reply({"accessToken": "tok-f6g7h8i9j0", "walletId": "W", **ACCOUNT}, X_Echo="tok-f6g7h8i9j0"))
    for call in (both.alfred.users.authentication_call("r"), both.alfred.users.wallet_call(USER).to(walletId="x")):
        outcome = both.alfred.client.judge(call, both.alfred.client.channel.send(both.alfred.client.request(call)))
        shown = f"{call!r} {outcome!r} {outcome.exchange} {outcome.exchange.request} {outcome.summary}"
        assert [key for key in ("tok-f6g7h8i9j0", USER.token, "platform-key-0815") if key in shown] == []
