"""JS-SDK test page at any path below /jssdk/, its script with the `wx` object, and the check of `wx.config`.

The page gets its config in the fragment, the only part of its URL that is not signed.
"""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guarddog_gui.sandbox.http_messages import HttpRequest, HttpResponse
from guarddog_gui.sandbox.rules import SandboxRules

PAGE_PREFIX = "/jssdk/"
SCRIPT_PATH = "/jssdk.js"
CHECK_PATH = "/jssdk-check"

_STATIC_DIR = Path(__file__).parent
_CONFIG_MARKER = "guarddog="  # in the fragment, in front of the config
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),  # the check compares the Referer with the URL that the script sends
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", _CONTENT_SECURITY_POLICY),
)


def make_test_page_url(base_url: str, path_and_query: str, config_json: str) -> str:
    """Return the URL at which the sandbox at `base_url` tests this config on a page with this path and query.

    The part before the `#` is the URL to sign. A path outside /jssdk/ is moved below it; a fragment in the
    path is kept in front of the config.
    """
    page, _, fragment = path_and_query.partition("#")
    path = page if page.startswith("/") else f"/{page}"
    if not path.startswith(PAGE_PREFIX):
        path = f"{PAGE_PREFIX.rstrip('/')}{path}"
    config = urlsafe_b64encode(config_json.encode("utf-8", "replace")).decode().rstrip("=")
    return f"{base_url}{path}#{fragment}{'&' if fragment else ''}{_CONFIG_MARKER}{config}"


class _BadCheckRequest(Exception):
    """Raised for an invalid call of the check, with the message to answer."""


class JssdkPages:
    """Handler of the test page's paths. Its answers contain results of checks, never a ticket."""

    def __init__(self, rules: SandboxRules) -> None:
        self._rules = rules

    @staticmethod
    def handles(path: str) -> bool:
        return path in (SCRIPT_PATH, CHECK_PATH) or path.startswith(PAGE_PREFIX)

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Return the page, its script or a check's result."""
        if request.path == CHECK_PATH:
            return self._handle_check(request)
        if request.method not in ("GET", "HEAD"):
            return _json_response(405, error="a page can only be looked at")
        if request.path == SCRIPT_PATH:
            return HttpResponse(200, _read_static_file("jssdk.js"), "text/javascript; charset=utf-8", _HEADERS)
        return HttpResponse(200, _read_static_file("jssdk.html"), headers=_HEADERS)

    def _handle_check(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _json_response(405, error="the check takes POST")
        if request.origin != f"http://{request.host}":
            return _json_response(403, error="the Origin is not a page of this server")
        if request.content_type.partition(";")[0].strip().lower() != "application/json":
            return _json_response(415, error="the check takes JSON")
        try:
            url, config = _parse_check_request(request)
        except _BadCheckRequest as error:
            return _json_response(400, error=str(error))
        result = self._rules.check_page_config(config, url)
        return _json_response(200, errMsg=result.errmsg, why=result.reason, missing=result.missing)


def _parse_check_request(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return the page's URL and config. Raises _BadCheckRequest if the browser's headers contradict them."""
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _BadCheckRequest("the body is not JSON") from None
    match fields:
        case {"url": str(url), "mode": "current" | "entry" as mode, "config": dict(config)}:
            pass
        case _:
            raise _BadCheckRequest("url, mode (current or entry) and config are wanted")
    if not url.startswith(f"{request.origin}/"):
        raise _BadCheckRequest("the URL is not one of this server")
    # The Referer is the current URL. It cannot confirm an entry URL, which a single-page app has left.
    if mode == "current" and _is_full_url(request.referer) and url != request.referer:
        raise _BadCheckRequest("the browser reports another URL")
    return url, config


def _is_full_url(referer: str) -> bool:
    """Return False for a Referer without path: browsers shorten long ones to `http://host/` or send none."""
    parts = urlsplit(referer)
    return parts.path not in ("", "/") or parts.query != ""


def _read_static_file(name: str) -> bytes:
    return (_STATIC_DIR / name).read_bytes()


def _json_response(status: int, **fields: object) -> HttpResponse:
    return HttpResponse(status, json.dumps(fields).encode(), "application/json", _HEADERS)
