"""Messages of Qt in the log: warnings once each, critical ones as crash reports."""

import logging
import sys
from contextlib import suppress

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

WARNINGS_MAX = 100  # different ones; Qt can repeat one at every frame that it paints

log = logging.getLogger(__name__)


class QtMessages:
    """Message handler of Qt, which still writes to standard error as Qt itself does.

    Call `stop` before the interpreter ends: Qt would call Python when there is none any longer.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def start(self) -> None:
        qInstallMessageHandler(self._on_message)

    def stop(self) -> None:
        qInstallMessageHandler(None)

    def _on_message(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        from guarddog_gui.domain.redaction import redact  # its patterns take a millisecond of the start

        text = redact(message)
        with suppress(AttributeError, OSError, ValueError):  # without a terminal it may be None or closed
            sys.stderr.write(f"{text}\n")
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) or text in self._seen:
            return
        if len(self._seen) < WARNINGS_MAX:
            self._seen.add(text)
            is_warning = kind is QtMsgType.QtWarningMsg
            # after a fatal one Qt ends the process: the report of that quotes the log
            log.log(logging.WARNING if is_warning else logging.CRITICAL, "Qt: %s", text)
