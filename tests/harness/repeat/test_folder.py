"""Where the scripts of a run are found."""

from pathlib import Path

from harness.repeat.plugin import FOLDER, write_scripts
from harness.run_folder import LATEST


def run_folder(reports: Path, name: str) -> Path:
    """Make the folder of the newest run."""
    folder = reports / name
    folder.mkdir()
    (reports / LATEST).unlink(missing_ok=True)
    (reports / LATEST).symlink_to(name)
    return folder


def test_link_points_to_the_scripts_of_the_newest_run(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_scripts(run_folder(tmp_path, name), {f"{name}.sh": "exit 1\n"})
    assert [script.name for script in (tmp_path / FOLDER).iterdir()] == ["second.sh"]


def test_a_run_without_scripts_leaves_no_link(tmp_path: Path) -> None:
    write_scripts(run_folder(tmp_path, "red"), {"red.sh": "exit 1\n"})
    write_scripts(run_folder(tmp_path, "green"), {})
    assert not (tmp_path / FOLDER).is_symlink()
    assert (tmp_path / "red" / FOLDER / "red.sh").exists()
