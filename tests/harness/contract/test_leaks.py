"""What X-2 finds in a response, and what it accepts as an echo or as coincidence (contract.md X-2)."""

import json
from datetime import UTC, datetime

import pytest

from harness.contract.contract import load_contract
from harness.contract.leaks import SentTexts, leaks
from harness.wire.exchange import Exchange, Headers, Request, Response
from harness.wire.messages import decoded

PATTERNS = load_contract().clauses["X-2"].patterns
KEY = 'k3y/With+"odd<&signs'
PLAIN_KEY = "plainkey0123456789"


def found(
    body: bytes | str | dict[str, object], *, headers: Headers = (), sent: str = PLAIN_KEY, echoes=(), earlier=()
) -> list[str]:
    """Where the findings of a response are."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    response = Response(400, "Bad Request", headers, raw, decoded(raw))
    exchange = Exchange(Request("getWallet", "GET", "http://127.0.0.1/"), response, datetime.now(UTC), 0)
    return [finding.where for finding in leaks(exchange, (sent,), PATTERNS, echoes, SentTexts(PATTERNS, earlier))]


@pytest.mark.parametrize(
    "body",
    [
        f"key {KEY} is unknown",
        {"message": KEY},
        {KEY: 1},
        {"errors": [{"why": f"unknown: {KEY}"}]},
        '{"a": "' + "".join(f"\\u{ord(letter):04x}" for letter in KEY) + '"}',
        json.dumps({"a": KEY}).replace("/", "\\/"),
        "k3y%2FWith%2B%22odd%3C%26signs",
        {"next": "/login?key=k3y%2fWith%2b%22odd%3c%26signs"},
        "<p>k3y/With+&quot;odd&lt;&amp;signs</p>",
        {"html": "k3y/With+&#34;odd&lt;&amp;signs"},
    ],
)
def test_credential_is_found_in_plain_and_escaped_form(body):
    assert found(body, sent=KEY) == ["body"]


@pytest.mark.parametrize("value", [PLAIN_KEY, f"Bearer {PLAIN_KEY}", f"session={PLAIN_KEY}; Path=/"])
def test_a_credential_is_found_in_a_header(value):
    assert found({}, headers=(("X-Debug", value),)) == ["headers"]


def test_short_credential_is_found_only_as_a_whole_word():
    assert found({"message": "unknown key abc12345"}, sent="abc12345") == ["body"]
    for text in ("xabc12345", "abc1234", "wallet-abc12345", "abc123_session"):
        assert not found({"id": text}, sent="abc12345")


@pytest.mark.parametrize("sent", ["7", "1.00", "true", "abcde", ""])
def test_a_very_short_credential_is_not_searched_for(sent):
    assert not found({"balance": "1.00", "ok": "true", "id": "7", "name": "abcde"}, sent=sent)


def test_a_credential_that_is_also_sent_as_an_id_is_not_a_secret():
    assert not found({"WalletOwnerId": PLAIN_KEY}, echoes=[PLAIN_KEY])
    assert found({"Description": PLAIN_KEY}, echoes=["a text"]) == ["body"]


INTERNALS = (
    "Traceback (most recent call last)",
    "java.lang.NullPointerException",
    "SELECT id FROM wallets WHERE alias = 1",
    "SQLSTATE[23000]",
    "/usr/lib/python3/site.py",
    "C:\\inetpub\\wwwroot\\Sale.cs",
)


@pytest.mark.parametrize("internal", INTERNALS)
def test_internals_are_found_in_text_json_html_and_headers(internal):
    assert found(internal) == ["body or headers"]
    assert found({"errors": [{"detail": f"it failed: {internal}"}]}) == ["body or headers"]
    assert found(f"<pre>{internal}</pre>".replace("'", "&#39;")) == ["body or headers"]
    assert found({}, headers=(("X-Debug", internal),)) == ["body or headers"]


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE wallets; --",
        "SELECT * FROM wallets",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini C:\\inetpub\\wwwroot\\a.cs",
        "Traceback (most recent call last)",
        "${jndi:ldap://127.0.0.1:9/a}",
        '"><script>alert(1)</script> file:///etc/passwd',
        "x" * 300 + " SELECT * FROM wallets " + "y" * 300,
    ],
)
@pytest.mark.parametrize("as_shown", [str, lambda text: text[:330], lambda text: f"Unknown reference '{text}'."])
def test_echo_of_a_sent_text_is_no_leak(text, as_shown):
    raw = json.dumps({"Description": text})
    for echoes in ([text], [raw, text]):
        assert not found({"Value": {"Description": as_shown(text)}}, echoes=echoes)


def test_escaped_echo_of_a_sent_text_is_no_leak():
    text = "<b>/etc/passwd</b> & C:\\inetpub\\wwwroot\\a.cs"
    assert not found("<p>&lt;b&gt;/etc/passwd&lt;/b&gt; &amp; C:\\inetpub\\wwwroot\\a.cs</p>", echoes=[text])
    assert not found({"at": "%3Cb%3E%2Fetc%2Fpasswd%3C%2Fb%3E"}, echoes=[text])


def test_internals_beside_an_echo_are_found():
    text = "'; DROP TABLE wallets; --"
    assert found({"detail": f'near "{text}": syntax error'}, echoes=[text]) == ["body or headers"]
    assert found({"detail": f"{text} in /srv/wallet/views.py"}, echoes=[text]) == ["body or headers"]


@pytest.mark.parametrize(
    "body",
    [
        {"instance": "/api/v1/wallet/purchase/by/alias", "type": "https://example.com/problems/unknown.py"},
        {"instance": "/v2/alfred/purchase/AAEA-1:confirm", "links": {"self": "http://127.0.0.1:8080/v2/wallet"}},
        {
            "message": "The amount must be a number.",
            "traceId": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        },
        {"errors": ["Select a method from the list and update it.", "No wallet has this alias."]},
        {"CreatedAt": "2025-04-28T08:10:12.8828523Z", "Description": None, "Amount": 1},
        {"currency": "BDT", "path": "$.Amount", "code": "insert_failed"},
        b"",
        b"\xff\xfe",
    ],
)
def test_usual_error_messages_are_not_internals(body):
    headers = (
        ("Server", "Apache/2.4.57 (Unix) OpenSSL/3.0"),
        ("X-Powered-By", "ASP.NET"),
        ("Location", "/v2/alfred/purchase/AAEA-1"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Content-Security-Policy", "default-src 'self'"),
        ("Date", "Mon, 28 Apr 2025 08:10:12 GMT"),
        ("WWW-Authenticate", 'Bearer realm="wallet", error="invalid_token"'),
    )
    assert not found(body, headers=headers)


def test_echoes_are_read_only_after_a_finding():
    def never():
        raise AssertionError("read")
        yield

    assert not found({"message": "no"}, echoes=never())


def test_echo_of_a_text_sent_earlier_in_the_run_is_no_leak():
    gift = "../../../../etc/passwd0f1e2d../../../../etc/passwd"
    assert found({"GiftBalances": [{"Description": gift}]}) == ["body or headers"]
    assert not found({"GiftBalances": [{"Description": gift}]}, earlier=["a gift", gift])
    assert not found({"GiftBalances": [{"Description": gift}]}, earlier=["../../../../etc/passwd"])


def test_internals_beside_a_text_sent_earlier_are_found():
    texts = [{"Description": "../../../../etc/passwd"}, {"Error": "/srv/wallet/app.py"}]
    assert found({"GiftBalances": texts}, earlier=["../../../../etc/passwd"]) == ["body or headers"]
