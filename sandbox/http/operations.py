"""From a request to a response, in the same way for every operation of both APIs."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import ApiName, Call, Reply, Responses


@dataclass(frozen=True)
class Operation:
    """An operation's name in docs/contract.md, its route, its handler ``act(subjects, call)``, and its credential.

    ``takes`` is ``platform``, ``shop`` or ``token``. It is empty if all operations of the API take the same credential.
    """

    id: str
    method: str
    path: str
    act: Callable[[Any, Call], Awaitable[Body]]
    takes: str = ""
    takes_body: bool = True


@dataclass(frozen=True)
class Api:
    """What all operations of an API share. ``subjects.credentials`` returns the caller, or rejects the call."""

    name: ApiName
    subjects: Any
    responses: Responses
    bodies: Bodies

    def routes(self, operations: Iterable[Operation]) -> list[Route]:
        return [self._route(operation) for operation in operations]

    def _route(self, operation: Operation) -> Route:
        """Return the route of an operation. It checks credentials first, then the body, then the rules."""

        async def serve(request: Request) -> Response:
            return await self.responses.finish(await self._reply(operation, request))

        return Route(operation.path, serve, methods=[operation.method], name=operation.id)

    async def _reply(self, operation: Operation, request: Request) -> Reply:
        sent = request.headers, request.path_params, request.query_params
        call = Call(self.name, operation.id, *sent, takes=operation.takes)
        try:
            call = replace(call, raw=await self.bodies.read(request.stream()))
            call = replace(call, caller=self.subjects.credentials.admit(call))
            if operation.takes_body:
                call = replace(call, body=self.bodies.decode(call.raw))
            payload = await operation.act(self.subjects, call)
        except Rejection as rejection:
            return self.responses.rejection(call, rejection)
        except ClientDisconnect:  # nobody reads this response
            return self.responses.rejection(call, Rejection("body_cut_short"))
        return self.responses.success(call, payload)
