"""The embedded WeChat as a WSGI application: its API, its control interface, and pages by path."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from guarddog_gui.sandbox.control import PREFIX, Control
from guarddog_gui.sandbox.faults.fault import Faults, How
from guarddog_gui.sandbox.faults.injector import Damage
from guarddog_gui.sandbox.faults.raw_connection import WIRE
from guarddog_gui.sandbox.jssdk.pages import Asked, JssdkPages
from guarddog_gui.sandbox.response import Page
from guarddog_gui.sandbox.rules import Rules


@dataclass(frozen=True, slots=True)
class Visit:
    """One HTTP request; `ip` is the caller's address."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    ip: str


class SandboxApp:
    """Routes a request to the control interface, a page, or the rules and their faults.

    `clock` dates the answers, so that they agree with the rules' clock.
    """

    def __init__(
        self,
        rules: Rules,
        faults: Faults,
        control: Control,
        damage: Damage,
        jssdk: JssdkPages,
        clock: Callable[[], float],
    ) -> None:
        self._rules = rules
        self._faults = faults
        self._control = control
        self._damage = damage
        self._jssdk = jssdk
        self._clock = clock
        self.pages: dict[str, Callable[[Visit], Page]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = self._page(environ)
        status = HTTPStatus(page.status) if page.status in set(HTTPStatus) else None
        headers = [
            ("Content-Type", page.content_type),
            ("Content-Length", str(len(page.body))),
            ("Date", formatdate(self._clock(), usegmt=True)),
            *page.headers,
        ]
        start_response(f"{page.status} {status.phrase if status else 'Unknown'}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]

    def _page(self, environ: WSGIEnvironment) -> Page:
        visit = _visit(environ)
        if visit.path.startswith(PREFIX):
            host, key = environ.get("HTTP_HOST", ""), environ.get("HTTP_X_SANDBOX_KEY", "")
            return _json_page(*self._control.handle(visit.method, visit.path, visit.body, host, key))
        if self._jssdk.has(visit.path):
            return self._jssdk.answer(_asked(visit, environ))
        if page := self.pages.get(visit.path):
            return page(visit)
        fault = self._faults.take(visit.path)
        if fault is None:
            return self._answer(visit)
        if fault.how is How.ERRCODE:
            fields = self._rules.refuse(
                fault.number, visit.method, visit.path, visit.query, visit.body, visit.ip
            )
            return _json_page(*fields)
        return self._damage.done_to(lambda: self._answer(visit), fault, environ[WIRE])

    def _answer(self, visit: Visit) -> Page:
        return _json_page(*self._rules.handle(visit.method, visit.path, visit.query, visit.body, visit.ip))


def _visit(environ: WSGIEnvironment) -> Visit:
    return Visit(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
        body=environ["wsgi.input"].read(),
        ip=environ["REMOTE_ADDR"],
    )


def _asked(visit: Visit, environ: WSGIEnvironment) -> Asked:
    return Asked(
        method=visit.method,
        path=visit.path,
        body=visit.body,
        host=environ.get("HTTP_HOST", ""),
        origin=environ.get("HTTP_ORIGIN", ""),
        referer=environ.get("HTTP_REFERER", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
    )


def _json_page(status: int, fields: dict[str, Any]) -> Page:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return Page(status, text.encode("utf-8", "replace"), "application/json; encoding=utf-8")
