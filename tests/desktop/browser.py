"""Headless Chromium, controlled through the W3C WebDriver protocol; it visits this machine only."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, Request, build_opener

from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--lang=en-US",
)
ELEMENT_KEY = "element-6066-11e4-a52e-4f735466cecf"  # the W3C's key of an element reference


class Browser:
    """One window of the browser."""

    def __init__(self, driver: str, capabilities: dict[str, Any]) -> None:
        self._opener = build_opener(ProxyHandler({}))
        self._driver = driver
        self._session = ""
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._session = f"/session/{session['sessionId']}"

    def open(self, url: str) -> None:
        """Load a URL. Open a blank page first, because a change of the fragment alone would load nothing."""
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": url})

    def execute_script(self, script: str, *arguments: object) -> Any:
        """Run a function body in the page and return its result."""
        return self._call("POST", "/execute/sync", {"script": script, "args": arguments})

    def text(self, css: str) -> str:
        """Return the visible text of an element."""
        return str(self._call("GET", f"/element/{self._find_element(css)}/text"))

    def click(self, css: str) -> None:
        self._call("POST", f"/element/{self._find_element(css)}/click", {})

    def close(self) -> None:
        self._call("DELETE", "")

    def _find_element(self, css: str) -> str:
        reference = self._call("POST", "/element", {"using": "css selector", "value": css})
        return str(reference[ELEMENT_KEY])

    def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self._driver}{self._session}{path}", data, headers, method=method)
        with self._opener.open(request, timeout=60) as response:
            return json.load(response)["value"]


@contextmanager
def private_browser(folder: Path) -> Iterator[Browser]:
    """Run a Chromium with a new profile in `folder`."""
    chromium, driver = require_command("chromium"), require_command("chromedriver")
    environment = minimal_environment(HOME=str(folder), DBUS_SESSION_BUS_ADDRESS="disabled:")
    log = folder / "driver.log"
    with log.open("wb") as output:
        process = start_process([driver, "--port=0"], environment, output=output)
    try:
        ready = wait_until(lambda: re.search(r"started successfully on port (\d+)", log.read_text()), "driver")
        arguments = [*CHROMIUM_FLAGS, f"--user-data-dir={folder / 'profile'}"]
        options = {"goog:chromeOptions": {"binary": chromium, "args": arguments}}
        browser = Browser(f"http://127.0.0.1:{ready[1]}", options)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        stop_process(process)
