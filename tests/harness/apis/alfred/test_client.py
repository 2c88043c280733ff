"""Alfred's client: the credentials of a target, located members, sessions, and responses to a confirmation."""

from decimal import Decimal
from typing import Any

import pytest

from harness.apis.alfred.purchases import Purchase
from harness.apis.alfred.users import User
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.story import Story
from harness.wire.redaction import MASK, REDACTION
from tests.harness.loopback import Received, Reply, reply

USER = User("reference", "W-1", "token-of-the-user")
PURCHASE = Purchase("P-9", Decimal("50.00"))
SESSION = {"paymentSessionId": "s", "paymentInstrumentId": "i"}
SPLIT = {"balanceAmount": "$.split.wallet", "remainingAmount": "$.split.rest"}


def split(wallet: Any, rest: Any) -> Reply:
    return reply(
        f'{{"paymentSessionId": "s", "paymentInstrumentId": "i", "split": {{"wallet": {wallet}, "rest": {rest}}}}}'
    )


def sent(received: Received) -> dict[str, str]:
    return {
        name: value
        for name, value in received.headers.items()
        if name in ("api-key", "authorization", "x-key", "x-token")
    }


def called(both: Any) -> dict[str, dict[str, str]]:
    alfred = both.alfred
    alfred.users.authenticate("r")
    alfred.purchases.open_session(alfred.purchases.create(Decimal(50), USER), USER)
    alfred.users.account(USER)
    return dict(zip(("authenticate", "purchase", "session", "wallet"), map(sent, both.platform.received), strict=True))


ANSWERS = (
    reply({"walletId": "W", "accessToken": "T"}),
    reply({"id": "P"}),
    reply(SESSION),
    reply({"walletAccountId": "A"}),
)


def test_each_call_sends_the_documented_credential(clients: Any) -> None:
    assert called(clients(*ANSWERS)) == {
        "authenticate": {"api-key": "platform-key-0815"},
        "purchase": {"api-key": "shop-key-4711"},
        "session": {"api-key": "shop-key-4711"},
        "wallet": {"authorization": "Bearer token-of-the-user"},
    }


def test_target_can_change_headers_and_credentials(clients: Any) -> None:
    changed = {
        "authenticateWallet": "shop",
        "createPurchase": "token",
        "openPurchaseSession": "platform",
        "getWallet": "shop",
    }
    own = {"key_header": "X-KEY", "token_header": "X-Token", "token_scheme": "", "credentials": changed}
    assert called(clients(*ANSWERS, **own)) == {
        "authenticate": {"x-key": "shop-key-4711"},
        "purchase": {"x-token": "token-of-the-user"},
        "session": {"x-key": "platform-key-0815"},
        "wallet": {"x-key": "shop-key-4711"},
    }


def test_token_call_without_a_user_is_a_bug_of_the_suite(clients: Any) -> None:
    with pytest.raises(RuntimeError, match="takes a token"):
        clients(credentials={"createPurchase": "token"}).alfred.purchases.create(Decimal(50))


@pytest.mark.parametrize(
    ("wallet", "rest"), [("20", "30"), ("20.00", "30.0"), ("2E+1", "3e1"), ("0", "50"), ("50.00", "0.00")]
)
def test_a_session_shows_two_parts_that_make_up_the_amount(clients: Any, wallet: str, rest: str) -> None:
    session = clients(split(wallet, rest), locate=SPLIT).alfred.purchases.open_session(PURCHASE, USER)
    assert (session.balance_amount, session.remaining_amount) == (Decimal(wallet), Decimal(rest))


def test_a_session_shows_no_parts_if_the_target_locates_none(clients: Any) -> None:
    response = reply({**SESSION, "balanceAmount": "n/a", "remainingAmount": 7})
    session = clients(response).alfred.purchases.open_session(PURCHASE, USER)
    assert (session.balance_amount, session.remaining_amount) == (None, None)


S1 = {
    "parts that are too little": split(20, "29.99"),
    "parts that are too much": split(20, 31),
    "a float's error": split("20.000000000000004", "30"),
    "no part": reply(SESSION),
    "one part": reply({**SESSION, "split": {"wallet": 50}}),
    "null": split("null", 50),
    "a text": split('"20"', 30),
    "true": split("true", 49),
    "a negative part": split(-1, 51),
}


@pytest.mark.parametrize("response", S1.values(), ids=S1.keys())
def test_missing_or_inconsistent_parts_break_s_1(clients: Any, response: Reply) -> None:
    both = clients(response, clauses=("P-3",), locate=SPLIT)
    assert both.broken(lambda: both.alfred.purchases.open_session(PURCHASE, USER)).clause == "S-1"


def test_a_part_that_is_found_twice_breaks_s_1(clients: Any) -> None:
    both = clients(
        reply({**SESSION, "a": [{"x": 20}, {"x": 20}], "r": 30}),
        locate={"balanceAmount": "$.a[*].x", "remainingAmount": "$.r"},
    )
    violation = both.broken(lambda: both.alfred.purchases.open_session(PURCHASE, USER))
    assert (violation.clause, violation.findings[0].received) == ("S-1", "found 2 times")


def test_missing_located_id_breaks_the_clause_of_the_operation(clients: Any) -> None:
    both = clients(reply({"id": "x", "payload": {}}), locate={"createPurchase.id": "$.payload.id"})
    violation = both.broken(lambda: both.alfred.purchases.create(Decimal(50)))
    assert (violation.clause, violation.findings[0].where) == ("P-1", "$.payload.id")


def test_ids_are_found_at_the_locations_of_the_target(clients: Any) -> None:
    both = clients(reply({"result": [{"purchase": "P-7"}]}), locate={"createPurchase.id": "$.result[0].purchase"})
    assert both.alfred.purchases.create(Decimal(50)).purchase_id == "P-7"


CONFIRMED = [
    reply(status=204),
    reply(),
    reply(b"\n"),
    reply({}),
    reply({"data": {"status": "DONE"}}),
    reply([]),
    reply("null"),
]


@pytest.mark.parametrize("response", CONFIRMED, ids=range(len(CONFIRMED)))
def test_a_confirmation_may_have_any_json_body_or_none(clients: Any, response: Reply) -> None:
    both = clients(reply(SESSION), response)
    both.alfred.purchases.confirm(both.alfred.purchases.open_session(PURCHASE, USER))
    assert both.platform.received[1].path == "/v2/alfred/purchase/P-9:confirm"
    assert both.platform.received[1].json == {
        "paymentSessionDetails": {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": "i"},
        "paymentSessionId": "s",
        "walletId": "W-1",
    }


@pytest.mark.parametrize("response", [reply("OK", media="text/plain"), reply("<p>", media="text/html"), reply({}, 302)])
def test_a_confirmation_with_another_response_breaks_p_4(clients: Any, response: Reply) -> None:
    both = clients(reply(SESSION), response)
    session = both.alfred.purchases.open_session(PURCHASE, USER)
    assert both.broken(lambda: both.alfred.purchases.confirm(session)).clause == "P-4"


def test_funding_makes_the_documented_calls(clients: Any) -> None:
    both = clients(reply({"walletAccountId": "A"}), reply(SESSION), reply({"data": {"id": "Y"}}), reply(status=204))
    both.alfred.funding.fund(USER, Decimal("20.00"))
    paths = [request.path for request in both.platform.received]
    assert paths[1:] == ["/v2/wallet/tx/payments/session", "/v2/wallet/tx/payments", "/v2/wallet/tx/payments/Y:confirm"]
    assert both.platform.received[2].json["paymentAmount"] == Decimal("20.00")
    assert both.platform.received[3].body == b""


def test_balance_is_read_from_a_session_with_the_probe_amount(clients: Any) -> None:
    both = clients(reply({"id": "P"}), split("12.50", "87.50"), locate=SPLIT, probe_amount="100")
    assert both.alfred.balance(USER) == Decimal("12.50")
    assert both.platform.received[0].json["amount"] == 100


@pytest.mark.parametrize(
    "response",
    [
        {"accessToken": "tok-1-abcdefgh", "walletId": "W"},
        {"data": {"accessToken": "tok-2-abcdefgh"}},
        {"auth": [{"jwt": "tok-3-abcdefgh"}]},
        {"refresh_token": "tok-4-abcdefgh", "accessToken": "x"},
    ],
)
def test_issued_token_is_masked(clients: Any, response: Any) -> None:
    both = clients(reply(response), locate={"accessToken": "$.auth[0].jwt"} if "auth" in response else {})
    with both.recorder.diverted() as exchanges:
        both.alfred.client.channel.send(both.alfred.client.request(both.alfred.users.authentication_call("r")))
    masked = REDACTION.mask(exchanges[0].response.body.decode())
    assert MASK in masked
    assert "abcdefgh" not in masked


def test_negative_balance_breaks_the_clause_of_the_previous_call(clients: Any) -> None:
    issued = reply({"walletId": "w", "accessToken": "t" * 20})
    both = clients(issued, reply({"id": "p"}), split(-5, 999), locate=SPLIT)
    calls = JudgedCalls(both.alfred, Story(both.recorder))
    calls.add_user()
    calls.model.add_payment(0, Decimal(5))
    with pytest.raises(UnexpectedResponse) as caught:
        calls.read_balances(0)
    assert caught.value.clause == "F-4"
