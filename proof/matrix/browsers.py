"""Browsers that several rounds use one after the other: starting one costs more than all reading in a round.

A browser serves one round at a time, and reads pages exactly as in a run.
"""

import contextlib
from typing import Any

from harness.apis.alfred.browser import Browser
from harness.failures import EnvironmentFault

_PAGE_TIMEOUT = 30.0  # seconds


class Browsers:
    """The browsers of a matrix. ``take`` one before a round is forked, ``give_back`` it when the round has ended."""

    def __init__(self) -> None:
        self._free: list[Browser] = []
        self._all: list[Browser] = []

    def take(self) -> Browser:
        """Return a browser that no round uses. On a machine without a browser it reads over HTTP, as in a run."""
        return self._free.pop() if self._free else self._start()

    def give_back(self, browser: Browser, *, usable: bool) -> None:
        """Keep a browser for another round, or close it if it is not usable."""
        if usable:
            self._free.append(browser)
        else:
            self._all.remove(browser)
            _close(browser)

    def close(self) -> None:
        for browser in self._all:
            _close(browser)
        self._all.clear()
        self._free.clear()

    def _start(self) -> Browser:
        browser = Browser(None, _PAGE_TIMEOUT)
        if browser.is_installed:
            try:
                # ForkedSandbox rounds must not share the parent's connection to it.
                browser.start().command_executor.close()
            except Exception as error:  # noqa: BLE001 - the user must see every reason
                _close(browser)
                raise EnvironmentFault(f"the browser does not start: {error}") from None
        self._all.append(browser)
        return browser


def lend(browser: Browser) -> None:
    """Make every Admin of this process use this browser instead of starting one."""
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

    Browser.start, Browser.close = started, close  # type: ignore[method-assign]


def _close(browser: Browser) -> None:
    with contextlib.suppress(Exception):  # Ctrl-C may have ended it
        browser.close()
