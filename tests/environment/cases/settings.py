"""A target file with a wrong value, keys that are refused, and one API that is down while the other is up."""

from typing import Any, Final

from tests.environment.cases.rows import (
    ALFRED,
    BROKEN,
    ENVIRONMENT,
    MIDWAY,
    ONCE,
    POINTS,
    START,
    UNSTEADY,
    USAGE,
    WALLETAPI,
    Expected,
    Row,
)
from tests.environment.injection.conditions import once as nth
from tests.environment.injection.conditions import operation, path, since
from tests.environment.injection.faults import responds
from tests.environment.injection.messages import Answer
from tests.environment.injection.wire import Wire, rule

_PAGE: Final = "<html><h1>503 Service Unavailable</h1></html>"
_REFUSED: Final = {"error": "invalid credentials"}
_POINT: Final = POINTS[ALFRED]


def _key(injected: str, expected: Any, scenarios: tuple[str, ...] = ALFRED, **changes: tuple[str, str]) -> Row:
    """Return the row of a target file in which a key is wrong: ``api=(key, value)``; a value may be another key."""

    def change(tables: dict[str, Any]) -> None:
        for api, (key, value) in changes.items():
            tables[api][key] = tables[api].get(value, value)

    return Row(injected, START, expected, scenarios=scenarios, change=change)


def _shop_key(call: Any) -> bool:
    return bool(call.headers.get("api-key")) and call.operation in {
        "createPurchase",
        "openPurchaseSession",
        "confirmPurchase",
    }


_SHOPS_CALLS: Final = ("createPurchase", "openPurchaseSession", "confirmPurchase")

KEYS: Final = [
    _key("wrong shop key", USAGE.naming("THE_SHOP_KEY"), alfred=("shop_key", "wrong-key-1")),
    _key("wrong platform key", USAGE.naming("THE_PLATFORM_KEY"), alfred=("platform_key", "wrong-key-1")),
    _key(
        "the platform's key as the shop's",
        USAGE.naming("THE_SHOP_KEY"),
        alfred=("shop_key", "platform_key"),
    ),
    _key("the shop's key as the platform's", USAGE.naming("THE_PLATFORM_KEY"), alfred=("platform_key", "shop_key")),
    _key("wrong WalletAPI key", USAGE.naming("THE_WALLETAPI_"), WALLETAPI, walletapi=("key", "wrong-key-1")),
    _key(
        "wrong WalletAPI client",
        USAGE.naming("THE_WALLETAPI_CLIENT"),
        WALLETAPI,
        walletapi=("client", "wrong-key-1"),
    ),
    Row(
        "the shop's key expires",
        MIDWAY,
        ENVIRONMENT.naming("shop_key|THE_SHOP_KEY|shop key"),
        # The purchase of the flow is bought with the shop's key, after everything else of its scenario.
        lambda _tools: (
            rule(responds(401, _REFUSED), since(operation("confirmPurchase"), nth(1)), operation(*_SHOPS_CALLS)),
        ),
    ),
    Row(
        "the platform's key expires",
        MIDWAY,
        ENVIRONMENT.naming("platform_key|THE_PLATFORM_KEY|platform key"),
        lambda _tools: (
            rule(responds(403, _REFUSED), *_POINT.since(), operation("authenticateWallet")),
            rule(responds(401, _REFUSED), *_POINT.once()),
        ),
    ),
    Row(
        "the shop's key is refused",
        ONCE,
        UNSTEADY,
        lambda _tools: (rule(responds(401, _REFUSED), operation("confirmPurchase"), nth(1)),),
    ),
]


def _mistake(injected: str, expected: Expected, scenarios: tuple[str, ...] = ALFRED, **changes: Any) -> Row:
    """Return the row of a target file with a wrong value: ``api={key: value}``."""

    def change(tables: dict[str, Any]) -> None:
        for api, values in changes.items():
            tables[api] |= values

    return Row(injected, START, expected, scenarios=scenarios, change=change)


async def _redirects_to_https(wire: Wire) -> None:
    location = f"https://{wire.call.headers['host']}{wire.call.path}"
    await wire.send(Answer(308, (("Location", location),)))


_ANYWAY: Final = (*ALFRED, "--judge-anyway")
_BOTH: Final = (*ALFRED, *WALLETAPI)
_OTHER_OWNER: Final = "00000000-0000-4000-8000-000000000009"

MISTAKES: Final = [
    _mistake("wrong currency", USAGE.naming("currency"), alfred={"currency": "XTS"}),
    _mistake("wrong currency, --judge-anyway", BROKEN.naming("P-1"), _ANYWAY, alfred={"currency": "XTS"}),
    _mistake("wrong platform_id", USAGE.naming("platform_id"), alfred={"platform_id": "AAEAAASomebodyElse"}),
    _mistake(
        "wrong shop_configuration_id",
        USAGE.naming("shop_configuration_id"),
        alfred={"shop_configuration_id": "AAEAAASomebodyElse"},
    ),
    _mistake(
        "a locator that finds nothing",
        USAGE.naming("balanceAmount"),
        alfred={"locate": {"balanceAmount": "$.data.nothing", "remainingAmount": "$.remainingAmount"}},
    ),
    _mistake("a token header that is not read", USAGE.naming("token_header"), alfred={"token_header": "X-Token"}),
    _mistake("wrong WalletAPI currency", USAGE.naming("currency"), WALLETAPI, walletapi={"currency": "XTS"}),
    _mistake("wrong owner_id", USAGE.naming("owner_id"), WALLETAPI, walletapi={"owner_id": _OTHER_OWNER}),
    Row("a base URL with a path too many", START, USAGE.naming("base_url"), url=lambda proxy: f"{proxy.url}/api"),
    Row(
        "a redirect to the same address with https",
        START,
        USAGE.naming("base_url"),
        lambda _tools: (rule(_redirects_to_https),),
    ),
]


_DOWN: Final = rule(responds(503, _PAGE), path("^/api/v1/"))

ONE_API: Final = [
    Row("only the WalletAPI is down", START, ENVIRONMENT.naming("503"), lambda _tools: (_DOWN,), _BOTH),
    Row(
        "the WalletAPI is down, and Alfred is broken",
        START,
        BROKEN.naming("F-2"),
        lambda _tools: (_DOWN, rule(responds(500, _REFUSED), operation("createPayment"))),
        _BOTH,
    ),
]

ROWS: Final = [*KEYS, *MISTAKES, *ONE_API]
