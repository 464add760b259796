"""The JS-SDK test page: served at any path below /jssdk/, its `wx` object, and the check behind `wx.config`.

The page gets its config in the fragment, the one part of its address that is not signed.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guarddog_gui.sandbox.loopback import is_our_name
from guarddog_gui.sandbox.response import Page
from guarddog_gui.sandbox.rules import Rules

PREFIX = "/jssdk/"
SCRIPT = "/jssdk.js"
CHECK = "/jssdk-check"

_HERE = Path(__file__).parent
_MARK = "guarddog="  # in the fragment, in front of the config
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),  # the check compares it with what the script says
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", _POLICY),
)


def test_page_url(base: str, path_and_query: str, config_json: str) -> str:
    """The address at which the sandbox at `base` tries this config on a page of this path and query.

    All before the `#` is what has to be signed. A path that is not below /jssdk/ yet is put there; a fragment
    of the page's own stays in front of ours.
    """
    page, _, fragment = path_and_query.partition("#")
    path = page if page.startswith("/") else f"/{page}"
    below = path if path.startswith(PREFIX) else f"{PREFIX.rstrip('/')}{path}"
    config = urlsafe_b64encode(config_json.encode("utf-8", "replace")).decode().rstrip("=")
    return f"{base}{below}#{fragment}{'&' if fragment else ''}{_MARK}{config}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one of these pages; the last four are headers, empty where they did not come."""

    method: str
    path: str
    body: bytes = field(repr=False)
    host: str
    origin: str
    referer: str
    content_type: str


class _Wrong(Exception):
    """What is wrong with a call of the check, in words."""


class JssdkPages:
    """Answers for the addresses of the test page; it tells verdicts and never a ticket."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @staticmethod
    def has(path: str) -> bool:
        """Whether this path is one of ours."""
        return path in (SCRIPT, CHECK) or path.startswith(PREFIX)

    def answer(self, asked: Asked) -> Page:
        """The page, its script, or a verdict; 403 for whoever speaks to us by a foreign name."""
        if not is_our_name(asked.host):
            return _told(403, error="the Host header names another machine")
        if asked.path == CHECK:
            return self._checked(asked)
        if asked.method not in ("GET", "HEAD"):
            return _told(405, error="a page can only be looked at")
        if asked.path == SCRIPT:
            return Page(200, _file("jssdk.js"), "text/javascript; charset=utf-8", _HEADERS)
        return Page(200, _file("jssdk.html"), headers=_HEADERS)

    def _checked(self, asked: Asked) -> Page:
        if asked.method != "POST":
            return _told(405, error="the check takes POST")
        if asked.origin != f"http://{asked.host}":
            return _told(403, error="the Origin is not a page of this server")
        if asked.content_type.partition(";")[0].strip().lower() != "application/json":
            return _told(415, error="the check takes JSON")
        try:
            url, config = _order(asked)
        except _Wrong as wrong:
            return _told(400, error=str(wrong))
        verdict = self._rules.judged_config(config, url)
        return _told(200, errMsg=verdict.errmsg, why=verdict.why, missing=verdict.missing)


def _order(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The page's URL and its config, as far as the browser agrees with what the script says."""
    try:
        order = json.loads(asked.body)
    except (ValueError, RecursionError):
        raise _Wrong("the body is not JSON") from None
    match order:
        case {"url": str(url), "mode": "current" | "entry" as mode, "config": dict(config)}:
            pass
        case _:
            raise _Wrong("url, mode (current or entry) and config are wanted")
    if not url.startswith(f"{asked.origin}/"):
        raise _Wrong("the URL is not one of this server")
    # the entry URL of a single-page app is history; of the URL of now the browser itself has told us
    if mode == "current" and _is_whole(asked.referer) and url != asked.referer:
        raise _Wrong("the browser reports another URL")
    return url, config


def _is_whole(referer: str) -> bool:
    """Whether it is a whole address: browsers cut long ones down to `http://host/`, some send none."""
    parts = urlsplit(referer)
    return parts.path not in ("", "/") or parts.query != ""


def _file(name: str) -> bytes:
    return (_HERE / name).read_bytes()


def _told(status: int, **fields: object) -> Page:
    return Page(status, json.dumps(fields).encode(), "application/json", _HEADERS)
