"""``python -m proof.repeat``: run the suite on broken sandboxes, and then the scripts that it leaves.

A script must end with 1 on the sandbox whose defect it repeats, with 0 on the sound one, and with 2 without a sandbox.
It must contain no key, and ShellCheck must find nothing.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from shutil import which
from typing import Final

from harness.contract.contract import documented
from harness.failures import UsageError
from proof import catalogue
from proof.declaring import Defect, kebab
from proof.target_file import keys_of, toml, with_variables
from sandbox.launcher import RunningSandbox, SandboxProcess, running_sandbox, spawned

ROOT: Final = Path(__file__).resolve().parents[1]
_DEFECTS: Final = 64
_PROGRAMS: Final = ("sh", "curl", "jq", "shellcheck")
_PLACES: Final = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # ShellCheck is in .venv
_NOWHERE: Final = "http://127.0.0.1:9"
_USAGE: Final = 4


@dataclass(frozen=True)
class Tried:
    """A script: its statuses, and what is wrong with it. ``unscripted``: it only says how the suite repeats it."""

    defect: str
    name: str
    operation: str
    broken: int
    sound: int
    nowhere: int
    unscripted: bool
    remarks: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the statuses are as they must be, and nothing else is wrong."""
        expected = (2, 2, 2) if self.unscripted else (1, 0, 2)
        return (self.broken, self.sound, self.nowhere) == expected and not self.remarks


def main(words: Sequence[str]) -> int:
    """Try the scripts of some defects, print what is wrong and the figure, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m proof.repeat", description="Try the scripts that repeat a failure."
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="these defects")
    parser.add_argument("--count", type=int, default=_DEFECTS, metavar="N", help=f"so many defects ({_DEFECTS})")
    parser.add_argument("--scripts", type=int, default=2, metavar="N", help="scripts of each defect (2)")
    options = parser.parse_args(words)
    try:
        defects = [catalogue.defect(name) for name in options.only] or sample(options.count)
    except UsageError as error:
        print(f"proof.repeat: {error}", file=sys.stderr)
        return _USAGE
    if missing := missing_programs():
        print(f"proof.repeat: {', '.join(missing)} must be installed", file=sys.stderr)
        return _USAGE
    found: list[Tried] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for defect, tried in zip(defects, pool.map(lambda one: tries(one, options.scripts), defects), strict=True):
            found += tried or [Tried(defect.name, "no script", "", 0, 0, 0, unscripted=False)]
            print("\n".join(map(_line, found[-len(tried or [0]) :])), flush=True)
    print("\n".join(figures(found)))
    return 0 if all(one.is_right for one in found) else 1


def missing_programs() -> list[str]:
    """Return the programs that this machine lacks."""
    return [name for name in _PROGRAMS if not which(name, path=_PLACES)]


def sample(count: int) -> list[Defect]:
    """Return one defect named after each operation, and then defects of every clause and kind, the APIs in turn.

    They are the same for the same catalogue. Races are left out: no script can repeat them.
    """
    every = [one for one in catalogue.defects(whole=True) if one.kind != "race"]
    prefixes = [kebab(name[:1].upper() + name[1:]) for name in documented().operations]
    formed = [one for one in every if one.kind in ("shape", "credentials")]  # a strange status may be the environment's
    named = [next((one for one in formed if one.name.startswith(f"{prefix}-")), None) for prefix in prefixes]
    chosen = {one.name: one for one in named if one}
    for pair in zip_longest(*(_in_turn(every, api) for api in ("alfred", "walletapi"))):
        chosen |= {one.name: one for one in pair if one}
    return [*chosen.values()][:count]


def _in_turn(defects: Sequence[Defect], api: str) -> list[Defect]:
    """Return the defects of an API: the first of each clause and kind, then the second of each, and so on."""
    groups: dict[tuple[str, str], list[Defect]] = {}
    for one in defects:
        if one.api == api:
            groups.setdefault((one.clauses[0], one.kind), []).append(one)
    return [one for row in zip_longest(*groups.values()) for one in row if one]


def figures(found: Sequence[Tried]) -> list[str]:
    """Return the figures of all scripts."""
    scripts = [one for one in found if not one.unscripted]
    right = [one for one in scripts if one.is_right]
    operations = {one.operation for one in right if one.operation}
    return [
        f"{len(right)} of {len(scripts)} scripts of {len({one.defect for one in scripts})} defects are right (1 on the",
        f"broken sandbox, 0 on the sound one, 2 without one); they judge {len(operations)} operations",
        f"{sum(one.unscripted for one in found)} more say that a script alone can't repeat the failure",
    ]


def tries(defect: Defect, most: int, selection: Sequence[str] = ()) -> list[Tried]:
    """Run the scenarios of a defect's clauses, or this selection, on it, and try some of the scripts that it writes."""
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder, running_sandbox() as sound:
        broken = SandboxProcess.start(["--defect", defect.name], partial(spawned, module="proof.sandbox"))
        try:
            running = broken.wait_ready()
            scripts = _scripts(defect, running, Path(folder), selection)
            step = max(1, len(scripts) // most)
            return [_tried(defect, script, running, sound) for script in scripts[::step][:most]]
        finally:
            broken.end()


def _scripts(defect: Defect, running: RunningSandbox, folder: Path, selection: Sequence[str]) -> list[Path]:
    """Run the suite, and return the scripts of the run."""
    file = folder / "broken.toml"
    file.write_text(toml(with_variables(running.tables)), "utf-8")
    features = [f"features/{defect.api}" if defect.api in ("alfred", "walletapi") else "features"]
    chosen = [*(selection or ("-m", " or ".join(defect.clauses)))]
    options = [f"--target={file}", "--judge-anyway", f"--reports={folder / 'reports'}", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *features, *chosen, *options]
    environment = {**os.environ, **environment_of(running)}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)  # noqa: S603 (our own program)
    return sorted(folder.glob("reports/2*/repeat/*.sh"))


def environment_of(running: RunningSandbox) -> dict[str, str]:
    """Return the variables that a script reads: the keys of a sandbox, and its address."""
    return {**keys_of(running.tables), "ALFRED_URL": running.base_url, "WALLETAPI_URL": running.base_url}


def _tried(defect: Defect, script: Path, broken: RunningSandbox, sound: RunningSandbox) -> Tried:
    text = script.read_text("utf-8")
    environment = environment_of(broken)
    judged = re.search(r"BROKEN: [A-Z]+-\d+, call \d+ \((\w+)\)", text)
    command = [str(which("shellcheck", path=_PLACES)), str(script)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    keys = [name for name, key in keys_of(broken.tables).items() if key in text]
    return Tried(
        defect.name,
        script.name,
        judged[1] if judged else "",
        status_of(script, environment),
        status_of(script, environment_of(sound)),
        status_of(script, {**environment, "ALFRED_URL": _NOWHERE, "WALLETAPI_URL": _NOWHERE}),
        unscripted="A script alone can" in text,
        remarks="; ".join([*checked.stdout.split("\n")[:3], *(f"it contains {name}" for name in keys)]).strip("; "),
    )


def status_of(script: Path, environment: Mapping[str, str]) -> int:
    """Run a script with these variables and no others, and return its status; -1 after five minutes."""
    variables = {"PATH": os.environ["PATH"], **environment}
    try:
        ended = subprocess.run(["sh", str(script)], env=variables, capture_output=True, check=False, timeout=300)  # noqa: S603, S607
    except subprocess.TimeoutExpired:
        return -1
    return ended.returncode


def _line(tried: Tried) -> str:
    word = "right" if tried.is_right else "WRONG"
    statuses = f"{tried.broken} {tried.sound} {tried.nowhere}"
    return f"{word}  {statuses:8}  {tried.defect}  {tried.name}  {tried.remarks}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
