"""`watch`: keep all values fresh, with a live table on a terminal and an event log elsewhere."""

import contextlib
import os
import shutil
from argparse import Namespace
from collections.abc import Mapping

from guarddog_gui.adapters.crash_reports.report import CrashReport
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.crash_reporter import CrashReporter
from guarddog_gui.bootstrap.sandbox_session import sandbox_session
from guarddog_gui.cli.context import PROGRAM, CommandContext, Terminal
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.service_reports import ServiceReports
from guarddog_gui.cli.tables.columns import should_use_colours
from guarddog_gui.cli.tables.watch_table import format_event, format_overview
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.qt_core import QCoreApplication, QObject, QTimer, Slot
from guarddog_gui.runtime.unix_signals import UnixSignals
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Messages

_FIRST_READ_TIMEOUT_S = 3.0  # for a disk that is slow; one that hangs answers later, or never
_CURSOR_HOME = "\x1b[H"
_CLEAR_LINE_END = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
_CLEAR_SCREEN = "\x1b[2J"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


def register(command: CommandDefinition) -> None:
    command.add_flag("--sandbox", command.text("with the embedded WeChat and throw-away accounts"))
    command.set_examples(f"{PROGRAM} watch", f"{PROGRAM} watch --sandbox")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    terminal, messages = context.terminal, context.messages
    with contextlib.ExitStack() as stack:
        if args.sandbox:
            container = stack.enter_context(sandbox_session(terminal.clock))
            if context.log_file is not None:
                context.log_file.paths = container.paths  # nothing of the sandbox stays
        else:
            container = make_container(terminal.environ, terminal.clock, secrets=terminal.secret_store)
        crashes = _CrashMessages(terminal, messages)
        reporter = CrashReporter(container.paths, f"{PROGRAM} watch")
        reporter.on_report = crashes.on_report
        reporter.start()
        stack.callback(reporter.stop)
        # at once: what cannot be created now would otherwise fail in the event loop
        create_private_folder(container.paths.config_dir)
        application = QCoreApplication([])
        engine = BackgroundEngine(container)
        signals = UnixSignals()
        signals.quit_requested.connect(application.quit)
        signals.start()
        engine.controller.reload_from_disk()
        engine.calls.finish(_FIRST_READ_TIMEOUT_S)  # no window waits here: the first line is to be right
        display = (_LiveTable if terminal.stdout.isatty() else _EventLog)(terminal, messages, engine)
        QTimer.singleShot(0, engine.start)
        for backup in (container.accounts.damaged_backup, container.history.quarantined_path):
            if backup is not None:
                terminal.write_message(messages.for_damaged_file(os.fspath(backup)))
        reports = ServiceReports(terminal.environ, messages, engine)
        display.start()
        reports.start()
        application.exec()
        reports.stop()
        display.stop()
        has_ended = engine.stop()
        signals.stop()
        crashes.write_pending()
        terminal.write_message(messages.text("Stopped."))
        if not has_ended:
            stack.close()
            terminal.stdout.flush()
            terminal.stderr.flush()
            # Qt aborts the process if a QThread is destroyed while it runs
            os._exit(ExitCode.SUCCESS)
    return ExitCode.SUCCESS


class _CrashMessages:
    """Messages about crash reports: at once in a log; after the end of a table, which would overwrite them."""

    def __init__(self, terminal: Terminal, messages: Messages) -> None:
        self._terminal = terminal
        self._messages = messages
        self._pending: list[CrashReport] = []

    def on_report(self, report: CrashReport) -> None:
        self._pending.append(report)
        if not self._terminal.stdout.isatty():
            self.write_pending()

    def write_pending(self) -> None:
        while self._pending:
            self._terminal.write_message(self._messages.for_crash(self._pending.pop(0).path))


class _Display(QObject):
    """Output of `watch`, to which the subclasses write what has changed."""

    def __init__(self, terminal: Terminal, messages: Messages, background_engine: BackgroundEngine) -> None:
        super().__init__()
        self._terminal = terminal
        self._messages = messages
        self._controller = background_engine.controller

    def _write(self, text: str) -> None:
        try:
            self._terminal.stdout.write(text)
            self._terminal.stdout.flush()
        except OSError:
            # closed, as by `| head`; an exception in a slot would not end the loop
            QCoreApplication.quit()


class _LiveTable(_Display):
    """Table that is redrawn in place once a second and whenever something changes."""

    def __init__(self, terminal: Terminal, messages: Messages, background_engine: BackgroundEngine) -> None:
        super().__init__(terminal, messages, background_engine)
        self._use_colours = should_use_colours(terminal.stdout, terminal.environ)
        self._redraw_timer = QTimer(self, interval=1000)
        self._redraw_timer.timeout.connect(self._draw)
        self._controller.overview_changed.connect(self._draw)

    def start(self) -> None:
        self._write(_HIDE_CURSOR + _CLEAR_SCREEN)
        self._draw()
        self._redraw_timer.start()

    def stop(self) -> None:
        self._redraw_timer.stop()
        self._write(_SHOW_CURSOR)

    @Slot()
    def _draw(self) -> None:
        overview, size = self._controller.overview(), shutil.get_terminal_size()
        lines = format_overview(overview, self._messages, overview.at, size.columns, use_colours=self._use_colours)
        text = "".join(f"{line}{_CLEAR_LINE_END}\n" for line in lines[: size.lines - 1])
        self._write(_CURSOR_HOME + text + _CLEAR_BELOW)


class _EventLog(_Display):
    """Log with one line per refresh attempt, for files and pipes."""

    _list_error = ""  # why the list of accounts could not be read when last looked at
    _sharing_problems: Mapping[str, str] = {}  # what was wrong with the Redis of each account then, by name

    def start(self) -> None:
        self._controller.refresh_attempted.connect(self._on_refresh_finished)
        self._controller.overview_changed.connect(self._on_overview_changed)
        overview = self._controller.overview()
        self._write(f"{self._messages.headline(overview)}\n")
        self._on_overview_changed(overview)

    def stop(self) -> None:
        """Do nothing: a log has no screen to restore."""

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        """Write once why the list of accounts cannot be read, and that it can be read again."""
        error = "" if overview.list_error is None else self._messages.for_file_error(overview.list_error).text
        if error != self._list_error:
            self._list_error = error
            self._write(f"{printable(error or self._messages.headline(overview))}\n")
        self._write_sharing_problems(overview)

    def _write_sharing_problems(self, overview: Overview) -> None:
        """Write once what is wrong with a shared Redis, and that it has passed."""
        found = {
            status.account.name: message.text
            for status in overview.accounts
            if (message := self._messages.for_sharing_status(status.sharing)) is not None
        }
        over = self._messages.text("Redis works again.")
        for name in (*found, *(name for name in self._sharing_problems if name not in found)):
            if found.get(name) != self._sharing_problems.get(name):
                self._write(f"{printable(f'{name}: {found.get(name, over)}')}\n")
        self._sharing_problems = found

    @Slot(object)
    def _on_refresh_finished(self, result: RefreshResult) -> None:
        status = self._controller.overview().account(result.appid)
        if status is not None:
            self._write(f"{format_event(result, status.account, self._messages)}\n")
