"""Sentence in place of Qt's abort, for a system that lacks libraries which Qt needs."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from guarddog_gui.domain.printable import printable

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

    from guarddog_gui.services.messages.message import Messages

EXIT_CODE = 4  # as for other things that the user has to set right


def report_missing_libraries(environ: Mapping[str, str], messages: "Messages") -> bool:
    """Write what is missing and the command that installs it to standard error; False if nothing is."""
    from guarddog_gui.adapters.health.system_libraries import find_missing_libraries, read_distribution
    from guarddog_gui.services.messages.health.system_libraries import missing_libraries_message

    missing = find_missing_libraries(environ)
    if not missing:
        return False
    message = missing_libraries_message(missing, read_distribution(), messages)
    sys.stderr.write(f"{printable(message.text)}\n")
    return True


def explain_abort(environ: Mapping[str, str], make_messages: Callable[[], "Messages"]) -> None:
    """Until the application exists, end the process with that sentence where Qt would abort it.

    Qt cannot load its plugin for the display when a library is missing, and calls abort() in the constructor of the
    application, after this handler.
    """
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    def on_message(kind: "QtMsgType", _context: "QMessageLogContext", message: str) -> None:
        if kind is QtMsgType.QtFatalMsg and report_missing_libraries(environ, make_messages()):
            sys.stderr.flush()
            os._exit(EXIT_CODE)
        sys.stderr.write(f"{message}\n")

    qInstallMessageHandler(on_message)


def stop_explaining() -> None:
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(None)
