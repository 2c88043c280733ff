"""The test command of a mutant: the features of the API whose module was changed, until the first that notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """0 where no scenario noticed the change that stands in this clone, else pytest's status."""
    changed = subprocess.run(
        ["git", "diff", "--name-only"],  # noqa: S607 - the PATH's git
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    apis = {Path(name).stem.partition("_")[0] for name in changed}
    features = [f"features/{api}" for api in sorted(apis & {"alfred", "walletapi"})] or ["features"]
    command = [sys.executable, "-m", "pytest", *features, "-x", "-q", "-p", "no:cacheprovider", "--walks=3"]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own suite


if __name__ == "__main__":
    sys.exit(main())
