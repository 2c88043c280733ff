"""``python -m harness.run_pytest``: pytest as a whole run starts it. An exception before the verdict is a fault."""

from __future__ import annotations

import sys

from harness.guarded import status_of


def main() -> int:
    """Run pytest with the arguments of the command and return its status."""
    import pytest

    return int(pytest.main())


if __name__ == "__main__":
    sys.exit(status_of(main))
