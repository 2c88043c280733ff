"""The script of a failure that no script can repeat: it says why, and how the suite repeats it."""

from shlex import quote

from harness.failures import ContractViolation
from harness.foreign_text import one_line
from harness.repeat.script import Told, ascii_only, comment
from harness.wire.redaction import REDACTION


def cannot_repeat(violation: ContractViolation, told: Told, why: str) -> str:
    """Return a script that says why it does not repeat the failure. Its status is 2: it judges nothing."""
    finding = violation.findings[0]
    said = {
        "A script alone can't repeat this": why,
        "The suite repeats it with": told.command,
        "documented": finding.documented,
        "came back then": finding.received,
    }
    lines = (quote(ascii_only(one_line(REDACTION.shown(f"{name}: {text}")))) for name, text in said.items())
    return "\n".join(
        [
            "#!/bin/sh",
            comment(REDACTION.shown(f"{told.title}\n{violation.clause}: {violation.text}")),
            *(f"printf '%s\\n' {line}" for line in lines),
            "exit 2",
            "",
        ]
    )
