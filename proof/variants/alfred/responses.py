"""Variants of Alfred's responses: envelopes, located members, rejections, the Admin UI (contract.md, Locators)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from proof.building_blocks import ApiResponses
from proof.declaring import Variants
from sandbox.admin.pages import Admin
from sandbox.alfred.records import AlfredWallet
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply

variant = Variants()

CONFIRMS = ("confirmPurchase", "confirmPayment")


class Bodiless(ApiResponses):
    """Sends no body for a payload of None."""

    @override
    def encode(self, payload: Any) -> bytes:
        return b"" if payload is None else super().encode(payload)


@variant(
    "alfred",
    {"alfred": {"locate": {"balanceAmount": "$.data.balanceAmount", "remainingAmount": "$.data.remainingAmount"}}},
    core="alfred",
)
class PayloadInsideData(ApiResponses):
    """The payload stands inside data."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        proper = super().alfred_success(call, payload)
        return replace(proper, payload={"status": "OK", "data": proper.payload, "errors": None})


@variant("alfred")
class DataThatIsNoPayload(ApiResponses):
    """Beside the payload stands a member data, which is no object."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        return super().alfred_success(call, {"data": None if call.operation == "getWallet" else ["x"], **payload})


@variant(
    "alfred",
    {
        "alfred": {
            "locate": {
                "balanceAmount": "$.data.split.wallet",
                "remainingAmount": "$.data.split['rest of it']",
                "openPurchaseSession.paymentSessionId": "$.data.session.key",
                "openPurchaseSession.paymentInstrumentId": "$.data.session.instruments[0].key",
                "createPurchase.id": "$.data.purchase.key",
                "accessToken": "$.data.tokens[?@.kind=='access'].value",
            }
        }
    },
    core="alfred",
)
class MembersFarInside(ApiResponses):
    """Members are deep inside the response, at the places of the target's locators."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        placed = self.placed(call.operation, payload)
        return super().alfred_success(call, {"data": placed, "_links": {"self": "/"}})

    def placed(self, operation: str, payload: Body) -> Body:
        """Return the payload in the layout of this platform."""
        if operation == "openPurchaseSession":
            instruments = [{"key": payload["paymentInstrumentId"], "name": "Cash"}]
            split = {"wallet": payload["balanceAmount"], "rest of it": payload["remainingAmount"]}
            return {"session": {"key": payload["paymentSessionId"], "instruments": instruments}, "split": split}
        if operation == "createPurchase":
            return {"purchase": {"key": payload["id"]}, "id": 7}
        if operation == "authenticateWallet":
            tokens = [{"kind": "access", "value": payload["accessToken"]}, {"kind": "refresh", "value": None}]
            return {"walletId": payload["walletId"], "tokens": tokens}
        return payload


def confirming(status: int, payload: Any) -> type[ApiResponses]:
    """Return responses with this status and payload for both confirms."""

    class Confirming(Bodiless):
        @override
        def alfred_success(self, call: Call, given: Body) -> Reply:
            proper = super().alfred_success(call, given)
            return replace(proper, status=status, payload=payload) if call.operation in CONFIRMS else proper

    return Confirming


for _name, _sentence, _status, _payload, _core in (
    ("confirms-answer-204", "Both confirms return HTTP 204.", 204, None, "alfred"),
    ("confirms-answer-nothing", "Both confirms return HTTP 200 and no body.", 200, None, ""),
    ("confirms-answer-true", "Both confirms return the value true.", 200, True, ""),
    ("confirms-answer-a-list", "Both confirms return an empty list, with HTTP 202.", 202, [], ""),
):
    variant.add(_name, "alfred", _sentence, core=_core, responses=confirming(_status, _payload))


def rejecting(payload: Any) -> type[ApiResponses]:
    """Return responses with this body for every rejection."""

    class Rejecting(Bodiless):
        @override
        def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
            return replace(super().alfred_rejection(call, rejection), payload=payload)

    return Rejecting


for _name, _sentence, _body, _core in (
    ("rejections-without-a-body", "Rejections have no body.", None, "alfred"),
    ("rejections-in-a-word", "The body of a rejection is a text.", "no", ""),
    ("rejections-in-a-list", "The body of a rejection is a list of codes.", [4711, "declined"], ""),
    ("rejections-with-data", "A rejection has an empty data member.", {"data": {}, "message": "declined"}, ""),
):
    variant.add(_name, "alfred", _sentence, core=_core, responses=rejecting(_body))


@variant("alfred")
class AdminWithSeparators(Admin):
    """The Admin UI writes 1,234.50."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Any:  # the template accepts a text too
        return f"{super().alfred_balance(wallet):,.2f}"


@variant("alfred")
class AdminWithADecimalComma(Admin):
    """The Admin UI writes 1.234,50."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Any:  # the template accepts a text too
        return f"{super().alfred_balance(wallet):,.2f}".translate(str.maketrans(",.", ".,"))


def repaging(change: Callable[[str], str]) -> Callable[[ASGIApp], ASGIApp]:
    """Return a wrapper of the application that changes the pages of the Admin UI."""

    def around(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if not scope["path"].startswith("/admin/"):
                await app(scope, receive, send)
                return
            start: Message = {}

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    start.update(message)
                    return
                page = change(message["body"].decode()).encode()
                headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
                await send({**start, "headers": [*headers, (b"content-length", str(len(page)).encode())]})
                await send({**message, "body": page})

            await app(scope, receive, sending)

        return wrapped

    return around


_BALANCE = re.compile(r'<div id="balance">([^<]*) ([A-Z]+)</div>')
_SCRIPT = (
    r'<div id="balance"></div><script>setTimeout(() => {'
    r' document.getElementById("balance").textContent = "\1 \2"; }, 200);</script>'
)

variant.add(
    "admin-with-the-currency-first",
    "alfred",
    "The Admin UI writes the currency before the balance.",
    wire=repaging(lambda page: _BALANCE.sub(r'<div id="balance"><b>\2</b>&nbsp;<span>\1</span></div>', page)),
)
variant.add(
    "admin-filled-in-by-script",
    "alfred",
    "The Admin UI fills the balance in a moment after the page has loaded.",
    core="alfred",
    wire=repaging(lambda page: _BALANCE.sub(_SCRIPT, page)),
)
variant.add(
    "admin-elsewhere",
    "alfred",
    "The Admin UI shows the balance in another element.",
    {"admin": {"balance": "main .amount[data-kind='wallet']"}},
    wire=repaging(lambda page: _BALANCE.sub(r'<p class="amount" data-kind="wallet">\1 \2</p>', page)),
)
