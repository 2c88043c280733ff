"""Amounts of money in texts for people, such as ``1,234.50 BDT`` or ``1.234,50``."""

import re
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"[-\u2212]?\s?\d[\d.,'\u2019\s\u00a0\u202f]*")
_GROUP: Final = 3  # digits between two marks


def amount_in(text: str) -> Decimal | None:
    """Return the first amount in a text; None if there is none."""
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = re.sub(r"[\s\u00a0\u202f'\u2019]", "", match.group(0)).replace("\u2212", "-").rstrip(".,")
    whole, mark, places = digits.rpartition(max(".,", key=digits.rfind))
    grouped = digits.count(mark) > 1 or (mark == "," and len(places) == _GROUP and "." not in whole)
    bare = re.sub(r"[.,]", "", whole)
    return Decimal(bare + places) if grouped or not mark else Decimal(f"{bare}.{places}")
