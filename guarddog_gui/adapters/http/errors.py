"""What the network's exceptions mean, in our words. Their own texts carry the URL and so the secret."""

import http.client
import re
import socket
import ssl
import traceback
from collections.abc import Iterator

from guarddog_gui.adapters.http.deadline import Deadline, RequestStage
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure

_PROXY_REFUSAL = re.compile(r"Tunnel connection failed: (\d{3})")
_FAILURE_BY_EXCEPTION: tuple[tuple[tuple[type[BaseException], ...], FailureKind, str], ...] = (
    # the order matters: some are kinds of others
    ((TimeoutError,), FailureKind.TIMEOUT, ""),
    ((socket.gaierror,), FailureKind.OFFLINE, "name not found"),
    ((ConnectionRefusedError,), FailureKind.OFFLINE, "refused"),
    ((ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError), FailureKind.CUT_OFF, ""),
    ((http.client.IncompleteRead,), FailureKind.CUT_OFF, "incomplete"),
    ((http.client.BadStatusLine, http.client.UnknownProtocol), FailureKind.UNEXPECTED_JSON, "not HTTP"),
    # reset between connecting and sending: there is nothing any more to send through
    ((http.client.NotConnected, http.client.ImproperConnectionState), FailureKind.CUT_OFF, ""),
    ((http.client.HTTPException,), FailureKind.TOO_BIG, "headers"),
)
_CERTIFICATE_ERROR_BY_CODE = {  # X509_V_ERR_… of OpenSSL
    9: "certificate not yet valid",
    10: "certificate expired",
    18: "certificate signed by itself",
    19: "unknown issuer",
    20: "unknown issuer",
    21: "unknown issuer",
    23: "certificate revoked",
    62: "certificate of another host",
    64: "certificate of another host",
}
_CERTIFICATE_ERROR_BY_WORD = {  # Windows and macOS have numbers of their own
    "expired": "certificate expired",
    "name": "certificate of another host",
    "root": "unknown issuer",
    "revoked": "certificate revoked",
}


def failure_from_exception(error: BaseException, deadline: Deadline) -> TransportFailure:
    """Why this call brought no answer. Nothing of the exception's text is kept but numbers."""
    causes = tuple(_exception_chain(error))
    if deadline.stage is RequestStage.CONNECTING_TO_PROXY:
        return TransportFailure(
            FailureKind.PROXY, _proxy_failure_detail(causes, deadline), may_have_counted=False
        )
    how, detail = (FailureKind.TIMEOUT, "") if deadline.is_expired else _classify(causes, deadline)
    return TransportFailure(how, detail, may_have_counted=deadline.stage is RequestStage.SENT)


def clear_frames(error: BaseException) -> None:
    """Free what the frames of this exception hold: the URL, and sockets that Python forgot to close."""
    for cause in _exception_chain(error):
        traceback.clear_frames(cause.__traceback__)


def _classify(causes: tuple[BaseException, ...], deadline: Deadline) -> tuple[FailureKind, str]:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FailureKind.TLS, _certificate_error_detail(cause)
    for kinds, how, detail in _FAILURE_BY_EXCEPTION:
        if any(isinstance(cause, kinds) for cause in causes):
            return how, detail
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return FailureKind.TLS, (cause.reason or "").replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.errno is not None and deadline.stage < RequestStage.SENT:
            return FailureKind.OFFLINE, "unreachable"
    name = type(causes[-1]).__name__
    return (FailureKind.UNEXPECTED_JSON if deadline.stage is RequestStage.SENT else FailureKind.OFFLINE), name


def _proxy_failure_detail(causes: tuple[BaseException, ...], deadline: Deadline) -> str:
    for cause in causes:
        if refused := _PROXY_REFUSAL.search(str(cause)):
            return f"HTTP {refused.group(1)}"
    if deadline.is_expired:
        return "no answer"
    if isinstance(causes[-1], ValueError):  # requests did not even try
        return "bad address"
    how, detail = _classify(causes, deadline)
    return detail or ("no answer" if how is FailureKind.TIMEOUT else how.value)


def _certificate_error_detail(error: ssl.SSLCertVerificationError) -> str:
    known = _CERTIFICATE_ERROR_BY_CODE.get(error.verify_code)
    if known:
        return known
    said = str(error.verify_message).lower()
    return next(
        (ours for word, ours in _CERTIFICATE_ERROR_BY_WORD.items() if word in said), "bad certificate"
    )


def _exception_chain(error: BaseException) -> Iterator[BaseException]:
    """The innermost first: what happened is wrapped as cause, context, argument or `reason` of another."""
    waiting, found = [error], list[BaseException]()
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            inner = (*one.args, getattr(one, "reason", None), one.__context__, one.__cause__)
            waiting += [each for each in inner if isinstance(each, BaseException)]
    return reversed(found)
