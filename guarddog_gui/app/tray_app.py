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

from guarddog_gui.adapters.files.paths import create_private_folder, resource_path
from guarddog_gui.app.main_thread_gc import MainThreadCollector
from guarddog_gui.app.settings_controller import APP_ID, SettingsController
from guarddog_gui.app.single_instance import SingleInstance
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, UsageError
from guarddog_gui.domain.exports.node_loader import render_node_loader
from guarddog_gui.domain.refresh.notifications import NotificationAction
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon

if TYPE_CHECKING:
    from guarddog_gui.app.signature_test_page import SignatureTestServer
    from guarddog_gui.domain.signing.wx_config import WxConfig
    from guarddog_gui.runtime.notifier import Notifier
    from guarddog_gui.runtime.unix_signals import UnixSignals
    from guarddog_gui.ui.main_window import MainWindow

DBUS_DISABLED = "disabled:"
NODE_LOADER_FILE = "follower.js"
SNOOZE_S = 3600.0
TRAY_TIMEOUT_MS = 5000  # after this long without a tray the window is the app


class TrayApp(QObject):
    """One run of the tray app. Make it, ask whether it is the first, and run it."""

    def __init__(
        self, container: Container, program: list[str], environ: Mapping[str, str] = os.environ
    ) -> None:
        self._app = QApplication(program)
        super().__init__()
        self._app.setApplicationName("Guard Dog")
        self._app.setDesktopFileName(APP_ID)
        self._container = container
        self._environ = environ
        self._single_instance: SingleInstance | None = None
        self._window: MainWindow | None = None
        self._notifier: Notifier | None = None
        self._unix_signals: UnixSignals | None = None
        self._test_server: SignatureTestServer | None = None
        self.has_hung_threads = False

    def try_acquire_instance(self, folder: Path) -> bool:
        """Whether no other program runs on this home. Raises FileTrouble."""
        create_private_folder(folder)
        self._single_instance = SingleInstance(folder, self)
        return self._single_instance.try_acquire()

    def send_to_running_instance(self, *, should_quit: bool) -> int:
        """Pass the wish on to the program that is already running; the exit code."""
        assert self._single_instance is not None  # noqa: S101 - is_first comes before
        token = self._environ.get("XDG_ACTIVATION_TOKEN", "")
        return 0 if self._single_instance.send_command("quit" if should_quit else "show", token) else 5

    def run(self, *, show: bool) -> int:
        """Until somebody quits; the exit code. Afterwards `hangs` says whether a thread was left behind."""
        try:
            self._build()
        except FileError as trouble:
            return self._show_fatal_error(trouble)
        self._tray_availability.start()
        if show or not self._background_engine.controller.overview().accounts:
            self.window.show_and_activate()
        else:
            QTimer.singleShot(TRAY_TIMEOUT_MS, self, self._show_window_without_tray)
        QTimer.singleShot(0, self, self._start_deferred)
        code = self._app.exec()
        self._stop()
        return code

    def _build(self) -> None:
        self._settings_controller = SettingsController(self._container, self._environ, self._app)
        voice = self._settings_controller.formatter
        self._background_engine = BackgroundEngine(self._container)
        controller = self._background_engine.controller
        controller.reload_from_disk()  # windows and tray begin with what is
        controller.pause(self._settings_controller.settings.paused_until)
        self._clipboard = Clipboard(time.monotonic, self)
        self._tray_availability = TrayAvailability(self)
        self._tray_icon = TrayIcon(controller, self._tray_availability, voice)
        self._garbage_collector = MainThreadCollector(self)
        controller.overview_changed.connect(self._garbage_collector.collect_if_needed)
        self._connect_signals()
        self._apply_settings(self._settings_controller.settings)

    @property
    def window(self) -> "MainWindow":
        """The window, made when somebody first wants to see it: the tray must not wait for it."""
        if self._window is None:
            from guarddog_gui.ui.main_window import MainWindow

            window = MainWindow(
                self._background_engine.controller,
                self._background_engine.signing_controller,
                self._clipboard,
                self._settings_controller.formatter,
            )
            window.preferences_requested.connect(self._on_preferences_requested)
            window.sandbox_requested.connect(self._on_sandbox_requested)
            window.quit_requested.connect(self._app.quit)
            window.closed_to_tray.connect(self._on_closed_to_tray)
            window.secret_copy_requested.connect(self._on_secret_copy_requested)
            window.test_page_requested.connect(self._on_test_page_requested)
            window.node_loader_requested.connect(self._on_node_loader_requested)
            window.set_tray_available(available=self._tray_availability.is_available)
            self._window = window
        return self._window

    def _start_unix_signals(self) -> "UnixSignals":
        from guarddog_gui.runtime.unix_signals import UnixSignals  # sockets, for which the tray does not wait

        signals = UnixSignals(self)
        signals.quit_requested.connect(self._app.quit)
        signals.start()
        return signals

    def _start_notifier(self) -> "Notifier":
        """Notices go over D-Bus where there is a desktop to talk to, else through the tray."""
        from guarddog_gui.adapters.notifications.dbus import DBusNotifications  # not before the tray is up
        from guarddog_gui.runtime.notifier import NotificationBackend, Notifier
        from guarddog_gui.ui.tray.balloons import BalloonNotifications

        speaker: NotificationBackend
        if (
            sys.platform == "linux"
            and self._environ.get("DBUS_SESSION_BUS_ADDRESS", DBUS_DISABLED) != DBUS_DISABLED
        ):
            speaker = DBusNotifications(app_name="Guard Dog", desktop_entry=APP_ID, icon=APP_ID)
        else:
            speaker = BalloonNotifications(self)
            speaker.set_icon(self._tray_icon.icon)
            self._tray_icon.icon_changed.connect(speaker.set_icon)
        notifier = Notifier(
            speaker, self._settings_controller.formatter.messages, self._container.clock, self
        )
        notifier.set_enabled_kinds(self._settings_controller.settings.notices)
        self._background_engine.controller.overview_changed.connect(notifier.on_overview_changed)
        self._background_engine.controller.token_superseded.connect(notifier.on_token_superseded)
        self._background_engine.system_resumed.connect(notifier.on_system_resumed)
        notifier.action_invoked.connect(self._on_notification_action_invoked)
        return notifier

    def _connect_signals(self) -> None:
        controller = self._background_engine.controller
        controller.copies.copy_ready.connect(self._on_copy_ready)
        controller.account_list_unreadable.connect(self._on_file_error)
        controller.account_list_damaged.connect(self._on_account_list_damaged)
        controller.job_crashed.connect(self._on_job_crashed)
        controller.pause_changed.connect(self._on_pause_changed)
        self._tray_icon.open_requested.connect(self._on_open_requested)
        self._tray_icon.force_requested.connect(self._on_force_requested)
        self._tray_icon.preferences_requested.connect(self._on_preferences_requested)
        self._tray_icon.sign_requested.connect(self._on_sign_requested)
        self._tray_icon.snooze_requested.connect(self._on_snooze_requested)
        self._tray_icon.quit_requested.connect(self._app.quit)
        self._tray_availability.became_available.connect(self._on_tray_available)
        self._tray_availability.became_unavailable.connect(self._on_tray_unavailable)
        self._settings_controller.settings_changed.connect(self._apply_settings)
        self._settings_controller.language_changed.connect(self._on_language_changed)
        self._settings_controller.error_occurred.connect(self._on_file_error)
        if self._single_instance is not None:
            self._single_instance.command_received.connect(self._on_command_received)

    @Slot()
    def _start_deferred(self) -> None:
        from guarddog_gui.adapters.logs import start_logging  # 15 ms that the tray does not wait for

        start_logging(
            self._container.paths, logging.getLevelName(self._settings_controller.settings.log_level.upper())
        )
        self._app.setWindowIcon(self._settings_controller.formatter.icons.app_icon())
        self._unix_signals = self._start_unix_signals()
        if self._single_instance is not None:
            self._single_instance.listen()
        self._garbage_collector.start()
        self._notifier = self._start_notifier()
        try:
            self._background_engine.start()
        except FileError as trouble:
            self._on_file_error(trouble)
        if not self._environ.get("GUARDDOG_HOME") and self._settings_controller.fixed_api_base is None:
            self._settings_controller.repair_autostart()
        stores = self._container
        for kept in (
            stores.accounts.damaged_backup,
            stores.settings.damaged_backup,
            stores.history.quarantined_path,
        ):
            self._report_damaged_file(kept)

    def _stop(self) -> None:
        """Scheduler, clipboard, notices, tray, lanes, history: in this order."""
        self._background_engine.controller.stop()
        self._clipboard.clear()
        if self._notifier is not None:
            self._notifier.stop()
        self._tray_icon.remove()
        if self._window is not None:
            self._window.hide()
        if self._test_server is not None:
            self._test_server.stop()
        self.has_hung_threads = not self._background_engine.stop()
        self._garbage_collector.stop()
        if self._unix_signals is not None:
            self._unix_signals.stop()
        if self._single_instance is not None:
            self._single_instance.release()

    def _show_fatal_error(self, error: FileError) -> int:
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Critical, "Guard Dog", str(error))
        box.exec()
        return 7

    # -- settings ---------------------------------------------------------------------------------

    @Slot(object)
    def _apply_settings(self, settings: Settings) -> None:
        self._tray_icon.set_style(settings.tray_style)
        if self._notifier is not None:
            self._notifier.set_enabled_kinds(settings.notices)
        if self._settings_controller.fixed_api_base is None:
            self._background_engine.set_api_base(settings.api_base)

    @Slot()
    def _on_language_changed(self) -> None:
        if self._notifier is not None:
            self._notifier.set_messages(self._settings_controller.formatter.messages)
        self._tray_icon.retranslate()
        if self._window is not None:
            self._window.retranslate()

    @Slot()
    def _on_preferences_requested(self) -> None:
        self.window.show_and_activate()
        self._settings_controller.open_preferences(self.window)

    @Slot()
    def _on_snooze_requested(self) -> None:
        if self._notifier is not None:
            self._notifier.snooze(self._container.clock() + SNOOZE_S)

    @Slot(object)
    def _on_pause_changed(self, until: float | None) -> None:
        self._settings_controller.update_fields(paused_until=until)

    # -- the tray and the window ------------------------------------------------------------------

    @Slot()
    def _on_tray_available(self) -> None:
        self._app.setQuitOnLastWindowClosed(False)
        if self._window is not None:
            self._window.set_tray_available(available=True)

    @Slot()
    def _on_tray_unavailable(self) -> None:
        self._app.setQuitOnLastWindowClosed(True)
        self.window.set_tray_available(available=False)
        self.window.show_and_activate()

    @Slot()
    def _show_window_without_tray(self) -> None:
        if not self._tray_availability.is_available:
            self.window.show_and_activate()

    @Slot()
    def _on_open_requested(self) -> None:
        self.window.show_and_activate()

    @Slot()
    def _on_sign_requested(self) -> None:
        self.window.show_and_activate()
        self.window.open_sign_page()

    @Slot(object, str, object)
    def _on_test_page_requested(self, account: Account, url: str, config: "WxConfig") -> None:
        """A browser shows whether a signature like this one is right; see `ProofPages`."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        if self._test_server is None:
            from guarddog_gui.app.signature_test_page import (
                SignatureTestServer,
            )  # a server that few ever need

            self._test_server = SignatureTestServer(self._container.dog_files, self._container.clock)
        try:
            address = self._test_server.make_page_url(account, url, config)
        except UsageError as trouble:
            self.window.show_status(str(trouble))
            return
        if address is None:
            sentences = self._settings_controller.formatter.messages
            self.window.show_status(
                sentences.text(
                    "There is no live {key} to sign with.", key=sentences.key_name(TokenKind.JSAPI_TICKET)
                )
            )
            return
        QDesktopServices.openUrl(QUrl(address))

    @Slot(object, object)
    def _on_node_loader_requested(self, account: Account, kind: TokenKind) -> None:
        """A program that refreshes on its own can follow the file instead."""
        try:
            snippet = resource_path(f"snippets/{NODE_LOADER_FILE}").read_text(encoding="utf-8")
        except FileError as trouble:
            self._on_file_error(trouble)
            return
        path = str(self._container.dog_files.path(account, kind))
        self.window.copy_named_text(render_node_loader(snippet, kind, path), NODE_LOADER_FILE)

    @Slot()
    def _on_sandbox_requested(self) -> None:
        """A second program with a home of its own: nothing of this one is touched by it."""
        from PySide6.QtCore import QProcess

        from guarddog_gui.adapters.autostart.factory import (
            find_installed_program,
        )  # nobody with accounts needs it

        program = find_installed_program(os.environ, sys.argv[0]) or Path(sys.argv[0]).absolute()
        QProcess.startDetached(str(program), ["--sandbox", "--show"])

    @Slot()
    def _on_closed_to_tray(self) -> None:
        if not self._settings_controller.settings.close_hint_shown:
            self._tray_icon.show_close_hint()
            self._settings_controller.update_fields(close_hint_shown=True)

    @Slot(str)
    def _on_force_requested(self, appid: str) -> None:
        self.window.show_and_activate()
        self.window.confirm_force_new_token(appid)

    @Slot(str, str)
    def _on_command_received(self, command: str, activation_token: str) -> None:
        if command == "quit":
            self._app.quit()
        else:
            self._activate_window(activation_token)

    def _activate_window(self, activation_token: str) -> None:
        """Come to the front; without the token of whoever was clicked, Wayland would not allow it."""
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        self.window.show_and_activate()

    @Slot(str, str, str)
    def _on_notification_action_invoked(self, appid: str, action: str, activation_token: str) -> None:
        """A button of a notice."""
        match action:
            case NotificationAction.COPY_IP:
                status = self._background_engine.controller.overview().account(appid)
                if status is not None and status.first_failure is not None and status.first_failure.ip:
                    self.window.copy_text(status.first_failure.ip)
            case NotificationAction.TRY_AGAIN:
                self._background_engine.controller.refresh(appid)
            case _:
                self._activate_window(activation_token)

    @Slot(object)
    def _on_file_error(self, error: FileError) -> None:
        self.window.show_and_activate()
        self.window.show_status(self._settings_controller.formatter.messages.for_file_error(error).text)

    @Slot()
    def _on_account_list_damaged(self) -> None:
        """The list was damaged while we run."""
        self._report_damaged_file(self._container.accounts.damaged_backup)

    def _report_damaged_file(self, damaged_backup: Path | None) -> None:
        """Where a damaged file is kept."""
        if damaged_backup is not None:
            self.window.show_and_activate()
            self.window.show_status(
                self._settings_controller.formatter.messages.for_damaged_file(str(damaged_backup)).text
            )

    @Slot(str)
    def _on_job_crashed(self, _text: str) -> None:
        self.window.show_status(self._settings_controller.formatter.messages.for_crash().text)

    @Slot(str)
    def _on_secret_copy_requested(self, text: str) -> None:
        self._clipboard.copy(text, self._settings_controller.settings.clipboard_s)

    @Slot(str, object, str)
    def _on_copy_ready(self, _appid: str, _kind: TokenKind, value: str) -> None:
        self._clipboard.copy(value, self._settings_controller.settings.clipboard_s)
