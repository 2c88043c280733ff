"""clauses.toml agrees with docs/contract.md, clause by clause."""

import re

from harness.contract.contract import SCHEMAS, load_contract

CONTRACT = (SCHEMAS.parent / "docs" / "contract.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]-\d+) \| (\w+) \| (.+) \|$", CONTRACT, re.MULTILINE)


def test_clauses_toml_has_every_clause_in_order_with_its_level_and_text() -> None:
    assert len(ROWS) > 60
    assert [(clause.id, clause.level, clause.text) for clause in load_contract().clauses.values()] == ROWS


def test_every_clause_names_its_source() -> None:
    for clause in load_contract().clauses.values():
        assert clause.source.startswith(f"contract.md {clause.id}")
        assert ("docs/" in clause.source) == (clause.level == "documented")
        for name in re.findall(r"docs/[\w.-]+", clause.source):
            assert (SCHEMAS.parent / name).is_file()


def test_only_x_2_has_patterns() -> None:
    assert [clause.id for clause in load_contract().clauses.values() if clause.patterns] == ["X-2"]
