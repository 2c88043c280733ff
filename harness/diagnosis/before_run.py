"""Results of the controls before the first scenario: mistakes in the target file, or a silent platform."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from harness.client.control import Control, Look
from harness.client.locators import AMOUNTS
from harness.client.readings import received
from harness.failures import ContractViolation
from harness.foreign_text import printable, shortened
from harness.target.target import Target
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.faults import CameBack

_NO_SUCH_PLACE: Final = (404, 405)
_ADVICE: Final = {
    CameBack.UNREACHED: "is {api}.base_url in the target file right, and is the platform up?",
    CameBack.CUT_OFF: "is {api}.base_url in the target file right, and is the platform up?",
    CameBack.THROTTLED: "ask for fewer calls, or later",
    CameBack.IN_BETWEEN: "look at the gateway, and whether the platform behind it is up",
    CameBack.STRANGE: "something in front of the platform responds",
}


def mistakes(control: Control, looks: Sequence[Look], target: Target, *, judge_anyway: bool) -> list[str]:
    """Return a line per mistake in the target file, as far as the control of an API shows any."""
    if judge_anyway and any(look.accepted for look in looks):
        return []
    rows = [_refused_keys, _wrong_addresses, *([] if judge_anyway else [_refusals, _wrong_locators])]
    found = next((lines for row in rows if (lines := list(row(control, looks, target)))), [])
    return [f"{target.name}: {line}" for line in dict.fromkeys(found)]


def silence(control: Control, looks: Sequence[Look]) -> str:
    """Return in one line why the platform can't be judged; empty if a call got a response."""
    if any(look.responded or look.violation for look in looks):
        return ""
    fault = next(look.fault for look in looks if look.fault)
    if getattr(fault, "is_by_proxy", False):
        advice = "is the proxy right, and is it up?"
    elif "certificate" in str(fault).lower():
        advice = "is the certificate right? A private authority needs ca_file in the target file"
    else:
        advice = _ADVICE.get(fault.came_back, "look at it")
    is_there = fault.came_back not in (CameBack.UNREACHED, CameBack.CUT_OFF)
    what = "the platform can't be judged" if is_there else "the platform can't be reached"
    return f"{what}: {fault}; {advice.format(api=control.api)}"


def _refused_keys(control: Control, looks: Sequence[Look], _target: Target) -> Iterator[str]:
    for look in looks:
        if look.came_back is not CameBack.KEY_REFUSED:
            continue
        more = f", or {' or '.join(look.uses)} is not its own" if look.uses and "platform_id" in look.uses[0] else ""
        yield f"{look.credential} was refused{more}: {_what_came_back(look)}; {_looks_the_same(control, look, 'keys')}"


def _wrong_addresses(control: Control, looks: Sequence[Look], _target: Target) -> Iterator[str]:
    for look in looks:
        exchange = look.exchange
        if exchange is None or exchange.response is None:
            continue
        if exchange.response.status in _NO_SUCH_PLACE:
            named = " or ".join((f"{control.api}.base_url", *look.uses))
            yield f"{named} is not right: {_what_came_back(look)}; {_looks_the_same(control, look, 'calls')}"
        elif scheme := _redirected_scheme(exchange):
            yield f"{control.api}.base_url must begin with {scheme}://: {_what_came_back(look)}"


def _refusals(control: Control, looks: Sequence[Look], _target: Target) -> Iterator[str]:
    if not any(look.responded for look in looks):
        return
    for look in looks:
        exchange = look.exchange
        is_empty_4xx = bool(
            look.came_back is CameBack.STRANGE
            and exchange
            and exchange.response
            and exchange.response.status in range(400, 500)
            and not exchange.response.body.strip()
        )
        if look.refused or is_empty_4xx:
            uses = " or ".join(look.uses) or control.credential(look.call.operation)
            yield (
                f"{uses} was refused: {_what_came_back(look)}; {_looks_the_same(control, look, 'calls')} "
                "(to judge it all the same: --judge-anyway)"
            )


def _wrong_locators(control: Control, looks: Sequence[Look], target: Target) -> Iterator[str]:
    locate = target.alfred.locate if control.api == "alfred" and target.alfred else {}
    for look in looks:
        violation = look.violation
        wheres = {finding.where for finding in violation.findings} if isinstance(violation, ContractViolation) else ()
        for name, query in locate.items():
            if query in wheres and name.rpartition(".")[0] in ("", look.call.operation):
                yield (
                    f"alfred.locate.{name} finds nothing, or more than one value, in the response of "
                    f"{look.call.operation}{_places(violation)}; {_looks_the_same(control, look, 'members', name)} "
                    "(to judge it all the same: --judge-anyway)"
                )


def _places(violation: BaseException | None) -> str:
    """Return the JSONPaths at which a response has values: one of them may be the one to locate."""
    exchange = violation.exchange if isinstance(violation, ContractViolation) else None
    response = exchange.response if isinstance(exchange, Exchange) else None
    if response is None or response.json is NOTHING:
        return ""
    from jsonpath_rfc9535 import find

    paths = [node.path() for node in find("$..*", response.json) if not isinstance(node.value, dict | list)]
    return f" (it has values at {shortened(printable(', '.join(paths)))})" if paths else ""


def _looks_the_same(control: Control, look: Look, what: str, member: str = "") -> str:
    does = {"keys": "refuses valid keys", "calls": "refuses valid calls", "members": "leaves it out"}[what]
    own = control.client.contract.operations[look.call.operation].clause
    clause = "S-1" if member.rpartition(".")[2] in AMOUNTS else own
    return f"if the target file is right, the platform {does}, and breaks {clause}"


def _what_came_back(look: Look) -> str:
    return f"{look.call.operation} got {received(look.exchange) if look.exchange else 'nothing'}"


def _redirected_scheme(exchange: Exchange) -> str:
    response = exchange.response
    if response is None or response.status not in range(300, 400):
        return ""
    place, asked = urlsplit(response.header("location") or ""), urlsplit(exchange.request.url)
    is_same = (place.hostname, place.path.rstrip("/")) == (asked.hostname, asked.path.rstrip("/"))
    return place.scheme if is_same and place.scheme not in ("", asked.scheme) else ""
