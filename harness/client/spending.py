"""The most money that a run could move, by currency: each call is counted before it is sent (openapi.yaml, x-moves)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from harness.client.calls import Call
from harness.contract.contract import Operation
from harness.not_judged import NotJudged
from harness.processes.shared_file import SharedFile
from harness.wire.messages import decoded

LARGE: Final = Decimal(2000)
"""contract.md leaves limits on the size of amounts open: a larger one may be rejected."""
_NOTHING: Final = Decimal(0)
_LARGEST: Final = Decimal(10) ** 15
"""No platform could book an amount beyond it, so it moves nothing."""


class Spending:
    """Counts what the calls of a run could move at most, and stops the call that would exceed the target's limit.

    A purchase and a payment move nothing until they are confirmed. A confirmation counts as the whole amount, because
    only the platform knows which part of it the balance pays.
    """

    def __init__(
        self,
        currencies: Mapping[str, str],
        limits: Mapping[str, Decimal] | None = None,
        shared: SharedFile | None = None,
    ) -> None:
        """``currencies`` maps an API to its currency. ``shared`` has what all processes moved; ``limits`` need it."""
        self.moved: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._currencies = {api: currency.upper() for api, currency in currencies.items()}
        self._limits = {currency.upper(): limit for currency, limit in (limits or {}).items()}
        self._shared = shared
        self._prepared: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)

    def moderate(self, amount: Decimal, api: str) -> Decimal:
        """Return the amount; its last three places and minor units if it is large and the target has a limit."""
        is_limited = self._currencies.get(api) in self._limits
        return amount % 1000 if is_limited and amount > LARGE else amount

    def count(self, operation: Operation, call: Call) -> None:
        """Count a call that is about to be sent. Skip the scenario if it could exceed the limit."""
        amount = self.most(operation, call)
        if not amount:
            return
        currency = self._currencies.get(operation.api, "")
        if currency in self._limits and self._shared is not None:
            with self._shared.changing() as moved:
                before, limit = Decimal(moved.get(currency, 0)), self._limits[currency]
                if before + amount > limit:
                    NotJudged.SPEND_LIMIT.skip(limit=limit, currency=currency)
                moved[currency] = str(before + amount)
        self.moved[currency] += amount

    def most(self, operation: Operation, call: Call) -> Decimal:
        """Return the most that a call could move, whatever the platform makes of it."""
        prepared = [self._prepared[operation.api].get(call.path.get(name, ""), _NOTHING) for name in operation.confirms]
        return sum(prepared, _largest(call, operation.moves))

    def remember(self, operation: Operation, call: Call, payload: Any) -> None:
        """Remember the amount of a purchase or a payment that the platform has accepted, for its confirmation."""
        if operation.prepares and isinstance(payload, dict):
            for member in operation.locatable:
                self._prepared[operation.api][str(payload.get(member))] = _largest(call, operation.prepares)


def _largest(call: Call, members: tuple[str, ...]) -> Decimal:
    """Return the sum of these members, in the intended body or in the bytes that are sent, whichever is larger.

    The first member is an amount; each other one is an amount too or a percentage of the first.
    """
    if not members:
        return _NOTHING
    sums = []
    for body in (call.body, decoded(call.raw) if call.raw is not None else None):
        first, *others = (_amount(body.get(member) if isinstance(body, dict) else None) for member in members)
        sums.append(first + sum((max(other, first * other / 100) for other in others), _NOTHING))
    return max(sums)


def _amount(value: Any) -> Decimal:
    """Return the size of a number, also of one in a text; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return _NOTHING
    try:
        amount = abs(Decimal(str(value)))
    except InvalidOperation:
        return _NOTHING
    return amount if amount.is_finite() and amount <= _LARGEST else _NOTHING
