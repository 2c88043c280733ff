"""The commit of the suite, for reports."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
# Variables of CI servers: the checked-out commit, and the folder that contains it.
_CI_SERVERS: Final = {"GITHUB_SHA": "GITHUB_WORKSPACE", "CI_COMMIT_SHA": "CI_PROJECT_DIR", "GIT_COMMIT": "WORKSPACE"}
_COMMIT: Final = re.compile("[0-9a-f]{12,64}")
_SECONDS: Final = 10


def commit() -> str:
    """Return the suite's commit, with ``-dirty`` if the tree differs from it.

    Without a repository of the suite's own, return the commit that a CI server names, or ``unknown``.
    """
    return _described() or _named_by_ci_server() or "unknown"


def _described() -> str:
    # GIT_DIR and the like name another repository, and a repository above this folder is another one, too.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["GIT_CEILING_DIRECTORIES"] = str(ROOT.parent)
    options = ("--no-optional-locks", "-c", f"safe.directory={ROOT}", "-c", "core.fsmonitor=false")
    try:
        described = subprocess.run(  # noqa: S603
            ["git", *options, "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607 - the PATH's git
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return described.stdout.strip()


def _named_by_ci_server() -> str:
    for name, folder in _CI_SERVERS.items():
        checked_out = os.environ.get(folder)
        # In a pipeline of another project, the suite is not the folder that the CI server checked out.
        if _COMMIT.fullmatch(os.environ.get(name, "")) and (not checked_out or Path(checked_out).resolve() == ROOT):
            return os.environ[name][:12]
    return ""
