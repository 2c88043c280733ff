"""Responses that may not be the platform's own: by status code and by kind of body."""

from dataclasses import replace
from typing import Any, Final

from tests.environment.cases.rows import (
    BROKEN,
    ENVIRONMENT,
    HOLDS,
    NEVER,
    ONCE,
    START,
    UNSTEADY,
    USAGE,
    WALLETAPI,
    Expected,
    Row,
    three,
)
from tests.environment.injection.conditions import every, once, operation
from tests.environment.injection.faults import LOGIN_PAGE, MAINTENANCE_PAGE, responds, throttles_until
from tests.environment.injection.wire import Fault, rule

_PAGE: Final = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>"
_JSON: Final = {"error": "no", "message": "It can't be done."}
_FAILURE: Final = {"Value": None, "IsSuccess": False, "IsFailure": True, "Errors": ["It can't be done."]}
_IN_BETWEEN: Final = (502, 503, 504, 511, *range(520, 531))
_OFTEN: Final = (502, 503, 504, 511, 520, 525, 530)  # also in mid-run and once
_KEY: Final = "key|THE_PLATFORM_KEY|token"


def _page(status: int) -> str:
    return _PAGE.format(f"{status} Sorry")


def _in_between(status: int) -> list[Row]:
    expected = ENVIRONMENT.naming(str(status))
    later = status in _OFTEN
    return three(
        f"{status} in HTML",
        responds(status, _page(status)),
        expected,
        expected if later else None,
        UNSTEADY if later else None,
    )


def _refusals(status: int, in_html: Any, in_json: Any, empty: Any) -> list[Row]:
    """Return the rows of a refusal of every call; each argument has what is expected from the start and later."""
    return [
        *three(f"{status} in HTML", responds(status, _page(status)), *in_html),
        *three(f"{status} in JSON", responds(status, _JSON), *in_json),
        *three(f"{status}, empty", responds(status), *empty),
    ]


def _as_strange(status: int) -> Any:
    return ENVIRONMENT.naming(str(status)), ENVIRONMENT.naming(str(status)), UNSTEADY


def _as_refused_key(status: int) -> Any:
    """A key that was accepted before is refused: environment. Once: the scenario is run again."""
    return USAGE.naming("THE_PLATFORM_KEY", "platform_key", str(status)), ENVIRONMENT.naming(_KEY), UNSTEADY


# 404 before the run: a wrong base_url. In JSON in mid-run: the control's user and wallet are gone. Once: a violation.
_NOT_FOUND: Final = USAGE.naming("base_url", "404|405")
_GONE: Final = ENVIRONMENT.naming("gone|lost|no longer|404")
# Alfred's own body: a refusal of a valid call. It is not repeated, and the control's wallet is not gone.
_REFUSED: Final = USAGE.naming("refus|reject")
# All valid calls are refused in JSON from some point on. The control gets responses, so that it has not failed;
# but whether its wallet is gone can't be read. Both are right, as long as nobody says that the data is lost.
_ALL_REFUSED: Final = Expected("broken or environment", (1, 75), never=f"{NEVER}|gone|lost")

_RACES: Final = tuple(
    f"features/{place} give the results of some sequential order[{kind}]"
    for place, kind in (
        ("alfred/races.feature::Calls of every kind at the same time as <kind>", "new payments"),
        ("walletapi/races.feature::Calls of every kind at the same time as <kind> on a wallet", "deposits"),
    )
)


def _in_a_race(injected: str, fault: Fault, scenario: str, name: str, number: int) -> Row:
    """Return the row of a valid call of a race that is refused once, as if it had lost the race."""
    api = scenario.split("/")[1]
    return Row(
        f"{injected} in a race of {api}",
        ONCE,
        UNSTEADY,
        lambda _tools: (rule(fault, operation(name), once(number)),),
        (scenario,),
    )


ROWS: Final = [
    *three("500 in HTML", responds(500, _page(500)), *_as_strange(500)),
    *three("500 in JSON", responds(500, _JSON), *[BROKEN] * 3),
    *three("500, empty", responds(500), *_as_strange(500)),
    *[row for status in _IN_BETWEEN for row in _in_between(status)],
    *three("503 in JSON", responds(503, _JSON), *_as_strange(503)),
    *three("407 in HTML", responds(407, _page(407)), *_as_strange(407)),
    *_refusals(401, _as_strange(401), _as_refused_key(401), _as_refused_key(401)),
    *_refusals(403, _as_strange(403), _as_refused_key(403), _as_refused_key(403)),
    *_refusals(
        404,
        (_NOT_FOUND, ENVIRONMENT.naming("404"), UNSTEADY),
        (_NOT_FOUND, _GONE, BROKEN.naming("F-2")),
        (_NOT_FOUND, ENVIRONMENT.naming("404"), UNSTEADY),
    ),
    *_refusals(408, _as_strange(408), (_REFUSED.naming("408"), _ALL_REFUSED, BROKEN.naming("F-2")), _as_strange(408)),
    *_refusals(413, _as_strange(413), (_REFUSED.naming("413"), _ALL_REFUSED, BROKEN.naming("F-2")), _as_strange(413)),
    *three(
        "405 in HTML", responds(405, _page(405)), USAGE.naming("base_url", "405"), ENVIRONMENT.naming("405"), UNSTEADY
    ),
    *three("302 to a login", responds(302, headers={"Location": "/login"}), *_as_strange(302)),
    *three("200 with a login page", responds(200, LOGIN_PAGE), *_as_strange(200)),
    *three("200 with a maintenance page", responds(200, MAINTENANCE_PAGE), *_as_strange(200)),
    *three("200 with nothing", responds(200), ENVIRONMENT, ENVIRONMENT, UNSTEADY),
    # The WalletAPI's own body has its envelope.
    *three("WalletAPI: 200 with a login page", responds(200, LOGIN_PAGE), *_as_strange(200), scenarios=WALLETAPI),
    *three("WalletAPI: 200 in JSON without its envelope", responds(200, _JSON), *_as_strange(200), scenarios=WALLETAPI),
    *three("WalletAPI: 408 in JSON without its envelope", responds(408, _JSON), *_as_strange(408), scenarios=WALLETAPI),
    *three("WalletAPI: 500 in HTML", responds(500, _page(500)), *_as_strange(500), scenarios=WALLETAPI),
    *three("WalletAPI: 500 in JSON", responds(500, _JSON), *[BROKEN] * 3, scenarios=WALLETAPI),
    *three("WalletAPI: 503 in HTML", responds(503, _page(503)), *_as_strange(503), scenarios=WALLETAPI),
    *three("WalletAPI: 503 with its envelope", responds(503, _FAILURE), *[BROKEN] * 3, scenarios=WALLETAPI),
    *three(
        "WalletAPI: 401, empty",
        responds(401),
        USAGE.naming("THE_WALLETAPI_KEY", "401"),
        ENVIRONMENT.naming("key"),
        UNSTEADY,
        scenarios=WALLETAPI,
    ),
    _in_a_race("403 in JSON", responds(403, _JSON), _RACES[0], "createPayment", 3),
    _in_a_race("401, empty", responds(401), _RACES[0], "createPayment", 3),
    _in_a_race("403 in JSON", responds(403, _JSON), _RACES[1], "depositByAlias", 4),
]


def _throttles(retry_after: str | None = None) -> Fault:
    return responds(429, _JSON, headers={} if retry_after is None else {"Retry-After": retry_after})


def _waited_for(injected: str, fault: Fault) -> list[Row]:
    """Return the rows of a platform that throttles now and then: every twelfth call, or one."""
    now_and_then = Row(injected, START, HOLDS, lambda _tools: (rule(fault, every(12)),))
    return [now_and_then, *three(injected, fault, None, None, HOLDS)]


def _impatient(rows: list[Row]) -> list[Row]:
    """Let the runs give up sooner: a run waits for a minute, with nothing to see."""
    return [
        replace(row, environment=lambda _proxy: {"PYTEST_ADDOPTS": "-p tests.environment.impatient"}) for row in rows
    ]


_LIMITED: Final = ENVIRONMENT.naming("429|too many requests|throttl")

THROTTLED: Final = [
    *_waited_for("429 without Retry-After", _throttles()),
    *_waited_for("429 with seconds", _throttles("1")),
    *_waited_for("429 with no seconds", _throttles("0")),
    *_waited_for("429 with a date", throttles_until(2.0)),
    *_waited_for("429 with NaN", _throttles("NaN")),
    *three("429 with an hour", _throttles("3600"), _LIMITED, _LIMITED, UNSTEADY),
    *_impatient(three("429 with Infinity", _throttles("Infinity"), _LIMITED, _LIMITED, HOLDS)),
    *_impatient(three("429 for ever", _throttles("5"), _LIMITED, _LIMITED, None)),
]
