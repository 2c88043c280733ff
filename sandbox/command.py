"""``python -m sandbox``: flags, one-line errors, exit status 4 for what a person can mend."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn, cast

from harness.failures import UsageError
from sandbox import ANNOUNCEMENT
from sandbox.ledger.database import IN_MEMORY, Database
from sandbox.server import serve
from sandbox.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.application import Parts

USAGE_STATUS = 4
_LOOPBACK = ("127.", "localhost", "::1")
_PORTS = range(65536)


class _Arguments(argparse.ArgumentParser):
    """Raises instead of ending the process with status 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) in _PORTS):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535, 0 for a free one")
    return int(text)


def arguments() -> argparse.ArgumentParser:
    """The flags with their defaults."""
    parser = _Arguments(
        prog="python -m sandbox", description="The embedded platform: Alfred, the WalletAPI and an Admin UI."
    )
    parser.add_argument("--port", type=_port, default=8080, help="where to listen; 0 takes a free port (default: 8080)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument(
        "--database", metavar="FILE", default=IN_MEMORY, help="keep the books in FILE (default: in memory)"
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    altered = parser.add_mutually_exclusive_group()
    altered.add_argument("--defect", metavar="NAME", help="break one clause of the contract in this way")
    altered.add_argument("--variant", metavar="NAME", help="differ in this way that the contract allows")
    altered.add_argument("--list-defects", action="store_true", help="print the defects there are, and end")
    altered.add_argument("--list-variants", action="store_true", help="print the variants there are, and end")
    return parser


def main(words: Sequence[str]) -> int:
    """Run it; answers the exit status."""
    try:
        _run(arguments().parse_args(words))
    except UsageError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return USAGE_STATUS
    except KeyboardInterrupt:
        pass  # a person ended it before it served
    return 0


def _run(chosen: argparse.Namespace) -> None:
    if chosen.list_defects or chosen.list_variants:
        print(_catalogue().listing("defects" if chosen.list_defects else "variants"))
        return
    settings, parts = read_settings(), _parts(chosen)
    database = Database(chosen.database)
    if not chosen.host.startswith(_LOOPBACK):
        print(f"sandbox: {chosen.host} is not loopback: other machines can reach this sandbox", file=sys.stderr)
    try:
        serve(
            settings,
            database,
            chosen.host,
            chosen.port,
            _announce,
            parts=parts,
            until_stdin_closes=chosen.until_stdin_closes,
        )
    finally:
        database.close()


def _parts(chosen: argparse.Namespace) -> Parts | None:
    """What a defect or a variant puts in the place of the sandbox's own parts."""
    if chosen.defect:
        defect = _catalogue().defect(chosen.defect)
        print(f"sandbox: {', '.join(defect.clauses)} broken: {defect.sentence}", file=sys.stderr)
        return cast("Parts", defect.platform())
    if chosen.variant:
        variant = _catalogue().variant(chosen.variant)
        told = f" A target file then needs {json.dumps(variant.target)}" if variant.target else ""
        print(f"sandbox: {variant.sentence}{told}", file=sys.stderr)
        return cast("Parts", variant.platform())
    return None


def _catalogue() -> Any:
    """Defects and variants are no part of the sandbox, and are read only where a flag asks for them."""
    return importlib.import_module("proof.catalogue")


def _announce(base_url: str) -> None:
    print(f"{ANNOUNCEMENT}{base_url}", flush=True)
    if sys.stdout.isatty():
        print(f"Admin UI: {base_url}/admin    Keys: see sandbox/README.md    End it: Ctrl-C", flush=True)
