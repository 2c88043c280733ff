"""What a script checks at its end, in jq: the records of all calls are ``$c``."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from harness.contract.contract import Contract
from harness.failures import ContractViolation, Finding
from harness.repeat.calls.paths import Path, leaves, place_of
from harness.repeat.calls.story import Story
from harness.repeat.calls.values import Values, is_time
from harness.repeat.conditions import comparisons, revealed, rules
from harness.repeat.conditions.comparisons import Comparison
from harness.repeat.conditions.rules import CannotBeSaidError, literal
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.messages import decoded

_REJECTED: Final = 400
_EARLIER: Final = 6  # values of the same name that a value is compared with
_WORD: Final = re.compile(r"[A-Z]?[a-z]{1,15}|[A-Z]{1,5}")  # no id, so it is the same in each run


@dataclass(frozen=True)
class Check:
    """``holds`` is the condition of a platform that is right, or, if not ``is_direct``, ``holds`` says that another
    answer came back. ``shown`` is what to show of the answer, besides its status.
    """

    holds: str
    is_direct: bool
    shown: str = ""


class Checks:
    def __init__(
        self, contract: Contract, values: Values, located: Collection[str], credentials: Sequence[str]
    ) -> None:
        """``located`` are the members that a target locates; ``credentials`` the variables with those of the call."""
        self._credentials = credentials
        self._contract = contract
        self._values = values
        self._located = located
        self._names = frozenset(_names(dict(contract.schemas)))

    def check(self, violation: ContractViolation, story: Story, compared: Comparison | None) -> Check:
        """Return the check of the findings that jq can say, or else whether the same answer comes back."""
        if compared is not None:
            try:
                test, shown = comparisons.condition(compared, story, self._values.is_known)
                return Check(test, is_direct=True, shown=shown)
            except CannotBeSaidError:
                tests = self._distinct(story) if comparisons.are_counts(compared.left, compared.right) else []
                return Check("\n  and ".join(tests), is_direct=True) if tests else self._same(story)
        tests = []
        for finding in violation.findings:
            try:
                tests.append(self._test(finding, story))
            except CannotBeSaidError:
                continue
        if tests:
            path = next((one.path for one in violation.findings if one.rule is not None), ())
            return Check("\n  and ".join(tests), is_direct=True, shown=self._root(story, path) if path else "")
        return self._same(story)

    def _test(self, finding: Finding, story: Story) -> str:
        number, exchange = story.judged, story.exchanges[story.judged]
        if finding.outcome == "without credentials":
            return revealed.without_credentials(number, self._credentials)
        if finding.outcome == "without internals":
            return revealed.without_internals(number, exchange, self._contract.clauses["X-2"].patterns)
        if finding.outcome:
            return f"($c[{number}] | {finding.outcome})"
        if finding.rule is None or (finding.path and finding.path[0] in self._located):
            raise CannotBeSaidError(finding.where)
        test = f"holds({self._root(story, finding.path)} | {rules.condition(finding.rule)})"
        # The form of a rejection matters only if the platform still rejects the call.
        return f"(($c[{number}] | accepted) or {test})" if _is_rejection(exchange) else test

    def _root(self, story: Story, path: Path) -> str:
        exchange = story.exchanges[story.judged]
        operation = self._contract.operations[exchange.request.operation]
        # Alfred may put its payload into data (contract.md, Alfred).
        whole = exchange.json if operation.api == "alfred" else None
        within = isinstance(whole, dict) and isinstance(whole.get("data"), dict)
        return place_of(story.judged, exchange, (("data",) if within else ()) + path).everywhere()

    def _distinct(self, story: Story) -> list[str]:
        """Return a condition per place where calls of the judged operation must return different ids, and did not."""
        operation = story.exchanges[story.judged].request.operation
        ids: defaultdict[Path, list[tuple[str, str]]] = defaultdict(list)
        for number, exchange in enumerate(story.exchanges):
            for path, value in leaves(exchange) if exchange.request.operation == operation else ():
                if isinstance(value, str) and self._values.is_known(value):
                    ids[path].append((place_of(number, exchange, path).everywhere(), value))
        repeated = [found for found in ids.values() if len(found) > len({value for _, value in found})]
        lists = (", ".join(place for place, _ in found) for found in repeated)
        return [f"holds([{places}] | map(strings) | length == (unique | length))" for places in lists]

    def _same(self, story: Story) -> Check:
        calls = [one.request.operation for one in story.exchanges]
        alike = {n for n in range(story.judged, len(calls)) if not story.chosen and calls[n] == calls[story.judged]}
        numbers = sorted({*story.watched, *alike})
        tests = [test for number in numbers for test in self._answer(story, number)]
        return Check("(" + "\n  and ".join(f"holds({test})" for test in tests) + ") | not", is_direct=False)

    def _answer(self, story: Story, number: int) -> Iterator[str]:
        """Return conditions that hold if a call is answered as it was."""
        exchange = story.exchanges[number]
        response = exchange.response
        yield f"$c[{number}].status == {response.status if response else 0}"
        if response is None:
            return
        yield f"$c[{number}].type == {literal(response.media_type)}"
        if response.json is NOTHING:
            yield f"$c[{number}].json == null"
            return
        sent = decoded(exchange.request.body) if exchange.request.body else None
        for path, value in leaves(exchange):
            names = [step for step in path if isinstance(step, str)]
            if not names or names[-1] not in self._names | set(self._located):
                continue
            place = place_of(number, exchange, path).everywhere()
            if isinstance(value, str):
                yield from self._text(story, number, place, names[-1], value, sent)
            elif value is None or isinstance(value, bool | int | Decimal):
                yield f"{place} == {value if isinstance(value, Decimal) else literal(value)}"

    def _text(self, story: Story, number: int, place: str, name: str, value: str, sent: Any) -> Iterator[str]:
        yield f'({place} | type) == "string"'
        if is_time(value):
            return
        if isinstance(sent, Mapping) and isinstance(sent.get(name), str):
            same = "==" if sent[name] == value else "!="
            yield f"{place} {same} $c[{number}].sent[{literal(name)}]"
            return
        earlier = [
            (place_of(other, exchange, path).everywhere(), one)
            for other, exchange in enumerate(story.exchanges[:number])
            for path, one in leaves(exchange)
            if isinstance(one, str) and (one == value or path[-1:] == (name,))
        ]
        for other_place, one in earlier[-_EARLIER:]:
            yield f"{place} {'==' if one == value else '!='} {other_place}"
        if _WORD.fullmatch(value):
            yield f"{place} == {literal(value)}"
        elif not value:
            yield f'{place} == ""'


def _is_rejection(exchange: Exchange) -> bool:
    response = exchange.response
    envelope = response.json if response and isinstance(response.json, dict) else {}
    return response is not None and (response.status >= _REJECTED or envelope.get("IsSuccess") is False)


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            yield from properties
        for one in schema.values():
            yield from _names(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _names(one)
