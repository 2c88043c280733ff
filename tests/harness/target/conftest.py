"""Target files that a test writes."""

from pathlib import Path
from typing import Any

import pytest

from harness.contract.contract import documented
from harness.failures import UsageError
from harness.target.checks import Known
from harness.target.reading import read_target
from proof.target_file import toml
from tests.harness.runs import tables_at

URL = "https://wallet.example"


WITHOUT_LIMITS = toml({name: table for name, table in tables_at(URL).items() if name != "limits"})


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Return the function that writes a target file with one text replaced, and returns its path."""

    def write(old: str = "", new: str = "", text: str = WITHOUT_LIMITS) -> str:
        assert old in text
        (tmp_path / "small.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return str(tmp_path / "small.toml")

    return write


def error_message(path: str) -> str:
    """Return the error message for an invalid target file."""
    with pytest.raises(UsageError) as error:
        read_target(path, Known(documented().locatable, documented().clauses))
    return str(error.value)
