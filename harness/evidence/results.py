"""Writes the files of an Allure results directory. Every text is masked."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons.model2 import TestResult

from harness.wire.redaction import REDACTION


class ResultsWriter:
    """Replaces the file logger of allure-pytest: no containers, no renames, every text masked."""

    def __init__(self, report_dir: str, clean: bool = False) -> None:  # noqa: FBT001, FBT002 - allure-pytest calls it so
        """Write into ``report_dir``; ``clean`` empties it first. UsageError if it can't be written."""
        self._directory = Path(report_dir).absolute()
        try:
            # With pytest-xdist, only the controller empties the directory.
            if clean and self._directory.is_dir() and "PYTEST_XDIST_WORKER" not in os.environ:
                self._directory.rename(self._directory.with_name(f"{self._old}{os.getpid()}"))
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise pytest.UsageError(f"--alluredir: can't write to {report_dir}: {error.strerror}") from error

    def close(self) -> None:
        """Delete the results of an earlier run. Deleting them before would make creating new files slower."""
        for left in self._directory.parent.glob(f"{self._old}*"):
            shutil.rmtree(left, ignore_errors=True)

    @property
    def _old(self) -> str:
        return f".{self._directory.name}.old-"

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write a test's result."""
        self._write(f"{result.uuid}-result.json", json.dumps(_plain(result), default=str))

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Write an attachment."""
        self._write(file_name, body)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str, file_name: str) -> None:
        """Copy an attachment."""
        self._write(file_name, Path(source).read_bytes())

    def describe_run(self, about: dict[str, str]) -> None:
        """Write what was tested, for the front page of the report."""
        lines = (f"{_key(name)} = {value}" for name, value in about.items())
        self._write("environment.properties", "\n".join(lines))

    def _write(self, file_name: str, body: str | bytes) -> None:
        # A picture contains no secret that a search would find. It is written unchanged.
        errors = "replace" if isinstance(body, str) else "surrogateescape"
        text = body if isinstance(body, str) else body.decode("utf-8", errors)
        self._put(file_name, REDACTION.mask(text).encode("utf-8", errors))

    def _put(self, file_name: str, body: bytes) -> None:
        with open(f"{self._directory}/{file_name}", "wb", buffering=0) as file:  # noqa: PTH123 - a third of Path's cost
            file.write(body)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if hasattr(value, "__attrs_attrs__"):
        return {name: _plain(held) for name, held in vars(value).items() if held or held is False}
    return value


def _key(name: str) -> str:
    return name.replace(" ", "\\ ")
