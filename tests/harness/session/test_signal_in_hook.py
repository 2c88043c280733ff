"""A signal that arrives while another plugin's hook is running ends the run as any other does."""

from pathlib import Path

from tests.harness.runs import copy_suite, run_pytest

CONFTEST = """
import os, signal, pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    yield
    os.kill(os.getpid(), signal.SIGTERM)
"""


def test_signal_within_an_old_style_hook_wrapper_is_no_internal_error(tmp_path: Path) -> None:
    copy_suite(tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    (own / "conftest.py").write_text(CONFTEST, "utf-8")
    (own / "test_nothing.py").write_text("def test_nothing(): pass\n", "utf-8")
    ran = run_pytest("own", cwd=tmp_path)
    assert ran.status == 2, ran.output
    assert "INTERNALERROR" not in ran.output
    assert "SIGTERM" in ran.output
