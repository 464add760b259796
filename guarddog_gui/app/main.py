"""Entry point of the tray app: arguments, error messages, exit codes."""

import argparse
import contextlib
import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NoReturn

from guarddog_gui import __version__
from guarddog_gui.app.setup.missing_libraries import EXIT_CODE, explain_abort, report_missing_libraries, stop_explaining
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from guarddog_gui.services.messages.message import Message, Messages

PROGRAM = "guarddog-gui"
SWITCH_INTERVAL_S = 0.0005
_SETUP_OPTIONS = ("--self-test", "--install-desktop", "--uninstall-desktop")
_OPTIONS = frozenset({"--sandbox", "--show", "--quit", "--version", *_SETUP_OPTIONS})


def main(argv: list[str] | None = None) -> int:
    """Run the tray app and return the exit code: see `services.exit_codes`."""
    args = _parse_arguments(sys.argv[1:] if argv is None else argv)
    if args.version:
        print(f"guarddog-gui {__version__}")
        return 0
    if args.self_test or args.install_desktop or args.uninstall_desktop:
        return _run_setup(args)
    if not _has_display(os.environ):
        print(
            _default_messages().text(
                "There is no display to show a window on. Use guarddogctl watch in this terminal."
            ),
            file=sys.stderr,
        )
        return 2
    try:
        return _run(args)
    except (BadInput, FileError) as error:
        _report_failed_start(_default_messages().for_error(error), with_dialog=not args.quit)
        return 7 if isinstance(error, FileError) else 4
    except Exception as error:  # noqa: BLE001 - the user gets a message, the report the traceback
        if isinstance(error, ImportError) and _explain_import_error(error):
            return EXIT_CODE
        _report_failed_start(_default_messages().for_crash(_write_report(error)), with_dialog=not args.quit)
        return 1


def _run_setup(args: argparse.Namespace) -> int:
    """Run what needs no tray; return the exit code."""
    if not _has_display(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # for pictures alone
    try:
        from guarddog_gui.app.setup.setup_options import run_setup
    except ImportError as error:
        if _explain_import_error(error):
            return EXIT_CODE
        raise
    return run_setup(args, _default_messages(), time.time)


def is_qt_missing(error: ModuleNotFoundError) -> bool:
    return (error.name or "").partition(".")[0] in ("PySide6", "shiboken6")


def _explain_import_error(error: ImportError) -> bool:
    """Say how to install what is missing if that is Qt or a library of the system; otherwise return False."""
    if isinstance(error, ModuleNotFoundError) and is_qt_missing(error):
        _report_missing_qt()
        return True
    return report_missing_libraries(os.environ, _default_messages())


def _report_missing_qt() -> int:
    """Say how to get Qt: an installation for servers, without the extra `tray`, has none."""
    text = _default_messages().text(
        "The window needs Qt, which is not installed. Run pip install 'guarddog-gui[tray]', "
        "or use guarddogctl watch in this terminal."
    )
    print(text, file=sys.stderr)
    return 4


def _write_report(error: Exception) -> "Path | None":
    """Log an exception that ends the program, and return the path of its crash report."""
    from guarddog_gui.adapters.files.paths import get_app_paths
    from guarddog_gui.bootstrap.crash_reporter import report_crash

    paths = get_app_paths(os.environ)  # also for the sandbox, whose folders are gone
    if not logging.getLogger().handlers:  # the start has failed before the log was opened
        from guarddog_gui.adapters.logs import start_logging

        start_logging(paths)
    return report_crash(error, paths, PROGRAM)


def _report_failed_start(message: "Message", *, with_dialog: bool) -> None:
    """Write the message to standard error and show it in a dialog: a desktop shows no standard error."""
    print(printable(message.text), file=sys.stderr)
    if not with_dialog:
        return
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    # "offscreen" and "minimal" show nothing: the dialog would wait for a click that cannot come
    if isinstance(application, QApplication) and application.platformName() not in ("offscreen", "minimal"):
        from guarddog_gui.domain.settings import Theme
        from guarddog_gui.services.messages.texts import Message
        from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
        from guarddog_gui.ui.style.theme import apply_theme

        apply_theme(application, Theme.SYSTEM)
        shown = Message(printable(message.summary), printable(message.advice))
        ConfirmDialog(None, shown, _default_messages().text("Close")).ask()


def _has_display(environ: Mapping[str, str]) -> bool:
    """Return whether Qt will find a display: without one it would abort the process."""
    if not sys.platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _default_messages() -> "Messages":
    """Return the messages for a start that fails before the settings are read."""
    from guarddog_gui.bootstrap.catalogues import load_errcode_catalog, make_messages

    return make_messages(os.environ, "system", load_errcode_catalog(), str)


class _Parser(argparse.ArgumentParser):
    """Parser whose usage errors repeat arguments without characters that a terminal obeys."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def _parse_arguments(argv: list[str]) -> argparse.Namespace:
    """Parse the arguments; like argparse, print help or the usage and raise SystemExit.

    The translations are read only for what is printed: a start does not wait for them.
    """
    args = argparse.Namespace(**{option.strip("-").replace("-", "_"): option in argv for option in _OPTIONS})
    is_conflicting = args.quit and (args.show or args.sandbox)
    if _OPTIONS.issuperset(argv) and not is_conflicting:
        return args
    from guarddog_gui.adapters.argparse_messages import localized_argparse
    from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog

    message_catalog = load_message_catalog(find_language(os.environ, "system"))
    with localized_argparse(message_catalog):
        parser = make_parser(message_catalog.text)
        args = parser.parse_args(argv)
        if args.quit and (args.show or args.sandbox):
            other = "--show" if args.show else "--sandbox"
            parser.error(message_catalog.text("{option} has no effect beside {other}.", option=other, other="--quit"))
    return args


def make_parser(text: Callable[..., str]) -> argparse.ArgumentParser:
    """Return the parser of all options; `text` translates."""
    from guarddog_gui.adapters.argparse_messages import make_help_formatter

    parser = _Parser(
        prog="guarddog-gui",
        description=text("Keeps WeChat access tokens and jsapi tickets fresh, in the tray."),
        formatter_class=make_help_formatter(text),
        allow_abbrev=False,
    )
    parser.add_argument("--sandbox", action="store_true", help=text("try it with an embedded WeChat; nothing stays"))
    show_help = text("open the window, of the running one if there is one")
    parser.add_argument("--show", action="store_true", help=show_help)
    parser.add_argument("--quit", action="store_true", help=text("end the running one"))
    parser.add_argument("--version", action="store_true", help=text("print the version and stop"))
    install_help = text("add Guard Dog to the menu of this user, and start it with the session")
    parser.add_argument("--install-desktop", action="store_true", help=install_help)
    uninstall_help = text("remove what --install-desktop has written")
    parser.add_argument("--uninstall-desktop", action="store_true", help=uninstall_help)
    parser.add_argument("--self-test", action="store_true", help=text("check that this installation is complete"))
    return parser


def _run(args: argparse.Namespace) -> int:
    gc.disable()  # saves 15 ms; `MainThreadCollector` takes over when the event loop runs
    # While a worker computes, each call of Qt that gives the GIL away waits this long to get it back: with Python's
    # 5 ms the window is away for 60 ms when a key is pressed during a diagnosis.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    # imported here, so that --version and the check for a display need not wait for Qt
    from guarddog_gui.bootstrap.pyside_imports import skip_source_scan

    skip_source_scan()  # before all other modules
    from guarddog_gui.adapters.crash_reports.hard_crash import HardCrashLog
    from guarddog_gui.app.crashes.qt_messages import QtMessages
    from guarddog_gui.app.tray_app import TrayApp
    from guarddog_gui.bootstrap.container import make_container
    from guarddog_gui.bootstrap.crash_reporter import CrashReporter

    if sys.platform == "win32":
        from guarddog_gui.adapters.windows.app_identity import identify_frozen_app
        from guarddog_gui.app.settings_controller import APP_ID

        identify_frozen_app(APP_ID)
    with contextlib.ExitStack() as stack:
        if args.sandbox:
            from guarddog_gui.bootstrap.sandbox_session import sandbox_session

            container = stack.enter_context(sandbox_session(time.time))
        else:
            container = make_container(os.environ, time.time)
        reporter = CrashReporter(container.paths, PROGRAM)
        reporter.start()
        stack.callback(reporter.stop)
        explain_abort(os.environ, _default_messages)
        tray_app = TrayApp(container, reporter, sys.argv[:1])
        stop_explaining()
        if not tray_app.try_acquire_instance():
            code = tray_app.send_to_running_instance(should_quit=args.quit)
            if code:
                text = _default_messages().text(
                    "Guard Dog is running but does not answer. End its process, then start it again."
                )
                print(text, file=sys.stderr)
            if code is not None:
                return code
        if args.quit:
            return 0
        for recorder in (HardCrashLog(container.paths.crashes_dir), QtMessages()):
            recorder.start()
            stack.callback(recorder.stop)
        code = tray_app.run(show=args.show)
        if tray_app.has_hung_threads:
            stack.close()
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # destroying a running QThread would abort the process
        return code
