"""WSGI application of the sandbox: WeChat's API, the control interface, and the JS-SDK test page."""

import json
from collections.abc import Callable, Iterable
from email.utils import formatdate
from http import HTTPStatus
from threading import Event
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from guarddog_gui.sandbox.control import CONTROL_PREFIX, ControlApi
from guarddog_gui.sandbox.faults.fault import FaultKind, FaultPlan
from guarddog_gui.sandbox.faults.injector import FaultInjector
from guarddog_gui.sandbox.faults.raw_connection import RAW_CONNECTION
from guarddog_gui.sandbox.http_messages import FileAnswer, HttpRequest, HttpResponse, is_loopback_host
from guarddog_gui.sandbox.jssdk.pages import JssdkPages
from guarddog_gui.sandbox.oauth_codes import AUTHORISE_PATH, authorise
from guarddog_gui.sandbox.rules import SandboxRules


class SandboxApp:
    """Dispatcher of requests to the control interface, the test page, a planned fault or the rules.

    `clock` sets the Date header of the answers, which must agree with the rules' clock. `stopping` ends every
    waiting call.
    """

    def __init__(
        self, rules: SandboxRules, faults: FaultPlan, control_key: str, stopping: Event, clock: Callable[[], float]
    ) -> None:
        self._rules = rules
        self._faults = faults
        self._control = ControlApi(rules, faults, control_key)
        self._fault_injector = FaultInjector(stopping)
        self._jssdk_pages = JssdkPages(rules)
        self._clock = clock

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
        if not is_loopback_host(request.host):
            # a page in the browser may have its own host name resolve to this computer (DNS rebinding)
            return _json_response(403, {"error": "the Host header names another machine"})
        if request.path.startswith(CONTROL_PREFIX):
            return _json_response(*self._control.handle(request))
        if request.path == AUTHORISE_PATH:
            return authorise(self._rules, request)
        if self._jssdk_pages.handles(request.path):
            return self._jssdk_pages.handle(request)
        call = request.method, request.path, request.query, request.body, request.ip
        fault = self._faults.pop_next(request.path)
        if fault is None:
            return self._handle(request)
        if fault.kind is FaultKind.ERRCODE:
            return _json_response(*self._rules.refuse(fault.number, *call))
        connection = environ[RAW_CONNECTION]
        return self._fault_injector.inject(lambda: self._handle(request), fault, connection)

    def _handle(self, request: HttpRequest) -> HttpResponse:
        status, answer = self._rules.answer(
            request.method, request.path, request.query, request.body, request.ip, request.content_type
        )
        if not isinstance(answer, FileAnswer):
            return _json_response(status, answer)
        name = answer.file_name.replace('"', "").encode("latin-1", "replace").decode("latin-1")
        headers = (("Content-Disposition", f'attachment; filename="{name}"'),) if name.isprintable() and name else ()
        return HttpResponse(status, answer.body, answer.content_type, headers)


def _parse_request(environ: WSGIEnvironment) -> HttpRequest:
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
        body=environ["wsgi.input"].read(),
        ip=environ["REMOTE_ADDR"],
        host=environ.get("HTTP_HOST", ""),
        origin=environ.get("HTTP_ORIGIN", ""),
        referer=environ.get("HTTP_REFERER", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
        sandbox_key=environ.get("HTTP_X_SANDBOX_KEY", ""),
    )


def _json_response(status: int, fields: dict[str, Any]) -> HttpResponse:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(status, text.encode("utf-8", "replace"), "application/json; encoding=utf-8")
