"""The test command of a mutant: the features of the API whose module was changed, until the first that notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WALKS = 3


def main() -> int:
    """0 if no scenario noticed the change that is in this clone, else pytest's status."""
    changed = subprocess.run(
        ["git", "diff", "--name-only"],  # noqa: S607 - the PATH's git
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    apis = {Path(name).stem.partition("_")[0] for name in changed}
    features = [f"features/{api}" for api in sorted(apis & {"alfred", "walletapi"})] or ["features"]
    words = [*features, "-x", "-q", "-p", "no:cacheprovider", f"--walks={WALKS}"]
    return int(pytest.main(words, plugins=[SmokeFirst()]))


class SmokeFirst:
    """Has those run first that are most likely to notice: nothing is left out, but most mutants end sooner."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The smoke set, and then the others, each in their order."""
        items.sort(key=lambda item: item.get_closest_marker("smoke") is None)


if __name__ == "__main__":
    sys.exit(main())
