"""From a request to a response: one way for every operation of both APIs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply, Responses

Admit = Callable[[Call], Any]
Act = Callable[[Any, Call, Any, Body], Awaitable[Body]]
Success = Callable[[Call, Body], Reply]
Reject = Callable[[Call, Rejection], Reply]


@dataclass(frozen=True)
class Operation:
    """A call by its name in docs/contract.md, its route, and what it does: ``act(rules, call, caller, body)``."""

    id: str
    method: str
    path: str
    act: Act
    takes_body: bool = True


@dataclass(frozen=True)
class Api:
    """What is the same for all operations of an API: its rules, who is let in, and the form of its responses."""

    rules: Any
    admit: Admit
    success: Success
    reject: Reject
    responses: Responses
    bodies: Bodies

    def route(self, operation: Operation) -> Route:
        """Serve an operation: credentials first, then the body, then the rules."""

        async def serve(request: Request) -> Response:
            call, reply = await self._reply(operation, request)
            return await self.responses.finish(call, reply)

        return Route(operation.path, serve, methods=[operation.method], name=operation.id)

    async def _reply(self, operation: Operation, request: Request) -> tuple[Call, Reply]:
        call = Call(operation.id, request.headers, request.path_params, request.query_params)
        try:
            raw = await self.bodies.read(operation.id, request.stream())
            call = Call(operation.id, request.headers, request.path_params, request.query_params, raw)
            caller = self.admit(call)
            body = self.bodies.decode(operation.id, raw) if operation.takes_body else {}
            payload = await operation.act(self.rules, call, caller, body)
        except Rejection as rejection:
            return call, self.reject(call, rejection)
        except ClientDisconnect:  # nobody is left to read this
            return call, self.reject(call, Rejection("body_cut_short"))
        return call, self.success(call, payload)
