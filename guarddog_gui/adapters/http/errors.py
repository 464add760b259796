"""Translate exceptions of the network libraries to TransportFailure, without their texts.

The texts contain the URL, and the URL of the classic endpoint contains the AppSecret.
"""

import http.client
import re
import socket
import ssl
import traceback
from collections.abc import Iterator

from guarddog_gui.adapters.http.connect import Deadline, RequestStage
from guarddog_gui.adapters.http.socks import SocksError
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure

_PROXY_REFUSAL = re.compile(r"Tunnel connection failed: (\d{3})")
_FAILURE_BY_EXCEPTION: tuple[tuple[tuple[type[BaseException], ...], FailureKind, str], ...] = (
    # the order matters: some of these classes are subclasses of later ones
    ((TimeoutError,), FailureKind.TIMEOUT, ""),
    ((socket.gaierror,), FailureKind.OFFLINE, "name not found"),
    ((ConnectionRefusedError,), FailureKind.OFFLINE, "refused"),
    ((ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError), FailureKind.CUT_OFF, ""),
    ((http.client.IncompleteRead,), FailureKind.CUT_OFF, "incomplete"),
    ((http.client.BadStatusLine, http.client.UnknownProtocol), FailureKind.UNEXPECTED_JSON, "not HTTP"),
    # the connection was reset between connecting and sending, so http.client has no socket to send through
    ((http.client.NotConnected, http.client.ImproperConnectionState), FailureKind.CUT_OFF, ""),
    ((http.client.HTTPException,), FailureKind.TOO_BIG, "headers"),
)
_CERTIFICATE_ERROR_BY_CODE = {  # X509_V_ERR_… of OpenSSL
    9: "certificate not yet valid",
    10: "certificate expired",
    18: "certificate signed by itself",
    **dict.fromkeys((19, 20, 21), "unknown issuer"),
    23: "certificate revoked",
    **dict.fromkeys((62, 64), "certificate of another host"),
}
_CERTIFICATE_ERROR_BY_WORD = {  # Windows and macOS use other numbers, but similar words
    "expired": "certificate expired",
    "name": "certificate of another host",
    "root": "unknown issuer",
    "revoked": "certificate revoked",
}


def failure_from_exception(error: BaseException, deadline: Deadline) -> TransportFailure:
    """Return the failure for an exception; of the exception's text only numbers are used.

    A failure while connecting to the proxy is always the proxy's. `may_have_counted` is True if sending the
    request had begun, because then WeChat may have processed it.
    """
    causes = tuple(_exception_chain(error))
    if deadline.stage is RequestStage.CONNECTING_TO_PROXY:
        return TransportFailure(FailureKind.PROXY, _proxy_failure_detail(causes, deadline), may_have_counted=False)
    kind, detail = (FailureKind.TIMEOUT, "") if deadline.is_expired else _classify(causes, deadline)
    return TransportFailure(kind, detail, may_have_counted=deadline.stage is RequestStage.SENT)


def clear_frames(error: BaseException) -> None:
    """Clear the local variables in the tracebacks of this exception and its causes.

    They hold the URL with the secret, and sockets that would stay open until the garbage collector runs.
    """
    for cause in _exception_chain(error):
        traceback.clear_frames(cause.__traceback__)


def _classify(causes: tuple[BaseException, ...], deadline: Deadline) -> tuple[FailureKind, str]:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FailureKind.TLS, _certificate_error_detail(cause)
    for classes, kind, detail in _FAILURE_BY_EXCEPTION:
        if any(isinstance(cause, classes) for cause in causes):
            return kind, detail
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return FailureKind.TLS, (cause.reason or "").replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.errno is not None and deadline.stage < RequestStage.SENT:
            return FailureKind.OFFLINE, "unreachable"
    name = type(causes[-1]).__name__
    return (FailureKind.UNEXPECTED_JSON if deadline.stage is RequestStage.SENT else FailureKind.OFFLINE), name


def _proxy_failure_detail(causes: tuple[BaseException, ...], deadline: Deadline) -> str:
    for cause in causes:
        if isinstance(cause, SocksError):
            return f"SOCKS: {cause}"
        if refusal := _PROXY_REFUSAL.search(str(cause)):
            return f"HTTP {refusal.group(1)}"
    if deadline.is_expired:
        return "no answer"
    if isinstance(causes[-1], ValueError):  # requests or urllib3 rejected the address of the proxy
        return "bad address"
    kind, detail = _classify(causes, deadline)
    return detail or ("no answer" if kind is FailureKind.TIMEOUT else kind.value)


def _certificate_error_detail(error: ssl.SSLCertVerificationError) -> str:
    if detail := _CERTIFICATE_ERROR_BY_CODE.get(error.verify_code):
        return detail
    message = str(error.verify_message).lower()
    return next((detail for word, detail in _CERTIFICATE_ERROR_BY_WORD.items() if word in message), "bad certificate")


def _exception_chain(error: BaseException) -> Iterator[BaseException]:
    """Return the exception and those wrapped in it (as cause, context, argument or `reason`), the innermost first."""
    to_visit, chain = [error], list[BaseException]()
    while to_visit:
        current = to_visit.pop()
        if current not in chain:
            chain.append(current)
            wrapped = (*current.args, getattr(current, "reason", None), current.__context__, current.__cause__)
            to_visit += [each for each in wrapped if isinstance(each, BaseException)]
    return reversed(chain)
