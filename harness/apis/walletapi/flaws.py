"""Ways to make a sale wrong, by name. Each must fail (contract.md E-2, E-4, E-5).

The names are also the values of the fields in the sentences of steps/walletapi.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from harness.client.calls import Call, fresh_alias, made_up, near_miss, other_case
from harness.client.flaws import Flaw, changed, missing, wrong_amounts
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


def _headers(change: Callable[[str, str], tuple[str | None, str | None]]) -> Flaw:
    def flaw(call: Call) -> Call:
        names, values = zip(*call.credentials, strict=True)
        headers = zip(names, change(*values), strict=True)
        return call.carrying(tuple((name, value) for name, value in headers if value is not None))

    return flaw


def _swapped(key: str, client: str) -> tuple[str, str]:
    if key == client:
        NotJudged.SAME_PAIR.skip()
    return client, key


def _in_other_case(value: str) -> str:
    if other_case(value) == value:
        NotJudged.SAME_IN_EITHER_CASE.skip()
    return other_case(value)


HEADERS: Final[Mapping[str, Flaw]] = {
    "without apikeypublic": _headers(lambda _key, client: (None, client)),
    "without apiclientpublic": _headers(lambda key, _client: (key, None)),
    "without either": _headers(lambda _key, _client: (None, None)),
    "with an unknown apikeypublic": _headers(lambda key, client: (made_up(key), client)),
    "with an unknown apiclientpublic": _headers(lambda key, client: (key, made_up(client))),
    "with an apikeypublic that is off by one letter": _headers(lambda key, client: (near_miss(key), client)),
    "with an apiclientpublic that is off by one letter": _headers(lambda key, client: (key, near_miss(client))),
    "with an apikeypublic in the other case": _headers(lambda key, client: (_in_other_case(key), client)),
    "with an apiclientpublic in the other case": _headers(lambda key, client: (key, _in_other_case(client))),
    "with the two swapped": _headers(_swapped),
}
