"""What the network's exceptions mean, in our words. Their own texts carry the URL and so the secret."""

import http.client
import re
import socket
import ssl
import traceback
from collections.abc import Iterator

from guarddog_gui.adapters.http.deadline import Call, Stage
from guarddog_gui.domain.wechat.protocol import Silence, Unheard

_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: (\d{3})")
_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], Unheard, str], ...] = (
    # the order matters: some are kinds of others
    ((TimeoutError,), Unheard.TIMEOUT, ""),
    ((socket.gaierror,), Unheard.OFFLINE, "name not found"),
    ((ConnectionRefusedError,), Unheard.OFFLINE, "refused"),
    ((ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError), Unheard.CUT_OFF, ""),
    ((http.client.IncompleteRead,), Unheard.CUT_OFF, "incomplete"),
    ((http.client.BadStatusLine, http.client.UnknownProtocol), Unheard.NONSENSE, "not HTTP"),
    # reset between connecting and sending: there is nothing any more to send through
    ((http.client.NotConnected, http.client.ImproperConnectionState), Unheard.CUT_OFF, ""),
    ((http.client.HTTPException,), Unheard.TOO_BIG, "headers"),
)
_BAD_CERTIFICATE = {  # X509_V_ERR_… of OpenSSL
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
_BAD_CERTIFICATE_WORDS = {  # Windows and macOS have numbers of their own
    "expired": "certificate expired",
    "name": "certificate of another host",
    "root": "unknown issuer",
    "revoked": "certificate revoked",
}


def silence_after(trouble: BaseException, call: Call) -> Silence:
    """Why this call brought no answer. Nothing of the exception's text is kept but numbers."""
    causes = tuple(_causes(trouble))
    if call.stage is Stage.TO_PROXY:
        return Silence(Unheard.PROXY, _proxy_words(causes, call), reached=False)
    how, detail = (Unheard.TIMEOUT, "") if call.is_over else _kind(causes, call)
    return Silence(how, detail, reached=call.stage is Stage.SENT)


def let_go(trouble: BaseException) -> None:
    """Free what the frames of this exception hold: the URL, and sockets that Python forgot to close."""
    for cause in _causes(trouble):
        traceback.clear_frames(cause.__traceback__)


def _kind(causes: tuple[BaseException, ...], call: Call) -> tuple[Unheard, str]:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unheard.TLS, _certificate_words(cause)
    for kinds, how, detail in _MEANINGS:
        if any(isinstance(cause, kinds) for cause in causes):
            return how, detail
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return Unheard.TLS, (cause.reason or "").replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.errno is not None and call.stage < Stage.SENT:
            return Unheard.OFFLINE, "unreachable"
    name = type(causes[-1]).__name__
    return (Unheard.NONSENSE if call.stage is Stage.SENT else Unheard.OFFLINE), name


def _proxy_words(causes: tuple[BaseException, ...], call: Call) -> str:
    for cause in causes:
        if refused := _REFUSED_BY_PROXY.search(str(cause)):
            return f"HTTP {refused.group(1)}"
    if call.is_over:
        return "no answer"
    if isinstance(causes[-1], ValueError):  # requests did not even try
        return "bad address"
    how, detail = _kind(causes, call)
    return detail or ("no answer" if how is Unheard.TIMEOUT else how.value)


def _certificate_words(bad: ssl.SSLCertVerificationError) -> str:
    known = _BAD_CERTIFICATE.get(bad.verify_code)
    if known:
        return known
    said = str(bad.verify_message).lower()
    return next((ours for word, ours in _BAD_CERTIFICATE_WORDS.items() if word in said), "bad certificate")


def _causes(trouble: BaseException) -> Iterator[BaseException]:
    """The innermost first: what happened is wrapped as cause, context, argument or `reason` of another."""
    waiting, found = [trouble], list[BaseException]()
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            inner = (*one.args, getattr(one, "reason", None), one.__context__, one.__cause__)
            waiting += [each for each in inner if isinstance(each, BaseException)]
    return reversed(found)
