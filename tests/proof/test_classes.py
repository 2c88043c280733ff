"""The classes of each clause: every clause has some, and every scenario that they name exists."""

import pytest

from proof import classes


def test_every_clause_has_classes_that_existing_scenarios_try():
    assert list(classes.problems(classes.classes())) == []


@pytest.mark.parametrize(
    ("clause", "tried", "problem"),
    [
        ("A-1", ["A scenario of nobody"], "A-1, a class: there is no scenario 'A scenario of nobody'"),
        ("A-1", [], "A-1, a class: say what tries it, or why nothing can"),
        ("Q-9", ["walks"], "Q-9 is not a clause of contract.md"),
    ],
)
def test_class_without_a_scenario_is_reported(clause, tried, problem):
    found = {**classes.classes(), clause: {"a class": tried}}
    assert list(classes.problems(found)) == [problem]


def test_clause_without_classes_and_scenarios_is_reported():
    found = dict(classes.classes())
    del found["F-3"]
    (problem,) = classes.problems(found)
    assert problem == "F-3 has neither classes nor a scenario below a Rule that is tagged @F-3"


def test_clause_without_classes_gets_the_scenarios_below_its_rule(tmp_path, monkeypatch):
    monkeypatch.setattr(classes, "FILE", tmp_path / "classes.toml")
    classes.FILE.write_text("")
    assert "A user who comes back finds the same wallet" in classes.classes()["A-2"][classes.WORDS]


def test_the_classes_are_printed(capsys):
    assert classes.main() == 0
    printed = capsys.readouterr().out
    assert "A-3  A different externalReferenceId always reaches a different wallet" in printed
    assert "        not tried: contract.md leaves it open" in printed
