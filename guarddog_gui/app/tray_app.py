"""The tray app: tray icon, window, clipboard and background engine, put together and stopped in order."""

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

# what only a click needs is imported by the click: each Qt class adds to the time until the tray icon
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.app.copying import Copying
from guarddog_gui.app.crashes.crash_notices import CrashNotices
from guarddog_gui.app.main_thread_gc import MainThreadCollector
from guarddog_gui.app.settings_controller import APP_ID, SettingsController
from guarddog_gui.app.single_instance import CommandResult, SingleInstance
from guarddog_gui.app.windows import Windows
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.bootstrap.crash_reporter import CrashReporter
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.hotkeys import HotkeyAction
from guarddog_gui.domain.settings import Settings
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon

if TYPE_CHECKING:
    from guarddog_gui.app.global_hotkey import GlobalHotkey
    from guarddog_gui.app.offers import Offers
    from guarddog_gui.runtime.notifier import Notifier
    from guarddog_gui.runtime.unix_signals import UnixSignals
    from guarddog_gui.ui.main_window import MainWindow

DBUS_DISABLED = "disabled:"
SNOOZE_S = 3600.0
SAVE_TIMEOUT_S = 0.3  # for settings that wait for another process at the end
LOG_TIMEOUT_S = 0.2  # for the last records
TRAY_TIMEOUT_MS = 5000  # after this long without a tray the window is the app


log = logging.getLogger(__name__)


class TrayApp(QObject):
    """One run of the tray app: call `try_acquire_instance`, then `run`."""

    def __init__(
        self,
        container: Container,
        crash_reporter: CrashReporter,
        program: list[str],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._app = QApplication(program)
        super().__init__()
        self._app.setApplicationName("Guard Dog")
        self._app.setDesktopFileName(APP_ID)
        self._container = container
        self._environ = environ
        self._crash_reporter = crash_reporter
        self._single_instance = SingleInstance(container.paths.data_dir, self)
        self._notifier: Notifier | None = None
        self._unix_signals: UnixSignals | None = None
        self._hotkey: GlobalHotkey | None = None
        self._offers: Offers | None = None
        self._stop_logging: Callable[[float], None] | None = None
        self.has_hung_threads = False

    def try_acquire_instance(self) -> bool:
        """Return whether no other process uses this data folder. Raise FileError."""
        create_private_folder(self._container.paths.data_dir)
        return self._single_instance.try_acquire()

    def send_to_running_instance(self, *, should_quit: bool) -> int | None:
        """Send "quit" or "show" to the process that is already running, and return the exit code.

        Return None if that process has ended meanwhile: now this one is the only one. Raise FileError.
        """
        token = self._environ.get("XDG_ACTIVATION_TOKEN", "")
        match self._single_instance.send_command("quit" if should_quit else "show", token):
            case CommandResult.SENT:
                return 0
            case CommandResult.NO_ANSWER:
                return 5
            case CommandResult.ACQUIRED:
                return None

    def run(self, *, show: bool) -> int:
        """Run until the user quits, and return the exit code; afterwards see `has_hung_threads`.

        Raises FileError if the app cannot start.
        """
        self._build()
        self._tray_availability.start()
        if show:
            self.windows.main_window.show_and_activate()
        else:
            QTimer.singleShot(TRAY_TIMEOUT_MS, self, self._show_window_without_tray)
            self._background_engine.controller.overview_changed.connect(self._show_window_without_accounts)
            self._show_window_without_accounts()
        QTimer.singleShot(0, self, self._start_deferred)
        code = self._app.exec()
        return code if self._stop() else 1

    def _build(self) -> None:
        self._crash_notices = CrashNotices(
            self._crash_reporter, self._container.paths, self._container.clock, self._describe_desktop, self
        )
        self._settings_controller = SettingsController(self._container, self._environ, self._app)
        self._background_engine = BackgroundEngine(self._container)
        controller = self._background_engine.controller
        controller.reload_from_disk()  # so that tray icon and window show the accounts from the beginning
        controller.pause(self._settings_controller.settings.paused_until)
        self._clipboard = self._make_clipboard()
        self._tray_availability = TrayAvailability(self)
        formatter, is_sandbox = self._settings_controller.formatter, self._container.sandbox_login is not None
        self._tray_icon = TrayIcon(controller, self._tray_availability, formatter, is_sandbox=is_sandbox)
        self._copying = Copying(
            self._settings_controller, controller, self._clipboard, self._container.api_base, parent=self
        )
        self.windows = Windows(
            self._container, self._settings_controller, self._background_engine, self._clipboard, self._environ, self
        )
        self._garbage_collector = MainThreadCollector(self)
        controller.overview_changed.connect(self._garbage_collector.collect_if_needed)
        self._connect_signals()
        self._apply_settings(self._settings_controller.settings)

    def _make_clipboard(self) -> Clipboard:
        is_wayland = self._app.platformName().startswith("wayland")
        background = None
        if is_wayland:
            from guarddog_gui.adapters.wayland.connection import find_socket_path
            from guarddog_gui.adapters.wayland.data_control import DataControlClipboard

            path = find_socket_path(self._environ)
            background = DataControlClipboard(path) if path is not None else None
        return Clipboard(time.monotonic, background, is_wayland=is_wayland, parent=self)

    def _start_copy_feedback(self) -> None:
        from guarddog_gui.ui.tray.copy_feedback import CopyFeedback

        controller, formatter = self._background_engine.controller, self._settings_controller.formatter
        feedback = CopyFeedback(controller, self._clipboard, formatter, self._tray_icon, self)
        feedback.notification_requested.connect(self._on_copy_notification)
        feedback.window_requested.connect(self.windows.actions.show_copy_failure)

    def _start_notifier(self) -> None:
        self._notifier = self._make_notifier()
        self._crash_notices.set_notifier(self._notifier)

    def _make_notifier(self) -> "Notifier":
        """Show notifications over D-Bus where there is a session bus, else as balloons of the tray icon."""
        from guarddog_gui.adapters.notifications.dbus import DBusNotifications  # imported after the tray icon is shown
        from guarddog_gui.runtime.notifier import NotificationBackend, Notifier
        from guarddog_gui.ui.tray.balloons import BalloonNotifications

        backend: NotificationBackend
        if sys.platform == "linux" and self._environ.get("DBUS_SESSION_BUS_ADDRESS", DBUS_DISABLED) != DBUS_DISABLED:
            backend = DBusNotifications(app_name="Guard Dog", desktop_entry=APP_ID, icon=APP_ID)
        else:
            backend = BalloonNotifications(self)
            backend.set_icon(self._tray_icon.icon)
            self._tray_icon.icon_changed.connect(backend.set_icon)
        notifier = Notifier(backend, self._settings_controller.formatter.messages, self._container.clock, self)
        notifier.set_enabled_kinds(self._settings_controller.settings.notices)
        self._background_engine.controller.overview_changed.connect(notifier.on_overview_changed)
        self._background_engine.controller.token_superseded.connect(notifier.on_token_superseded)
        self._background_engine.system_resumed.connect(notifier.on_system_resumed)
        notifier.action_invoked.connect(self.windows.actions.handle_notification)
        return notifier

    def _connect_signals(self) -> None:
        controller = self._background_engine.controller
        windows, actions = self.windows, self.windows.actions
        windows.main_window_made.connect(self._on_main_window_made)
        controller.account_list_unreadable.connect(actions.show_file_error)
        controller.account_list_damaged.connect(actions.show_damaged_account_list)
        controller.pause_changed.connect(self._on_pause_changed)
        self._tray_icon.open_requested.connect(actions.activate_window)
        self._tray_icon.popover_requested.connect(self._on_popover_requested)
        self._tray_icon.add_account_requested.connect(windows.add_account)
        self._tray_icon.force_requested.connect(windows.force_new_token)
        self._tray_icon.preferences_requested.connect(windows.open_preferences)
        self._tray_icon.sign_requested.connect(windows.open_sign_page)
        self._tray_icon.snooze_requested.connect(self._on_snooze_requested)
        self._tray_icon.quit_requested.connect(self._app.quit)
        self._tray_availability.became_available.connect(self._on_tray_available)
        self._tray_availability.became_unavailable.connect(self._on_tray_unavailable)
        self._settings_controller.settings_changed.connect(self._apply_settings)
        self._settings_controller.language_changed.connect(self._on_language_changed)
        self._single_instance.command_received.connect(self._on_command_received)

    @Slot()
    def _start_deferred(self) -> None:
        """Start what the tray icon did not wait for. A step that fails does not keep the others from starting."""
        _run_each(
            self._start_log,
            self._tray_icon.show_states,
            self._start_copy_feedback,
            self._start_unix_signals,
            self._listen,
            self._garbage_collector.start,
            self._start_notifier,
            self._start_engine,
            self._start_hotkey,
            self._repair_autostart,
            self.windows.actions.show_damaged_files,
            self._crash_notices.show_report_of_earlier_run,
            self._start_offers,
        )

    def _start_log(self) -> None:
        from guarddog_gui.adapters.logs import start_logging_in_thread  # takes 15 ms

        level = logging.getLevelName(self._settings_controller.settings.log_level.upper())
        self._stop_logging = start_logging_in_thread(self._container.paths, level)
        self._app.setWindowIcon(self._settings_controller.formatter.icons.app_icon())

    def _start_unix_signals(self) -> None:
        from guarddog_gui.runtime.unix_signals import UnixSignals

        self._unix_signals = UnixSignals(self)
        self._unix_signals.quit_requested.connect(self._app.quit)
        self._unix_signals.start()

    def _listen(self) -> None:
        try:
            self._single_instance.listen()
        except FileError as error:
            self.windows.actions.show_file_error(error)

    def _start_engine(self) -> None:
        self._background_engine.start()
        # the settings are in the folder of the account list, which is watched
        self._background_engine.files_changed.connect(self._settings_controller.check_for_changes)
        self._settings_controller.start_watching()

    def _start_hotkey(self) -> None:
        """Ask for the global hotkey, of which nothing is loaded while there is none."""
        self._settings_controller.settings_changed.connect(self._apply_hotkey)
        self._apply_hotkey(self._settings_controller.settings)

    @Slot(object)
    def _apply_hotkey(self, settings: Settings) -> None:
        if self._hotkey is None and settings.hotkey:
            from guarddog_gui.app.global_hotkey import GlobalHotkey

            self._hotkey = GlobalHotkey(self._app.platformName(), self._environ, APP_ID, self)
            self._hotkey.state_changed.connect(self._settings_controller.show_hotkey_state)
            self._hotkey.pressed.connect(self._on_hotkey_pressed)
        if self._hotkey is not None:
            description = self._settings_controller.formatter.messages.text("Open Guard Dog")
            self._hotkey.apply(settings.hotkey, settings.hotkey_action, description)

    @Slot(object, str)
    def _on_hotkey_pressed(self, action: HotkeyAction, activation_token: str) -> None:
        if self._hotkey is not None:
            activate = self._hotkey.make_activation()
            self.windows.open_by_hotkey(action, activation_token, self._tray_icon.default_appid, activate)

    def _start_offers(self) -> None:
        from guarddog_gui.app.offers import Offers

        is_sandbox = self._container.sandbox_login is not None
        find_release = self._background_engine.find_release
        self._offers = Offers(
            self._settings_controller, find_release, environ=self._environ, is_sandbox=is_sandbox, parent=self
        )
        self._offers.start()
        if self.windows.existing_main_window is not None:
            self._offers.set_window(self.windows.existing_main_window)

    def _repair_autostart(self) -> None:
        if not self._environ.get("GUARDDOG_HOME") and self._settings_controller.fixed_api_base is None:
            self._settings_controller.repair_autostart()

    def _describe_desktop(self) -> dict[str, str]:
        """Return the facts about the desktop that a crash report names."""
        variables = ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")
        desktop = (*(self._environ.get(name, "") for name in variables), self._app.platformName())
        has_tray = self._tray_availability.is_available
        return {"desktop": ", ".join(filter(None, desktop)), "tray": "yes" if has_tray else "no"}

    def _stop(self) -> bool:
        """Stop scheduler, clipboard, notifications, tray icon, worker threads and history, in this order.

        Return False if a step has failed; the others are made all the same.
        """
        self._crash_notices.stop()
        steps: list[Callable[[], None]] = [self._background_engine.controller.stop, self._clipboard.stop]
        if self._notifier is not None:
            steps.append(self._notifier.stop)
        steps.append(self._tray_icon.remove)
        if self._hotkey is not None:
            steps.append(self._hotkey.stop)
        steps += [self.windows.hide, self.windows.stop, self._stop_engine, self._garbage_collector.stop]
        if self._unix_signals is not None:
            steps.append(self._unix_signals.stop)
        return _run_each(*steps, self._single_instance.release, self._end_log)

    def _stop_engine(self) -> None:
        self.has_hung_threads = True  # also if a line below fails
        has_saved = self._settings_controller.finish_saving(SAVE_TIMEOUT_S)
        self.has_hung_threads = not (self._background_engine.stop() and has_saved)

    def _end_log(self) -> None:
        if self._stop_logging is not None:
            self._stop_logging(LOG_TIMEOUT_S)

    @Slot(object)
    def _apply_settings(self, settings: Settings) -> None:
        self._tray_icon.set_style(settings.tray_style)
        self._tray_icon.set_default_account(settings.default_account)
        if self._notifier is not None:
            self._notifier.set_enabled_kinds(settings.notices)
        if self._settings_controller.fixed_api_base is None:
            self._background_engine.set_api_base(settings.api_base)

    @Slot()
    def _on_language_changed(self) -> None:
        if self._notifier is not None:
            self._notifier.messages = self._settings_controller.formatter.messages
        self._tray_icon.retranslate()
        self.windows.retranslate()

    @Slot()
    def _on_snooze_requested(self) -> None:
        if self._notifier is not None:
            self._notifier.snooze(self._container.clock() + SNOOZE_S)

    @Slot(object)
    def _on_pause_changed(self, until: float | None) -> None:
        self._settings_controller.update_fields(paused_until=until)

    @Slot()
    def _on_tray_available(self) -> None:
        self._app.setQuitOnLastWindowClosed(False)
        if self.windows.existing_main_window is not None:
            self.windows.existing_main_window.set_tray_available(available=True)

    @Slot()
    def _on_tray_unavailable(self) -> None:
        self._app.setQuitOnLastWindowClosed(True)
        self.windows.main_window.set_tray_available(available=False)
        self.windows.main_window.show_and_activate()

    @Slot()
    def _show_window_without_accounts(self) -> None:
        """Show the window for the first account; a slow disk tells only later whether there is one."""
        controller = self._background_engine.controller
        if not controller.knows_accounts:
            return
        controller.overview_changed.disconnect(self._show_window_without_accounts)
        if not controller.overview().accounts:
            self.windows.main_window.show_and_activate()

    @Slot()
    def _show_window_without_tray(self) -> None:
        if not self._tray_availability.is_available:
            self.windows.main_window.show_and_activate()

    @Slot()
    def _on_popover_requested(self) -> None:
        icon = self._tray_icon.icon
        if icon is not None:
            self.windows.toggle_popover(icon.geometry(), self._tray_icon.default_appid)

    @Slot(str)
    def _on_copy_notification(self, text: str) -> None:
        if self._notifier is not None:
            self._notifier.show_copy(text)

    @Slot(object)
    def _on_main_window_made(self, window: "MainWindow") -> None:
        window.quit_requested.connect(self._app.quit)
        window.closed_to_tray.connect(self._on_closed_to_tray)
        window.secret_copy_requested.connect(self._copying.copy_signed_string)
        window.named_secret_copy_requested.connect(self._copying.copy_named_secret)
        window.set_tray_available(available=self._tray_availability.is_available)
        self._crash_notices.set_window(window)
        if self._offers is not None:
            self._offers.set_window(window)

    @Slot()
    def _on_closed_to_tray(self) -> None:
        if not self._settings_controller.settings.close_hint_shown:
            self._tray_icon.show_close_hint()
            self._settings_controller.update_fields(close_hint_shown=True)

    @Slot(str, str)
    def _on_command_received(self, command: str, activation_token: str) -> None:
        if command == "quit":
            self._app.quit()
        else:
            self.windows.actions.activate_window(activation_token)


def _run_each(*steps: Callable[[], object]) -> bool:
    """Make all the steps; log the exceptions, and return False if there was one."""
    has_succeeded = True
    for step in steps:
        try:
            step()
        except Exception:
            log.exception("%s failed", getattr(step, "__name__", step))
            has_succeeded = False
    return has_succeeded
