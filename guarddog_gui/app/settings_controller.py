"""The current settings: loaded at the start, edited in the preferences, applied and saved at once."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
from guarddog_gui.bootstrap.catalogues import load_jssdk_errors
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.hotkeys import HotkeyState
from guarddog_gui.domain.settings import AutostartState, Settings
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls, error_of
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import format_short
from guarddog_gui.ui.translator import Translator

if TYPE_CHECKING:
    from guarddog_gui.adapters.autostart.factory import Autostart
    from guarddog_gui.ui.preferences import PreferencesDialog

_SETTINGS_LANE, _RELOAD_LANE, _AUTOSTART_LANE = "settings", "settings again", "autostart"
_CHANGE_LANE = "settings of others"
APP_ID = "io.github.guarddog.GuardDog"
# between two looks for changes of another process, such as `guarddogctl use`, where no watcher of files reports them
CHANGE_CHECK_INTERVAL_MS = 60_000
RELOAD_INTERVAL_MS = 30_000  # between two tries to read settings that could not be read

log = logging.getLogger(__name__)


class SettingsController(QObject):
    """Applies settings to logging, theme, language and autostart; other objects use `settings_changed`."""

    settings_changed = Signal(object)  # Settings
    language_changed = Signal()
    about_requested = Signal()
    export_requested = Signal(object)  # QWidget: parent of the dialog
    import_requested = Signal(object)  # QWidget: parent of the dialog
    error_occurred = Signal(object)  # FileError

    def __init__(
        self,
        container: Container,
        environ: Mapping[str, str],
        application: QApplication,
        calls: BoundedCalls | None = None,
    ) -> None:
        super().__init__()
        self._calls = calls or BoundedCalls(parent=self)
        self._container = container
        self._environ = environ
        self._application = application
        self._translator = Translator(application)
        self._applied_language = ""
        self._preferences_dialog: PreferencesDialog | None = None
        self._hotkey_state = HotkeyState()
        self.settings: Settings = container.settings.load()
        self._unsaved_changes: dict[str, object] = {}  # fields of `self.settings` that the file has not got yet
        self._reload_timer = QTimer(self, interval=RELOAD_INTERVAL_MS)
        self._reload_timer.timeout.connect(self.reload)
        if container.settings.load_error is not None:
            self._reload_timer.start()
        self._stamp: object = container.settings.stamp()
        self._change_timer = QTimer(self, interval=CHANGE_CHECK_INTERVAL_MS)
        self._change_timer.timeout.connect(self.check_for_changes)
        # set by the environment or the sandbox, and then not by the settings
        self.fixed_api_base = container.api_base if container.api_base != self.settings.api_base else None
        self.formatter = self._make_formatter()
        self._apply(Settings(), self.settings)

    def _make_formatter(self) -> Formatter:
        messages = self._apply_language(find_language(self._environ, self.settings.language))
        container, icons = self._container, Icons(resource_path("icons"))
        return Formatter(messages, load_jssdk_errors, container.clock, icons)

    def _apply_language(self, language: str) -> Messages:
        self._applied_language = language
        message_catalog = load_message_catalog(language)
        locale = self._translator.set_catalog(message_catalog)
        clock = self._container.clock

        def format_local_time(at: float) -> str:
            return format_short(at, clock(), locale)

        return Messages(message_catalog, self._container.errcode_catalog, format_local_time)

    @Slot(object)
    def apply_and_save(self, settings: Settings) -> None:
        """Apply the settings at once and save them in another thread, where another process may hold the lock.

        Of several changes that wait for the lock the last one is saved, and it contains the others.
        """
        earlier, self.settings = self.settings, settings
        self._apply(earlier, settings)
        names = (name for name in Settings.__struct_fields__ if getattr(settings, name) != getattr(earlier, name))
        self._unsaved_changes |= {name: getattr(settings, name) for name in names}
        changes = dict(self._unsaved_changes)
        save = partial(error_of, partial(self._save_changes, changes))
        self._calls.ask(_SETTINGS_LANE, save, partial(self._on_saved, changes))
        self.settings_changed.emit(settings)

    def _save_changes(self, changes: dict[str, object]) -> None:
        """Write the changed fields only: the others may be defaults, for want of a readable file. Raise FileError."""
        self._container.settings.update(lambda stored: replace(stored, **changes))

    def _on_saved(self, changes: dict[str, object], error: FileError | None) -> None:
        if error is None:
            unsaved = self._unsaved_changes.items()
            self._unsaved_changes = {name: value for name, value in unsaved if changes.get(name) != value}
        self._report(error)

    def start_watching(self) -> None:
        """Take over changes of other processes from now on, until `finish_saving`."""
        self._change_timer.start()

    @Slot()
    def check_for_changes(self) -> None:
        """Take over what another process has changed in the file."""
        self._calls.ask(_CHANGE_LANE, self._container.settings.stamp, self._on_stamp_read)

    def _on_stamp_read(self, stamp: object) -> None:
        if stamp != self._stamp:
            self._stamp = stamp
            self.reload()

    @Slot()
    def reload(self) -> None:
        """Read and apply the settings that could not be read at the start, or that an import has replaced."""
        self._calls.ask(_RELOAD_LANE, self._container.settings.load, self._apply_reloaded)

    def _apply_reloaded(self, stored: Settings) -> None:
        """Apply the settings, with what the user has changed meanwhile."""
        if self._container.settings.load_error is not None:
            return
        self._reload_timer.stop()
        reloaded = replace(stored, **self._unsaved_changes)
        if reloaded == self.settings:  # the change was one of this process
            return
        earlier, self.settings = self.settings, reloaded
        self._apply(earlier, self.settings)
        if self._preferences_dialog is not None:
            self._preferences_dialog.show_settings(self.settings)
        self.settings_changed.emit(self.settings)

    def finish_saving(self, timeout_s: float) -> bool:
        """Wait at the end of the program; return False if the settings could not be saved in this time."""
        self._change_timer.stop()
        return self._calls.finish(timeout_s)

    def update_fields(self, **fields: object) -> None:
        """Change single settings that are not edited in the preferences."""
        self.apply_and_save(replace(self.settings, **fields))  # names and types as in Settings

    def _apply(self, earlier: Settings, settings: Settings) -> None:
        logging.getLogger().setLevel(settings.log_level.upper())
        if earlier.theme is not settings.theme:
            self.apply_theme()
        language = find_language(self._environ, settings.language)
        if language != self._applied_language:
            self.formatter.messages = self._apply_language(language)
            self.language_changed.emit()

    def apply_theme(self) -> None:
        """Apply style and theme; needed before the first window is made, which the tray icon does not wait for."""
        from guarddog_gui.ui.style.theme import apply_theme

        apply_theme(self._application, self.settings.theme)

    def open_preferences(self, parent: QWidget, make_removed_accounts: Callable[[], QWidget] | None = None) -> None:
        """Show the preferences, or bring them to the front; `make_removed_accounts` makes a list for them.

        While a modal dialog is open, that one comes to the front: the preferences could not be used.
        """
        dialog = self._application.activeModalWidget() or self._preferences_dialog
        if dialog is None:
            removed_accounts = make_removed_accounts() if make_removed_accounts is not None else None
            dialog = self._preferences_dialog = self._make_preferences_dialog(parent, removed_accounts)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _make_preferences_dialog(self, parent: QWidget, removed_accounts: QWidget | None) -> "PreferencesDialog":
        from PySide6.QtCore import Qt

        from guarddog_gui.ui.preferences import PreferencesDialog  # not needed at the start

        dialog = PreferencesDialog(
            self.settings,
            AutostartState.UNSUPPORTED,
            self.formatter,
            fixed_api_base=self.fixed_api_base,
            removed_accounts=removed_accounts,
            parent=parent,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.settings_changed.connect(self._on_dialog_settings_changed)
        dialog.autostart_requested.connect(self._on_autostart_requested)
        dialog.log_folder_requested.connect(self.open_log_folder)
        dialog.about_requested.connect(self.about_requested)
        dialog.export_requested.connect(self.export_requested)
        dialog.import_requested.connect(self.import_requested)
        dialog.destroyed.connect(self._on_dialog_destroyed)
        dialog.show_hotkey_state(self._hotkey_state)
        self._calls.ask(_AUTOSTART_LANE, self.autostart_state, partial(self._show_autostart, dialog))
        return dialog

    def _show_autostart(self, dialog: "PreferencesDialog", state: AutostartState) -> None:
        if isValid(dialog):  # it may be closed before a slow disk answers
            dialog.show_autostart(state)

    @Slot(object)
    def show_hotkey_state(self, state: HotkeyState) -> None:
        """Show in the preferences whether the global hotkey works."""
        self._hotkey_state = state
        if self._preferences_dialog is not None and isValid(self._preferences_dialog):
            self._preferences_dialog.show_hotkey_state(state)

    @Slot(object)
    def _on_dialog_settings_changed(self, edited: Settings) -> None:
        """Apply the edited settings, without the fields that the dialog does not contain."""
        now = self.settings
        self.apply_and_save(
            replace(
                edited,
                close_hint_shown=now.close_hint_shown,
                paused_until=now.paused_until,
                default_account=now.default_account,
                copy_formats=now.copy_formats,
                window=now.window,
                skipped_version=now.skipped_version,
                desktop_offered=now.desktop_offered,
            )
        )

    @Slot()
    def _on_dialog_destroyed(self) -> None:
        self._preferences_dialog = None

    @Slot()
    def open_log_folder(self) -> None:
        from PySide6.QtCore import QUrl

        from guarddog_gui.ui.widgets.browser import open_in_desktop

        if self._preferences_dialog is not None:
            log_folder = QUrl.fromLocalFile(str(self._container.paths.log_dir))
            open_in_desktop(log_folder, self._preferences_dialog)

    @Slot(bool)
    def _on_autostart_requested(self, enabled: bool) -> None:  # noqa: FBT001 - the signal's own argument
        def change() -> tuple[FileError | None, AutostartState]:
            autostart = self._make_autostart()
            error = error_of(autostart.enable if enabled else autostart.disable)
            return error, self.autostart_state()

        self._calls.ask(_AUTOSTART_LANE, change, self._on_autostart_changed)

    def _on_autostart_changed(self, outcome: tuple[FileError | None, AutostartState]) -> None:
        error, state = outcome
        self._report(error)
        if self._preferences_dialog is not None:
            self._show_autostart(self._preferences_dialog, state)

    def autostart_state(self) -> AutostartState:
        """Return the state of the login item; it cannot pass on an API base from the environment.

        Reads files: not for the main thread.
        """
        return AutostartState.UNSUPPORTED if self.fixed_api_base is not None else self._make_autostart().state()

    def repair_autostart(self) -> None:
        """Update the login item if this installation has moved; leave that of another one alone."""
        self._run_reporting_errors(_AUTOSTART_LANE, lambda: self._make_autostart().repair())

    def _run_reporting_errors(self, lane: str, action: Callable[[], object]) -> None:
        self._calls.ask(lane, partial(error_of, action), self._report)

    def _report(self, error: FileError | None) -> None:
        if error is not None:
            self.error_occurred.emit(error)

    @staticmethod
    def _make_autostart() -> "Autostart":
        # imported after the tray icon is shown
        from guarddog_gui.adapters.autostart.factory import Autostart, find_installed_program

        return Autostart(os.environ, find_installed_program(os.environ, sys.argv[0]), app_id=APP_ID)
