"""``python -m harness.processes.run_pytest``: starts pytest for a whole run. An exception is a suite fault."""

from __future__ import annotations

import sys

from harness.processes.guarded import status_of


def main() -> int:
    """Run pytest with the arguments of the command and return its status."""
    import pytest

    return int(pytest.main())


if __name__ == "__main__":
    sys.exit(status_of(main))
