"""Texts that resemble another one, such as an id or a key, and name nothing."""

import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Final

_LETTERS: Final = {
    **dict.fromkeys(string.ascii_lowercase, string.ascii_lowercase),
    **dict.fromkeys(string.ascii_uppercase, string.ascii_uppercase),
    **dict.fromkeys(string.digits, string.digits),
}
_BASE64: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits
_ENOUGH_TO_BE_UNIQUE: Final = 12
_DIGITS_OF_NO_COUNT: Final = 5  # different digits
_DIFFERENT: Final = 4  # characters
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f{}-]+")


def made_up(like: str) -> str:
    """Return a text of the same shape that names nothing: each letter and digit is replaced by a random one.

    The shape is the same, so that the platform's data decides, not its parser. A short id (``17``) would probably name
    something, so it is replaced by a long id of another shape.
    """
    changed = _changed(like)
    if len(re.findall(r"[A-Za-z0-9]", like)) < _ENOUGH_TO_BE_UNIQUE or changed == like:
        return "AAEAAA" + secrets.token_urlsafe(13)
    return changed


def neighbour(like: str, among: Callable[[list[str]], str]) -> str:
    """Return a made-up text with the same beginning: with ``min`` one that sorts before it, with ``max`` one after it.

    A platform may compare ids by order. If the text is too short, it is just made up. The same holds if its second half
    contains only digits: ids may be counted up, and then the id before it is somebody else's.
    """
    half = len(like) // 2
    if not _is_random(like[half:]):
        return made_up(like)
    for place in range(half, len(like)):
        beyond = [
            one for one in _LETTERS.get(like[place], "") if one != like[place] and among([one, like[place]]) == one
        ]
        if beyond:
            return like[:place] + secrets.choice(beyond) + _changed(like[place + 1 :])
    return made_up(like)


def longer_id(like: str) -> str:
    """Return an id with two more characters; with two letters if it is short or counted up: 171 may exist beside 17."""
    return appended(like) if _is_random(like[len(like) // 2 :]) else f"{like}{appended('')}"


def shorter_id(like: str) -> str:
    """Return an id without its last character. One that is short or counted up is made up: another may exist."""
    return cut_short(like) if _is_random(like[len(like) // 2 :]) else made_up(like)


def of_another_kind(like: str) -> str:
    """Return the id of a thing of another kind as it is. If it is short or counted up, one that names nothing."""
    return like if _is_random(like[len(like) // 2 :]) else made_up(like)


def _is_random(half: str) -> bool:
    """Return whether half of an id is too long to be guessed. Digits alone may be a count (00000171), and so may xx."""
    has_letters = re.search(r"[A-Za-z]", half) is not None
    number = max(re.findall(r"[0-9]+", half), key=len, default="")
    is_no_count = not number.startswith("0") and len(set(number)) >= _DIGITS_OF_NO_COUNT
    is_varied = len(set(half)) >= _DIFFERENT
    return (
        is_varied
        and (has_letters or is_no_count)
        and len(re.findall(r"[A-Za-z0-9]", half)) >= _ENOUGH_TO_BE_UNIQUE // 2
    )


def _changed(like: str) -> str:
    return "".join(secrets.choice(_LETTERS[letter]) if letter in _LETTERS else letter for letter in like)


def near_miss(like: str) -> str:
    """Return the text with one character changed, after three quarters of it. A careless comparison stops before.

    The last character stays: a platform that decodes Base64 may ignore some of its bits.
    """
    places = [index for index, letter in enumerate(like) if letter in _LETTERS]
    if not places:
        return made_up(like)
    return _changed_at(like, places[len(places) * 3 // 4])


def other_ending(like: str) -> str:
    """Return the text with another last letter or digit. A careless comparison ends before.

    The first bits of the two differ in Base64: a platform that decodes it may ignore the last ones.
    """
    place = next((index for index in range(len(like) - 1, -1, -1) if like[index] in _LETTERS), None)
    if place is None:
        return made_up(like)
    first_bits = _BASE64.index(like[place]) // 16
    others = (one for one in "kK5" if _BASE64.index(one) // 16 != first_bits and one.lower() != like[place].lower())
    return like[:place] + next(others) + like[place + 1 :]


def other_beginning(like: str) -> str:
    """Return the text with another first letter or digit. A careless comparison begins later."""
    place = next((index for index, letter in enumerate(like) if letter in _LETTERS), None)
    return made_up(like) if place is None else _changed_at(like, place)


def _changed_at(like: str, place: int) -> str:
    others = _LETTERS[like[place]].replace(like[place], "")
    return like[:place] + secrets.choice(others) + like[place + 1 :]


def appended(like: str) -> str:
    """Return the text with two more characters of the kind of its last one.

    One would not be enough: a platform that decodes Base64 may ignore it.
    """
    return like + "".join(secrets.choice(_LETTERS.get(like[-1:], string.ascii_lowercase)) for _ in range(2))


def cut_short(like: str) -> str:
    return like[:-1]


RESEMBLING_CREDENTIALS: Final[Mapping[str, Callable[[str], str]]] = {
    "that is off by one letter": near_miss,
    "with another first letter": other_beginning,
    "with another last letter": other_ending,
    "that is two letters longer": appended,
    "that is one letter shorter": cut_short,
}


def in_a_list(like: str) -> str:
    return f"{made_up(like)},{like}"


def with_a_suffix(like: str) -> str:
    return f"{like}.{made_up('suffix')}"


def other_case(like: str) -> str:
    """Return the text with its letters in the other case; unchanged for hexadecimal text such as a GUID."""
    return like if _HEXADECIMAL.fullmatch(like) else like.swapcase()
