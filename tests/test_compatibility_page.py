"""docs/compatibility.md names only tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "compatibility.md").read_text("utf-8")
NAMED = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", PAGE)


@pytest.mark.parametrize(("file", "function"), sorted(set(NAMED)))
def test_a_named_test_exists(file: str, function: str) -> None:
    assert (ROOT / file).is_file()
    assert not function or f"def {function}(" in (ROOT / file).read_text("utf-8")


def test_each_line_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert len(rows) > 50
    assert [row for row in rows if not re.search(r"test|proof/|the same", row.rsplit("|", 2)[1])] == []
