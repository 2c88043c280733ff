"""The Admin UI: the balance that it shows, read in a real browser (contract.md S-4)."""

import re
import shutil
import subprocess
import tempfile
import warnings
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from harness.client.came_back import IN_BETWEEN
from harness.failures import EnvironmentFault, UsageError
from harness.not_judged import NotJudged
from harness.target.target import AdminTarget
from harness.wire.connections import tls_context
from harness.wire.manner import MANNER
from harness.wire.proxies import proxy_for, through
from harness.wire.redaction import REDACTION

_NUMBER: Final = re.compile(r"[-\u2212]?\s?\d[\d.,'\u2019\s\u00a0\u202f]*")
_GROUP: Final = 3
# Ends the browser's processes and removes its profile as soon as this process ends, which closes stdin.
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


class Admin:
    """Reads balances in the Admin UI. Without a browser it reads the page's HTML, and ``how`` says so."""

    def __init__(self, target: AdminTarget, timeout: float) -> None:
        """``timeout`` is in seconds, for one page. The browser starts with the first page."""
        self._target = target
        self._timeout = timeout
        self._driver: Any = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._profile = ""
        self._browser = _first(_BROWSERS)
        self._chromedriver = _first(_DRIVERS)

    @property
    def how(self) -> str:
        """How the page is read, in words."""
        if self._browser and self._chromedriver:
            return f"read in headless {self._browser.rpartition('/')[2]}"
        return "no browser with a driver is installed: the page was read over HTTP, without its scripts"

    def balance(self, wallet_id: str) -> Decimal:
        """Return the balance that the page of a user shows, in major units."""
        url = self._target.url.replace("{walletId}", quote(wallet_id, safe=""))
        MANNER.wait()
        text = self._text_in_browser(url) if self._browser and self._chromedriver else self._text_over_http(url)
        return amount_in(text)

    def picture(self) -> bytes | None:
        """Return the page as a PNG; None without a browser."""
        return self._driver.get_screenshot_as_png() if self._driver else None

    def close(self) -> None:
        """End the browser and remove its profile."""
        if self._driver is not None:
            self._driver.quit()
            self._driver = None
        if self._watchdog is not None:
            self._watchdog.communicate()
        if self._profile:
            shutil.rmtree(self._profile, ignore_errors=True)

    def _text_in_browser(self, url: str) -> str:
        from selenium.common.exceptions import TimeoutException, WebDriverException
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait

        try:
            driver = self._start()
            driver.get(self._with_login(url))
            wait = WebDriverWait(driver, self._timeout)
            # A page may fill in its balance after it has loaded.
            return str(
                wait.until(lambda page: _first_amount(page.find_elements(By.CSS_SELECTOR, self._target.balance)))
            )
        except TimeoutException:
            raise AssertionError(f"the Admin UI shows no balance at {self._target.balance!r}") from None
        except WebDriverException as error:
            text = REDACTION.mask((error.msg or "").splitlines()[0] if error.msg else "no reason given")
            raise EnvironmentFault(f"the Admin UI can't be opened in the browser{through(url)}: {text}") from None

    def _start(self) -> Any:
        if self._driver is None:
            from selenium import webdriver

            self._profile = tempfile.mkdtemp(prefix="admin-ui-")
            options = webdriver.ChromeOptions()
            options.binary_location = self._browser
            # The proxy is for the page, not for the driver, which is on this machine.
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                options.ignore_local_proxy_environment_variables()
            proxy = proxy_for(self._target.url)
            options.add_argument(f"--proxy-server={proxy.address}" if proxy else "--no-proxy-server")
            for argument in (*_ARGUMENTS, f"--user-data-dir={self._profile}", "--window-size=1200,900"):
                options.add_argument(argument)
            # In a process group of its own, so that Ctrl-C does not reach it and the watchdog can end all of it.
            service = webdriver.ChromeService(self._chromedriver, popen_kw={"start_new_session": True})
            self._driver = webdriver.Chrome(options=options, service=service)
            self._watchdog = _watchdog(service.process.pid, self._profile)
            self._driver.set_page_load_timeout(self._timeout)
        return self._driver

    def _with_login(self, url: str) -> str:
        if self._target.password is None:
            return url
        parts = urlsplit(url)
        login = f"{quote(self._target.user, safe='')}:{quote(self._target.password.value, safe='')}"
        return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc}"))

    def _text_over_http(self, url: str) -> str:
        import httpx
        import soupsieve
        from bs4 import BeautifulSoup

        password = self._target.password
        login = (self._target.user, password.value) if password else None
        proxy = proxy_for(url)
        try:
            page = httpx.get(
                url,
                auth=login,
                timeout=self._timeout,
                proxy=httpx.Proxy(proxy.address, auth=proxy.login) if proxy else None,
                verify=tls_context(url) or False,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            text = REDACTION.mask(str(error))
            raise EnvironmentFault(f"the Admin UI can't be reached{through(url)}: {text}") from None
        if page.status_code in IN_BETWEEN or (proxy and page.status_code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED):
            raise EnvironmentFault(
                f"the Admin UI can't be reached{through(url)}: a gateway responded with {page.status_code}"
            )
        try:
            found = BeautifulSoup(page.text, "html.parser").select_one(self._target.balance)
        except soupsieve.SelectorSyntaxError:
            raise UsageError(f"[admin] balance = {self._target.balance!r} is not a CSS selector") from None
        if page.status_code != httpx.codes.OK:
            raise AssertionError(f"the Admin UI responded with status {page.status_code}, without a balance")
        text = found.get_text(" ", strip=True) if found else ""
        if not _NUMBER.search(text):
            # A script may fill in the balance, and only a browser runs scripts.
            NotJudged.NEEDS_BROWSER.skip(selector=self._target.balance)
        return text


def amount_in(text: str) -> Decimal:
    """Return the amount in a text such as ``1,234.50 BDT`` or ``1.234,50``. AssertionError if there is none."""
    match = _NUMBER.search(text)
    if match is None:
        raise AssertionError(f"the Admin UI shows {text!r} instead of a balance")
    digits = re.sub(r"[\s\u00a0\u202f'\u2019]", "", match.group(0)).replace("\u2212", "-").rstrip(".,")
    whole, mark, places = digits.rpartition(max(".,", key=digits.rfind))
    grouped = digits.count(mark) > 1 or (mark == "," and len(places) == _GROUP and "." not in whole)
    bare = re.sub(r"[.,]", "", whole)
    return Decimal(bare + places) if grouped or not mark else Decimal(f"{bare}.{places}")


def _watchdog(group: int, profile: str) -> subprocess.Popen[bytes]:
    command = ["/bin/sh", "-c", _WATCHDOG, str(group), profile]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - no input from outside


def _first(names: tuple[str, ...]) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def _first_amount(elements: list[Any]) -> str:
    return next((text for element in elements if _NUMBER.search(text := element.text.strip())), "")
