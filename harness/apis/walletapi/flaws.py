"""Ways to make a sale wrong, by name. Each must fail (contract.md E-2, E-4, E-5).

The names are also the values of the fields in the sentences of steps/walletapi.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from harness.client.calls import Call, fresh_alias, made_up, near_miss, other_case
from harness.client.flaws import Flaw, changed, missing, without_credential, wrong_amounts, wrong_credential
from harness.not_judged import NotJudged


def _cashback(kind: str, value: str) -> Flaw:
    return changed({"CashbackApply": True, "CashbackType": kind, "CashbackValue": Decimal(value)})


SALE: Final[Mapping[str, Flaw]] = {
    "by an unknown alias": lambda call: call.having({"Alias": fresh_alias()}),
    **{f"of an amount that is {name}": flaw for name, flaw in wrong_amounts("Amount").items()},
    "without its Alias": missing("Alias"),
    "without its Amount": missing("Amount"),
    "with a cashback of an unknown type": _cashback("Cake", "5.00"),
    "with a cashback of -5.00": _cashback("Amount", "-5.00"),
    "with a cashback of -0.01": _cashback("Amount", "-0.01"),
    "with a cashback of -10.00 percent": _cashback("Percentage", "-10.00"),
}


def _swapped(call: Call) -> Call:
    (first, key), (second, client) = call.credentials
    if key == client:
        NotJudged.SAME_PAIR.skip()
    return call.carrying(((first, client), (second, key)))


HEADERS: Final[Mapping[str, Flaw]] = {
    "without apikeypublic": without_credential("apikeypublic"),
    "without apiclientpublic": without_credential("apiclientpublic"),
    "without either": without_credential(),
    "with an unknown apikeypublic": wrong_credential(made_up, "apikeypublic"),
    "with an unknown apiclientpublic": wrong_credential(made_up, "apiclientpublic"),
    "with an apikeypublic that is off by one letter": wrong_credential(near_miss, "apikeypublic"),
    "with an apiclientpublic that is off by one letter": wrong_credential(near_miss, "apiclientpublic"),
    "with an apikeypublic in the other case": wrong_credential(other_case, "apikeypublic"),
    "with an apiclientpublic in the other case": wrong_credential(other_case, "apiclientpublic"),
    "with the two swapped": _swapped,
}
