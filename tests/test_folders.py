"""The structure of the code: small modules, few in a folder, and no folders that import each other in a circle."""

from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

MOST = 12
LONGEST = 250
ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ("proof.defects", "proof.variants")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("harness", "sandbox", "steps", "proof", cache_dir=None)


def folder_of(module: str) -> str:
    """The folder of a module. A module at the top counts alone: some are above all folders, and some below."""
    folder = module.rpartition(".")[0]
    return folder if "." in folder else module


def test_no_folder_has_more_than_twelve_modules(graph: grimp.ImportGraph) -> None:
    modules = [module for module in graph.modules if not graph.find_children(module)]
    count = Counter(module.rpartition(".")[0] for module in modules if not module.startswith(CATALOGUES))
    assert {folder: number for folder, number in count.items() if number > MOST} == {}


def test_no_folders_import_each_other(graph: grimp.ImportGraph) -> None:
    imported: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        others = {other for other in graph.find_modules_directly_imported_by(module) if not graph.find_children(other)}
        imported[folder_of(module)] |= {folder_of(other) for other in others} - {folder_of(module)}
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of folders: {' <- '.join(error.args[1])}", pytrace=False)


def test_no_module_has_more_than_250_lines() -> None:
    modules = [path for folder in ("harness", "sandbox", "steps", "proof") for path in (ROOT / folder).rglob("*.py")]
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    assert {path: number for path, number in lines.items() if number > LONGEST} == {}
