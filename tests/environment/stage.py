"""What all runs of the table share: a platform started by hand, certificates, and the process that is forked."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Self

from proof.target_file import toml
from sandbox.launcher import RunningSandbox, SandboxProcess, running_sandbox
from tests.environment.injection.certificates import Certificates, Switchable, make_certificates
from tests.harness.forked_runs import ForkedRuns
from tests.harness.runs import ROOT, Ran

TIMEOUT: Final = 2.0  # seconds for a response
_KEYS: Final = {
    ("alfred", "shop_key"): "THE_SHOP_KEY",
    ("alfred", "platform_key"): "THE_PLATFORM_KEY",
    ("walletapi", "key"): "THE_WALLETAPI_KEY",
    ("walletapi", "client"): "THE_WALLETAPI_CLIENT",
}


@dataclass
class Platform:
    """A sandbox. ``start`` starts one with the same keys, and ``restart`` replaces it."""

    arguments: tuple[str, ...] = ()
    module: tuple[str, ...] = ("sandbox",)
    tables: dict[str, Any] = field(default_factory=dict, repr=False)
    base_url: str = ""

    def __enter__(self) -> Self:
        """Start it."""
        self._keys: Mapping[str, str] = {}
        self._start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """End it."""
        self._process.end()

    def restart(self, *arguments: str) -> str:
        """End it, start it again with these arguments, and return its new address."""
        self._process.end()
        self.arguments = arguments
        self._start()
        return self.base_url

    def _start(self) -> None:
        self._process = SandboxProcess.start(self.arguments, self._spawned)
        running = self._process.wait_ready()
        self.base_url = running.base_url
        self.tables = self.tables or running.tables

    def _spawned(self, flags: Sequence[str], keys: Mapping[str, str], stderr: IO[str]) -> subprocess.Popen[str]:
        self._keys = self._keys or keys
        return subprocess.Popen(
            (sys.executable, "-m", *self.module, *flags),
            cwd=ROOT,
            env={**os.environ, **self._keys},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )


class Tools:
    """The platform and the certificates that the faults of one run use."""

    def __init__(self, platform: Any, certificates: Certificates) -> None:
        self.platform = platform
        self.certificates = certificates
        self.certificate = Switchable(certificates.good())


class Stage:
    """Runs the suite on platforms that it did not start itself."""

    def __init__(self, folder: Path, sandbox: RunningSandbox, runs: ForkedRuns) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.certificates = make_certificates(folder)
        self._runs = runs

    @contextlib.contextmanager
    def shared_platform(self) -> Iterator[RunningSandbox]:
        """Return the platform that all rows share unless they harm it."""
        yield self.sandbox

    def tables(self, platform: Any, url: str, scenarios: Sequence[str]) -> dict[str, Any]:
        """Return a target file for a platform at another address, with the APIs that these scenarios need."""
        tables: dict[str, Any] = deepcopy(platform.tables)
        del tables["admin"]  # a browser would take longer than everything else
        tables["left_out"] = ["S-4"]
        for api in ("alfred", "walletapi"):
            if any(f"/{api}" in name for name in scenarios):
                tables[api]["base_url"] = url
            else:
                del tables[api]
                tables["left_out"].append(api)
        tables["limits"] = {**tables.get("limits", {}), "timeout": TIMEOUT}
        return tables

    def run(
        self, tables: dict[str, Any], scenarios: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Ran:
        """Run scenarios on a target. Its keys are in environment variables."""
        variables = {}
        for (api, key), variable in _KEYS.items():
            if api in tables and key in tables[api]:
                variables[variable] = tables[api][key]
                tables[api][key] = f"${{{variable}}}"
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            target = Path(folder, "outside.toml")
            target.write_text(toml(tables))
            arguments = ["-q", "-p", "no:cacheprovider", "--reports=", *scenarios, f"--target={target}"]
            return Ran(*self._runs.run(arguments, {**os.environ, **variables, **(environment or {})}))


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Stage]:
    """Open a stage."""
    with running_sandbox() as sandbox, ForkedRuns(toml(sandbox.tables)) as runs:
        yield Stage(folder, sandbox, runs)
