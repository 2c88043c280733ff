"""``python -m sandbox``: flags, errors of one line, exit status 4 for what a person can fix."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from sandbox import ANNOUNCEMENT
from sandbox.application import Parts
from sandbox.errors import UsageError
from sandbox.ledger.database import IN_MEMORY, Database
from sandbox.server import serve
from sandbox.settings import read_settings

USAGE_STATUS = 4
_LOOPBACK = ("127.", "localhost", "::1")
_PORTS = range(65536)


class _Arguments(argparse.ArgumentParser):
    """Raises an error instead of ending the process with status 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) in _PORTS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535, 0 for a free one")
    return int(text)


def arguments(program: str = "python -m sandbox") -> argparse.ArgumentParser:
    parser = _Arguments(prog=program, description="Both APIs, Alfred and the WalletAPI, and an Admin UI.")
    parser.add_argument("--port", type=_port, default=8080, help="0 for a free port (default: 8080)")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    parser.add_argument(
        "--database", metavar="FILE", default=IN_MEMORY, help="keep the ledger in FILE (default: in memory)"
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    return parser


def main(words: Sequence[str]) -> int:
    return reporting_errors(lambda: run(arguments().parse_args(words)))


def reporting_errors(start: Callable[[], None]) -> int:
    """Start a sandbox; report a usage error in one line. Return the exit status."""
    try:
        start()
    except UsageError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return USAGE_STATUS
    except KeyboardInterrupt:
        pass  # Ctrl-C before it served
    return 0


def run(chosen: argparse.Namespace, parts: Parts | None = None) -> None:
    """Serve until told to stop. ``parts`` replaces parts of the sandbox."""
    settings, database = read_settings(), Database(chosen.database)
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


def _announce(base_url: str) -> None:
    print(f"{ANNOUNCEMENT}{base_url}", flush=True)
    if sys.stdout.isatty():
        print(f"Admin UI: {base_url}/admin    Keys: see sandbox/README.md    End it: Ctrl-C", flush=True)
