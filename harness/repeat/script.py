"""Puts a script together: what it repeats, the keys that it needs, its calls, and its check."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from shlex import quote
from typing import Final

from harness.contract.contract import Contract
from harness.failures import ContractViolation
from harness.foreign_text import one_line, printable
from harness.repeat.calls.requests import Requests
from harness.repeat.calls.story import Story
from harness.repeat.calls.values import Values
from harness.repeat.conditions.checks import Check, Checks
from harness.repeat.conditions.comparisons import Comparison
from harness.target.target import Target
from harness.wire.redaction import MASK, REDACTION

_NOT_ASCII: Final = re.compile(r"[^\n\t -~]")
_PRELUDE: Final = Path(__file__).with_name("prelude.sh")
_JUDGE: Final = """
judge() {{ # calculates something from all calls
  jq -rn --slurpfile c "$work/calls" '
    def accepted: .status >= 200 and .status < 300 and (.json | type != "object" or .IsSuccess != false);
    def rejected: (.status >= 400 and .status < 500)
      or (.status >= 200 and .status < 300 and (.json | type == "object" and .IsSuccess == false));
    def holds(test): try (test) catch false;
    def cents: . * 1000000 | round / 1000000;
    def moment: capture("^(?<time>[^.Z+]{{19}})([.][0-9]+)?(?<zone>Z|[+-][0-9:]{{5}})$")
      | (.time + "Z" | fromdateiso8601) - (.zone | if . == "Z" then 0 else
        (.[1:3] | tonumber * 3600) + (.[4:6] | tonumber * 60) | . * 1 end) * (if .zone[:1] == "-" then -1 else 1 end);
    def shown: walk(if type == "object" then with_entries(
      if .key | test("token|secret|password|credential"; "i") then .value = "(not shown)" else . end) else . end);
    '"$program"
}}

printf '%s\\n' {heading}
printf 'documented:     %s\\n' {documented}
printf 'came back then: %s\\n' {received}
program='"status \\($c[{judged}].status), " + (({shown}) as $value | $value | shown | tojson | .[:600])'
printf 'came back now:  %s\\n' "$(judge)"
program='{holds}'
if [ "$(judge)" = true ]; then
  printf '%s\\n' {right}
  exit 0
fi
printf '%s\\n' {wrong}
exit 1
"""


class RefusedError(Exception):
    """A script that would contain a secret is not written."""


@dataclass(frozen=True)
class Told:
    """What a script says about a failed scenario: its title, the sentence of each step, and how the suite runs it."""

    title: str
    steps: tuple[str, ...]
    command: str

    @property
    def amounts(self) -> Collection[Decimal]:
        return {Decimal(found) for step in self.steps for found in re.findall(r"\d+(?:\.\d+)?", step)}


def script_of(
    violation: ContractViolation,
    told: Told,
    story: Story,
    compared: Comparison | None,
    target: Target,
    contract: Contract,
) -> str:
    """Return the script of a story. RefusedError if it would contain a secret."""
    values = Values(variables(target))
    addresses = {f"{name}_url": api.base_url for name, api in target.apis.items()}
    amounts = None if story.chosen else told.amounts
    requests = Requests(values, contract, addresses, amounts)
    lines = requests.lines(story.exchanges)
    located = {key.rpartition(".")[2] for key in target.alfred.locate} if target.alfred else set()
    credentials = requests.credentials[story.judged]
    variables_of_call = [*values.needed, *credentials]
    check = Checks(contract, values, located, variables_of_call).check(violation, story, compared)
    used = {name: url for name, url in addresses.items() if any(f"${name}" in line for line in lines)}
    text = "\n".join(
        [
            *_head(violation, told, values, used),
            _prelude()
            .replace("@needs@", "\n".join(_need(name) for name in values.needed) or ":")
            .replace("@timeout@", f"{max(10, round(3 * target.limits.timeout))}"),
            *(f"{name}=${{{name.upper()}:-{url}}}" for name, url in used.items()),
            *values.unique,
            *lines,
            *(f"{name}={text}\nexport {name}" for name, text in credentials.items() if f"env.{name}" in check.holds),
            _judgement(violation, story, check),
        ]
    )
    return checked(text)


def checked(text: str) -> str:
    """Return a script. RefusedError if something in it would have to be masked."""
    hidden = REDACTION.mask(text)
    if hidden != text and hidden.count(MASK) > text.count(MASK):
        raise RefusedError("it would contain a credential")
    return text


def variables(target: Target) -> Mapping[str, str]:
    """Return the environment variable of each key of a target."""
    named = []
    if target.alfred:
        named += [(target.alfred.shop_key, "ALFRED_SHOP_KEY"), (target.alfred.platform_key, "ALFRED_PLATFORM_KEY")]
    if target.walletapi:
        named += [(target.walletapi.key, "WALLETAPI_KEY"), (target.walletapi.client, "WALLETAPI_CLIENT")]
    return {secret.value: secret.variable or name for secret, name in named}


def comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in ascii_only(printable(text)).splitlines())


def ascii_only(text: str) -> str:
    """Return a text with an escape for what is not ASCII, which some shells can't read."""
    return _NOT_ASCII.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _head(violation: ContractViolation, told: Told, values: Values, used: Mapping[str, str]) -> list[str]:
    keys = [f"  {name}" for name in values.needed]
    others = [f"  {name.upper()} (another address than {url})" for name, url in used.items()]
    return [
        "#!/bin/sh",
        "# Bodies contain $, and not every script needs every function.",
        "# shellcheck disable=SC2016,SC2034,SC2317,SC2329",
        comment(f"Repeats: {told.title}"),
        comment(f"{violation.clause}: {violation.text}"),
        "#",
        *(comment(f"  {step}") for step in told.steps),
        "#",
        "# It needs a POSIX shell, curl and jq (1.6 or later). Its status is 1 while the platform is broken, 0 once it",
        "# is right, and 2 if nothing can be said: the platform can't be reached, or a variable is not set.",
        "# It makes real calls, with users, wallets and references of its own.",
        *(["# Keys, from the environment:", *map(comment, keys)] if keys else []),
        *(["# Optional, from the environment:", *map(comment, others)] if others else []),
        comment(f"The suite runs the same with: {told.command}"),
        "",
    ]


def _need(name: str) -> str:
    return f'[ -n "${{{name}:-}}" ] || stop {quote(f"set {name}: the script reads this key from the environment")}'


def _judgement(violation: ContractViolation, story: Story, check: Check) -> str:
    documented = "; ".join(finding.documented for finding in violation.findings[:3])
    received = "; ".join(finding.received for finding in violation.findings[:3])
    number, operation = story.judged + 1, story.exchanges[story.judged].request.operation
    where = f"{violation.clause}, call {number} ({operation})"
    if check.is_direct:
        right, wrong = f"right: {where}", f"BROKEN: {where}"
    else:
        right = f"changed: {where} gets another response than in the run. This script can't tell whether it is right"
        wrong = f"BROKEN: {where} still gets the same wrong response"
    return _JUDGE.format(
        heading=_shown(f"{violation.clause}: {violation.text}"),
        documented=_shown(documented),
        received=_shown(received),
        judged=story.judged,
        shown=_in_quotes(f"({check.shown}) // null" if check.shown else f"$c[{story.judged}] | .json // .raw[:300]"),
        holds=_in_quotes(check.holds),
        right=_shown(right),
        wrong=_shown(wrong),
    )


def _shown(text: str) -> str:
    return quote(ascii_only(one_line(REDACTION.shown(REDACTION.hide_members(text)))))


def _in_quotes(program: str) -> str:
    return program.replace("'", "\\u0027")


@cache
def _prelude() -> str:
    return _PRELUDE.read_text("utf-8").rstrip()
