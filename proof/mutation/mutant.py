"""The test command for a mutant: run the features of the API whose module was changed, until one fails."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

WALKS = 3


def main() -> int:
    """Return 0 if no scenario noticed the change in this clone; otherwise pytest's exit status."""
    changed = subprocess.run(
        ["git", "diff", "--name-only"],  # noqa: S607 - the PATH's git
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    flags = [*features_of(changed), "-x", "-q", "-p", "no:cacheprovider", f"--walks={WALKS}"]
    return int(pytest.main(flags, plugins=[SmokeFirst()]))


def features_of(changed: Iterable[str]) -> list[str]:
    """Return the folders of features to run if these files of the sandbox were changed."""
    apis = {part for name in changed for part in Path(name).parts} & {"alfred", "walletapi"}
    return [f"features/{api}" for api in sorted(apis)] or ["features"]


class SmokeFirst:
    """Runs the scenarios of the smoke set first: they are the most likely to fail."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: item.get_closest_marker("smoke") is None)


if __name__ == "__main__":
    sys.exit(main())
