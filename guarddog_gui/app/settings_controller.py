"""The settings in force: read at the start, changed in the preferences, applied at once and kept on disk."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from guarddog_gui.adapters.files.paths import resource
from guarddog_gui.bootstrap.container import Stores, jssdk_errors, sentences_for
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.message_catalog import language_of
from guarddog_gui.domain.settings import AutostartState, Settings
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import Moments
from guarddog_gui.ui.translator import Languages

if TYPE_CHECKING:
    from guarddog_gui.adapters.autostart.factory import Autostart
    from guarddog_gui.ui.preferences import Preferences

APP_ID = "io.github.guarddog.GuardDog"

log = logging.getLogger(__name__)


class SettingsInForce(QObject):
    """The one place that knows what every setting does; who needs one listens to `changed`."""

    changed = Signal(object)  # Settings
    language_changed = Signal()
    trouble = Signal(object)  # FileTrouble

    def __init__(self, stores: Stores, environ: Mapping[str, str], application: QApplication) -> None:
        super().__init__()
        self._stores = stores
        self._environ = environ
        self._application = application
        self._languages = Languages(resource("translations"), application)
        self._language = ""
        self._dialog: Preferences | None = None
        self.settings: Settings = stores.settings.load()
        # what the environment or the sandbox dictates, whatever the settings say
        self.fixed_api_base = stores.api_base if stores.api_base != self.settings.api_base else None
        self.voice = self._first_voice()
        self._apply(Settings(), self.settings)

    def _first_voice(self) -> Voice:
        self._language = language_of(self._environ, self.settings.language)
        moments = Moments(self._languages.speak(self._language))
        stores = self._stores
        sentences = self._sentences(moments)
        icons = Icons(resource("icons"))
        return Voice(sentences, stores.catalogue, jssdk_errors, moments, stores.clock, icons)

    def _sentences(self, moments: Moments) -> Sentences:
        clock = self._stores.clock

        def local_time(at: float) -> str:
            return moments.clock(at, clock())

        return sentences_for(self._environ, self.settings.language, self._stores.catalogue, local_time)

    @Slot(object)
    def change(self, settings: Settings) -> None:
        """Apply and keep these."""
        before, self.settings = self.settings, settings
        self._apply(before, settings)
        try:
            self._stores.settings.save(settings)
        except FileTrouble as trouble:
            self.trouble.emit(trouble)
        self.changed.emit(settings)

    def remember(self, **fields: object) -> None:
        """Keep something that the program itself has learned."""
        changes: dict[str, object] = fields
        self.change(replace(self.settings, **changes))  # type: ignore[arg-type]  # names and types as in Settings

    def _apply(self, before: Settings, after: Settings) -> None:
        logging.getLogger().setLevel(after.log_level.upper())
        if before.theme is not after.theme:
            from guarddog_gui.ui.theme import use_theme  # most people leave the theme to the system

            use_theme(self._application, after.theme)
        language = language_of(self._environ, after.language)
        if language != self._language:
            self._language = language
            self.voice.moments = Moments(self._languages.speak(language))
            self.voice.sentences = self._sentences(self.voice.moments)
            self.language_changed.emit()

    # -- the preferences --------------------------------------------------------------------------

    def open_preferences(self, parent: QWidget) -> None:
        """Show the dialog, or bring the open one to the front.

        A dialog that waits for an answer blocks all windows beside it: then it is that one that comes.
        """
        waiting = self._application.activeModalWidget()
        if waiting is not None:
            waiting.raise_()
            waiting.activateWindow()
            return
        if self._dialog is None:
            from PySide6.QtCore import Qt

            from guarddog_gui.ui.preferences import Preferences  # not needed before somebody opens it

            dialog = Preferences(
                self.settings,
                self.autostart_state(),
                self.voice,
                fixed_api_base=self.fixed_api_base,
                parent=parent,
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.changed.connect(self._on_dialog_changed)
            dialog.autostart_wanted.connect(self._on_autostart)
            dialog.log_folder_wanted.connect(self._on_log_folder)
            dialog.destroyed.connect(self._on_dialog_gone)
            self._dialog = dialog
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(object)
    def _on_dialog_changed(self, chosen: Settings) -> None:
        """What the dialog does not know about stays as it is."""
        self.change(
            replace(
                chosen,
                close_hint_shown=self.settings.close_hint_shown,
                paused_until=self.settings.paused_until,
            )
        )

    @Slot()
    def _on_dialog_gone(self) -> None:
        self._dialog = None

    @Slot()
    def _on_log_folder(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._stores.places.log_dir)))

    @Slot(bool)
    def _on_autostart(self, wanted: bool) -> None:  # noqa: FBT001 - the signal's own argument
        autostart = self._autostart()
        self._with_files(autostart.turn_on if wanted else autostart.turn_off)
        if self._dialog is not None:
            self._dialog.show_autostart(self.autostart_state())

    def autostart_state(self) -> AutostartState:
        """A login starts the program as it is at home: not with an address that only we have been given."""
        return AutostartState.IMPOSSIBLE if self.fixed_api_base is not None else self._autostart().state()

    def mend_autostart(self) -> None:
        """Follow this installation if it has moved; an entry of another one is left alone."""
        self._with_files(self._autostart().mend)

    def _with_files(self, act: Callable[[], object]) -> None:
        try:
            act()
        except FileTrouble as trouble:
            self.trouble.emit(trouble)

    @staticmethod
    def _autostart() -> "Autostart":
        from guarddog_gui.adapters.autostart.factory import (  # not before the tray is up
            Autostart,
            installed_program,
        )

        return Autostart(os.environ, installed_program(os.environ, sys.argv[0]), app_id=APP_ID)
