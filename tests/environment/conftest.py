"""The stage that the tests of the environment share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment.stage import Stage, opened


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(Path(tmp_path_factory.mktemp("stage"))) as opened_stage:
        yield opened_stage
