"""Windows of the tray app, each made when it is first shown: the tray icon need not wait for them."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal, Slot

from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.app.window_actions import WindowActions
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.hotkeys import HotkeyAction
from guarddog_gui.domain.settings import WindowState
from guarddog_gui.ui.clipboard.clipboard import Clipboard

if TYPE_CHECKING:
    from guarddog_gui.app.about import About
    from guarddog_gui.ui.main_window import MainWindow
    from guarddog_gui.ui.tray.popover import Popover


class Windows(QObject):
    """The main window, the popover of the tray icon, and what the tray icon opens in them."""

    main_window_made = Signal(object)  # MainWindow, before it is shown

    def __init__(
        self,
        container: Container,
        settings_controller: SettingsController,
        engine: BackgroundEngine,
        clipboard: Clipboard,
        environ: Mapping[str, str] = os.environ,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._container = container
        self._settings_controller = settings_controller
        self._engine = engine  # its signing controller is loaded when the main window is made
        self._controller = engine.controller
        self._clipboard = clipboard
        self._environ = environ
        self.existing_main_window: MainWindow | None = None
        self._popover: Popover | None = None
        self._about: About | None = None
        self.actions = WindowActions(
            container, settings_controller, engine.controller, lambda: self.main_window, parent=self
        )
        settings_controller.about_requested.connect(self.show_about)
        settings_controller.error_occurred.connect(self.actions.show_file_error)
        settings_controller.export_requested.connect(self.actions.export_accounts)
        settings_controller.import_requested.connect(self.actions.import_accounts)

    @property
    def main_window(self) -> "MainWindow":
        if self.existing_main_window is None:
            from guarddog_gui.ui.main_window import MainWindow

            settings, actions = self._settings_controller, self.actions
            settings.apply_theme()
            login = self._container.sandbox_login
            window = MainWindow(
                self._controller,
                self._engine.signing_controller,
                self._clipboard,
                settings.formatter,
                sandbox_login=login,
            )
            window.preferences_requested.connect(self.open_preferences)
            window.sandbox_requested.connect(actions.start_sandbox)
            window.restore_state(settings.settings.window)
            window.state_changed.connect(self._on_state_changed)
            window.test_page_requested.connect(actions.open_test_page)
            window.node_loader_requested.connect(actions.copy_node_loader)
            window.folder_requested.connect(actions.open_folder)
            window.account_actions.settings_imported.connect(settings.reload)
            window.crash_banner.file_requested.connect(actions.show_crash_file)
            self.existing_main_window = window
            self.main_window_made.emit(window)
        return self.existing_main_window

    @property
    def popover(self) -> "Popover":
        if self._popover is None:
            from guarddog_gui.ui.tray.popover import Popover

            self._settings_controller.apply_theme()
            popover = Popover(self._controller, self._clipboard, self._settings_controller.formatter)
            popover.open_requested.connect(self.actions.activate_window)
            popover.preferences_requested.connect(self.open_preferences)
            popover.sign_requested.connect(self.open_sign_page)
            self._popover = popover
        return self._popover

    def retranslate(self) -> None:
        """Set the texts of the windows that exist in the current language."""
        if self._popover is not None:
            self._popover.retranslate()
        if self.existing_main_window is not None:
            self.existing_main_window.retranslate()

    def hide(self) -> None:
        """Hide the windows, and remember where the main window was."""
        if self._popover is not None:
            self._popover.hide()
        if self.existing_main_window is not None:
            self._on_state_changed(self.existing_main_window.state())
            self.existing_main_window.hide()

    def stop(self) -> None:
        """End what the windows have started."""
        if self._about is not None:
            self._about.stop()
        self.actions.stop()

    def toggle_popover(self, icon_rect: QRect, default_appid: str) -> None:
        """Show the popover beside the tray icon, or hide it."""
        self.popover.toggle(icon_rect, default_appid)

    def open_by_hotkey(
        self, action: HotkeyAction, activation_token: str, default_appid: str, activate: Callable[[int], None]
    ) -> None:
        """Open the search or the popover at the pointer, and call `activate(window id)` as soon as it is mapped."""
        from guarddog_gui.ui.widgets.exposure import call_when_exposed

        if action is HotkeyAction.POPOVER:
            self.toggle_popover(QRect(), default_appid)
            call_when_exposed(self.popover, activate)
        else:
            self.actions.activate_window(activation_token)
            call_when_exposed(self.main_window.open_search_unless_modal(), activate)

    @Slot()
    def open_preferences(self) -> None:
        window = self.main_window
        window.show_and_activate()
        self._settings_controller.open_preferences(window, window.account_actions.make_removed_accounts)

    @Slot()
    def show_about(self) -> None:
        from guarddog_gui.app.about import About  # rarely needed

        settings = self._settings_controller
        if self._about is None:
            copy = partial(self.main_window.copy_named_text, name=settings.formatter.messages.text("the report"))
            self._about = About(
                self._container, self._environ, copy, settings.open_log_folder, settings.fixed_api_base, self
            )
        self._about.open(settings.formatter.icons, self.main_window)

    @Slot()
    @Slot(str)
    def open_sign_page(self, appid: str = "") -> None:
        self.main_window.show_and_activate()
        self.main_window.open_sign_page(appid)

    @Slot()
    def add_account(self) -> None:
        self.main_window.show_and_activate()
        self.main_window.account_actions.add_account()

    @Slot(str)
    def force_new_token(self, appid: str) -> None:
        self.main_window.show_and_activate()
        self.main_window.account_actions.force_new_token(appid)

    @Slot(object)
    def _on_state_changed(self, state: WindowState) -> None:
        if state != self._settings_controller.settings.window:
            self._settings_controller.update_fields(window=state)
