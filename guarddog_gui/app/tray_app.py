"""Everything on the screen, put together: tray, window, clipboard, one instance, and the quit in order."""

import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

# what only a click needs comes with the click: each class brings its enums, for which the tray waits
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.files.paths import private_folder, resource
from guarddog_gui.app.settings_controller import APP_ID, SettingsInForce
from guarddog_gui.bootstrap.background_engine import Live
from guarddog_gui.bootstrap.container import Stores
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileTrouble, UsageError
from guarddog_gui.domain.exports.node_loader import follower_for
from guarddog_gui.domain.refresh.notifications import NoticeAction
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.main_thread_gc import MainThreadGarbage
from guarddog_gui.runtime.single_instance import SingleInstance
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.tray.availability import TrayHost
from guarddog_gui.ui.tray.icon import Tray

if TYPE_CHECKING:
    from guarddog_gui.app.signature_test_page import ProofPages
    from guarddog_gui.domain.signing.wx_config import WxConfig
    from guarddog_gui.runtime.notifier import Notifier
    from guarddog_gui.runtime.unix_signals import QuitSignals
    from guarddog_gui.ui.main_window import MainWindow

NO_BUS = "disabled:"
FOLLOWER = "follower.js"
SNOOZE_S = 3600.0
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
        self._instance: SingleInstance | None = None
        self._window: MainWindow | None = None
        self._notifier: Notifier | None = None
        self._signals: QuitSignals | None = None
        self._proof: ProofPages | None = None
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
            self.window.appear()
        else:
            QTimer.singleShot(NO_TRAY_MS, self, self._show_without_tray)
        QTimer.singleShot(0, self, self._start)
        code = self._app.exec()
        self._stop()
        return code

    def _build(self) -> None:
        self._chosen = SettingsInForce(self._stores, self._environ, self._app)
        voice = self._chosen.voice
        self._live = Live(self._stores)
        controller = self._live.controller
        controller.read()  # windows and tray begin with what is
        controller.pause(self._chosen.settings.paused_until)
        self._clipboard = Clipboard(time.monotonic, self)
        self._host = TrayHost(self)
        self._tray = Tray(controller, self._host, voice)
        self._garbage = MainThreadGarbage(self)
        controller.changed.connect(self._garbage.look)
        self._connect()
        self._apply(self._chosen.settings)

    @property
    def window(self) -> "MainWindow":
        """The window, made when somebody first wants to see it: the tray must not wait for it."""
        if self._window is None:
            from guarddog_gui.ui.main_window import MainWindow

            window = MainWindow(
                self._live.controller, self._live.signing, self._clipboard, self._chosen.voice
            )
            window.preferences_wanted.connect(self._on_preferences)
            window.sandbox_wanted.connect(self._on_sandbox)
            window.quit_wanted.connect(self._app.quit)
            window.closed_to_tray.connect(self._on_closed)
            window.secret_copied.connect(self._on_secret_copied)
            window.test_page_wanted.connect(self._on_test_page)
            window.loader_wanted.connect(self._on_loader)
            window.set_has_tray(there=self._host.is_there)
            self._window = window
        return self._window

    def _begin_signals(self) -> "QuitSignals":
        from guarddog_gui.runtime.unix_signals import QuitSignals  # sockets, for which the tray does not wait

        signals = QuitSignals(self)
        signals.asked.connect(self._app.quit)
        signals.start()
        return signals

    def _begin_notices(self) -> "Notifier":
        """Notices go over D-Bus where there is a desktop to talk to, else through the tray."""
        from guarddog_gui.adapters.notifications.dbus import DBusNotifications  # not before the tray is up
        from guarddog_gui.runtime.notifier import Notifier, Speaker
        from guarddog_gui.ui.tray.balloons import TrayNotices

        speaker: Speaker
        if sys.platform == "linux" and self._environ.get("DBUS_SESSION_BUS_ADDRESS", NO_BUS) != NO_BUS:
            speaker = DBusNotifications(program="Guard Dog", desktop_entry=APP_ID, icon=APP_ID)
        else:
            speaker = TrayNotices(self)
            speaker.set_icon(self._tray.icon)
            self._tray.icon_changed.connect(speaker.set_icon)
        notifier = Notifier(speaker, self._chosen.voice.sentences, self._stores.clock, self)
        notifier.set_kinds(self._chosen.settings.notices)
        self._live.controller.changed.connect(notifier.on_changed)
        self._live.controller.taken.connect(notifier.on_taken)
        self._live.woke.connect(notifier.on_woke)
        notifier.action_chosen.connect(self._on_action)
        return notifier

    def _connect(self) -> None:
        controller = self._live.controller
        controller.copy_ready.connect(self._on_copy_ready)
        controller.unreadable.connect(self._on_trouble)
        controller.damaged.connect(self._on_damaged)
        controller.crashed.connect(self._on_crashed)
        controller.pause_changed.connect(self._on_pause)
        self._tray.open_wanted.connect(self._on_open)
        self._tray.force_wanted.connect(self._on_force)
        self._tray.preferences_wanted.connect(self._on_preferences)
        self._tray.sign_wanted.connect(self._on_sign)
        self._tray.snooze_wanted.connect(self._on_snooze)
        self._tray.quit_wanted.connect(self._app.quit)
        self._host.appeared.connect(self._on_tray)
        self._host.lost.connect(self._on_tray_lost)
        self._chosen.changed.connect(self._apply)
        self._chosen.language_changed.connect(self._on_language)
        self._chosen.trouble.connect(self._on_trouble)
        if self._instance is not None:
            self._instance.asked.connect(self._on_asked)

    @Slot()
    def _start(self) -> None:
        from guarddog_gui.adapters.logs import logging_started  # 15 ms that the tray does not wait for

        logging_started(self._stores.places, logging.getLevelName(self._chosen.settings.log_level.upper()))
        self._app.setWindowIcon(self._chosen.voice.icons.app_icon())
        self._signals = self._begin_signals()
        if self._instance is not None:
            self._instance.listen()
        self._garbage.start()
        self._notifier = self._begin_notices()
        try:
            self._live.start()
        except FileTrouble as trouble:
            self._on_trouble(trouble)
        if not self._environ.get("GUARDDOG_HOME") and self._chosen.fixed_api_base is None:
            self._chosen.mend_autostart()
        stores = self._stores
        for kept in (stores.accounts.set_aside, stores.settings.set_aside, stores.history.damaged):
            self._say_kept(kept)

    def _stop(self) -> None:
        """Scheduler, clipboard, notices, tray, lanes, history: in this order."""
        self._live.controller.stop()
        self._clipboard.clear()
        if self._notifier is not None:
            self._notifier.stop()
        self._tray.remove()
        if self._window is not None:
            self._window.hide()
        if self._proof is not None:
            self._proof.stop()
        self.hangs = not self._live.stop()
        self._garbage.stop()
        if self._signals is not None:
            self._signals.stop()
        if self._instance is not None:
            self._instance.release()

    def _complain(self, trouble: FileTrouble) -> int:
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Critical, "Guard Dog", str(trouble))
        box.exec()
        return 7

    # -- settings ---------------------------------------------------------------------------------

    @Slot(object)
    def _apply(self, settings: Settings) -> None:
        self._tray.set_style(settings.tray_style)
        if self._notifier is not None:
            self._notifier.set_kinds(settings.notices)
        if self._chosen.fixed_api_base is None:
            self._live.use_api_base(settings.api_base)

    @Slot()
    def _on_language(self) -> None:
        if self._notifier is not None:
            self._notifier.set_sentences(self._chosen.voice.sentences)
        self._tray.retranslate()
        if self._window is not None:
            self._window.retranslate()

    @Slot()
    def _on_preferences(self) -> None:
        self.window.appear()
        self._chosen.open_preferences(self.window)

    @Slot()
    def _on_snooze(self) -> None:
        if self._notifier is not None:
            self._notifier.snooze(self._stores.clock() + SNOOZE_S)

    @Slot(object)
    def _on_pause(self, until: float | None) -> None:
        self._chosen.remember(paused_until=until)

    # -- the tray and the window ------------------------------------------------------------------

    @Slot()
    def _on_tray(self) -> None:
        self._app.setQuitOnLastWindowClosed(False)
        if self._window is not None:
            self._window.set_has_tray(there=True)

    @Slot()
    def _on_tray_lost(self) -> None:
        self._app.setQuitOnLastWindowClosed(True)
        self.window.set_has_tray(there=False)
        self.window.appear()

    @Slot()
    def _show_without_tray(self) -> None:
        if not self._host.is_there:
            self.window.appear()

    @Slot()
    def _on_open(self) -> None:
        self.window.appear()

    @Slot()
    def _on_sign(self) -> None:
        self.window.appear()
        self.window.sign()

    @Slot(object, str, object)
    def _on_test_page(self, account: Account, url: str, config: "WxConfig") -> None:
        """A browser shows whether a signature like this one is right; see `ProofPages`."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        if self._proof is None:
            from guarddog_gui.app.signature_test_page import ProofPages  # a server that few ever need

            self._proof = ProofPages(self._stores.dogs, self._stores.clock)
        try:
            address = self._proof.address(account, url, config)
        except UsageError as trouble:
            self.window.say(str(trouble))
            return
        if address is None:
            sentences = self._chosen.voice.sentences
            self.window.say(sentences.say("no-live-ticket", key=sentences.key(TokenKind.JSAPI_TICKET)))
            return
        QDesktopServices.openUrl(QUrl(address))

    @Slot(object, object)
    def _on_loader(self, account: Account, kind: TokenKind) -> None:
        """A program that refreshes on its own can follow the file instead."""
        try:
            snippet = resource(f"snippets/{FOLLOWER}").read_text(encoding="utf-8")
        except FileTrouble as trouble:
            self._on_trouble(trouble)
            return
        path = str(self._stores.dogs.path(account, kind))
        self.window.copy_named(follower_for(snippet, kind, path), FOLLOWER)

    @Slot()
    def _on_sandbox(self) -> None:
        """A second program with a home of its own: nothing of this one is touched by it."""
        from PySide6.QtCore import QProcess

        from guarddog_gui.adapters.autostart.factory import installed_program  # nobody with accounts needs it

        program = installed_program(os.environ, sys.argv[0]) or Path(sys.argv[0]).absolute()
        QProcess.startDetached(str(program), ["--sandbox", "--show"])

    @Slot()
    def _on_closed(self) -> None:
        if not self._chosen.settings.close_hint_shown:
            self._tray.tell_where_it_went()
            self._chosen.remember(close_hint_shown=True)

    @Slot(str)
    def _on_force(self, appid: str) -> None:
        self.window.appear()
        self.window.force(appid)

    @Slot(str, str)
    def _on_asked(self, wish: str, token: str) -> None:
        if wish == "quit":
            self._app.quit()
        else:
            self._appear_with(token)

    def _appear_with(self, activation_token: str) -> None:
        """Come to the front; without the token of whoever was clicked, Wayland would not allow it."""
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        self.window.appear()

    @Slot(str, str, str)
    def _on_action(self, appid: str, action: str, activation_token: str) -> None:
        """A button of a notice."""
        match action:
            case NoticeAction.COPY_IP:
                status = self._live.controller.overview().account(appid)
                if status is not None and status.trouble is not None and status.trouble.ip:
                    self.window.copy_plain(status.trouble.ip)
            case NoticeAction.TRY_AGAIN:
                self._live.controller.refresh(appid)
            case _:
                self._appear_with(activation_token)

    @Slot(object)
    def _on_trouble(self, trouble: FileTrouble) -> None:
        self.window.appear()
        self.window.say(self._chosen.voice.sentences.file_trouble(trouble).text)

    @Slot()
    def _on_damaged(self) -> None:
        """The list was damaged while we run."""
        self._say_kept(self._stores.accounts.set_aside)

    def _say_kept(self, kept: Path | None) -> None:
        """Where a damaged file is kept."""
        if kept is not None:
            self.window.appear()
            self.window.say(self._chosen.voice.sentences.set_aside(str(kept)).text)

    @Slot(str)
    def _on_crashed(self, _text: str) -> None:
        self.window.say(self._chosen.voice.sentences.crash().text)

    @Slot(str)
    def _on_secret_copied(self, text: str) -> None:
        self._clipboard.put(text, self._chosen.settings.clipboard_s)

    @Slot(str, object, str)
    def _on_copy_ready(self, _appid: str, _kind: TokenKind, value: str) -> None:
        self._clipboard.put(value, self._chosen.settings.clipboard_s)
