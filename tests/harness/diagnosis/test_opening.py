"""The controls before the first scenario find a mistake in the target file, an unreachable platform, or nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from harness.client import control
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract
from harness.diagnosis.opening import new_diagnosis, open_diagnosis
from harness.failures import EnvironmentFault, UsageError
from harness.target.reading import build_target
from tests.harness.loopback import Platform, Received, Reply, reply
from tests.harness.runs import tables_at

PAGE = "<html>sorry</html>"
FAILURE = {"IsSuccess": False, "IsFailure": True, "Errors": ["no"], "Value": None}


def sound(request: Received) -> Reply:
    """Respond as both APIs do, as far as the controls need it."""
    path = request.path.partition("?")[0]
    if path.startswith("/api/"):
        return wallet(request)
    bodies: Mapping[str, Any] = {
        "walletauthentication": {"walletId": "W-1", "accessToken": "token-of-the-user"},
        "W-1": {"walletAccountId": "A-1"},
        "purchase": {"id": "P-1"},
        "session": {"paymentSessionId": "S-1", "paymentInstrumentId": "I-1"},
    }
    return reply(bodies[path.rpartition("/")[2]])


def wallet(request: Received) -> Reply:
    if request.headers["apikeypublic"] != "walletapi-key-1234":
        return reply({**FAILURE, "Errors": ["key 17 is unknown"]})
    if request.method == "GET" and request.path.rpartition("=")[2] not in ALIASES:
        return reply({**FAILURE, "Errors": ["no such alias"]})
    if request.method == "POST":
        ALIASES.append(request.json["Alias"])
    return reply({"IsSuccess": True, "IsFailure": False, "Value": {}})


ALIASES: list[str] = []


@pytest.fixture
def run_controls(
    platform: Callable[..., Platform], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return the function that makes the controls of a target whose platform responds in this way."""
    monkeypatch.setattr(control, "SECONDS", 0.2)

    def begin(respond: Callable[[Received], Reply], *, judge_anyway: bool = False, **alfred: Any) -> None:
        target = build_target("small", tables_at(platform(respond).url, **alfred))
        diagnosis = new_diagnosis(target, Recorder(Run.of(contract, target.secrets)), embedded=False)
        open_diagnosis(diagnosis, target, judge_anyway=judge_anyway)

    return begin


def with_response(part: str, response: Reply, method: str = "") -> Callable[[Received], Reply]:
    """Respond like this to calls with this part in their path, and soundly to all others."""
    return lambda request: response if part in request.path and method in request.method else sound(request)


def test_controls_pass_on_a_correct_platform(run_controls: Callable[..., None]) -> None:
    run_controls(sound)


USAGE: Mapping[str, tuple[str, Reply, tuple[str, ...]]] = {
    "the platform key is refused": ("walletauth", reply({}, 401), ("alfred.platform_key", "platform_id", "A-1")),
    "the shop key is refused": ("/alfred/purchase", reply(status=403), ("alfred.shop_key", "createPurchase", "P-1")),
    "the token is refused": ("/wallets/", reply({}, 401), ("alfred.token_header and alfred.token_scheme", "W-1")),
    "a pair is refused": ("/api/", reply({}, 401), ("walletapi.key or walletapi.client", "createWallet", "T-8")),
    "no such path": ("/alfred/", reply(PAGE, 404, media="text/html"), ("alfred.base_url or alfred.platform_id",)),
    "no such method": ("/api/", reply({}, 405), ("walletapi.base_url",)),
    "another currency": ("/alfred/purchase", reply({"error": "currency"}, 400), ("alfred.currency", "--judge-anyway")),
    "refused without a body": ("/alfred/purchase", reply(status=400), ("alfred.shop_configuration_id", "P-1")),
    "another country": ("/session", reply({}, 422), ("alfred.country_code", "P-3")),
    "another owner": ("/api/", reply({**FAILURE, "Errors": ["owner"]}), ("walletapi.owner_id", "T-8")),
}


@pytest.mark.parametrize(("part", "response", "words"), USAGE.values(), ids=USAGE.keys())
def test_mistake_in_the_target_file_is_a_usage_error(
    run_controls: Callable[..., None], part: str, response: Reply, words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        run_controls(with_response(part, response))
    assert [word for word in words if word not in str(caught.value)] == []
    assert all(line.startswith("small: ") for line in str(caught.value).splitlines())


def test_redirect_to_https_is_a_usage_error(run_controls: Callable[..., None]) -> None:
    def redirects(request: Received) -> Reply:
        return reply(status=301, Location=f"https://127.0.0.1{request.path}")

    with pytest.raises(UsageError, match=r"alfred\.base_url must begin with https://"):
        run_controls(redirects)


def test_key_pair_refused_in_the_envelope_is_a_usage_error(run_controls: Callable[..., None]) -> None:
    def refuses_every_key(request: Received) -> Reply:
        request.headers["apikeypublic"] = "another"
        return sound(request)

    with pytest.raises(UsageError, match=r"small: walletapi\.owner_id"):
        run_controls(
            refuses_every_key
        )  # an unknown alias gets the same response: a wrong key can't be distinguished from a wrong owner


def test_locator_without_a_match_is_a_usage_error(run_controls: Callable[..., None]) -> None:
    amounts = {"balanceAmount": "$.there", "remainingAmount": "$.not_there"}
    session = reply({"paymentSessionId": "S", "paymentInstrumentId": "I", "there": 0})
    with pytest.raises(UsageError, match=r"alfred\.locate\.remainingAmount") as caught:
        run_controls(with_response("/session", session), locate=amounts)
    assert "it has values at $['paymentSessionId'], $['paymentInstrumentId'], $['there']" in str(caught.value)


@pytest.mark.parametrize("name", ["another currency", "refused without a body", "another country", "another owner"])
def test_judge_anyway_ignores_suspected_mistakes_in_the_target_file(
    run_controls: Callable[..., None], name: str
) -> None:
    part, response, _ = USAGE[name]
    run_controls(with_response(part, response), judge_anyway=True)


GONE = {
    "a reset": (Reply(then="reset"), "is the platform up?"),
    "a gateway": (reply(PAGE, 503, media="text/html"), "look at the gateway"),
    "a login": (reply(status=302, Location="/login"), "302 Reason to /login"),
    "a page": (reply(PAGE, media="text/html"), "something in front of the platform responds"),
    "a firewall": (reply(PAGE, 403, media="text/html"), "something in front of the platform responds"),
    "nothing": (reply(), "something in front"),
    "429": (reply(status=429, Retry_After="3600"), "ask for fewer calls"),
}


@pytest.mark.parametrize(("response", "words"), GONE.values(), ids=GONE.keys())
def test_a_platform_that_does_not_respond_is_an_environment_fault(
    run_controls: Callable[..., None], response: Reply, words: str
) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        run_controls(lambda _request: response)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(("response", "words"), GONE.values(), ids=GONE.keys())
def test_if_one_api_is_unreachable_the_other_is_judged(
    run_controls: Callable[..., None], response: Reply, words: str
) -> None:
    run_controls(with_response("/v2/", response))
    run_controls(with_response("/api/", response))


WRONG = [reply({}, 500), reply({"unknown": 1}), reply(["x"])]


@pytest.mark.parametrize("response", WRONG, ids=range(len(WRONG)))
def test_other_errors_are_left_to_the_scenarios(run_controls: Callable[..., None], response: Reply) -> None:
    run_controls(with_response("/v2/", response))


def test_single_failed_control_call_is_left_to_the_scenarios(run_controls: Callable[..., None]) -> None:
    run_controls(with_response("/wallets/", reply(PAGE, 500, media="text/html")))
    run_controls(with_response("/alfred/purchase", Reply(then="reset")))
