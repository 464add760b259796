"""The current settings: loaded at the start, edited in the preferences, applied and saved at once."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
from guarddog_gui.bootstrap.container import Container, load_jssdk_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState, Settings
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import format_short
from guarddog_gui.ui.translator import Translator

if TYPE_CHECKING:
    from guarddog_gui.adapters.autostart.factory import Autostart
    from guarddog_gui.ui.preferences import PreferencesDialog

APP_ID = "io.github.guarddog.GuardDog"

log = logging.getLogger(__name__)


class SettingsController(QObject):
    """Applies settings to logging, theme, language and autostart; other objects use `settings_changed`."""

    settings_changed = Signal(object)  # Settings
    language_changed = Signal()
    about_requested = Signal()
    error_occurred = Signal(object)  # FileError

    def __init__(self, container: Container, environ: Mapping[str, str], application: QApplication) -> None:
        super().__init__()
        self._container = container
        self._environ = environ
        self._application = application
        self._translator = Translator(application)
        self._applied_language = ""
        self._preferences_dialog: PreferencesDialog | None = None
        self.settings: Settings = container.settings.load()
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
        earlier, self.settings = self.settings, settings
        self._apply(earlier, settings)
        self._run_reporting_errors(partial(self._container.settings.save, settings))
        self.settings_changed.emit(settings)

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
        from guarddog_gui.ui.theme import apply_theme

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
            self.autostart_state(),
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
        dialog.destroyed.connect(self._on_dialog_destroyed)
        return dialog

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
            )
        )

    @Slot()
    def _on_dialog_destroyed(self) -> None:
        self._preferences_dialog = None

    @Slot()
    def open_log_folder(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._container.paths.log_dir)))

    @Slot(bool)
    def _on_autostart_requested(self, enabled: bool) -> None:  # noqa: FBT001 - the signal's own argument
        autostart = self._make_autostart()
        self._run_reporting_errors(autostart.enable if enabled else autostart.disable)
        if self._preferences_dialog is not None:
            self._preferences_dialog.show_autostart(self.autostart_state())

    def autostart_state(self) -> AutostartState:
        """Return the state of the login item; it cannot pass on an API base from the environment."""
        return AutostartState.UNSUPPORTED if self.fixed_api_base is not None else self._make_autostart().state()

    def repair_autostart(self) -> None:
        """Update the login item if this installation has moved; leave that of another one alone."""
        self._run_reporting_errors(self._make_autostart().repair)

    def _run_reporting_errors(self, action: Callable[[], object]) -> None:
        try:
            action()
        except FileError as error:
            self.error_occurred.emit(error)

    @staticmethod
    def _make_autostart() -> "Autostart":
        # imported after the tray icon is shown
        from guarddog_gui.adapters.autostart.factory import Autostart, find_installed_program

        return Autostart(os.environ, find_installed_program(os.environ, sys.argv[0]), app_id=APP_ID)
