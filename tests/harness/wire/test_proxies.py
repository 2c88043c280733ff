"""Proxies and certificates: which proxy a call uses, which fault is the proxy's, and which authorities are trusted."""

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.apis.alfred.admin import Admin
from harness.failures import EnvironmentFault, UsageError
from harness.target.target import AdminTarget
from harness.target.values import Secret
from harness.wire import connections
from harness.wire.channel import Channel
from harness.wire.exchange import UNREACHED, Request
from harness.wire.faults import NoResponse
from harness.wire.proxies import proxy_for
from harness.wire.redaction import MASK, REDACTION
from proof.target_file import toml
from tests.harness.loopback import reply
from tests.harness.runs import ROOT, pytest_command, tables_at

URL = "http://wallet.example/v2"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def gone() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return "http://127.0.0.1:{1}".format(*listening.getsockname())


def get(url: str) -> Request:
    return Request("getWallet", "GET", url)


@pytest.mark.parametrize(
    ("variable", "value", "address"),
    [
        ("HTTP_PROXY", "http://proxy.example:3128", "http://proxy.example:3128"),
        ("http_proxy", "proxy.example:3128", "http://proxy.example:3128"),
        ("ALL_PROXY", "http://proxy.example", "http://proxy.example:80"),
        ("all_proxy", "https://proxy.example", "https://proxy.example:443"),
        ("HTTP_PROXY", "http://[2001:db8::1]:3128/", "http://[2001:db8::1]:3128"),
    ],
)
def test_a_proxy_is_read_from_each_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, address: str
) -> None:
    monkeypatch.setenv(variable, value)
    proxy = proxy_for(URL)
    assert proxy
    assert str(proxy) == f"the proxy {address} ({variable})"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ALL_PROXY", "socks5://proxy.example:1080", "of the kind socks5, which is not supported"),
        ("all_proxy", "socks5h://me:open-sesame@proxy.example", "of the kind socks5h"),
        ("HTTP_PROXY", "ftp://proxy.example", "of the kind ftp"),
        ("http_proxy", "http://proxy.example:web", "whose host or port can't be read"),
        ("HTTP_PROXY", "http://proxy.example:99999", "whose host or port can't be read"),
        ("HTTP_PROXY", "http://[::1", "whose host or port can't be read"),
        ("HTTP_PROXY", "http://me:open-sesame@proxy.example:0", "with a port that can't be used"),
        ("HTTP_PROXY", "http://:3128", "without a host"),
    ],
)
def test_unsupported_proxy_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as raised:
        proxy_for(URL)
    message = str(raised.value)
    assert message.startswith(f"{variable} names a proxy ")
    assert words in message
    assert "open-sesame" not in message


def test_run_with_an_unsupported_proxy_ends_with_status_4_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(toml(tables_at("http://wallet.example")), encoding="utf-8")
    done = subprocess.run(
        [*pytest_command(), f"--target={tmp_path / 'small.toml'}", "features/alfred/wallets.feature"],
        cwd=ROOT,
        env={**os.environ, "ALL_PROXY": "socks5://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 4, output
    assert "ALL_PROXY names a proxy of the kind socks5" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NO_PROXY", "wallet.example:8080"),
        ("no_proxy", "wallet.example"),
        ("NO_PROXY", "other.test, .example"),
        ("no_proxy", "*"),
        ("NO_PROXY", "other.test *"),
        ("NO_PROXY", "WALLET.EXAMPLE"),
    ],
)
def test_no_proxy_variable_disables_the_proxy(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv(variable, value)
    assert proxy_for("http://wallet.example:8080/v2") is None


@pytest.mark.parametrize(
    ("url", "value", "is_exempt"),
    [
        ("http://10.1.2.3/", "10.0.0.0/8", True),
        ("http://11.1.2.3/", "10.0.0.0/8", False),
        ("http://[2001:db8::5]:8080/", "2001:db8::/32", True),
        ("http://[2001:db8::5]/", "[2001:db8::5]", True),
        ("http://wallet.example/", "wallet.example:80", True),
        ("http://wallet.example/", "wallet.example:8080", False),
        ("https://wallet.example/", "wallet.example:443", True),
        ("http://notwallet.example/", "wallet.example", False),
        ("http://a.wallet.example/", "wallet.example", True),
        ("http://wallet.example/", "", False),
    ],
)
def test_no_proxy_variable_matches_networks_ports_and_domains(
    monkeypatch: pytest.MonkeyPatch, url: str, value: str, is_exempt: bool
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", value)
    assert (proxy_for(url) is None) == is_exempt


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_unreachable_proxy_is_named_in_the_fault(monkeypatch: pytest.MonkeyPatch, gone: str, scheme: str) -> None:
    monkeypatch.setenv("all_proxy", gone.replace("//", "//me:open-sesame@"))
    channel = Channel(1.0)
    with pytest.raises(NoResponse, match=rf"^the proxy {gone} \(all_proxy\) can't be reached") as caught:
        channel.send(get(f"{scheme}://wallet.example"))
    assert (caught.value.kind, caught.value.is_by_proxy) == (UNREACHED, True)
    assert "open-sesame" not in str(caught.value)
    assert REDACTION.mask("open-sesame") == MASK


@pytest.mark.parametrize(("scheme", "status"), [("http", 407), ("https", 407), ("https", 502), ("https", 403)])
def test_error_status_of_the_proxy_is_attributed_to_the_proxy(
    platform: Any, monkeypatch: pytest.MonkeyPatch, scheme: str, status: int
) -> None:
    served = platform(reply("<html>", status, media="text/html"))
    monkeypatch.setenv("all_proxy", served.url)
    channel = Channel(1.0)
    with pytest.raises(NoResponse, match=rf"^the proxy {served.url} \(all_proxy\) does not let .*{status}"):
        channel.send(get(f"{scheme}://wallet.example"))
    channel.close()


def test_the_login_is_sent_to_the_proxy(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    served = platform(reply({"id": 1}))
    monkeypatch.setenv("http_proxy", served.url.replace("//", "//me:open%20sesame@"))
    channel = Channel(1.0)
    assert channel.send(get(URL)).response
    assert served.received[0].headers["proxy-authorization"] == "Basic bWU6b3BlbiBzZXNhbWU="
    channel.close()


@pytest.mark.parametrize("status", [None, 407, 502])
def test_admin_page_fault_names_the_proxy(
    platform: Any, monkeypatch: pytest.MonkeyPatch, gone: str, status: int | None
) -> None:
    address = platform(reply("x", status)).url if status else gone
    monkeypatch.setenv("HTTP_PROXY", address.replace("//", "//me:open-sesame@"))
    admin = Admin(AdminTarget("http://wallet.example/{walletId}", "#balance", "me", Secret("open-sesame")), 1.0)
    monkeypatch.setattr(admin._browser, "is_installed", False)
    with pytest.raises(EnvironmentFault, match=rf"through the proxy {address} \(HTTP_PROXY\)") as caught:
        admin.balance("W-1")
    assert "open-sesame" not in str(caught.value)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_unreadable_certificate_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    if content:
        (tmp_path / "ca.pem").write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    connections._context.cache_clear()
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        Channel(1.0).send(get("https://127.0.0.1:9"))
    connections._context.cache_clear()


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate for localhost that is its own authority; its key beside it."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    alternatives = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ca.pem"), "-addext", alternatives]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return tmp_path / "ca.pem"


@pytest.fixture
def secure(authority: Path) -> Iterator[str]:
    """A server on https://localhost with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.parent / "key.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield "https://localhost:{1}".format(*listening.getsockname())
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


@pytest.mark.parametrize("kind", ["SSL_CERT_FILE", "SSL_CERT_DIR", "neither", "with a proxy"])
def test_certificate_authority_of_the_environment_is_trusted_on_loopback_too(
    secure: str, authority: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    if kind == "SSL_CERT_DIR":
        hashed = subprocess.run(
            ["openssl", "x509", "-hash", "-noout", "-in", str(authority)], check=True, capture_output=True, text=True
        )
        (authority.parent / f"{hashed.stdout.strip()}.0").write_bytes(authority.read_bytes())
        monkeypatch.setenv("SSL_CERT_DIR", str(authority.parent))
    elif kind != "neither":
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    if kind == "with a proxy":
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    connections._context.cache_clear()
    channel = Channel(2.0)
    try:
        if kind == "neither":
            with pytest.raises(NoResponse, match="CERTIFICATE_VERIFY_FAILED"):
                channel.send(get(secure))
        else:
            assert channel.send(get(secure)).response
    finally:
        channel.close()
        connections._context.cache_clear()
