"""``python -m proof.sandbox --defect NAME``: a sandbox with one defect, or with one harmless difference."""

import argparse
import json
import sys
from collections.abc import Sequence

from harness import failures
from harness.processes.signals import ending_with_reader
from proof import catalogue
from sandbox import command
from sandbox.application import Parts
from sandbox.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Run the sandbox and return the exit status; 4 for a wrong flag or an unknown name."""
    return command.reporting_errors(lambda: _start(words))


def _start(words: Sequence[str]) -> None:
    parser = command.arguments("python -m proof.sandbox")
    altered = parser.add_mutually_exclusive_group()
    altered.add_argument("--defect", metavar="NAME", help="break one clause of the contract in this way")
    altered.add_argument("--variant", metavar="NAME", help="differ in this way, which the contract allows")
    altered.add_argument("--list-defects", action="store_true", help="print all defects, and end")
    altered.add_argument("--list-variants", action="store_true", help="print all variants, and end")
    chosen = parser.parse_args(words)
    if chosen.list_defects or chosen.list_variants:
        with ending_with_reader():
            print(catalogue.listing("defects" if chosen.list_defects else "variants"))
        return
    try:
        parts = _parts(chosen)
    except failures.UsageError as error:
        raise UsageError(str(error)) from None
    command.run(chosen, parts)


def _parts(chosen: argparse.Namespace) -> Parts | None:
    if chosen.defect:
        defect = catalogue.defect(chosen.defect)
        print(f"sandbox: {', '.join(defect.clauses)} broken: {defect.sentence}", file=sys.stderr)
        return defect.platform()
    if chosen.variant:
        variant = catalogue.variant(chosen.variant)
        target = f" A target file then needs {json.dumps(variant.target)}" if variant.target else ""
        print(f"sandbox: {variant.sentence}{target}", file=sys.stderr)
        return variant.platform()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
