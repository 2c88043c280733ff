"""Text that somebody else chose (a platform, a page, a file), made safe for a terminal, a line, Markdown and a shell.

A control character could move the cursor, a bidirectional mark could reverse a line, a lone surrogate can't be written
at all, and a line break could forge a line of a report.
"""

import json
import re
import shlex
from typing import Final

LONGEST: Final = 20_000  # characters of one text in a report

_LAYOUT: Final = str.maketrans("", "", "\n\t")
_MARKDOWN: Final = re.compile(r"[\\`*\[\]<>|&]")
_BACKTICKS: Final = re.compile("`+")


def printable(text: str) -> str:
    r"""Return the text with an escape (``\u001b``) for each character that can't be seen. Line breaks and tabs stay."""
    text = text.replace("\r\n", "\n")
    if text.translate(_LAYOUT).isprintable():
        return text
    return "".join(one if one in "\n\t" or one.isprintable() else _escaped(one) for one in text)


def one_line(text: str) -> str:
    """Return the text as one printable line."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def indented(text: str, columns: int) -> str:
    """Return the printable text. Its later lines are indented by this many columns."""
    return printable(text).replace("\n", "\n" + " " * columns)


def shortened(text: str) -> str:
    """Return the text, or its beginning and its length. Mask it first: half of a secret would not be recognized."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text):,} characters)"


def markdown(text: str) -> str:
    """Return the text as one line of Markdown, also for the cell of a table: it is shown as it is, never as markup."""
    return _MARKDOWN.sub(r"\\\g<0>", one_line(text))


def fenced(text: str) -> list[str]:
    """Return the lines of a Markdown code block that the text can't end."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", printable(text), fence]


def shell_word(text: str) -> str:
    """Return the text as one word of a shell, with escapes in ``$'...'`` if it contains what can't be seen."""
    if printable(text) == text:
        return shlex.quote(text)
    return shell_bytes(text.encode("utf-8", "surrogatepass"))


def shell_bytes(raw: bytes) -> str:
    """Return bytes as one word of a shell, readable as far as they are ASCII."""
    words = (chr(byte) if 32 <= byte < 127 and byte not in b"\\'" else f"\\x{byte:02x}" for byte in raw)
    return "$'" + "".join(words) + "'"


def _escaped(character: str) -> str:
    # As in JSON, so that a secret is found in either form.
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else json.dumps(character)[1:-1]
