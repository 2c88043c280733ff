"""How answers look: statuses, envelopes, encoding. Each step can be replaced on its own, for one operation or all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import simplejson
from starlette.responses import Response

from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection

_ENCODER = simplejson.JSONEncoder(use_decimal=True, separators=(",", ":"))


@dataclass(frozen=True)
class Call:
    """A call as it came: its operation's name in docs/contract.md (empty for none), and what it carried."""

    operation: str
    headers: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass(frozen=True)
class Reply:
    """A response before it is encoded; ``payload`` is the whole JSON value."""

    status: int
    payload: Any
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"


class Responses:
    """The plain form: 200, payload at the top level for Alfred, the envelope for the WalletAPI."""

    def alfred_success(self, call: Call, payload: Body) -> Reply:  # noqa: ARG002 (a seam for one operation)
        return Reply(200, payload)

    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:  # noqa: ARG002
        """A code and a message; nothing that was sent is repeated."""
        return Reply(rejection.reason.status, {"error": {"code": rejection.name, "message": rejection.message}})

    def walletapi_success(self, call: Call, value: Body) -> Reply:
        return Reply(200, self.walletapi_envelope(call, value, []))

    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        """One error in the envelope, and no value."""
        errors = [{"Code": rejection.name, "Message": rejection.message}]
        return Reply(self.walletapi_status(rejection), self.walletapi_envelope(call, None, errors))

    def walletapi_status(self, rejection: Rejection) -> int:
        return rejection.reason.status

    def walletapi_envelope(self, call: Call, value: Body | None, errors: list[Any]) -> Body:  # noqa: ARG002
        return {"Value": value, "Errors": errors, "IsSuccess": not errors, "IsFailure": bool(errors)}

    def encode(self, call: Call, payload: Any) -> bytes:  # noqa: ARG002
        """JSON, decimals as numbers with all their places."""
        return _ENCODER.encode(payload).encode()

    async def finish(self, call: Call, reply: Reply) -> Response:
        """What goes over the wire."""
        response = Response(self.encode(call, reply.payload), reply.status, media_type=reply.media_type)
        for name, value in reply.headers:
            response.headers.append(name, value)
        return response
