"""`watch`: the tray's engine in a terminal, as a live table or, where nobody looks, one line per event."""

import contextlib
import os
import shutil

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.sandbox_session import sandbox_session
from guarddog_gui.cli.colours import should_use_colours
from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.watch_table import format_event, format_overview
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.unix_signals import UnixSignals
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.refresh import RefreshResult

_CURSOR_HOME = "\x1b[H"
_CLEAR_LINE_END = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
_CLEAR_SCREEN = "\x1b[2J"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


def run_watch(terminal: Terminal, messages: Messages, *, use_sandbox: bool) -> ExitCode:
    """Refresh and show until SIGINT or SIGTERM."""
    with contextlib.ExitStack() as stack:
        if use_sandbox:
            stores = stack.enter_context(sandbox_session(terminal.clock))
        else:
            stores = make_container(terminal.environ, terminal.clock, secrets=terminal.secret_store)
        application = QCoreApplication([])
        live = BackgroundEngine(stores)
        signals = UnixSignals()
        signals.quit_requested.connect(application.quit)
        signals.start()
        live.controller.reload_from_disk()
        show = (_LiveTable if terminal.stdout.isatty() else _EventLog)(terminal, messages, live)
        QTimer.singleShot(0, live.start)
        for kept in (stores.accounts.damaged_backup, stores.history.quarantined_path):
            if kept is not None:
                terminal.write_message(messages.for_damaged_file(os.fspath(kept)))
        show.start()
        application.exec()
        show.stop()
        ended = live.stop()
        signals.stop()
        terminal.write_message(messages.text("Stopped."))
        if not ended:
            stack.close()
            terminal.stdout.flush()
            terminal.stderr.flush()
            os._exit(
                ExitCode.SUCCESS
            )  # a QThread that still runs would abort the process if it were destroyed
    return ExitCode.SUCCESS


def _quit_after_output_error() -> None:
    """Nobody reads any more, as after `| head`: an exception in a slot would stop nothing."""
    QCoreApplication.quit()


class _LiveTable(QObject):
    """Drawn over itself once a second and whenever something happens."""

    def __init__(self, terminal: Terminal, messages: Messages, background_engine: BackgroundEngine) -> None:
        super().__init__()
        self._terminal = terminal
        self._messages = messages
        self._controller = background_engine.controller
        self._use_colours = should_use_colours(terminal.stdout, terminal.environ)
        self._redraw_timer = QTimer(self)
        self._redraw_timer.setInterval(1000)
        self._redraw_timer.timeout.connect(self._on_redraw_timeout)
        self._controller.overview_changed.connect(self._on_overview_changed)

    def start(self) -> None:
        """Take the screen."""
        self._write(_HIDE_CURSOR + _CLEAR_SCREEN)
        self._draw(self._controller.overview())
        self._redraw_timer.start()

    def stop(self) -> None:
        """Leave the last table on the screen and the cursor below it."""
        self._redraw_timer.stop()
        self._write(_SHOW_CURSOR)

    @Slot()
    def _on_redraw_timeout(self) -> None:
        self._draw(self._controller.overview())

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._draw(overview)

    def _draw(self, overview: Overview) -> None:
        size = shutil.get_terminal_size()
        lines = format_overview(
            overview, self._messages, overview.at, size.columns, use_colours=self._use_colours
        )
        drawn = "".join(f"{line}{_CLEAR_LINE_END}\n" for line in lines[: size.lines - 1])
        self._write(_CURSOR_HOME + drawn + _CLEAR_BELOW)

    def _write(self, text: str) -> None:
        try:
            self._terminal.stdout.write(text)
            self._terminal.stdout.flush()
        except OSError:
            _quit_after_output_error()


class _EventLog(QObject):
    """One line per attempt, for logs and pipes."""

    def __init__(self, terminal: Terminal, messages: Messages, background_engine: BackgroundEngine) -> None:
        super().__init__()
        self._terminal = terminal
        self._messages = messages
        self._controller = background_engine.controller
        self._controller.refresh_attempted.connect(self._on_refresh_finished)

    def start(self) -> None:
        """The table once, so that a reader knows where it starts."""
        overview = self._controller.overview()
        self._write_line(self._messages.headline(overview))

    def stop(self) -> None:
        """Nothing to put back."""

    @Slot(object)
    def _on_refresh_finished(self, result: RefreshResult) -> None:
        status = self._controller.overview().account(result.appid)
        if status is not None:
            self._write_line(format_event(result, status.account, self._messages))

    def _write_line(self, line: str) -> None:
        try:
            self._terminal.write_line(line)
            self._terminal.flush()
        except OutputError:
            _quit_after_output_error()
