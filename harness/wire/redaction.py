"""Masks credentials and tokens in everything that leaves the process."""

import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from harness.foreign_text import printable, shortened
from harness.wire.exchange import Headers, Request
from harness.wire.secret_index import SecretIndex

MASK: Final = "__ALLURE_REDACTED__"

_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|api[-_]?key|apiclient|credential|password", re.IGNORECASE
)
_SECRET_MEMBER = re.compile(
    r'("[^"]*(?:token|secret|password|credential)[^"]*"\s*:\s*")((?:[^"\\]|\\.)+)("|\\?$)', re.IGNORECASE
)
_SECRET_IN_LOG = re.compile(
    r"((?:set-cookie|cookie|(?:proxy-)?authorization|[\w-]*(?:token|secret|api-?key\w*|apiclient\w*|password))"
    r"['\"]?\s*[:=,]\s*(?:b(?=['\"]))?['\"]?(?:(?:bearer|basic)\s+)?)([^\s'\",;]+)",
    re.IGNORECASE,
)
# In a body that is no JSON: single quotes, a form, XML.
_SECRET_IN_TEXT: Final = re.compile(
    r"(?:token|secret|password|credential)\w*\\?['\"]?\s*[:=>]\s*\\?['\"]?([^\s'\"\\,;&<>{}]+)", re.IGNORECASE
)
_SECRET_NAME: Final = re.compile(r"token|secret|password|credential", re.IGNORECASE)
_USER: Final = re.compile(r"(?<=://)[^/?#@\s\"'<>]+(?=@)")
_SHORTEST: Final = 8
_LONGEST_WORD: Final = 15
_WORD: Final = re.compile(r"(?:[A-Z]?[a-z]+){1,3}|[A-Z]+")


@lru_cache(maxsize=4096)
def is_searchable(secret: str) -> bool:
    """Return whether a secret can be searched for in any text: it is neither short nor an ordinary word.

    "string" or "accessToken" occur everywhere. Such a secret is masked only in headers and members that carry it, and
    X-2 does not look for it.
    """
    return len(secret) >= _SHORTEST and not (len(secret) <= _LONGEST_WORD and _WORD.fullmatch(secret))


class Redaction:
    def __init__(self) -> None:
        self._index = SecretIndex()
        self._known: set[str] = set()
        self._headers: set[str] = set()
        self._not_searched: dict[str, None] = {}

    def learn(self, secret: str, name: str = "a token") -> None:
        """Mask this text from now on, if it is searchable; ``name`` is how the run names it if it is not."""
        if not is_searchable(secret):
            self._not_searched |= {name: None} if secret else {}
        elif secret not in self._known:
            self._known.add(secret)
            self._index.add(secret)

    def learn_issued(self, headers: Headers, text: str, json: Any) -> None:
        """Mask from now on what the names of headers and members of a response say to be a credential."""
        issued = [part for name, value in headers if self._is_secret(name) for part in _header_parts(value)]
        issued += _issued_texts(json) if json else _SECRET_IN_TEXT.findall(text)
        for secret in filter(is_searchable, issued):
            self.learn(secret)

    def learn_sent(self, request: Request) -> None:
        """Mask from now on the credentials of a request, which may be made up, but no id that it also names openly."""
        carried = (part for name, value in request.headers if self._is_secret(name) for part in _header_parts(value))
        new = [part for part in carried if part not in self._known and is_searchable(part)]
        if new:
            named = f"{unquote(request.url)}\n{(request.body or b'').decode('utf-8', 'replace')}"
            for part in new:
                if part not in named:
                    self.learn(part)

    def leave(self, text: str) -> None:
        """Do not mask a part of a secret that also occurs in this public text."""
        self._index.add_public(text)

    @property
    def warning(self) -> str:
        """One line about the secrets that are not searched for; empty if there are none."""
        if not self._not_searched:
            return ""
        names = ", ".join(self._not_searched)
        return f"too short or too common to be searched for, masked only where they are expected: {names}"

    def learn_header(self, name: str) -> None:
        self._headers.add(name.lower())

    def mask(self, text: str) -> str:
        """Return the text with every known secret masked, in whole and in part, and in every form."""
        if "://" in text:
            text = _USER.sub(MASK, text)
        return self._index.replaced(text, MASK)

    def mask_json(self, text: str) -> str:
        """Return a JSON text masked. It stays JSON: digits of a number may be a part of some secret by chance.

        A number that contains a whole secret is replaced.
        """
        masked = self.mask(text)
        if masked == text or _is_json(masked) or not _is_json(text):
            return masked
        digits = [secret for secret in self._known if secret.isdecimal()]
        return json.dumps(self._masked_value(json.loads(text), digits))

    def _masked_value(self, value: Any, digits: list[str]) -> Any:
        if isinstance(value, dict):
            return {self.mask(key): self._masked_value(item, digits) for key, item in value.items()}
        if isinstance(value, list):
            return [self._masked_value(item, digits) for item in value]
        if isinstance(value, str):
            return self.mask(value)
        return MASK if any(secret in str(value) for secret in digits) else value

    def shown(self, text: str) -> str:
        """Return the text for people: masked, printable and not too long."""
        return printable(shortened(self.mask(text)))

    def mask_body(self, text: str) -> str:
        """Return the text masked, including every member whose name says that it contains a credential."""
        return self.hide_members(self.mask(text))

    def hide_members(self, text: str) -> str:
        """Return the text without the value of each member whose name says that it contains a credential."""
        return _SECRET_MEMBER.sub(rf"\g<1>{MASK}\g<3>", text)

    def mask_log(self, text: str) -> str:
        """Return the text masked, including what follows the name of a header or a member with a credential."""
        return _SECRET_IN_LOG.sub(rf"\g<1>{MASK}", self.mask(text))

    def mask_header(self, name: str, value: str) -> str:
        """Return the value of a header, masked by the name or the value."""
        return MASK if self._is_secret(name) else self.mask(value)

    def hide_headers(self, headers: Headers) -> Headers:
        """Return the headers without the value of each whose name says that it contains a credential."""
        return tuple((name, MASK if self._is_secret(name) else value) for name, value in headers)

    def _is_secret(self, name: str) -> bool:
        return name.lower() in self._headers or _SECRET_HEADER.search(name) is not None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _header_parts(value: str) -> tuple[str, ...]:
    """Return the credential of a header: without its attributes, its scheme, and the name of a cookie."""
    whole = value.partition(";")[0].strip()
    return whole.rpartition(" ")[2], whole.partition("=")[2]


def _issued_texts(value: Any, name: str = "") -> Iterator[str]:
    """Return every text in a JSON value that the name of its member says to be a credential."""
    if isinstance(value, str):
        if _SECRET_NAME.search(name):
            yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _issued_texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _issued_texts(item, name)


def forms_of(text: str) -> tuple[str, ...]:
    """Return a text as it is, and as JSON, a page or a URL would show it."""
    escaped, quoted = json.dumps(text)[1:-1], quote(text, safe="", errors="replace")
    forms = (text, escaped, escaped.replace("/", "\\/"), html.escape(text), quoted, quoted.replace("%20", "+"))
    return tuple(dict.fromkeys(forms))


REDACTION: Final = Redaction()
