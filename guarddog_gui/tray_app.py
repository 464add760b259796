"""Everything on the screen, put together: tray, window, clipboard, one instance, and the quit in order."""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from guarddog_gui.adapters.locations import private_folder, resource
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens import TokenKind
from guarddog_gui.live import Live
from guarddog_gui.runtime.quit_signals import QuitSignals
from guarddog_gui.runtime.single_instance import SingleInstance
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.moments import Moments
from guarddog_gui.ui.tray import Tray
from guarddog_gui.ui.tray_host import TrayHost
from guarddog_gui.ui.voice import Voice
from guarddog_gui.wiring import Stores, sentences_for

APP_ID = "io.github.guarddog.GuardDog"
NO_TRAY_MS = 5000  # after this long without a tray the window is the app


class TrayApp(QObject):
    """One run of the tray app. Make it, ask whether it is the first, and run it."""

    def __init__(self, stores: Stores, program: list[str], environ: Mapping[str, str] = os.environ) -> None:
        self._app = QApplication(program)
        super().__init__()
        self._app.setApplicationName("Guard Dog")
        self._app.setDesktopFileName(APP_ID)
        self._stores = stores
        self._environ = environ
        self._settings = Settings()
        self._instance: SingleInstance | None = None
        self.hangs = False

    def is_first(self, folder: Path) -> bool:
        """Whether no other program runs on this home. Raises FileTrouble."""
        private_folder(folder)
        self._instance = SingleInstance(folder, self)
        return self._instance.take()

    def ask_first(self, *, quit_it: bool) -> int:
        """Pass the wish on to the program that is already running; the exit code."""
        assert self._instance is not None  # noqa: S101 - is_first comes before
        token = self._environ.get("XDG_ACTIVATION_TOKEN", "")
        return 0 if self._instance.ask("quit" if quit_it else "show", token) else 5

    def run(self, *, show: bool) -> int:
        """Until somebody quits; the exit code. Afterwards `hangs` says whether a thread was left behind."""
        try:
            self._build()
        except FileTrouble as trouble:
            return self._complain(trouble)
        self._host.start()
        if show or not self._live.controller.overview().accounts:
            self._window.appear()
        else:
            QTimer.singleShot(NO_TRAY_MS, self, self._show_without_tray)
        QTimer.singleShot(0, self, self._start)
        code = self._app.exec()
        self._stop()
        return code

    def _build(self) -> None:
        self._settings = self._stores.settings.load()
        moments = Moments(QLocale())
        clock = self._stores.clock
        sentences = sentences_for(
            self._environ,
            self._settings.language,
            self._stores.catalogue,
            lambda at: moments.clock(at, clock()),
        )
        icons = Icons(resource("icons"))
        self._app.setWindowIcon(icons.app_icon())
        self._voice = Voice(sentences, self._stores.catalogue, moments, clock, icons)
        self._live = Live(self._stores)
        controller = self._live.controller
        controller.read()  # windows and tray begin with what is
        self._clipboard = Clipboard(time.monotonic, self)
        self._host = TrayHost(self)
        self._tray = Tray(controller, self._host, self._voice)
        self._window = MainWindow(controller, self._stores.history, self._clipboard, self._voice)
        self._signals = QuitSignals(self)
        controller.copy_ready.connect(self._on_copy_ready)
        controller.unreadable.connect(self._on_unreadable)
        controller.crashed.connect(self._on_crashed)
        self._tray.open_wanted.connect(self._window.appear)
        self._tray.force_wanted.connect(self._on_force)
        self._tray.quit_wanted.connect(self._app.quit)
        self._window.quit_wanted.connect(self._app.quit)
        self._window.closed_to_tray.connect(self._on_closed)
        self._host.appeared.connect(self._on_tray)
        self._host.lost.connect(self._on_tray_lost)
        self._signals.asked.connect(self._app.quit)
        if self._instance is not None:
            self._instance.asked.connect(self._on_asked)

    @Slot()
    def _start(self) -> None:
        self._signals.start()
        try:
            self._live.start()
        except FileTrouble as trouble:
            self._window.appear()
            self._window.say(self._voice.sentences.file_trouble(trouble).text)
        stores = self._stores
        for kept in (stores.accounts.set_aside, stores.settings.set_aside, stores.history.damaged):
            if kept is not None:
                self._window.appear()
                self._window.say(self._voice.sentences.set_aside(str(kept)).text)

    def _stop(self) -> None:
        """Scheduler, clipboard, tray, lanes, history: in this order."""
        self._live.controller.stop()
        self._clipboard.clear()
        self._tray.remove()
        self._window.hide()
        self.hangs = not self._live.stop()
        self._signals.stop()
        if self._instance is not None:
            self._instance.release()

    def _complain(self, trouble: FileTrouble) -> int:
        box = QMessageBox(QMessageBox.Icon.Critical, "Guard Dog", str(trouble))
        box.exec()
        return 7

    # -- the tray and the window ------------------------------------------------------------------

    @Slot()
    def _on_tray(self) -> None:
        self._app.setQuitOnLastWindowClosed(False)
        self._window.set_has_tray(there=True)

    @Slot()
    def _on_tray_lost(self) -> None:
        self._app.setQuitOnLastWindowClosed(True)
        self._window.set_has_tray(there=False)
        self._window.appear()

    @Slot()
    def _show_without_tray(self) -> None:
        if not self._host.is_there:
            self._window.appear()

    @Slot()
    def _on_closed(self) -> None:
        if self._settings.close_hint_shown:
            return
        self._settings = replace(self._settings, close_hint_shown=True)
        self._tray.tell_where_it_went()
        try:
            self._stores.settings.save(self._settings)
        except FileTrouble:
            pass  # then it is told once more next time

    @Slot(str)
    def _on_force(self, appid: str) -> None:
        self._window.appear()
        self._window.force(appid)

    @Slot(str, str)
    def _on_asked(self, wish: str, token: str) -> None:
        if wish == "quit":
            self._app.quit()
            return
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        self._window.appear()

    @Slot(object)
    def _on_unreadable(self, trouble: FileTrouble) -> None:
        self._window.appear()
        self._window.say(self._voice.sentences.file_trouble(trouble).text)

    @Slot(str)
    def _on_crashed(self, _text: str) -> None:
        self._window.say(self._voice.sentences.crash().text)

    @Slot(str, object, str)
    def _on_copy_ready(self, _appid: str, _kind: TokenKind, value: str) -> None:
        self._clipboard.put(value, self._settings.clipboard_s)
