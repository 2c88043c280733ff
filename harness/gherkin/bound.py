"""Feature files that a Python module runs with ``scenarios("own.feature")``. They are not collected a second time."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from harness.gherkin.files import SUFFIX


def bound_features(modules: Iterable[Path]) -> set[Path]:
    """Return the feature files that these modules name in calls of ``scenario`` and ``scenarios``."""
    return {feature for module in modules for feature in _named_in(module)}


@cache
def _named_in(module: Path) -> tuple[Path, ...]:
    text = module.read_bytes()
    if b"scenario" not in text:
        return ()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()  # pytest reports it
    named = [(module.parent / name).resolve() for call in ast.walk(tree) for name in _arguments(call)]
    return tuple(feature for path in named for feature in (path.rglob(f"*{SUFFIX}") if path.is_dir() else (path,)))


def _arguments(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        yield from texts if function == "scenarios" else texts[:1] if function == "scenario" else ()
