"""Browsers that outlive a round: starting one for each costs more than all that a round reads with it.

A browser serves one round at a time. The pages are read in it exactly as in a run; only its start is shared.
"""

from __future__ import annotations

import contextlib
from typing import Any

from harness.apis.alfred.admin import Admin
from harness.failures import EnvironmentFault
from harness.target.target import AdminTarget

_START_SECONDS = 30.0  # for a first page


class Browsers:
    """The browsers of a matrix: ``take`` one before a round is forked, ``give_back`` when it has ended."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._free: list[Admin] = []
        self._all: list[Admin] = []

    def take(self) -> Admin:
        """A browser that no round has; without one on this machine, rounds read over HTTP as a run does."""
        return self._free.pop() if self._free else self._start()

    def give_back(self, browser: Admin, *, sound: bool) -> None:
        """It is free for the next round, or ended where its round did not end by itself."""
        if sound:
            self._free.append(browser)
        else:
            self._all.remove(browser)
            _end(browser)

    def close(self) -> None:
        """End them all."""
        for browser in self._all:
            _end(browser)
        self._all.clear()
        self._free.clear()

    def _start(self) -> Admin:
        browser = Admin(AdminTarget(url="", balance=""), _START_SECONDS)
        if not browser.how.startswith("no browser"):
            try:
                # Forked rounds must not share the parent's connection to it.
                browser._start().command_executor.close()
            except Exception as error:  # noqa: BLE001 - whatever kept it from starting, a person must see it
                _end(browser)
                raise EnvironmentFault(f"the browser does not start: {error}") from None
        self._all.append(browser)
        return browser


def lend(browser: Admin) -> None:
    """In a round's own process: have every Admin read in this browser instead of one that it starts."""
    driver = browser._driver
    if driver is None:
        return

    def started(self: Any) -> Any:
        if self._driver is None:
            driver.set_page_load_timeout(self._timeout)
            self._driver = driver
        return self._driver

    def close(self: Any) -> None:
        self._driver = None

    Admin._start, Admin.close = started, close  # type: ignore[method-assign]


def _end(browser: Admin) -> None:
    with contextlib.suppress(Exception):  # it may have gone with the Ctrl-C that ends us
        browser.close()
