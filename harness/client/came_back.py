"""The class of what came back from a call (docs/verdict.md). Only a response is judged."""

import re
from typing import Any, Final

from harness.client.calls import Call
from harness.contract.contract import Operation
from harness.wire.exchange import NOTHING, UNREACHED, Exchange, Response
from harness.wire.faults import CameBack

IN_BETWEEN: Final = frozenset({502, 503, 504, 511, *range(520, 531)})
_UNAUTHORIZED, _FORBIDDEN, _PROXY_LOGIN, _THROTTLED = 401, 403, 407, 429
_CHANGING: Final = re.compile(r"[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}|\d+")


def class_of(exchange: Exchange, call: Call, operation: Operation, key_failure: str = "") -> CameBack:
    """Return the class of what came back. ``key_failure`` is the ``failure_of`` a made-up key, if it is known."""
    response = exchange.response
    if response is None:
        is_unreached = exchange.fault is not None and exchange.fault.kind == UNREACHED
        return CameBack.UNREACHED if is_unreached else CameBack.CUT_OFF
    if response.status == _THROTTLED:
        return CameBack.THROTTLED
    if not call.proper and _is_refusal(response, call, operation):
        return CameBack.RESPONSE
    if response.status == _PROXY_LOGIN:
        return CameBack.UNREACHED
    if response.status in IN_BETWEEN and not is_enveloped(response, operation):
        return CameBack.IN_BETWEEN
    if call.proper and is_key_refused(response, operation, key_failure):
        return CameBack.KEY_REFUSED
    if call.hostile and response.status >= 500:
        return CameBack.STRANGE
    return CameBack.RESPONSE if _is_the_platforms_own(response, operation) else CameBack.STRANGE


def is_key_refused(response: Response, operation: Operation, key_failure: str) -> bool:
    """Return whether the response refuses the credentials of a valid call."""
    if response.status in (_UNAUTHORIZED, _FORBIDDEN):
        return response.json is not NOTHING or _is_empty(response)
    return bool(key_failure) and is_enveloped(response, operation) and failure_of(response) == key_failure


def is_enveloped(response: Response, operation: Operation) -> bool:
    """Return whether the body is the envelope of the WalletAPI."""
    whole: Any = response.json
    return operation.api == "walletapi" and isinstance(whole, dict) and bool({"IsSuccess", "IsFailure"} & whole.keys())


def failure_of(response: Response) -> str:
    """Return a failure without what differs each time: ids, times and other numbers. Empty for anything else."""
    whole = response.json
    if not isinstance(whole, dict) or whole.get("IsSuccess") is not False:
        return ""
    return f"{response.status} {_CHANGING.sub('#', str(whole.get('Errors')))}"


def _is_refusal(response: Response, call: Call, operation: Operation) -> bool:
    """Return whether contract.md accepts the response as a refusal of a call that may be refused."""
    if response.status not in range(400, 500):
        return False
    if call.drastic or is_enveloped(response, operation):
        return True
    return (operation.api == "alfred" or call.bare) and (response.json is not NOTHING or _is_empty(response))


def _is_the_platforms_own(response: Response, operation: Operation) -> bool:
    if response.status in range(300, 400):
        return False
    if _is_empty(response):
        return response.status in range(200, 300) and operation.api == "alfred" and not operation.response_schema
    if operation.api == "walletapi" and response.status < 500:
        return is_enveloped(response, operation)
    return response.json is not NOTHING


def _is_empty(response: Response) -> bool:
    return not response.body.strip()
