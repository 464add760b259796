"""`watch`: the tray's engine in a terminal, as a live table or, where nobody looks, one line per event."""

import contextlib
import os
import shutil

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from guarddog_gui.bootstrap.background_engine import Live
from guarddog_gui.bootstrap.container import open_stores
from guarddog_gui.bootstrap.sandbox_session import playground
from guarddog_gui.cli.colours import are_wanted
from guarddog_gui.cli.command_error import OutputLost
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.watch_table import event_line, table
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.unix_signals import QuitSignals
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.refresh import Outcome

_HOME = "\x1b[H"
_CLEAR_LINE_END = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
_CLEAR = "\x1b[2J"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


def watch(terminal: Terminal, sentences: Sentences, *, sandbox: bool) -> Exit:
    """Refresh and show until SIGINT or SIGTERM."""
    with contextlib.ExitStack() as stack:
        if sandbox:
            stores = stack.enter_context(playground(terminal.clock))
        else:
            stores = open_stores(terminal.environ, terminal.clock, secrets=terminal.secrets)
        application = QCoreApplication([])
        live = Live(stores)
        signals = QuitSignals()
        signals.asked.connect(application.quit)
        signals.start()
        live.controller.read()
        show = (_Table if terminal.out.isatty() else _Lines)(terminal, sentences, live)
        QTimer.singleShot(0, live.start)
        for kept in (stores.accounts.set_aside, stores.history.damaged):
            if kept is not None:
                terminal.say(sentences.set_aside(os.fspath(kept)))
        show.begin()
        application.exec()
        show.end()
        ended = live.stop()
        signals.stop()
        terminal.say(sentences.say("stopped"))
        if not ended:
            stack.close()
            terminal.out.flush()
            terminal.err.flush()
            os._exit(Exit.DONE)  # a QThread that still runs would abort the process if it were destroyed
    return Exit.DONE


def _quit_without_reader() -> None:
    """Nobody reads any more, as after `| head`: an exception in a slot would stop nothing."""
    QCoreApplication.quit()


class _Table(QObject):
    """Drawn over itself once a second and whenever something happens."""

    def __init__(self, terminal: Terminal, sentences: Sentences, live: Live) -> None:
        super().__init__()
        self._terminal = terminal
        self._sentences = sentences
        self._controller = live.controller
        self._colour = are_wanted(terminal.out, terminal.environ)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        self._controller.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Take the screen."""
        self._write(_HIDE_CURSOR + _CLEAR)
        self._draw(self._controller.overview())
        self._second.start()

    def end(self) -> None:
        """Leave the last table on the screen and the cursor below it."""
        self._second.stop()
        self._write(_SHOW_CURSOR)

    @Slot()
    def _on_second(self) -> None:
        self._draw(self._controller.overview())

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        self._draw(overview)

    def _draw(self, overview: Overview) -> None:
        size = shutil.get_terminal_size()
        lines = table(overview, self._sentences, overview.at, size.columns, colour=self._colour)
        drawn = "".join(f"{line}{_CLEAR_LINE_END}\n" for line in lines[: size.lines - 1])
        self._write(_HOME + drawn + _CLEAR_BELOW)

    def _write(self, text: str) -> None:
        try:
            self._terminal.out.write(text)
            self._terminal.out.flush()
        except OSError:
            _quit_without_reader()


class _Lines(QObject):
    """One line per attempt, for logs and pipes."""

    def __init__(self, terminal: Terminal, sentences: Sentences, live: Live) -> None:
        super().__init__()
        self._terminal = terminal
        self._sentences = sentences
        self._controller = live.controller
        self._controller.attempted.connect(self._on_attempted)

    def begin(self) -> None:
        """The table once, so that a reader knows where it starts."""
        overview = self._controller.overview()
        self._put(self._sentences.headline(overview))

    def end(self) -> None:
        """Nothing to put back."""

    @Slot(object)
    def _on_attempted(self, outcome: Outcome) -> None:
        status = self._controller.overview().account(outcome.appid)
        if status is not None:
            self._put(event_line(outcome, status.account, self._sentences))

    def _put(self, line: str) -> None:
        try:
            self._terminal.put(line)
            self._terminal.flush()
        except OutputLost:
            _quit_without_reader()
