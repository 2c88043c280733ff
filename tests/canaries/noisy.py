"""A pytest plugin with bugs: it prints, logs, warns and fails with the secrets of SUITE_CANARIES (a file)."""

from __future__ import annotations

import json
import logging
import os
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.harness.encodings import ENCODINGS

_SECRETS = json.loads(Path(os.environ["SUITE_CANARIES"]).read_text())
_HOW = os.environ.get("SUITE_BUG", "")
_FORMS = [encoding(secret) for encoding in ENCODINGS.values() for secret in _SECRETS]


def _bug() -> None:
    held, text = {"held": _FORMS}, " ".join(_FORMS)
    raise RuntimeError(f"a bug of the suite: {text} {len(held)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Show the secrets in a step."""
    if _HOW == "crash":
        print(" ".join(_FORMS))
        os._exit(3)
    result = yield
    if _HOW == "step" and "canary" not in item.config.stash.get(_SAID, ""):
        item.config.stash[_SAID] = "canary"
        item.user_properties.append(("canary", " ".join(_FORMS)))
        for form in _FORMS:
            print(form)
            logging.getLogger("noisy").debug("a log: %s", form)
            warnings.warn(f"a warning: {form}", UserWarning, stacklevel=1)
        _bug()
    return result


_SAID = pytest.StashKey[str]()


def pytest_runtest_logreport() -> None:
    """Fail in a hook."""
    if _HOW == "hook":
        _bug()


def pytest_sessionfinish() -> None:
    """Fail at the end."""
    if _HOW == "end":
        _bug()
