"""What happens to a platform and its clock, and faults that look like the environment's but are the platform's."""

import asyncio
import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from tests.environment.cases.rows import (
    ALFRED,
    BROKEN,
    ENVIRONMENT,
    HOLDS,
    HOLDS_OR_UNSTEADY,
    MIDWAY,
    ONCE,
    POINTS,
    START,
    UNSTEADY,
    USAGE,
    Row,
    three,
)
from tests.environment.injection.conditions import body, operation
from tests.environment.injection.conditions import once as nth
from tests.environment.injection.faults import changed, hangs_up, resets, responds, with_date_shifted, without_date
from tests.environment.injection.wire import Fault, Wire, rule
from tests.environment.stage import Platform, Tools

_PAGE: Final = "<html><h1>Internal Server Error</h1></html>"
_REFUSED: Final = {"error": "invalid credentials"}
_POINT: Final = POINTS[ALFRED]
_SALES: Final = ("features/walletapi/sale.feature::A sale was created just now and never updated",)
_MINUTES, _HOURS = 300, 3 * 3600


def _restarts(tools: Tools, *arguments: str) -> Fault:
    """Return the fault that ends the platform before a call, and starts it again a moment later."""

    async def fault(wire: Wire) -> None:
        await wire.proxy.stop_listening(kept=wire)
        wire.reset()
        wire.proxy.upstream = await asyncio.to_thread(tools.platform.restart, *arguments)
        await wire.proxy.listen()

    return fault


def _skewed(injected: str, seconds: int, expected: Any, change: Callable[..., Any]) -> Row:
    return Row(
        injected,
        START,
        expected,
        lambda _tools: (rule(changed(change)),),
        _SALES,
        platform=lambda _stage: Platform(module=("tests.environment.skewed_sandbox", str(seconds))),
    )


_F2: Final = BROKEN.naming("F-2")


def _own_doing(injected: str, fault: Fault, *conditions: Callable[[], Any]) -> list[Row]:
    return three(injected, fault, _F2, _F2, UNSTEADY, of=lambda: tuple(one() for one in conditions))


_PAYMENT: Final = lambda: operation("createPayment")  # noqa: E731
_PURCHASE: Final = lambda: operation("createPurchase")  # noqa: E731
_HOSTILE: Final = ("features/alfred/hostile_input.feature",)

OWN_DOING: Final = [
    *_own_doing("a crash on createPayment", hangs_up, _PAYMENT),
    *_own_doing("a reset on createPayment", resets, _PAYMENT),
    *_own_doing("500 in HTML on createPayment", responds(500, _PAGE), _PAYMENT),
    *_own_doing("503 on createPayment", responds(503, _PAGE), _PAYMENT),
    *_own_doing("a login page on createPayment", responds(200, _PAGE), _PAYMENT),
    *_own_doing("401 for a valid token on createPayment", responds(401, _REFUSED), _PAYMENT),
    *three("500 in JSON on createPayment", responds(500, _REFUSED), _F2, _F2, _F2, of=lambda: (_PAYMENT(),)),
    # The control makes this call too: its others respond, so nothing is wrong with the way to the platform.
    *three("a crash on createPurchase", hangs_up, BROKEN.naming("P-1"), None, None, of=lambda: (_PURCHASE(),)),
    *three(
        "500 in HTML on createPurchase",
        responds(500, _PAGE),
        BROKEN.naming("P-1"),
        None,
        None,
        of=lambda: (_PURCHASE(),),
    ),
    *three(
        "401 for a valid key on createPurchase",
        responds(401, _REFUSED),
        USAGE.naming("THE_SHOP_KEY", "createPurchase"),
        None,
        None,
        of=lambda: (_PURCHASE(),),
    ),
    *three(
        "a crash on an amount of 20.00",
        hangs_up,
        _F2,
        None,
        None,
        of=lambda: (_PAYMENT(), body(rb'"paymentAmount": ?20')),
    ),
    Row(
        "a crash on hostile input",
        START,
        BROKEN.naming("X-1"),
        lambda _tools: (rule(hangs_up, body(re.escape(b"NaN"))),),
        _HOSTILE,
    ),
    Row(
        "500 in HTML on hostile input",
        START,
        BROKEN.naming("X-1"),
        lambda _tools: (rule(responds(500, _PAGE), body(re.escape(b"NaN"))),),
        _HOSTILE,
    ),
    Row(
        "503 on hostile input",
        START,
        BROKEN.naming("X-1"),
        lambda _tools: (rule(responds(503, _PAGE), body(re.escape(b"NaN"))),),
        _HOSTILE,
    ),
    Row(
        "a reset on hostile input",
        ONCE,
        UNSTEADY,
        lambda _tools: (rule(resets, body(re.escape(b"NaN")), nth(1)),),
        _HOSTILE,
    ),
]

RESTARTS: Final = [
    Row(
        "the platform restarted without its data",
        MIDWAY,
        ENVIRONMENT.naming("gone|lost|data"),
        lambda tools: (rule(_restarts(tools), *_POINT.once()),),
        platform=lambda _stage: Platform(),
    ),
    Row(
        "the platform restarted with its data",
        MIDWAY,
        HOLDS_OR_UNSTEADY,
        lambda tools: (rule(_restarts(tools, *tools.platform.arguments), *_POINT.once()),),
        platform=lambda stage: Platform(("--database", str(stage.folder / f"{uuid.uuid4()}.sqlite"))),
    ),
]

CLOCKS: Final = [
    _skewed("the platform's clock is 5 minutes fast", _MINUTES, HOLDS, with_date_shifted(_MINUTES)),
    _skewed("the platform's clock is 3 hours slow", -_HOURS, HOLDS, with_date_shifted(-_HOURS)),
    _skewed("its clock is 5 minutes fast, without Date", _MINUTES, BROKEN.naming("T-5"), without_date),
    _skewed("its clock is 3 hours fast, Date is right", _HOURS, BROKEN.naming("T-5"), lambda answer: answer),
]


ROWS: Final = [*OWN_DOING, *RESTARTS, *CLOCKS]
