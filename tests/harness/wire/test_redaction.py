"""Masking: every form in which a credential can appear, and the cost for thousands of tokens."""

from __future__ import annotations

import dataclasses
import html
import importlib
import inspect
import json
import pkgutil
import re
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlencode

import pytest

import harness
from harness.target.values import Secret
from harness.wire.exchange import Request
from harness.wire.redaction import MASK, Redaction
from tests.harness.encodings import ENCODINGS

TOKENS = [
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c2ln",
    "ab+cd/efghijkl==",
    '/abcdefgh"\\x',
    "a b&c=d%e",
    "k~1-2345",
    "tok_en-7",
]
TOKENS += ["~+/abcdefghij", "12345678", "日本-token-é", "x" * 500]

FORMS = {
    "in clear": str,
    "as a word of a sentence": lambda token: f"the token {token} was rejected",
    "behind a scheme": lambda token: f"Bearer {token}",
    "in JSON": lambda token: json.dumps({"a": [token]}),
    "in JSON in UTF-8": lambda token: json.dumps({"a": token}, ensure_ascii=False),
    "in JSON with escaped slashes": lambda token: json.dumps(token).replace("/", "\\/"),
    "in a page": html.escape,
    "in a path": lambda token: f"/v2/wallets/{quote(token, safe='')}/x",
    "in a query": lambda token: "?" + urlencode({"t": token, "u": 1}),
    "in a form": lambda token: f"t={quote_plus(token)}&u=1",
    "twice": lambda token: f"{token},{token}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_secret_is_masked_in_every_form(token: str, form: Any) -> None:
    redaction = Redaction()
    redaction.learn(token)
    masked = redaction.mask(form(token))
    assert MASK in masked
    assert redaction.mask(masked) == masked
    assert not any(shown in masked for shown in (token, quote(token, safe=""), json.dumps(token)[1:-1]))


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize(
    "around", ["{}", "a {} b", "t={}&u=1", '{{"a": "{}"}}', "xx{}", "\u00e9{}\u00e9", "100%{}", "=3D{}"]
)
def test_secret_is_masked_in_every_encoding_and_position(encoding: Any, around: str) -> None:
    for _ in range(10):
        secret = secrets.token_urlsafe(24)
        redaction = Redaction()
        redaction.learn(secret)
        shown = encoding(secret)
        for text in (around.format(shown), json.dumps({"a": around.format(shown)}), html.escape(around.format(shown))):
            masked = redaction.mask(text)
            assert MASK in masked, text
            assert shown not in masked
            left = [secret[at : at + 9] for at in range(len(secret) - 8) if secret[at : at + 9] in unescaped(masked)]
            assert left == [], masked


def unescaped(text: str) -> str:
    """Return the text with its unescaped and decoded forms, on lines of their own."""
    text = html.unescape(unquote(unquote(text)))
    return text + "\n" + re.sub(r"\\+(?:u00|x)([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize("length", [*range(9, 20), 31])
def test_any_part_of_more_than_eight_characters_is_masked(length: int) -> None:
    secret = secrets.token_urlsafe(24)
    redaction = Redaction()
    redaction.learn(secret)
    for begin in range(len(secret) - length + 1):
        for before in range(5):
            part = secret[begin : begin + length]
            assert redaction.mask(f"{'.' * before}{part}|") == f"{'.' * before}{MASK}|"


def test_truncated_secret_shows_at_most_eight_characters() -> None:
    secret = secrets.token_urlsafe(24)
    redaction = Redaction()
    redaction.learn(secret)
    for encoding in ENCODINGS.values():
        shown = f"responded with {encoding(secret)}"
        for length in range(len(shown)):
            masked = unescaped(redaction.mask(shown[:length]))
            assert not any(secret[at : at + 9] in masked for at in range(len(secret) - 8))


def test_digits_of_a_timestamp_are_not_masked_as_part_of_a_hexadecimal_token() -> None:
    redaction = Redaction()
    redaction.learn("WgVQ5A" * 4)  # 576756513541...
    assert redaction.mask("1795767565131") == "1795767565131"
    assert redaction.mask("57675651354157675651") == MASK


def test_masked_json_is_valid_if_a_number_resembles_part_of_a_secret() -> None:
    redaction = Redaction()
    redaction.learn("token-5767565131-x")
    masked = redaction.mask_json('{"at": 1795767565131, "text": "token-5767565131-x, 12", "list": [1.5, null, true]}')
    assert json.loads(masked) == {"at": 1795767565131, "text": f"{MASK}, 12", "list": [1.5, None, True]}


def test_numeric_secret_is_masked_as_a_json_number_too() -> None:
    redaction = Redaction()
    redaction.learn("5767565131")
    assert json.loads(redaction.mask_json('{"at": 5767565131, "other": 12}')) == {"at": MASK, "other": 12}


def test_invalid_json_is_masked_as_text() -> None:
    redaction = Redaction()
    redaction.learn("token-5767565131-x")
    assert redaction.mask_json("{at: token-5767565131-x") == f"{{at: {MASK}"


def test_public_part_of_a_secret_is_not_masked_but_the_whole_secret_is() -> None:
    redaction = Redaction()
    redaction.learn("sandbox-walletapi-key")
    redaction.leave("the walletapi of a sandbox")
    assert redaction.mask("walletapi: sandbox-walletapi-key") == f"walletapi: {MASK}"
    assert redaction.mask("y-walletapi-key") == f"y{MASK}"


def test_issued_credentials_are_recognized_by_their_names() -> None:
    redaction = Redaction()
    headers = (("Set-Cookie", "session=cookie-4711-0815; Path=/"), ("X-Auth-Token", "Bearer header-4711-0815"))
    redaction.learn_issued((*headers, ("Server", "nothing-secret-1")), "", {"a": [{"newToken": "member-4711-0815"}]})
    redaction.learn_issued((), 'not JSON: "password": "broken-4711-0815" and "secret": "cut-4711-0815', None)
    for secret in ("cookie", "header", "member", "broken", "cut"):
        assert redaction.mask(f"a {secret}-4711-0815 b") == f"a {MASK} b"
    assert redaction.mask("nothing-secret-1") == "nothing-secret-1"


def test_the_user_in_a_url_is_masked_even_if_unknown() -> None:
    masked = Redaction().mask("see https://me:open@host.example/a@b, mailto:me@host")
    assert masked == f"see https://{MASK}@host.example/a@b, mailto:me@host"


def test_a_key_is_masked_inside_a_longer_word() -> None:
    redaction = Redaction()
    redaction.learn("key47110")
    assert redaction.mask("xkey47110y") == f"x{MASK}y"


def test_secret_inside_another_secret_is_masked_completely() -> None:
    redaction = Redaction()
    for secret in ("token-abcdef", "token-abcdef-longer-12", "en-abcdef"):
        redaction.learn(secret)
    assert redaction.mask("a token-abcdef-longer-12 b") == f"a {MASK} b"


@pytest.mark.parametrize(
    ("secret", "is_searched"),
    [
        *((word, False) for word in ("string", "token", "test", "password", "accessToken", "SECRET", "Undefined")),
        *((short, False) for short in ("7", "ab", "k~1", "1234567", "Tok-7")),
        *((odd, True) for odd in ("12345678", "token-0123456789", "aBcDeFgH", "correcthorsebatterystaple")),
    ],
)
def test_ordinary_word_is_masked_only_in_headers_and_fields_for_credentials(secret: str, is_searched: bool) -> None:
    redaction = Redaction()
    redaction.learn(secret, "${KEY}")
    assert (MASK in redaction.mask(f"a {secret} of text")) == is_searched
    assert ("${KEY}" in redaction.warning) == (not is_searched)
    assert redaction.mask_header("Authorization", f"Bearer {secret}") == MASK
    assert redaction.mask_body(f'{{"accessToken": "{secret}"}}') == f'{{"accessToken": "{MASK}"}}'


def test_ordinary_text_is_not_masked() -> None:
    redaction = Redaction()
    for secret in ("", "7", "ab", "token-abcdef"):
        redaction.learn(secret)
    assert (
        redaction.mask('{"amount": 7, "id": "token", "x": "abcdef"}') == '{"amount": 7, "id": "token", "x": "abcdef"}'
    )


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *(
            (name, True)
            for name in ("Authorization", "API-KEY", "api_key", "apikeypublic", "APICLIENTPUBLIC", "Cookie")
        ),
        *((name, True) for name in ("Set-Cookie", "X-Auth-Token", "x-secret", "Proxy-Authorization", "X-Odd-Name")),
        *((name, False) for name in ("Content-Type", "Date", "Content-Length", "X-Request-Id", "Server")),
    ],
)
def test_a_header_is_masked_by_its_name(name: str, secret: bool) -> None:
    redaction = Redaction()
    redaction.learn_header("x-odd-NAME")
    assert redaction.mask_header(name, "value") == (MASK if secret else "value")


def test_a_header_is_masked_by_its_value() -> None:
    redaction = Redaction()
    redaction.learn("token-abcdef")
    assert redaction.mask_header("Location", "/x?t=token-abcdef") == f"/x?t={MASK}"


@pytest.mark.parametrize("name", ["accessToken", "token", "refresh_token", "clientSecret", "password", "Credential"])
def test_an_unknown_secret_is_masked_by_the_name_of_its_member(name: str) -> None:
    body = json.dumps({"a": {name: 'val"ue'}, "id": "x"})
    assert json.loads(Redaction().mask_body(body)) == {"a": {name: MASK}, "id": "x"}


def test_masking_5000_tokens_is_faster_than_5000_searches() -> None:
    text = json.dumps([{"id": secrets.token_urlsafe(18), "amount": 1} for _ in range(100)])
    redaction, tokens = Redaction(), [secrets.token_urlsafe(24) for _ in range(5000)]
    for token in tokens:
        redaction.learn(token)

    def cost(search: Callable[[], object]) -> float:
        began = time.thread_time()
        search()
        return time.thread_time() - began

    masking = min(cost(lambda: redaction.mask(text)) for _ in range(9))
    # It takes a twentieth of it. Both are tried on the same machine at the same time.
    assert masking < min(cost(lambda: [token in text for token in tokens]) for _ in range(9)) / 2


def values() -> list[type]:
    names = [module.name for module in pkgutil.iter_modules(harness.__path__, "harness.")]
    found = [vars(importlib.import_module(name)).values() for name in names]
    return list(dict.fromkeys(kind for kinds in found for kind in kinds if isinstance(kind, type) and _is_value(kind)))


def _is_value(kind: type) -> bool:
    names = {field.name for field in dataclasses.fields(kind)} if dataclasses.is_dataclass(kind) else set()
    return (
        kind.__module__.startswith("harness.")
        and not inspect.isabstract(kind)
        and bool(names & {"token", "key", "shop_key", "client", "password", "value"})
    )


@pytest.mark.parametrize("kind", values(), ids=lambda kind: kind.__name__)
def test_no_repr_of_the_harness_contains_a_secret(kind: Any) -> None:
    hidden = "open-sesame-4711"
    named: dict[str, Any] = {field.name: Secret(hidden, "NAME") for field in dataclasses.fields(kind)}
    if kind is Secret:
        named = {"value": hidden, "variable": "NAME"}
    if "token" in named:
        named["token"] = hidden
    held = kind(**named)
    assert hidden not in f"{held!r} {held!s} {held} {[held]} {held!a}"


def sent(key: str, url: str = "http://127.0.0.1:9/v2/platform/x", body: str = "{}") -> Request:
    return Request("authenticateWallet", "POST", url, (("API-KEY", key),), body.encode())


def test_made_up_key_is_a_secret() -> None:
    redaction = Redaction()
    redaction.learn_sent(sent("made-up-key-0001"))
    assert redaction.mask("made-up-key-0001") == MASK


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("http://127.0.0.1:9/v2/platform/platform%2Did-0001", "{}"),
        ("http://127.0.0.1:9/", '{"id": "platform-id-0001"}'),
    ],
)
def test_id_that_a_request_also_names_openly_is_no_secret(url: str, body: str) -> None:
    redaction = Redaction()
    redaction.learn_sent(sent("platform-id-0001", url, body))
    assert redaction.mask("platform-id-0001") == "platform-id-0001"


def test_the_name_of_a_variable_is_shown_if_a_key_in_the_other_case_resembles_it() -> None:
    redaction = Redaction()
    redaction.leave("ACME_WALLETAPI_KEY")
    for key in ("acme-walletapi-key-1", "ACME-WALLETAPI-KEY-1"):
        redaction.learn(key)
    assert redaction.mask("$ACME_WALLETAPI_KEY") == "$ACME_WALLETAPI_KEY"
    assert redaction.mask("ACME-WALLETAPI-KEY-1") == MASK
