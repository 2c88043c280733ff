"""The Admin UI: amounts as people write them, and pages as browsers and servers show them."""

import os
import re
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.amount_text import amount_in
from harness.client.call_lines import call_lines
from harness.failures import UsageError
from harness.target.target import AdminTarget
from harness.target.values import Secret
from harness.wire.faults import CallFault
from tests.harness.loopback import Reply, reply
from tests.harness.runs import ROOT

AMOUNTS = [
    ("20", "20"),
    ("0", "0"),
    ("0.00 BDT", "0.00"),
    ("20.5", "20.5"),
    ("-3.10", "-3.10"),
    ("- 3.10", "-3.10"),
    ("\u22123,10", "-3.10"),
    ("1,234.50", "1234.50"),
    ("1.234,50", "1234.50"),
    ("1 234,50", "1234.50"),
    ("1\u00a0234,50 TRY", "1234.50"),
    ("1\u202f234.50", "1234.50"),
    ("1'234.50", "1234.50"),
    ("1\u2019234.50", "1234.50"),
    ("BDT 1 234,50", "1234.50"),
    ("\u09f3 20.00", "20.00"),
    ("\u20ba1.234.567,89", "1234567.89"),
    ("12,34,567.89", "1234567.89"),
    ("1,234", "1234"),
    ("1,234,567", "1234567"),
    ("1.234.567", "1234567"),
    ("Balance: 30.00.", "30.00"),
    ("30,00", "30.00"),
    ("30.00 (of 50.00)", "30.00"),
    ("999999.99", "999999.99"),
    ("Tk. 20.00", "20.00"),
    ("\n  20.00\n BDT ", "20.00"),
]


@pytest.mark.parametrize(("text", "amount"), AMOUNTS)
def test_amount_is_parsed_in_any_usual_notation(text: str, amount: str) -> None:
    assert amount_in(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "BDT", "n/a", "-", "..."])
def test_a_text_without_an_amount_has_none(text: str) -> None:
    assert amount_in(text) is None


@settings(database=None)
@given(st.text(alphabet="0123456789.,'\u2019 -\u2212\u00a0\u202f\n\u0663\u096bx", max_size=12))
def test_any_text_with_a_digit_is_an_amount(text: str) -> None:
    amount = amount_in(text)
    assert amount.is_finite() if amount is not None else not any(character.isdecimal() for character in text)


@pytest.fixture
def page(platform: Callable[..., Any]) -> Iterator[Callable[..., tuple[Any, Admin]]]:
    """Start an Admin UI with this response, read over HTTP."""
    opened: list[Admin] = []

    def read(response: Reply, selector: str = "#balance", **login: Any) -> tuple[Any, Admin]:
        served = platform(response)
        admin = Admin(AdminTarget(f"{served.url}/users/{{walletId}}", selector, **login), 5)
        admin._browser.is_installed = False
        opened.append(admin)
        return served, admin

    yield read
    for admin in opened:
        admin.close()


def html(text: str) -> Reply:
    return reply(f"<html><body>{text}</body></html>", media="text/html; charset=utf-8")


def test_the_balance_is_read_over_http_without_a_browser(page: Any) -> None:
    served, admin = page(html('<p id="balance">BDT <b>1,234</b>.50</p>'))
    assert admin.balance("w/1 x") == Decimal("1234.50")
    assert served.received[0].path == "/users/w%2F1%20x"
    assert "no browser" in admin.how


def test_visit_of_the_admin_page_is_listed_among_the_calls(page: Any) -> None:
    admin = page(html('<p id="balance">1</p>'))[1]
    admin.balance("w")
    (line,) = call_lines([], admin.visit("w"))
    assert re.fullmatch(r"> the Admin page  200 +\d+ ms +", line)


def test_any_success_shows_a_balance(page: Any) -> None:
    _, admin = page(reply('<p id="balance">5.00</p>', 203, media="text/html"))
    assert admin.balance("w") == 5


def test_a_login_is_sent_as_http_basic(page: Any) -> None:
    served, admin = page(html('<p id="balance">1</p>'), user="me", password=Secret("open:sesame"))
    admin.balance("w")
    assert b64decode(served.received[0].headers["authorization"].removeprefix("Basic ")) == b"me:open:sesame"


@pytest.mark.parametrize(
    ("response", "selector", "error"),
    [
        (html("<p>nothing</p>"), "#balance", pytest.skip.Exception),
        (html('<p id="balance"></p>'), "#balance", pytest.skip.Exception),
        (html('<p id="balance">loading</p><script>fill()</script>'), "#balance", pytest.skip.Exception),
        (reply('<p id="balance">1</p>', 404, media="text/html"), "#balance", CallFault),
        (html('<p id="balance">1</p>'), "#balance[", UsageError),
        (reply('<p id="balance">1</p>', 503, media="text/html"), "#balance", CallFault),
        (Reply(then="reset"), "#balance", CallFault),
    ],
)
def test_a_page_without_a_balance_is_reported(page: Any, response: Reply, selector: str, error: Any) -> None:
    with pytest.raises(error):
        page(response, selector)[1].balance("w")


def test_browser_reads_a_balance_that_a_script_sets(platform: Any) -> None:
    script = "setTimeout(() => document.querySelector('#balance').textContent = '1.234,50', 50)"
    served = platform(html(f'<p id="balance"></p><script>{script}</script>'))
    admin = Admin(AdminTarget(f"{served.url}/{{walletId}}", "#balance"), 5)
    if "headless" not in admin.how:
        pytest.skip("no browser with its driver on this machine")
    try:
        assert admin.balance("w") == Decimal("1234.50")
    finally:
        admin.close()


def test_browser_loads_a_page_again_of_which_only_the_fragment_differs(platform: Any) -> None:
    served = platform(html('<p id="balance">1.00</p>'), html('<p id="balance">2.00</p>'))
    admin = Admin(AdminTarget(f"{served.url}/users#/{{walletId}}", "#balance"), 5)
    if "headless" not in admin.how:
        pytest.skip("no browser with its driver on this machine")
    try:
        assert [admin.balance("w"), admin.balance("w")] == [1, 2]
    finally:
        admin.close()


OPENS_A_PAGE = """
from harness.apis.alfred.admin import Admin
from harness.target.target import AdminTarget

Admin(AdminTarget("http://127.0.0.1:9/{walletId}", "#balance"), 5).balance("W-1")
"""


def test_starting_browser_ends_if_the_run_is_killed(tmp_path: Path) -> None:
    (tmp_path / "chromedriver").write_text("#!/bin/sh\ntouch $TMPDIR/file\necho $$ > $PIDS/driver\nexec sleep 60\n")
    (tmp_path / "chromium").touch()
    for name in ("chromedriver", "chromium"):
        (tmp_path / name).chmod(0o755)
    (tmp_path / "temporary").mkdir()
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "PIDS": str(tmp_path), "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen((sys.executable, "-c", OPENS_A_PAGE), env={**os.environ, **own})
    started = tmp_path / "driver"
    assert happens(lambda: started.exists() and started.read_text())
    process.kill()
    process.wait()
    driver = Path("/proc", started.read_text().strip())
    assert happens(lambda: not driver.exists() and not list((tmp_path / "temporary").iterdir()))


def happens(condition: Callable[[], Any], seconds: float = 30) -> bool:
    """Return whether a condition becomes true within this time."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(condition())
