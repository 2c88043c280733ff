"""Faults of connections, and of responses that do not arrive as they were sent."""

import ssl
from collections.abc import Callable
from typing import Any, Final

from tests.environment.cases.rows import (
    ENVIRONMENT,
    HOLDS,
    HOLDS_OR_UNSTEADY,
    MIDWAY,
    ONCE,
    START,
    UNSTEADY,
    Row,
    Rules,
    three,
)
from tests.environment.injection import faults
from tests.environment.injection.conditions import once, operation, share
from tests.environment.injection.proxy import Proxy, in_background
from tests.environment.injection.wire import Fault, rule
from tests.environment.stage import Tools

_AWAY: Final = 0.3  # seconds that a platform is away, once
# The response to this call is the last one before the fault: the next call is the one of rows.POINTS.
_JUST_BEFORE: Final = lambda: (operation("openPaymentSession"), once(2))  # noqa: E731
_UNRESOLVABLE: Final = "http://wallet.invalid"  # RFC 2606: no name ends like that
_THROUGH_PROXY: Final = "http://wallet.example.test"


def _unreachable(
    injected: str, before: Callable[[Proxy], Any], leaves: Fault, leaves_once: Fault, words: str
) -> list[Row]:
    return [
        Row(injected, START, ENVIRONMENT.naming(words), before=before),
        Row(injected, MIDWAY, ENVIRONMENT.naming(words), lambda _tools: (rule(leaves, *_JUST_BEFORE()),)),
        Row(injected, ONCE, HOLDS_OR_UNSTEADY, lambda _tools: (rule(leaves_once, *_JUST_BEFORE()),)),
    ]


def _certificate(injected: str, name: str) -> list[Row]:
    def shown(tools: Tools) -> ssl.SSLContext:
        return getattr(tools.certificates, name)

    def from_the_start(tools: Tools) -> tuple[()]:
        tools.certificate.current = shown(tools)
        return ()

    expected = ENVIRONMENT.naming("certificate")
    return [
        Row(injected, START, expected, from_the_start, with_tls=True),
        Row(
            injected,
            MIDWAY,
            expected,
            lambda tools: (rule(tools.certificate.shows(shown(tools)), *_JUST_BEFORE()),),
            with_tls=True,
        ),
        Row(
            injected,
            ONCE,
            HOLDS_OR_UNSTEADY,
            lambda tools: (rule(tools.certificate.shows(shown(tools), handshakes=1), *_JUST_BEFORE()),),
            with_tls=True,
        ),
    ]


def _cut_off(injected: str, fault: Fault, words: str) -> list[Row]:
    return three(injected, fault, ENVIRONMENT.naming(words), ENVIRONMENT.naming(words), UNSTEADY)


def _harmless(injected: str, fault: Fault) -> list[Row]:
    return three(injected, fault, HOLDS, HOLDS, HOLDS)


def _through_a_proxy(when: str, rules: Rules, before: Callable[[Proxy], Any] = lambda _proxy: None) -> Row:
    expected = HOLDS_OR_UNSTEADY if when == ONCE else ENVIRONMENT.naming("proxy")
    return Row(
        "a proxy that is not there",
        when,
        expected,
        rules,
        before=before,
        url=lambda _proxy: _THROUGH_PROXY,
        environment=lambda proxy: {"HTTP_PROXY": proxy.url, "http_proxy": proxy.url},
    )


# About 50 scenarios, 600 calls.
_MANY: Final = tuple(f"features/alfred/{name}.feature" for name in ("funding", "split", "confirmation"))
_WORDS: Final = "connection|response"

ROWS: Final = [
    *_unreachable(
        "connection refused",
        lambda proxy: in_background(proxy.stop_listening()),
        faults.ends_listening(),
        faults.ends_listening(_AWAY),
        "refused",
    ),
    *_unreachable(
        "connection not accepted in time",
        lambda proxy: in_background(proxy.swallow()),
        faults.swallows_connections(),
        faults.swallows_connections(3.0),
        "timed out|can't be reached|not accepted",
    ),
    Row("no such name", START, ENVIRONMENT.naming("name|resolve"), url=lambda _proxy: _UNRESOLVABLE),
    *_certificate("certificate of an unknown authority", "self_signed"),
    *_certificate("certificate that has expired", "expired"),
    *_certificate("certificate for another host", "for_another_host"),
    _through_a_proxy(START, lambda _tools: (), lambda proxy: in_background(proxy.stop_listening())),
    _through_a_proxy(MIDWAY, lambda _tools: (rule(faults.ends_listening(), *_JUST_BEFORE()),)),
    _through_a_proxy(ONCE, lambda _tools: (rule(faults.ends_listening(_AWAY), *_JUST_BEFORE()),)),
    *_cut_off("silence", faults.silent, "no response|timed out"),
    *_cut_off("a response byte by byte", faults.drips, "no response|timed out|complete"),
    *_cut_off("connection reset before the response", faults.resets, _WORDS),
    *_cut_off("connection reset after the call was processed", faults.resets_after_processing, _WORDS),
    *_cut_off("connection reset within the response", faults.resets_within, _WORDS),
    *_cut_off("connection closed without a response", faults.hangs_up, _WORDS),
    *_cut_off("body too short", faults.then_hangs_up(faults.too_short), _WORDS),
    *_cut_off("broken chunk", faults.then_hangs_up(faults.as_chunks(b"zz\r\nno chunk\r\n")), _WORDS),
    *_cut_off("chunks cut off", faults.then_hangs_up(faults.as_chunks(b"")), _WORDS),
    *_cut_off("broken compression", faults.changed(faults.badly_compressed), "gzip|compress|body"),
    *_cut_off("compression cut off", faults.changed(faults.half_compressed), "gzip|compress|body"),
    *_cut_off("not HTTP", faults.then_hangs_up(faults.not_http), "HTTP|connection|response"),
    *_cut_off("a thousand headers", faults.changed(faults.huge_headers), "header|connection|response|large"),
    *_cut_off("a header of 20 MB", faults.changed(faults.endless_header), "header|connection|response|large"),
    *_harmless("a second response after each", faults.changed(faults.followed_by_another)),
    *_harmless("HTTP/1.0", faults.then_hangs_up(faults.in_http_1_0)),
    *_harmless("connection closed after the response, silently", faults.closes_silently),
    Row(
        "connection closed silently at random",
        START,
        HOLDS,
        lambda _tools: (rule(faults.closes_silently, share(0.3, seed=4)),),
    ),
    Row("1 % of all calls cut off", START, UNSTEADY, lambda _tools: (rule(faults.resets, share(0.01, seed=3)),), _MANY),
]
