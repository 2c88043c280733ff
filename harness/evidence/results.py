"""Writes the files of an Allure results directory. Every text is masked."""

import json
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
from allure_commons.model2 import Globals, TestResult

from harness.wire.redaction import REDACTION


class ResultsWriter:
    """Replaces the file logger of allure-pytest, to mask every text."""

    def __init__(self, report_dir: str, clean: bool = False) -> None:  # noqa: FBT001, FBT002 - allure-pytest calls it so
        self._directory = Path(report_dir).absolute()
        self.error: OSError | None = None
        if clean:
            shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True, exist_ok=True)

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        self._write_item(result)

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        self._write_item(globals_item)

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        self._write(file_name, body)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str, file_name: str) -> None:
        self._write(file_name, Path(source).read_bytes())

    def _write_item(self, item: TestResult | Globals) -> None:
        self._write(item.file_pattern.format(prefix=uuid4()), json.dumps(_plain(item), default=str))

    def _write(self, file_name: str, body: str | bytes) -> None:
        # A picture contains no secret that a search would find. It is written unchanged.
        errors = "replace" if isinstance(body, str) else "surrogateescape"
        text = body if isinstance(body, str) else body.decode("utf-8", errors)
        mask = REDACTION.mask_json if text.startswith("{") else REDACTION.mask
        masked = mask(text).encode("utf-8", errors)
        try:
            with open(f"{self._directory}/{file_name}", "wb", buffering=0) as file:  # noqa: PTH123 - a third of Path's cost
                file.write(masked)
        except OSError as error:
            # What was judged must not be lost because the report is.
            self.error = self.error or error


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if hasattr(value, "__attrs_attrs__"):
        return {name: _plain(held) for name, held in vars(value).items() if held or held is False}
    return value
