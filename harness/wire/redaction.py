"""Masks credentials and tokens in everything that leaves the process."""

import html
import json
import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from harness.foreign_text import printable, shortened
from harness.wire.exchange import Headers

MASK: Final = "__ALLURE_REDACTED__"

_RUNS = re.compile(r"[A-Za-z0-9]{3,}")
_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|api[-_]?key|apiclient|credential|password", re.IGNORECASE
)
_SECRET_MEMBER = re.compile(
    r'("[^"]*(?:token|secret|password|credential)[^"]*"\s*:\s*")((?:[^"\\]|\\.)+)(")', re.IGNORECASE
)
_SECRET_IN_LOG = re.compile(
    r"((?:set-cookie|cookie|(?:proxy-)?authorization|[\w-]*(?:token|secret|api-?key\w*|apiclient\w*|password))"
    r"['\"]?\s*[:=,]\s*(?:b(?=['\"]))?['\"]?(?:(?:bearer|basic)\s+)?)([^\s'\",;]+)",
    re.IGNORECASE,
)
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
    """Every secret of the run, and the forms in which it may occur in a text.

    A run learns one token per user, so a text is not searched for each of them. A secret is found by its longest run of
    letters and digits, which no escaping changes. Only then is it searched for in all its forms.
    """

    def __init__(self) -> None:
        self._by_run: dict[str, list[str]] = {}
        self._anywhere: list[str] = []
        self._headers: set[str] = set()
        self._not_searched: dict[str, None] = {}

    def learn(self, secret: str, name: str = "a token") -> None:
        """Mask this text from now on, if it is searchable; ``name`` is how the run names it if it is not."""
        if not self._is_searched(secret, name):
            return
        # In a URL, a run may begin with the digits of an escape: %2Fabcdef.
        for form in _forms(secret):
            run = max(_RUNS.findall(form), key=len, default="")
            known = self._by_run.setdefault(run, []) if run else self._anywhere
            if secret not in known:
                known.append(secret)

    def learn_key(self, secret: str, name: str = "a key") -> None:
        """Mask a key of the target, also inside longer words."""
        if self._is_searched(secret, name) and secret not in self._anywhere:
            self._anywhere.append(secret)

    def _is_searched(self, secret: str, name: str) -> bool:
        if secret and not is_searchable(secret):
            self._not_searched[name] = None
        return is_searchable(secret)

    @property
    def warning(self) -> str:
        """One line about the secrets that are not searched for; empty if there are none."""
        if not self._not_searched:
            return ""
        names = ", ".join(self._not_searched)
        return f"too short or too common to be searched for, masked only where they are expected: {names}"

    def learn_header(self, name: str) -> None:
        """Mask all values of a header of this name."""
        self._headers.add(name.lower())

    def mask(self, text: str) -> str:
        """Return the text with every known secret masked, also if it is escaped for JSON or a URL."""
        found = self._by_run.keys() & set(_RUNS.findall(text)) if self._by_run else ()
        secrets = {*self._anywhere, *(secret for run in found for secret in self._by_run[run])}
        for secret in sorted(secrets, key=len, reverse=True):  # one may be part of another
            for form in _forms(secret):
                text = text.replace(form, MASK)
        return text

    def shown(self, text: str) -> str:
        """Return the text for people: masked, printable and not too long."""
        return printable(shortened(self.mask(text)))

    def mask_body(self, text: str) -> str:
        """Return the text masked, including every member whose name says that it contains a credential."""
        return _SECRET_MEMBER.sub(rf"\g<1>{MASK}\g<3>", self.mask(text))

    def mask_log(self, text: str) -> str:
        """Return the text masked, including what follows the name of a header or a member with a credential."""
        return _SECRET_IN_LOG.sub(rf"\g<1>{MASK}", self.mask(text))

    def mask_headers(self, headers: Headers) -> Headers:
        """Return the headers, masked by their name or their value."""
        return tuple((name, MASK if self._is_secret(name) else self.mask(value)) for name, value in headers)

    def _is_secret(self, name: str) -> bool:
        return name.lower() in self._headers or _SECRET_HEADER.search(name) is not None


def forms_of(text: str) -> tuple[str, ...]:
    """Return a text as it is, and as JSON, a page or a URL would show it."""
    escaped, quoted = json.dumps(text)[1:-1], quote(text, safe="", errors="replace")
    forms = (text, escaped, escaped.replace("/", "\\/"), html.escape(text), quoted, quoted.replace("%20", "+"))
    return tuple(dict.fromkeys(forms))


_forms: Final = lru_cache(maxsize=4096)(forms_of)
REDACTION: Final = Redaction()
