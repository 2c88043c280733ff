"""The Admin UI: the balance that it shows, read in a real browser (contract.md S-4)."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from harness.apis.alfred.amount_text import amount_in
from harness.apis.alfred.browser import Browser
from harness.client.came_back import IN_BETWEEN
from harness.failures import EnvironmentFault, UsageError, WrongOutcome
from harness.not_judged import NotJudged
from harness.target.target import AdminTarget
from harness.wire.connections import tls_context
from harness.wire.exchange import Exchange, Request, Response
from harness.wire.faults import CallFault, CameBack
from harness.wire.manner import MANNER
from harness.wire.proxies import proxy_for, through
from harness.wire.redaction import REDACTION

_STATUS: Final = "return (performance.getEntriesByType('navigation')[0] || {}).responseStatus"
_PAGE: Final = "the Admin page"
_PASSWORD: Final = "input[type=password]"
_NO_SUCH_PAGE: Final = (404, 405)
_LOGIN_STATUS: Final = (401, 403)


class Admin:
    """Reads balances in the Admin UI. Without a browser it reads the page's HTML, and ``how`` says so."""

    def __init__(self, target: AdminTarget, timeout: float) -> None:
        """``timeout`` is in seconds, for one page. The browser starts with the first page."""
        self._target = target
        self._timeout = timeout
        self._asks_for_login = False
        self._began = self._seconds = 0.0  # of the last visit
        self._browser = Browser(proxy_for(target.url), timeout)

    @property
    def how(self) -> str:
        """How the page is read, in words."""
        if self._browser.is_installed:
            return f"read in headless {self._browser.name}"
        return "no browser with a driver is installed: the page was read over HTTP, without its scripts"

    def balance(self, wallet_id: str) -> Decimal:
        """Return the balance that the page of a user shows, in major units. CallFault if there is no such page."""
        amount = amount_in(self._text(wallet_id))
        if amount is not None:
            return amount
        if not self._browser.is_installed:
            # A script may fill in the balance, and only a browser runs scripts.
            NotJudged.NEEDS_BROWSER.skip(selector=self._target.balance)
        raise WrongOutcome(f"the Admin UI shows no balance at {self._target.balance!r}", "", self.visit(wallet_id))

    def visit(self, wallet_id: str) -> Exchange:
        """Return the last visit of the page of a user, as a call for people to read."""
        request = Request(_PAGE, "GET", self.address(wallet_id))
        return Exchange(request, Response(httpx.codes.OK, "", (), b""), datetime.now(UTC), self._seconds)

    def mistake(self, wallet_id: str) -> str:
        """Return the mistake of the target file about the page of a user; empty if there is none."""
        if self._browser.is_installed and self._is_in_html(wallet_id):
            return ""  # a browser, which takes a second to start, would find it too
        try:
            text = self._text(wallet_id)
        except CallFault as fault:
            status = fault.exchange.response.status if fault.exchange.response else 0
            if status in _NO_SUCH_PAGE:
                return f"admin.url is not right: {self.address(wallet_id)} got {status}"
            self._asks_for_login = status in _LOGIN_STATUS
            text = "not read"
        except EnvironmentFault:
            return ""
        if self._asks_for_login:
            return "admin.url leads to a page that asks for a login: set admin.user and admin.password (HTTP basic)"
        if text or not self._browser.is_installed:
            return ""
        return f"admin.balance: {self._target.balance!r} finds no balance"

    def _is_in_html(self, wallet_id: str) -> bool:
        """Return whether the HTML of the page of a user has a balance. Without it, a script may fill it in."""
        MANNER.wait()
        try:
            return amount_in(self._text_over_http(self.address(wallet_id))) is not None
        except (CallFault, UsageError):
            return False

    def address(self, wallet_id: str) -> str:
        return self._target.url.replace("{walletId}", quote(wallet_id, safe=""))

    def _text(self, wallet_id: str) -> str:
        url = self.address(wallet_id)
        MANNER.wait()
        self._began = time.monotonic()
        text = self._text_in_browser(url) if self._browser.is_installed else self._text_over_http(url)
        self._seconds = time.monotonic() - self._began
        return text

    def close(self) -> None:
        self._browser.close()

    def _text_in_browser(self, url: str) -> str:
        from selenium.common.exceptions import TimeoutException, WebDriverException
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait

        try:
            driver = self._browser.start()
            self._began = time.monotonic()
            if urlsplit(url).fragment:
                driver.get("about:blank")  # a browser does not load a page again of which only the fragment differs
            driver.get(self._with_login(url))
            self._check_status(url, driver.execute_script(_STATUS) or httpx.codes.OK)
        except TimeoutException:
            raise self._fault(CameBack.CUT_OFF, url, f"gave no page in {self._timeout:g} s") from None
        except WebDriverException as error:
            text = REDACTION.mask((error.msg or "").splitlines()[0] if error.msg else "no reason given")
            if "net::" in text:
                raise self._fault(CameBack.UNREACHED, url, f"can't be opened in the browser: {text}") from None
            raise EnvironmentFault(f"the Admin UI can't be opened in the browser{through(url)}: {text}") from None
        self._asks_for_login = bool(driver.find_elements(By.CSS_SELECTOR, _PASSWORD))
        try:
            # A page may fill in its balance after it has loaded.
            wait = WebDriverWait(driver, self._timeout)
            return str(
                wait.until(lambda page: _first_amount(page.find_elements(By.CSS_SELECTOR, self._target.balance)))
            )
        except TimeoutException:
            return ""

    def _with_login(self, url: str) -> str:
        if self._target.password is None:
            return url
        parts = urlsplit(url)
        login = f"{quote(self._target.user, safe='')}:{quote(self._target.password.value, safe='')}"
        return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc}"))

    def _text_over_http(self, url: str) -> str:
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
            raise self._fault(CameBack.UNREACHED, url, f"can't be reached: {error}") from None
        self._check_status(url, page.status_code)
        whole = BeautifulSoup(page.text, "html.parser")
        self._asks_for_login = whole.select_one(_PASSWORD) is not None
        try:
            found = whole.select_one(self._target.balance)
        except soupsieve.SelectorSyntaxError:
            raise UsageError(f"[admin] balance = {self._target.balance!r} is not a CSS selector") from None
        return found.get_text(" ", strip=True) if found else ""

    def _check_status(self, url: str, status: int) -> None:
        if httpx.codes.is_success(status):
            return
        is_between = status in IN_BETWEEN or (proxy_for(url) and status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED)
        came_back = CameBack.IN_BETWEEN if is_between else CameBack.STRANGE
        fault = self._fault(came_back, url, f"responded with status {status}, without a balance", status)
        if not is_between:
            fault.accuse = lambda: AssertionError(str(fault))
        raise fault

    def _fault(self, came_back: CameBack, url: str, what: str, status: int = 0) -> CallFault:
        response = Response(status, "", (), b"") if status else None
        exchange = Exchange(Request(_PAGE, "GET", url), response, datetime.now(UTC), 0.0)
        return CallFault(came_back, exchange, f"the Admin UI{through(url)} {what}")


def _first_amount(elements: list[Any]) -> str:
    return next((text for element in elements if amount_in(text := element.text.strip()) is not None), "")
