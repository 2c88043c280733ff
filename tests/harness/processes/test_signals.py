"""Commands whose output pipe is closed."""

import subprocess
import sys

import pytest

from tests.harness.runs import ROOT

LISTS = ["proof --list --whole", "proof.classes", "proof.sandbox --list-defects", "harness.gherkin.sentences"]


@pytest.mark.parametrize("command", LISTS)
def test_closed_output_pipe_is_no_error(command: str) -> None:
    words = [sys.executable, "-m", *command.split()]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
