"""WSGI application of the sandbox: WeChat's API, the control interface, and pages."""

import json
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.sandbox.control import CONTROL_PREFIX, ControlApi
from guarddog_gui.sandbox.faults.fault import FaultKind, FaultPlan
from guarddog_gui.sandbox.faults.injector import FaultInjector
from guarddog_gui.sandbox.faults.raw_connection import RAW_CONNECTION
from guarddog_gui.sandbox.http_messages import HttpResponse, is_loopback_host
from guarddog_gui.sandbox.jssdk.pages import JssdkPages, JssdkRequest
from guarddog_gui.sandbox.rules import SandboxRules


class HttpRequest(HiddenFields, Struct, frozen=True):
    """A request to the API; `ip` is the caller's address."""

    hidden_fields = ("query", "body")

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str


class SandboxApp:
    """Dispatcher of requests to the control interface, a page, a planned fault or the rules.

    `clock` sets the Date header of the answers, which must agree with the rules' clock.
    """

    def __init__(
        self,
        rules: SandboxRules,
        faults: FaultPlan,
        control: ControlApi,
        fault_injector: FaultInjector,
        jssdk_pages: JssdkPages,
        clock: Callable[[], float],
    ) -> None:
        self._rules = rules
        self._faults = faults
        self._control = control
        self._fault_injector = fault_injector
        self._jssdk_pages = jssdk_pages
        self._clock = clock
        self.page_handlers: dict[str, Callable[[HttpRequest], HttpResponse]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = self._respond(environ)
        status = HTTPStatus(response.status) if response.status in set(HTTPStatus) else None
        headers = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            ("Date", formatdate(self._clock(), usegmt=True)),
            *response.headers,
        ]
        start_response(f"{response.status} {status.phrase if status else 'Unknown'}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _respond(self, environ: WSGIEnvironment) -> HttpResponse:
        request = _parse_request(environ)
        if not is_loopback_host(environ.get("HTTP_HOST", "")):
            # a page in the browser may have its own host name resolve to this computer (DNS rebinding)
            return _json_response(403, {"error": "the Host header names another machine"})
        if request.path.startswith(CONTROL_PREFIX):
            host, key = environ.get("HTTP_HOST", ""), environ.get("HTTP_X_SANDBOX_KEY", "")
            return _json_response(*self._control.handle(request.method, request.path, request.body, host, key))
        if self._jssdk_pages.handles(request.path):
            return self._jssdk_pages.handle(_parse_jssdk_request(request, environ))
        if handle_page := self.page_handlers.get(request.path):
            return handle_page(request)
        fault = self._faults.pop_next(request.path)
        if fault is None:
            return self._call_api(request)
        if fault.kind is FaultKind.ERRCODE:
            fields = self._rules.refuse(
                fault.number, request.method, request.path, request.query, request.body, request.ip
            )
            return _json_response(*fields)
        return self._fault_injector.inject(lambda: self._call_api(request), fault, environ[RAW_CONNECTION])

    def _call_api(self, request: HttpRequest) -> HttpResponse:
        return _json_response(
            *self._rules.handle(request.method, request.path, request.query, request.body, request.ip)
        )


def _parse_request(environ: WSGIEnvironment) -> HttpRequest:
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
        body=environ["wsgi.input"].read(),
        ip=environ["REMOTE_ADDR"],
    )


def _parse_jssdk_request(request: HttpRequest, environ: WSGIEnvironment) -> JssdkRequest:
    return JssdkRequest(
        method=request.method,
        path=request.path,
        body=request.body,
        host=environ.get("HTTP_HOST", ""),
        origin=environ.get("HTTP_ORIGIN", ""),
        referer=environ.get("HTTP_REFERER", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
    )


def _json_response(status: int, fields: dict[str, Any]) -> HttpResponse:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(status, text.encode("utf-8", "replace"), "application/json; encoding=utf-8")
