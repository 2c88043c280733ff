"""A pytest plugin that alters one value of the platform's responses per scenario, at random.

ODD_VALUES is the seed. Scenarios whose outcome is neither a violation nor a pass are written to ODD_VALUES_FILE.
One scenario in ODD_VALUES_OF runs: an odd value may make a scenario run three times.
"""

import os
import random
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson

from harness.client.control import Control
from harness.contract.contract import load_contract
from harness.wire import connections, messages
from harness.wire.exchange import NOTHING, Response


def nested(levels: int, inside: str) -> Any:
    """Return lists or objects in each other."""
    value: Any = 1
    for _ in range(levels):
        value = [value] if inside == "list" else {"token": value}
    return value


WITHOUT = object()
ODD = (
    *(None, True, False, "", "x", " ", [], {}, [None], [[]], {"a": {}}, WITHOUT),
    *(0, -1, 10**30, -(10**30), Decimal("-0"), Decimal("-0.00"), Decimal("1e308"), Decimal("1e-400"), Decimal("0.001")),
    *(Decimal("1e400"), Decimal("-1e999999"), Decimal("1e1000000000"), Decimal("1e-1000000000"), 10**4000),
    *("20.00", "1e1000000000", "NaN", "-0", 17, Decimal("17.5")),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59.9999999-14:00", "2026-06-30T23:59:60Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z"),
    *("00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}"),
    *(
        "\ud800",
        "\udc00\ud800 a\nb",
        "\0",
        "a\0b",
        "\x1b[31mred\x1b[0m",
        "\x9b31m",
        "\u202egnp.exe\u202c",
        "\u2066x",
        "a\r\nb",
    ),
    *(
        "|`*_<b>&amp;</b>[x](y)",
        "```\n# x",
        "]]>",
        "../..",
        ".",
        "%2e%2e",
        "a b",
        "a/b?c#d",
        "\u00e9\U0001f45b",
        "{0}%s",
    ),
    *("z" * 1_000_000, "\n" * 10_000, ["a"] * 10_000, [None] * 10_000, [{"Id": "x"}, {"Id": "x"}]),
    *(nested(levels, inside) for levels in (100, 500, 700, 800, 900) for inside in ("list", "object")),
)
HEADERS = (
    *(("Date", text) for text in ("", "0", "Sat, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")),
    *(("Date", text) for text in ("Fri, 31 Dec 9999 23:59:60 -2359", "Thu, 32 Foo 2026", "\x9b \xe9")),
    *(("Content-Type", text) for text in ("", "text/html", "application/json; charset=utf-16", "\x9b31m")),
    *(("Content-Encoding", text) for text in ("br", "identity", "x")),
    *(("Retry-After", text) for text in ("", "-1", "x")),
)
BODIES: tuple[bytes, ...] = (
    b"",
    b" ",
    b"\xff",
    b"\xef\xbb\xbf{}",
    b"\0",
    b"{",
    b"NaN",
    b'{"a": Infinity}',
    b"[" * 100_000,
    b"9" * 5000,
)
BODIES += ('{"id": "x"}'.encode("utf-16"), b'{"id": 1, "id": "2"}', b"<html>\x9b31m\x1b[2J</html>", b"\r\n" * 10_000)
STATUSES = (100, 204, 205, 299, 302, 304, 400, 418, 451, 499, 500, 599, 600, 999)


def names_of(schema: Any) -> Iterator[str]:
    """Yield the names of all members in a schema."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties":
                yield from value
            yield from names_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from names_of(value)


CONTRACT = load_contract()
ENVELOPE = ("Value", "Errors", "IsSuccess", "IsFailure")
NAMES = {
    api: sorted(
        {
            *(ENVELOPE if api == "walletapi" else ("data", "balanceAmount", "remainingAmount")),
            *(
                name
                for each in CONTRACT.operations.values()
                if each.api == api and each.response_schema
                for name in names_of(CONTRACT.schemas[each.response_schema])
            ),
        }
    )
    for api in ("alfred", "walletapi")
}


class Alteration:
    """The alteration of the responses of one scenario: a member, a header or the status, from some response on."""

    def __init__(self, scenario: str) -> None:
        choose = random.Random(f"{os.environ['ODD_VALUES']} {scenario}")  # noqa: S311 - the same in every run
        self.name = choose.choice(NAMES["alfred" if "/alfred/" in scenario else "walletapi"])
        self.value = choose.choice(ODD)
        self.kind = choose.choice(("member",) * 12 + ("whole", "raw", "header", "status"))
        self.header, self.status = choose.choice(HEADERS), choose.choice(STATUSES)
        self.raw = choose.choice(BODIES)
        self.begins, self.seen = choose.choice((0, 0, 0, 1, 2, 3, 5, 8)), 0
        self.is_of_control = choose.choice((True, False, False, False, False))

    def __str__(self) -> str:
        shown = {
            "member": f"{self.name} = {self.value!a:.60}",
            "whole": f"{self.value!a:.60}",
            "raw": f"{self.raw!a:.60}",
        }
        return shown.get(self.kind) or f"{self.kind} {self.header if self.kind == 'header' else self.status}"

    def of(self, response: Response) -> Response:
        if self.kind == "member" and (response.json is NOTHING or not self._occurs(response.json)):
            return response
        self.seen += 1
        if self.seen <= self.begins:
            return response
        if self.kind == "status":
            return replace(response, status=self.status)
        if self.kind == "header":
            others = tuple(header for header in response.headers if header[0].lower() != self.header[0].lower())
            return replace(response, headers=(*others, self.header))
        if self.kind == "raw":
            return replace(response, body=self.raw)
        whole = None if self.value is WITHOUT else self.value
        return replace(response, body=dumped(self._altered(response.json) if self.kind == "member" else whole))

    def _occurs(self, value: Any) -> bool:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return (isinstance(value, dict) and self.name in value) or any(map(self._occurs, inner))

    def _altered(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._altered(each) for each in value]
        if not isinstance(value, dict):
            return value
        changed = {name: self.value if name == self.name else self._altered(each) for name, each in value.items()}
        return {name: each for name, each in changed.items() if each is not WITHOUT}


def dumped(value: Any) -> bytes:
    return simplejson.dumps(value, use_decimal=True).encode()


_original = messages.response_of
_alteration: list[Alteration] = []


def _response_of(status: int, reason: bytes, raw_headers: Any, body: bytes) -> Response:
    response = _original(status, reason, raw_headers, body)
    if not _alteration:
        return response
    altered = _alteration[0].of(response)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in altered.headers]
    return response if altered is response else _original(altered.status, reason, headers, altered.body)


connections.response_of = _response_of  # type: ignore[attr-defined]


def _seldom_altered(control: Callable[..., Any]) -> Callable[..., Any]:
    """Alter the responses of the control in one scenario of five: a control that finds nothing right takes seconds."""

    def call(*arguments: Any) -> Any:
        kept = _alteration[:]
        if kept and not kept[0].is_of_control:
            _alteration.clear()
        try:
            return control(*arguments)
        finally:
            _alteration[:] = kept

    return call


Control.repeat = _seldom_altered(Control.repeat)  # type: ignore[method-assign]
Control.wait_for_each = _seldom_altered(Control.wait_for_each)  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = items[:: int(os.environ["ODD_VALUES_OF"])]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _alteration[:] = [Alteration(item.nodeid)]
    result = yield
    _alteration.clear()
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Write down each scenario whose outcome is neither a violation nor a pass.

    A body that is no JSON, or a redirect, is not judged at once: it may come from something in front of the platform.
    """
    report = yield
    kind = report.judged["kind"]
    is_strange = kind == "environment" and "not a response of the platform" in report.longreprtext
    if kind in ("error", "environment", "usage") and not is_strange:
        with Path(os.environ["ODD_VALUES_FILE"]).open("a") as file:
            file.write(f"{kind} of {item.nodeid}\n  with {_alteration[0]}\n{report.longreprtext[-3000:]}\n\n")
    return report
