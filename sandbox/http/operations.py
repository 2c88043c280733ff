"""From a request to a response, in the same way for every operation of both APIs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import ApiName, Call, Reply, Responses

Admit = Callable[[Call], Any]
Act = Callable[[Any, Call, Any, Body], Awaitable[Body]]


@dataclass(frozen=True)
class Operation:
    """An operation's name in docs/contract.md, its route, and its handler: ``act(rules, call, caller, body)``."""

    id: str
    method: str
    path: str
    act: Act
    takes_body: bool = True


@dataclass(frozen=True)
class Api:
    """What all operations of an API share. ``admit`` returns the caller, or rejects a call without credentials."""

    name: ApiName
    rules: Any
    admit: Admit
    responses: Responses
    bodies: Bodies

    def route(self, operation: Operation) -> Route:
        """Return the route of an operation. It checks credentials first, then the body, then the rules."""

        async def serve(request: Request) -> Response:
            return await self.responses.finish(await self._reply(operation, request))

        return Route(operation.path, serve, methods=[operation.method], name=operation.id)

    async def _reply(self, operation: Operation, request: Request) -> Reply:
        call = Call(self.name, operation.id, request.headers, request.path_params, request.query_params)
        try:
            raw = await self.bodies.read(request.stream())
            call = replace(call, raw=raw)
            caller = self.admit(call)
            body = self.bodies.decode(raw) if operation.takes_body else {}
            payload = await operation.act(self.rules, call, caller, body)
        except Rejection as rejection:
            return self.responses.rejection(call, rejection)
        except ClientDisconnect:  # nobody reads this response
            return self.responses.rejection(call, Rejection("body_cut_short"))
        return self.responses.success(call, payload)
