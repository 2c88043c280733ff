"""The doctor: one line per thing that a run needs, ok or what to do, and the status that a run would end with."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.doctor import main
from harness.wire.manner import MANNER
from proof.target_file import toml
from tests.conftest import Row
from tests.harness.loopback import reply
from tests.harness.runs import KEYS, PAIR, tables_at

TITLE = "what the doctor says"
Examine = Callable[..., tuple[int, list[str]]]


@pytest.fixture(autouse=True)
def manner() -> Iterator[None]:
    """Restore how this process sends its requests."""
    before = dict(MANNER.__dict__)
    yield
    MANNER.__dict__.update(before)


@pytest.fixture
def examine(sandbox: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Examine:
    """Return the function that examines the sandbox with changed tables, ``alfred={...}``: exit status and lines."""

    def start(tables: dict[str, Any] | None = None, top: str = "", **changes: Any) -> tuple[int, list[str]]:
        tables = dict(tables or sandbox.tables)
        for name, change in changes.items():
            tables[name] = {**tables.get(name, {}), **change} if change is not None else None
        tables = {name: table for name, table in tables.items() if table is not None}
        (tmp_path / "small.toml").write_text(top + toml(tables))
        status = main([f"--target={tmp_path}/small.toml"])
        printed = capsys.readouterr().out
        secrets = (*KEYS.values(), *PAIR.values(), sandbox.tables["alfred"]["shop_key"], "key-of-nobody-1234")
        assert [secret for secret in secrets if secret in printed] == []
        return status, printed.splitlines()

    return start


def the_line(lines: list[str], about: str) -> str:
    return next(line for line in lines if line[6:].startswith(about))


def test_correct_target_is_ok_in_every_line(examine: Examine, row: Row) -> None:
    status, lines = examine(limits={"spend": {"BDT": 500}, "calls_per_second": 50})
    assert status == 0
    keys = [line for line in lines if line[6:].startswith("key:")]
    assert len(keys) == 4
    assert [line for line in lines if line.startswith("fix")] == []
    for about in ("file", "name", "connection", "TLS", "clock", "locators", "admin", "allowed", "spend", "rate"):
        assert the_line(lines, about).startswith("ok"), lines
    row(TITLE, "a target that is right", f"{len(lines)} lines, status {status}")


def test_mistakes_of_known_issues_are_found(examine: Examine, tmp_path: Path, row: Row) -> None:
    issue = {"clause": "F-99", "owner": "us", "ticket": "T-1", "because": "it is late"}
    expires = datetime.now(UTC).date() + timedelta(days=9)
    text = "\n".join(f'{key} = "{value}"' for key, value in issue.items())
    (tmp_path / "known_issues.toml").write_text(f"[[issue]]\n{text}\nexpires = {expires}\n")
    status, lines = examine()
    assert status == 4
    (line,) = lines
    assert "line 2" in line
    assert "'F-99' is not a clause" in line
    row(TITLE, "a known issue of a clause that does not exist", line)
    row_of_outline = 'scenario = "A confirmed payment of <amount> is the balance[1.15]"'
    right = f"[[issue]]\n{text.replace('F-99', 'F-3')}\n{row_of_outline}\nexpires = {expires}\n"
    (tmp_path / "known_issues.toml").write_text(right)
    status, lines = examine()
    assert status == 0
    assert the_line(lines, "known issues").startswith("ok")


def test_without_a_name_the_targets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 4
    assert "name a target" in capsys.readouterr().out


WRONG: dict[str, tuple[dict[str, Any], str, int, str, list[str]]] = {
    "an unset variable": ({"alfred": {"shop_key": "${UNSET_KEY}"}}, "", 4, "file", ["alfred.shop_key", "UNSET_KEY"]),
    "a misspelt setting": ({"alfred": {"platform": "x"}}, "", 4, "file", ["alfred.platform is not known"]),
    "a name that nobody knows": (
        {"alfred": {"base_url": "http://nobody.invalid"}},
        "",
        75,
        "name (alfred)",
        ["can't resolve the name nobody.invalid", "address right?"],
    ),
    "a port that nobody listens on": (
        {"walletapi": {"base_url": "http://127.0.0.1:9"}},
        "",
        75,
        "connection (walletapi)",
        ["can't connect to 127.0.0.1:9", "is it up"],
    ),
    "a wrong key": ({"alfred": {"shop_key": "key-of-nobody-1234"}}, "", 4, "alfred", ["alfred.shop_key", "refused"]),
    "a locator that finds nothing": (
        {"alfred": {"locate": {"balanceAmount": "$.none", "remainingAmount": "$.remainingAmount"}}},
        "",
        4,
        "alfred",
        ["alfred.locate.balanceAmount finds nothing"],
    ),
    "an Admin page that is not there": (
        {"admin": {"url": "http://127.0.0.1:9/{walletId}"}},
        "",
        75,
        "connection (admin)",
        ["can't connect to 127.0.0.1:9"],
    ),
    "no locators": ({"alfred": {"locate": {}}}, "", 0, "locators", ["set [alfred.locate]"]),
    "no Admin UI": ({"admin": None}, "", 0, "admin", ["S-4 is not judged"]),
    "an Admin UI that is left out": ({"admin": None}, 'left_out = ["S-4"]\n', 0, "admin", ["left out"]),
    "no WalletAPI": ({"walletapi": None}, "", 0, "walletapi", ['left_out = ["walletapi"]']),
    "no wallets": ({"walletapi": {"owner_id": ""}}, "", 4, "walletapi", ["set owner_id or aliases"]),
    "no limit": ({}, "", 0, "spend", ["set [limits] spend"]),
    "nothing allowed": ({"limits": {"allow": []}}, "", 0, "allowed", ["not allowed", "races, hostile, walks, load"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_problem_has_a_line_and_a_status(examine: Examine, name: str, row: Row) -> None:
    changes, top, due, about, words = WRONG[name]
    status, lines = examine(top=top, **changes)
    line = the_line(lines, about)
    row(TITLE, name, f"status {status}: {line}")
    assert status == due, lines
    assert [word for word in words if word not in line] == []
    assert line.startswith("fix") == (due != 0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"alfred": {"base_url": "http://127.0.0.1:9"}}, "Alfred could not be reached: fix that first"),
        ({"alfred": {"platform_key": "key-of-nobody-1234"}}, "that needs a user of Alfred, and there is none"),
    ],
)
def test_admin_page_that_is_not_checked_has_its_reason(examine: Examine, changes: dict[str, Any], why: str) -> None:
    _, lines = examine(**changes)
    assert the_line(lines, "admin") == f"note  admin: not checked, because {why}"


def test_short_secret_is_a_note(examine: Examine, row: Row) -> None:
    _, lines = examine(walletapi={"client": "string"})
    line = the_line(lines, "secrets")
    assert line.startswith("note")
    assert "string" not in line
    row(TITLE, "a secret that is an ordinary word", line)


def test_clock_difference_of_hours_is_a_note(examine: Examine, platform: Callable[..., Any], row: Row) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
    served = platform(reply({"Value": {}, "IsSuccess": False, "IsFailure": True, "Errors": ["no"]}, date=date))
    _, lines = examine(tables_at(served.url), alfred=None)
    line = the_line(lines, "clock")
    assert line.startswith("note")
    assert "3:00:00 ahead of this machine" in line or "2:59:59 ahead of this machine" in line
    row(TITLE, "a clock that is hours off", line)


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Return the function that starts a server whose certificate is valid for so many days. It returns the URL."""
    servers: list[http.server.ThreadingHTTPServer] = []
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    def start(days: int) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ends = datetime.now(UTC) + timedelta(days=days, hours=1)
        authority.issue_cert("localhost", not_after=ends).configure_cert(context)
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler))
        servers[-1].RequestHandlerClass.log_message = lambda *_: None  # type: ignore[attr-defined]
        servers[-1].socket = context.wrap_socket(servers[-1].socket, server_side=True)
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"https://localhost:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("days", "top", "words"),
    [
        (100, "", ["fix", "is not trusted", "a private authority needs ca_file"]),
        (100, 'ca_file = "ca.pem"\n', ["ok", "valid for 100 more days"]),
        (5, 'ca_file = "ca.pem"\n', ["note", "valid for 5 more days"]),
        (-2, 'ca_file = "ca.pem"\n', ["fix", "expired"]),
    ],
    ids=["of a private authority", "with its authority", "that ends soon", "that has expired"],
)
def test_expiry_of_the_certificate_is_shown(
    examine: Examine, secured: Callable[[int], str], days: int, top: str, words: list[str], row: Row
) -> None:
    _, lines = examine(tables_at(secured(days)), top=top, walletapi=None)
    line = the_line(lines, "TLS (alfred)")
    assert [word for word in words if word not in line] == []
    row(TITLE, f"a certificate {words[-1]}", line)


def test_a_port_without_tls_is_reported(examine: Examine, platform: Callable[..., Any]) -> None:
    served = platform(reply({}))
    status, lines = examine(tables_at(served.url.replace("http:", "https:")), walletapi=None)
    assert "does not speak TLS" in the_line(lines, "TLS (alfred)")
    assert status == 75
