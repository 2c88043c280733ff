"""What a response must not reveal (contract.md X-2), as a condition of jq."""

import re
from collections.abc import Sequence
from typing import Final

from harness.contract.leaks import texts_in
from harness.repeat.conditions.rules import CannotBeSaidError, literal
from harness.wire.exchange import NOTHING, Exchange

_TEXTS: Final = "[.head, .raw, (.json | .. | strings)]"
_FORMS: Final = "[., (. | @uri), (. | @html), (. | tojson | .[1:-1])]"


def without_credentials(number: int, variables: Sequence[str]) -> str:
    """Return the condition that a response contains no credential; ``variables`` of the shell have them."""
    secrets = ", ".join(f"env.{name}" for name in variables)
    if not secrets:
        raise CannotBeSaidError("the call has no credential")
    return (
        f"($c[{number}] | {_TEXTS} as $texts\n  | [{secrets}] | map({_FORMS}) | flatten"
        ' | all(. as $secret | $secret == "" or ($texts | all(contains($secret) | not))))'
    )


def without_internals(number: int, exchange: Exchange, patterns: Sequence[str]) -> str:
    """Return the condition that a response matches none of the patterns that it has matched."""
    response = exchange.response
    if response is None:
        raise CannotBeSaidError("no response")
    texts = [value for _, value in response.headers]
    texts += [response.body.decode("utf-8", "replace")] if response.json is NOTHING else texts_in(response.json)
    whole = "\n" + "\n".join(texts)
    found = [pattern for pattern in patterns if re.search(pattern, whole)]
    if not found:
        raise CannotBeSaidError("no pattern")
    tests = " or ".join(f"test({literal(pattern)})" for pattern in found)
    return (
        f'($c[{number}] | {_TEXTS} | "\\n" + join("\\n")\n'
        '  | reduce ($c[] | .sent | .. | strings | select(length > 2)) as $own (.; split($own) | join(" "))\n'
        f"  | {tests} | not)"
    )
