"""Status, envelope and encoding of responses. Each method can be replaced on its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import simplejson
from starlette.responses import Response

from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection

_ENCODER = simplejson.JSONEncoder(use_decimal=True, separators=(",", ":"))

ApiName = Literal["alfred", "walletapi"]


@dataclass(frozen=True)
class Call:
    """A request: its API, its operation's name in docs/contract.md (empty for an unknown route), and its content.

    ``takes`` is the credential that the operation takes. ``caller`` is what the credentials say: the user of a token,
    or None.
    """

    api: ApiName
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    caller: Any = None
    body: Body = field(default_factory=dict)
    takes: str = ""


@dataclass(frozen=True)
class Reply:
    """A response before it is encoded; ``payload`` is the whole JSON value."""

    status: int
    payload: Any
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"


class Responses:
    """The documented form of each API: Alfred's payload is the whole body, the WalletAPI's is in an envelope."""

    def success(self, call: Call, payload: Body) -> Reply:
        return Reply(200, payload if call.api == "alfred" else self.envelope(payload, []))

    def rejection(self, call: Call, rejection: Rejection) -> Reply:
        """Return a code and a message. The response repeats nothing of the request."""
        if call.api == "alfred":
            return Reply(rejection.status, {"error": {"code": rejection.name, "message": rejection.message}})
        errors = [{"Code": rejection.name, "Message": rejection.message}]
        return Reply(rejection.status, self.envelope(None, errors))

    def envelope(self, value: Body | None, errors: list[Any]) -> Body:
        return {"Value": value, "Errors": errors, "IsSuccess": not errors, "IsFailure": bool(errors)}

    def encode(self, payload: Any) -> bytes:
        """Return JSON. Decimals are numbers with all their places."""
        return _ENCODER.encode(payload).encode()

    async def finish(self, reply: Reply) -> Response:
        response = Response(self.encode(reply.payload), reply.status, media_type=reply.media_type)
        for name, value in reply.headers:
            response.headers.append(name, value)
        return response
