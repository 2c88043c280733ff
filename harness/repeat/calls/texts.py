"""Texts of which a script calculates some parts, as words of a shell."""

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_REPEATED: Final = re.compile(r"(.{1,8}?)\1{199,}", re.DOTALL)
_ORDINARY: Final = re.compile(r"[\n\t -~]*")
_SPECIAL: Final = re.compile(r'[\\"$`]')


@dataclass(frozen=True)
class Dynamic:
    """A part that the script calculates: what stands for it inside double quotes. ``plain``: it needs no escape."""

    shell: str
    plain: bool = False


Text = tuple[str | Dynamic, ...]


def is_literal(text: Text) -> bool:
    return all(isinstance(part, str) for part in text)


def word(text: Text) -> str:
    """Return a text as one word of a shell."""
    words, literal = "", ""
    for part in (*text, ""):
        if part and isinstance(part, str):
            literal += part
            continue
        words += shlex.quote(literal) if literal else ""
        words += f'"{part.shell}"' if isinstance(part, Dynamic) else ""
        literal = ""
    return words or "''"


def quoted(text: Text) -> str:
    """Return a text as it is written inside double quotes."""
    return "".join(_SPECIAL.sub(r"\\\g<0>", part) if isinstance(part, str) else part.shell for part in text)


def printing(text: Text) -> str:
    """Return the commands that print a text: ``printf`` for what can be read, octal escapes and repetitions."""
    commands: list[str] = []
    readable: list[str | Dynamic] = []
    for part in _chunks(text):
        if isinstance(part, Dynamic) or (_ORDINARY.fullmatch(part) and not isinstance(part, _Repetition)):
            readable.append(part)
            continue
        commands += _printf(readable)
        readable = []
        commands.append(_special(part))
    commands += _printf(readable)
    return commands[0] if len(commands) == 1 else "{ " + "; ".join(commands or [":"]) + "; }"


def _printf(parts: list[str | Dynamic]) -> Iterator[str]:
    if parts:
        yield f"printf '%s' {word(tuple(parts))}"


def _special(part: str) -> str:
    if repeated := _REPEATED.fullmatch(part):
        unit = repeated[1]
        return f"repeat {shlex.quote(unit)} {len(part) // len(unit)}"
    raw = part.encode("utf-8", "surrogateescape")
    return "printf '" + "".join(_octal(byte) for byte in raw) + "'"


def _octal(byte: int) -> str:
    readable = 32 <= byte < 127 and byte not in b"\\'%"
    return chr(byte) if readable else f"\\{byte:03o}"


def _chunks(text: Iterable[str | Dynamic]) -> Iterator[str | Dynamic]:
    """Separate what is readable, what is not, and long repetitions of readable text."""
    for part in text:
        if isinstance(part, Dynamic):
            yield part
            continue
        end = 0
        for found in _REPEATED.finditer(part):
            yield from _separated(part[end : found.start()])
            if _ORDINARY.fullmatch(found[0]):
                yield _Repetition(found[0])
            else:
                yield from _separated(found[0])
            end = found.end()
        yield from _separated(part[end:])


def _separated(part: str) -> Iterator[str]:
    yield from (found[0] for found in re.finditer(r"[\n\t -~]+|[^\n\t -~]+", part))


class _Repetition(str):
    """A text that is printed as a repetition."""

    __slots__ = ()
