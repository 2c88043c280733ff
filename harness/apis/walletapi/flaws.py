"""Ways to make a sale wrong, by name. Each must fail (contract.md E-2, E-4, E-5).

The names are also the values of the fields in the sentences of steps/walletapi.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from harness.client.calls import Call
from harness.client.flaws import (
    Flaw,
    altered,
    changed,
    emptied,
    missing,
    nothing,
    without_credential,
    without_members,
    wrong_amounts,
    wrong_credential,
)
from harness.client.similar_texts import (
    RESEMBLING_CREDENTIALS,
    appended,
    cut_short,
    in_a_list,
    made_up,
    near_miss,
    other_beginning,
    other_case,
)
from harness.client.unique import fresh_alias
from harness.not_judged import NotJudged


def _cashback(kind: str, value: str) -> Flaw:
    return changed({"CashbackApply": True, "CashbackType": kind, "CashbackValue": Decimal(value)})


_FULL_WIDTH: Final = 0xFEE0  # from an ASCII digit to the same digit in full width
# An alias has ten digits, so that those of another length or with other characters can't be another wallet's.
RESEMBLING_ALIASES: Final[Mapping[str, Callable[[str], str]]] = {
    "with a zero in front": lambda alias: f"0{alias}",
    "with a country code in front": lambda alias: f"+90{alias}",
    "with the digits of a country code in front": lambda alias: f"90{alias}",
    "with another first digit": other_beginning,
    "with another digit inside": near_miss,
    "with another last digit": lambda alias: other_beginning(alias[::-1])[::-1],
    "with two more digits": appended,
    "without its last digit": cut_short,
    "with a blank behind it": lambda alias: f"{alias} ",
    "with a hyphen inside": lambda alias: f"{alias[:5]}-{alias[5:]}",
    "with a percent sign in place of its last digit": lambda alias: f"{alias[:-1]}%",
    "with an underscore in place of its last digit": lambda alias: f"{alias[:-1]}_",
    "with an asterisk in place of its last digit": lambda alias: f"{alias[:-1]}*",
    "in full-width digits": lambda alias: "".join(chr(ord(digit) + _FULL_WIDTH) for digit in alias),
}

SALE: Final[Mapping[str, Flaw]] = {
    "by an unknown alias": lambda call: call.having({"Alias": fresh_alias()}),
    **{f"of an amount that is {name}": flaw for name, flaw in wrong_amounts("Amount").items()},
    **{f"by its alias {name}": altered("Alias", alter) for name, alter in RESEMBLING_ALIASES.items()},
    **{f"by an alias that is {name}": flaw for name, flaw in emptied("Alias").items()},
    "without its Alias": missing("Alias"),
    "without its Amount": missing("Amount"),
    "without any member": without_members,
    "with a cashback of an unknown type": _cashback("Cake", "5.00"),
    "with a cashback of a type that is one letter longer": _cashback("Amounts", "5.00"),
    "with a cashback of a type that is one letter shorter": _cashback("Percentag", "5.00"),
    **{f"with a cashback of the type {kind}": _cashback(kind, "5.00") for kind in ("0", "1")},
    "with a cashback of an unknown type and of 0.00": _cashback("Cake", "0.00"),
    "with a cashback of -5.00": _cashback("Amount", "-5.00"),
    "with a cashback of -0.01": _cashback("Amount", "-0.01"),
    "with a cashback of -10.00 percent": _cashback("Percentage", "-10.00"),
    "with a cashback of -0.01 percent": _cashback("Percentage", "-0.01"),
}


HOSTILE_SALE: Final[Mapping[str, Flaw]] = {
    "by its alias with a null character and more behind it": lambda call: replace(
        altered("Alias", lambda alias: f"{alias}\0a")(call), hostile="a null character"
    ),
}


def _swapped(call: Call) -> Call:
    (first, key), (second, client) = call.credentials
    if key == client:
        NotJudged.SAME_PAIR.skip()
    return call.carrying(((first, client), (second, key)))


def _same_twice(header: str) -> Flaw:
    """Send the value of one header in both."""

    def flaw(call: Call) -> Call:
        values = dict(call.credentials)
        if len(set(values.values())) == 1:
            NotJudged.SAME_PAIR.skip()
        return call.carrying(tuple((name, values[header]) for name, _ in call.credentials))

    return flaw


def _alias_as(header: str) -> Flaw:
    """Send the alias, which is no secret, as a credential."""
    return lambda call: wrong_credential(lambda _: str(call.body["Alias"]), header)(call)


def _in_body(header: str) -> Flaw:
    """Send a credential as a member of the body, which contract.md does not name as a place for it."""
    return lambda call: without_credential(header)(call.having({header: dict(call.credentials)[header]}))


_HEADERS: Final = ("apikeypublic", "apiclientpublic")
_UNKNOWN: Final = {header: wrong_credential(made_up, header) for header in _HEADERS}
_MISSING: Final[Mapping[str, Flaw]] = {
    **{f"without {header}": without_credential(header) for header in _HEADERS},
    "without either": without_credential(),
    **{f"with its {header} as a member of the body, and not as a header": _in_body(header) for header in _HEADERS},
    **{f"with an empty {header}": wrong_credential(nothing, header) for header in _HEADERS},
}
HEADERS: Final[Mapping[str, Flaw]] = {
    **_MISSING,
    **{f"with an unknown {header}": flaw for header, flaw in _UNKNOWN.items()},
    "with both unknown": lambda call: _UNKNOWN["apikeypublic"](_UNKNOWN["apiclientpublic"](call)),
    **{
        f"with an {header} {words}": wrong_credential(alter, header)
        for header in _HEADERS
        for words, alter in {**RESEMBLING_CREDENTIALS, "in the other case": other_case}.items()
    },
    **{f"with the {header} in both headers": _same_twice(header) for header in _HEADERS},
    **{f"with the alias as its {header}": _alias_as(header) for header in _HEADERS},
    **{f"with a list that contains the {header}": wrong_credential(in_a_list, header) for header in _HEADERS},
    "with the two swapped": _swapped,
}


def clause_of(flaw: str) -> str:
    """Return the clause by which a sale with a flaw of ``SALE`` or ``HEADERS`` must fail."""
    if flaw not in HEADERS:
        return "E-4"
    return "E-2" if flaw in _MISSING else "E-5"
