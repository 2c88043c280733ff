"""The forms in which a platform, a proxy or a tool may show a secret."""

import base64
import quopri
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

USER: Final = "somebody"


def _each(secret: str, pattern: str) -> str:
    return "".join(pattern.format(ord(one)) for one in secret)


def _named(secret: str) -> str:
    special = {
        "_": "&lowbar;",
        ".": "&period;",
        "+": "&plus;",
        "/": "&sol;",
        "=": "&equals;",
        "&": "&amp;",
        '"': "&quot;",
    }
    return "".join(special.get(one, one) for one in secret)


def _quoted_printable(secret: str) -> str:
    return quopri.encodestring(secret.encode(), quotetabs=True).decode().replace("-", "=2D").replace("_", "=5F")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


ENCODINGS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "percent": lambda secret: quote(secret, safe="").replace("-", "%2D").replace("_", "%5F"),
    "percent, every character": lambda secret: _each(secret, "%{:02x}"),
    "percent twice": lambda secret: quote(quote(secret, safe="").replace("-", "%2d").replace("_", "%5f"), safe=""),
    "HTML named": _named,
    "HTML decimal": lambda secret: _each(secret, "&#{};"),
    "HTML hexadecimal": lambda secret: _each(secret, "&#x{:X};"),
    "JSON \\u": lambda secret: _each(secret, "\\u{:04x}"),
    "JSON \\x": lambda secret: _each(secret, "\\x{:02x}"),
    "base64": lambda secret: _b64(secret.encode()),
    "base64url": lambda secret: _b64url(secret.encode()),
    "base64 of user:password": lambda secret: _b64(f"{USER}:{secret}".encode()),
    "base64url of user:password": lambda secret: _b64url(f"{USER}:{secret}".encode()),
    "hexadecimal": lambda secret: secret.encode().hex(),
    "HEXADECIMAL": lambda secret: secret.encode().hex().upper(),
    "quoted-printable": _quoted_printable,
    "beginning": lambda secret: secret[:9],
    "middle": lambda secret: secret[len(secret) // 2 - 5 : len(secret) // 2 + 5],
    "end": lambda secret: secret[-9:],
}
