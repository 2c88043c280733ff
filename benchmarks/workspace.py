"""What a benchmark runs on: a server, a target file, features of any size, and results that never touch a disk."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - tmpfs, if the machine has it
A_FILE: Final = 20

TARGET: Final = """
gate = "all"

[alfred]
base_url = "{url}"
platform_id = "platform-1"
shop_configuration_id = "shop-1"
country_code = "BD"
currency = "BDT"
shop_key = "shop-key-of-the-benchmark"
platform_key = "platform-key-of-the-benchmark"
"""

SCENARIO: Final = """
    Scenario: Purchase {number} is paid in cash
      Given a user
      When the user opens a session on a purchase of 50.00
      And the user confirms the purchase in cash
      Then the session offers an instrument for the purchase
"""

STOCK: Final = {
    "pytest.ini": "[pytest]\n",
    "empty.feature": "Feature: Empty\n  Scenario: Empty\n    Given nothing\n",
    "test_empty.py": (
        "from pytest_bdd import given, scenarios\n\nscenarios('empty.feature')\n\n\n"
        "@given('nothing')\ndef nothing():\n    pass\n"
    ),
}


@dataclass(frozen=True)
class Workspace:
    """The folder of a benchmark, and the address of its server."""

    directory: Path
    results: Path
    url: str

    @property
    def target(self) -> Path:
        """The target file that names the server."""
        return self.directory / "constant.toml"

    @property
    def stock(self) -> Path:
        """A suite of one empty scenario, with nothing of ours in it."""
        return self.directory / "stock"

    def features(self, scenarios: int) -> Path:
        """A directory of this many scenarios of four requests each, twenty to a file."""
        directory = self.directory / f"features-{scenarios}"
        if not directory.exists():
            directory.mkdir()
            for first in range(0, scenarios, A_FILE):
                told = (SCENARIO.format(number=number) for number in range(first, min(first + A_FILE, scenarios)))
                head = f"@alfred\nFeature: Purchases from {first}\n\n  @P-4\n  Rule: Confirming in cash succeeds\n"
                (directory / f"from_{first:05}.feature").write_text(head + "".join(told), "utf-8")
        return directory

    def fresh_results(self) -> Path:
        """A new directory for Allure's results."""
        return Path(tempfile.mkdtemp(dir=self.results))


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A workspace below reports/, so that the root conftest.py holds for it, with its server running."""
    (ROOT / "reports").mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=ROOT / "reports", prefix="bench-"))
    results = Path(tempfile.mkdtemp(dir=MEMORY if os.access(MEMORY, os.W_OK) else None, prefix="bench-"))
    command = (sys.executable, "-m", "benchmarks.constant_server")
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        made = Workspace(directory, results, _address(server))
        made.target.write_text(TARGET.format(url=made.url), "utf-8")
        made.stock.mkdir()
        for name, text in STOCK.items():
            (made.stock / name).write_text(text, "utf-8")
        yield made
    finally:
        server.communicate()
        shutil.rmtree(directory)
        shutil.rmtree(results)


def _address(server: subprocess.Popen[str]) -> str:
    line = server.stdout.readline().strip() if server.stdout else ""
    if not line:
        raise RuntimeError("the benchmark's server did not start; see its output above")
    return line
