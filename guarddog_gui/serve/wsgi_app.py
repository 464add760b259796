"""WSGI application of `serve`: checks, dispatch, headers, log and metrics."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

from msgspec.structs import replace

from guarddog_gui.domain.errors import FileError
from guarddog_gui.serve import refusals
from guarddog_gui.serve.access.request_checks import HostNames
from guarddog_gui.serve.access_log import AccessLog
from guarddog_gui.serve.connections.connection import CONNECTION
from guarddog_gui.serve.http_messages import Answer, BadRequest, Request, parse_request
from guarddog_gui.serve.metrics import CONTENT_TYPE, Metrics
from guarddog_gui.serve.native_paths import NativePaths
from guarddog_gui.serve.refusals import refuse
from guarddog_gui.serve.served_accounts import ServedAccounts
from guarddog_gui.serve.wechat_paths import WechatPaths
from guarddog_gui.services.ports import DogFileReader

_WECHAT = "/cgi-bin/"
_OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "POST"})
_HEADERS = (
    ("Cache-Control", "no-store"),  # there is a token in most bodies
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

log = logging.getLogger(__name__)


class ServeApp:
    """Application for any number of threads. It never raises, and writes no header that a client has chosen."""

    def __init__(
        self, served: ServedAccounts, dog_files: DogFileReader, host_names: HostNames, access_log: AccessLog,
        count_connections: Callable[[], int],
    ) -> None:  # fmt: skip
        self._served = served
        self._host_names = host_names
        self._access_log = access_log
        self._metrics = Metrics(served, count_connections)
        self._endpoints: Mapping[str, Callable[[Request], Answer]] = {
            **WechatPaths(served).endpoints,
            **NativePaths(served, dog_files).endpoints,
            "/healthz": _healthz,
            "/metrics": self._give_metrics,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.monotonic()
        path = environ["PATH_INFO"] if environ["PATH_INFO"] in self._endpoints else _OTHER
        try:
            answer = self._answer(environ)
        except FileError as error:
            log.warning("accounts or keys cannot be read: %s", error)
            answer = refuse(refusals.BUSY, detail="the server cannot read its files")
        except Exception:
            log.exception("a request for %s failed", path)
            answer = refuse(refusals.BUSY, detail="a mistake of the program")
        if environ["PATH_INFO"].startswith(_WECHAT) and answer.status != HTTPStatus.FORBIDDEN:
            answer = replace(answer, status=200)
        if answer.client and CONNECTION in environ:
            environ[CONNECTION].is_trusted = True
        seconds = time.monotonic() - started
        self._metrics.count(path, answer, seconds)
        method = environ["REQUEST_METHOD"]
        shown_method = method if method in _METHODS else _OTHER
        self._access_log.add(self._served.clock(), environ["REMOTE_ADDR"], shown_method, path, answer, seconds)
        return _send(answer, start_response, with_body=method != "HEAD")

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        reason = self._host_names.refusal(environ)
        if reason is not None:
            errmsg = f"the {reason} of the request is not one that this server answers (Guard Dog)"
            return Answer({"errcode": refusals.NO_PERMISSION, "errmsg": errmsg}, HTTPStatus.FORBIDDEN, reason)
        try:
            request = parse_request(environ)
        except BadRequest as error:
            return refuse(refusals.INVALID_ARGS, detail=str(error))
        endpoint = self._endpoints.get(request.path)
        return refuse(refusals.INVALID_URL) if endpoint is None else endpoint(request)

    def _give_metrics(self, request: Request) -> Answer:
        """Give the figures to a client that may read them, and nothing else: they name clients and accounts."""
        if request.method != "GET":
            return refuse(refusals.NEEDS_GET)
        if not request.bearer_key:
            return refuse(refusals.NO_KEY, detail="send it as Authorization: Bearer KEY")
        client = self._served.authenticate(request.bearer_key, request.address)
        if isinstance(client, Answer):
            return client
        if not client.metrics:
            return refuse(refusals.NO_PERMISSION, client=client.name, detail="a key made with --metrics is needed")
        return Answer(client=client.name, text=self._metrics.text(), content_type=CONTENT_TYPE)


def _healthz(request: Request) -> Answer:
    """Answer without a key, and tell nothing but that the server answers."""
    return Answer({"status": "ok"}) if request.method in {"GET", "HEAD"} else refuse(refusals.NEEDS_GET)


def _send(answer: Answer, start_response: StartResponse, *, with_body: bool) -> Iterable[bytes]:
    body = answer.body
    headers = [
        ("Content-Type", answer.content_type),
        ("Content-Length", str(len(body))),
        *_HEADERS,
        *(
            [("Retry-After", str(answer.retry_after_s))]
            if answer.retry_after_s and answer.status != HTTPStatus.OK
            else []
        ),
    ]
    start_response(f"{int(answer.status)} {HTTPStatus(answer.status).phrase}", headers)
    return [body] if with_body else []
