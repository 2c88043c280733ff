"""A headless browser with a driver, if the machine has one. Nothing of it is left when this process ends."""

import os
import shutil
import subprocess
import tempfile
import warnings
from typing import Any, Final

from harness.wire.proxies import Proxy

# Both end with this process, because that closes their standard input. The first makes the process group of
# the browser. The second ends the browser, also one that is still starting, and removes all its files.
_GROUP: Final = "read -r _"
_WATCHDOG: Final = (
    'read -r _; kill -s KILL -- "-$0" 2>/dev/null; rm -rf -- "$1" 2>/dev/null || { sleep 1; rm -rf -- "$1"; }'
)
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRIVERS: Final = ("chromedriver", "chromium.chromedriver")
# Without these a browser calls its vendor's hosts at every start. The suite calls only the platform.
_ARGUMENTS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
)


class Browser:
    """Starts with its first use. ``is_installed``: the machine has a browser and its driver."""

    def __init__(self, proxy: Proxy | None, timeout: float) -> None:
        """``timeout`` is in seconds, for one page."""
        self._proxy = proxy
        self._timeout = timeout
        self._driver: Any = None
        self._watching: tuple[subprocess.Popen[bytes], ...] = ()
        self._path = _first(_BROWSERS)
        self._driver_path = _first(_DRIVERS)
        self.is_installed = bool(self._path and self._driver_path)

    @property
    def name(self) -> str:
        return self._path.rpartition("/")[2]

    def start(self) -> Any:
        """Return the driver of the browser. WebDriverException if it does not start."""
        if self._driver is None:
            from selenium import webdriver

            self.close()  # what a browser that did not start has left
            folder = tempfile.mkdtemp(prefix="admin-ui-")
            options = webdriver.ChromeOptions()
            options.binary_location = self._path
            # The proxy is for the page, not for the driver, which is on this machine.
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                options.ignore_local_proxy_environment_variables()
            options.add_argument(f"--proxy-server={self._proxy.address}" if self._proxy else "--no-proxy-server")
            for argument in (*_ARGUMENTS, f"--user-data-dir={folder}/profile", "--window-size=1200,900"):
                options.add_argument(argument)
            group = _shell(_GROUP, process_group=0)  # one of its own, which Ctrl-C does not reach
            self._watching = (_shell(_WATCHDOG, str(group.pid), folder, start_new_session=True), group)
            # Its temporary files are in a folder of ours, because a browser that is killed does not remove them.
            environment = {**os.environ, "TMPDIR": folder}
            service = webdriver.ChromeService(self._driver_path, env=environment, popen_kw={"process_group": group.pid})
            self._driver = webdriver.Chrome(options=options, service=service)
            self._driver.set_page_load_timeout(self._timeout)
        return self._driver

    def close(self) -> None:
        if self._driver is not None:
            self._driver.quit()
            self._driver = None
        for watching in self._watching:
            watching.communicate()
        self._watching = ()


def _shell(script: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = ("/bin/sh", "-c", script, *arguments)
    return subprocess.Popen(command, stdin=subprocess.PIPE, **options)  # noqa: S603 - no input from outside


def _first(names: tuple[str, ...]) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")
