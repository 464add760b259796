"""Certificate and key of `serve`, read again when they are renewed."""

import os
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

_RELOAD_INTERVAL_S = 30.0


class TlsFiles:
    """Files of a certificate, with its chain, and of its private key, both in PEM.

    `on_error` is called once for each new state of the files that cannot be used; the last certificate stays.
    """

    def __init__(
        self,
        certificate: str,
        key: str,
        on_error: Callable[[FileError], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._certificate = certificate
        self._key = key
        self._on_error = on_error
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._stamp: object = None
        self._looked_at = 0.0

    def load(self) -> ssl.SSLContext:
        """Return a new context. Raises FileError with the path and the reason."""
        for path in (self._certificate, self._key):
            try:
                with Path(path).open("rb"):
                    pass
            except OSError as error:
                raise FileError(path, _reason_of_system(error)) from error
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.options |= ssl.OP_NO_RENEGOTIATION  # which costs the server more than the client
        needs_passphrase: list[bool] = []

        def give_no_passphrase() -> str:  # without it OpenSSL would ask for one on the terminal
            needs_passphrase.append(True)
            return ""

        try:
            context.load_cert_chain(self._certificate, self._key, password=give_no_passphrase)
        except (ssl.SSLError, OSError, ValueError) as error:
            if needs_passphrase:
                raise FileError(self._key, FileErrorReason.ENCRYPTED_KEY) from error
            is_other = getattr(error, "reason", None) == "KEY_VALUES_MISMATCH"
            reason = FileErrorReason.OTHER_KEY if is_other else FileErrorReason.NOT_PEM
            raise FileError(self._key if is_other else self._certificate, reason) from error
        return context

    def current(self) -> ssl.SSLContext:
        """Return the context for a new connection. Raises FileError only if there was never a usable certificate."""
        with self._lock:
            now = self._monotonic()
            if self._context is None or now - self._looked_at >= _RELOAD_INTERVAL_S:
                self._looked_at = now
                self._context = self._reload() or self._context
            if self._context is None:
                self._context = self.load()
            return self._context

    def _reload(self) -> ssl.SSLContext | None:
        stamp = tuple(map(_stamp, (self._certificate, self._key)))
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            return self.load()
        except FileError as error:
            if self._context is not None:
                self._on_error(error)
            return None


def _reason_of_system(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return FileErrorReason.MISSING
        case PermissionError():
            return FileErrorReason.PERMISSION_DENIED
        case IsADirectoryError():
            return FileErrorReason.IS_A_FOLDER
        case _:
            return error.strerror or type(error).__name__


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - of whatever the link leads to now
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
