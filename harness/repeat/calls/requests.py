"""The calls of a story as lines of a shell script."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Final
from urllib.parse import quote, unquote

from harness.contract.contract import Contract
from harness.repeat.calls.paths import leaves, place_of
from harness.repeat.calls.texts import Dynamic, Text, is_literal, printing, quoted, word
from harness.repeat.calls.values import STRING, Values, texts_of
from harness.wire.exchange import Exchange, Request
from harness.wire.redaction import REDACTION

_BEFORE: Final = re.compile(r'"([^"\\]*)"\s*:\s*$')
_NUMBER: Final = re.compile(r"(:\s*)(-?\d+(?:\.\d+)?)(?=\s*[,}])")
_MINOR: Final = Decimal("0.01")
_GAP: Final = timedelta(seconds=0.9)
_LONGEST_GAP: Final = 6.0
_LONGEST_SEARCHED: Final = 64 * 1024


class Requests:
    def __init__(
        self, values: Values, contract: Contract, addresses: Mapping[str, str], amounts: Collection[Decimal] | None
    ) -> None:
        """``addresses`` are the base addresses, by the variable of their API.

        ``amounts`` are those of the sentences; None if no amount depends on an earlier response.
        """
        self._values = values
        self._contract = contract
        self.credentials: defaultdict[int, dict[str, str]] = defaultdict(dict)
        """The credentials of each call, by a variable that can have them."""
        self._addresses = addresses
        self._amounts = amounts

    def lines(self, exchanges: tuple[Exchange, ...]) -> list[str]:
        """Return the lines of all calls, and what each later one takes from a response."""
        written: list[list[str]] = []
        for number, exchange in enumerate(exchanges):
            written.append([*self._call(number, exchange, exchanges[number - 1] if number else None)])
            self._values.learn(number, exchange)
        lines = []
        for number, (exchange, call) in enumerate(zip(exchanges, written, strict=True)):
            lines += ["", f"# {number + 1}. {exchange.request.operation}"]
            if number and (seconds := self._gap(exchanges[number - 1], exchange)):
                lines.append(f"sleep {seconds}")
            lines += [*self._values.times[number], *call]
            lines += [f"{name}=$(value '{path}') || exit 2" for name, path in self._values.taken[number]]
        return lines

    def _gap(self, before: Exchange, exchange: Exchange) -> int:
        gap = exchange.started - before.started - timedelta(seconds=before.elapsed)
        longest = max(_LONGEST_GAP, self._values.soonest + 2)
        return ceil(min(gap.total_seconds(), longest)) if gap > _GAP else 0

    def _call(self, number: int, exchange: Exchange, before: Exchange | None) -> Iterator[str]:
        request = exchange.request
        if request.body is not None:
            raw = request.body.decode("utf-8", "surrogateescape")
            body = self._body(number, raw, before, exchange)
            yield f'{printing(body)} > "$work/sent"'
        options = [f"-H {word(self._header(number, name, value))}" for name, value in request.headers]
        if request.body is not None:
            options.append('--data-binary @"$work/sent"')
        elif request.method == "POST":
            options.append("--data-binary ''")
        if "content-type" not in (name.lower() for name, _ in request.headers) and request.method == "POST":
            options.append("-H 'Content-Type:'")
        is_cut = exchange.response is None
        if is_cut:
            yield "cut_off=allowed"
        start = f'call {request.operation} {request.method} "{self._address(request)}"'
        yield " \\\n  ".join((start, *options))
        if is_cut:
            yield "cut_off=no"

    def _address(self, request: Request) -> str:
        name = f"{self._contract.operations[request.operation].api}_url"
        path, mark, query = request.url.removeprefix(self._addresses[name]).partition("?")
        names = self._contract.operations[request.operation].path.split("/")
        segments = path.split("/")
        parts = [
            self._segment(*one) for one in zip(segments, (*[""] * (len(segments) - len(names)), *names), strict=False)
        ]
        shown = f"${name}" + "/".join(parts)
        pairs = (one.partition("=") for one in query.split("&")) if mark else ()
        return shown + mark + "&".join(f"{quoted((name,))}={self._encoded(value, name)}" for name, _, value in pairs)

    def _segment(self, segment: str, name: str) -> str:
        ident, mark, verb = segment.rpartition(":")  # {purchaseId}:confirm
        name = name[1:].partition("}")[0]
        return self._encoded(ident, name) + mark + quoted((verb,)) if mark else self._encoded(segment, name)

    def _encoded(self, encoded: str, name: str) -> str:
        decoded = unquote(encoded)
        text = self._values.text(decoded, name)
        self._values.send(decoded)
        return "".join(
            quoted((quote(part, safe=""),)) if isinstance(part, str) else part.shell if part.plain else _url(part)
            for part in text
        )

    def _header(self, number: int, name: str, value: str) -> Text:
        if not value:
            return (f"{name};",)
        is_secret = REDACTION.mask_header(name, value) != value
        scheme, blank, rest = value.rpartition(" ")
        text = self._values.text(rest, secret=is_secret)
        if is_secret:
            self.credentials[number][f"credential_{len(self.credentials[number]) + 1}"] = word(text)
        return (f"{name}: {scheme}{blank}", *text)

    def _body(self, number: int, raw: str, before: Exchange | None, exchange: Exchange) -> Text:
        if len(raw) > _LONGEST_SEARCHED:
            head, tail = raw[:_LONGEST_SEARCHED], raw[_LONGEST_SEARCHED:]
            return (*self._body(number, head, before, exchange), tail)
        parts: list[str | Dynamic] = []
        end = 0
        for found in STRING.finditer(raw):
            name = _BEFORE.search(raw[max(0, found.start() - 60) : found.start()])
            dynamic = self._string(number, found[0], name[1] if name else "", before or exchange)
            if dynamic:
                parts += [*self._gap_text(raw[end : found.start()], before), dynamic]
                end = found.end()
        parts += self._gap_text(raw[end:], before)
        for text in texts_of(raw):
            self._values.send(text)
        return tuple(parts)

    def _string(self, number: int, token: str, name: str, before: Exchange) -> Dynamic | None:
        """Return what calculates a JSON string; None if only made-up digits in it differ, or nothing."""
        try:
            value = json.loads(token, strict=False)
        except ValueError:
            return None
        time = self._values.time(number, value, clock_of(before))
        text: Text = (time,) if time else self._values.text(value, name)
        if is_literal(text) or (not time and all(isinstance(one, str) or one.plain for one in text)):
            return None
        return Dynamic(f'$(json "{quoted(text)}")')

    def _gap_text(self, raw: str, before: Exchange | None) -> Iterator[str | Dynamic]:
        end = 0
        for found in _NUMBER.finditer(raw):
            if dynamic := self._amount(Decimal(found[2]), before):
                yield from self._values.plain_parts(raw[end : found.start(2)])
                yield dynamic
                end = found.end(2)
        yield from self._values.plain_parts(raw[end:])

    def _amount(self, amount: Decimal, before: Exchange | None) -> Dynamic | None:
        """Return an amount relative to the balance that was read just before; None if it is not."""
        if self._amounts is None or amount in self._amounts or before is None or before.request.method != "GET":
            return None
        read = [
            (path, Decimal(one)) for path, one in leaves(before) if isinstance(one, Decimal | int) and one is not True
        ]
        for more in (*self._amounts, _MINOR, Decimal(0)):
            for added in (more, -more):
                if path := next((path for path, one in read if one and amount - one == added), None):
                    return Dynamic(f"$(amount '{place_of(0, before, path).within()}' {added})")
        return None


def _url(part: Dynamic) -> str:
    return f'$(url "{part.shell}")'


def clock_of(exchange: Exchange) -> datetime:
    """Return the platform's clock at a response, or ours."""
    date = exchange.response.date if exchange.response else None
    return date or exchange.started.astimezone(UTC)
