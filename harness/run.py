"""``python -m harness.run``: a whole run (harness/whole_run.py), whose status is always one of the verdict's."""

from __future__ import annotations

import sys

from harness.processes.guarded import status_of


def main() -> int:
    """Do the whole run. It is imported here, because an import may be what fails."""
    from harness.whole_run import main as whole_run

    return whole_run()


if __name__ == "__main__":
    sys.exit(status_of(main))
