"""Actions of the tray app that need the window or the desktop: status messages, browser, clipboard."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, UsageError
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.clipboard.subject import CopySubject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from guarddog_gui.app.signature_test_page import SignatureTestServer
    from guarddog_gui.domain.signing.wx_config import WxConfig
    from guarddog_gui.services.messages.message import Messages
    from guarddog_gui.ui.main_window import MainWindow

NODE_LOADER_FILE = "follower.js"


class WindowActions(QObject):
    """Slots for requests of the window, the controller and notifications; the window is made on demand."""

    def __init__(
        self,
        container: Container,
        settings_controller: SettingsController,
        controller: Controller,
        get_window: Callable[[], "MainWindow"],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._container = container
        self._settings_controller = settings_controller
        self._controller = controller
        self._get_window = get_window
        self._test_server: SignatureTestServer | None = None

    @property
    def _messages(self) -> "Messages":
        return self._settings_controller.formatter.messages

    def stop(self) -> None:
        if self._test_server is not None:
            self._test_server.stop()

    @Slot()
    def activate_window(self, activation_token: str = "") -> None:
        """Bring the window to the front. Wayland allows it only with the token of the user's click."""
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        self._get_window().show_and_activate()

    @Slot(str, str, str)
    def handle_notification(self, appid: str, action: str, activation_token: str) -> None:
        from guarddog_gui.domain.refresh.notifications import NotificationAction

        match action:
            case NotificationAction.COPY_IP:
                status = self._controller.overview().account(appid)
                if status is not None and status.first_failure is not None and status.first_failure.ip:
                    self._get_window().copy_text(status.first_failure.ip)
            case NotificationAction.TRY_AGAIN:
                self._controller.refresh(appid)
            case _:
                self.activate_window(activation_token)

    @Slot(object, str, object)
    def open_test_page(self, account: Account, url: str, config: "WxConfig") -> None:
        """Open a page in the browser that shows whether a signature is right; see `SignatureTestServer`."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        if self._test_server is None:
            from guarddog_gui.app.signature_test_page import SignatureTestServer  # rarely needed

            own_values = self._controller.quick_reader(self._container.own_values)
            self._test_server = SignatureTestServer(own_values, self._container.clock)
        try:
            page_url = self._test_server.make_page_url(account, url, config)
        except UsageError:
            message = self._messages.message(
                "This computer has no port left for the test page.", "Close some programs, then try again."
            )
            self._get_window().show_status(message.text)
            return
        if page_url is not None:
            if not QDesktopServices.openUrl(QUrl(page_url)):
                self._show_unopened_page(page_url)
            return
        key_name = self._messages.key_name(TokenKind.JSAPI_TICKET)
        self._get_window().show_status(self._messages.text("There is no live {key} to sign with.", key=key_name))

    def _show_unopened_page(self, page_url: str) -> None:
        message = self._messages.message(
            "No browser could be opened.", "Open this address yourself: {url}", url=page_url
        )
        self._get_window().show_status(message.text)

    @Slot(object, object)
    def copy_node_loader(self, account: Account, kind: TokenKind) -> None:
        """Copy a loader for Node programs, which can read the file instead of refreshing by themselves."""
        from guarddog_gui.domain.exports.formats import render_node_loader

        try:
            template = resource_path(f"snippets/{NODE_LOADER_FILE}").read_text(encoding="utf-8")
        except FileError as error:
            self.show_file_error(error)
            return
        path = str(self._container.dog_files.path(account, kind))
        self._get_window().copy_named_text(render_node_loader(template, kind, path), NODE_LOADER_FILE)

    @Slot(object)
    def open_folder(self, account: Account) -> None:
        """Open the folder of an account's `.dog` files; without a file manager, show where it is."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        folder = self._container.dog_files.path(account, TokenKind.ACCESS_TOKEN).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._get_window().show_status(str(folder))

    @Slot()
    def start_sandbox(self) -> None:
        """Start a second process with a temporary data folder, which does not touch the data of this one."""
        from PySide6.QtCore import QProcess

        from guarddog_gui.adapters.autostart.factory import find_installed_program  # rarely needed

        program = find_installed_program(os.environ, sys.argv[0]) or Path(sys.argv[0]).absolute()
        has_started, _ = QProcess.startDetached(str(program), ["--sandbox", "--show"])
        if not has_started:
            message = self._messages.message(
                "The sandbox could not be started.", "Start it in a terminal: {command}", command=f"{program} --sandbox"
            )
            self._get_window().show_status(message.text)

    @Slot(object)
    def export_accounts(self, parent: "QWidget") -> None:
        """Open the dialog that writes all accounts into a file."""
        self._get_window().account_actions.export_accounts(parent)

    @Slot(object)
    def import_accounts(self, parent: "QWidget") -> None:
        """Open the dialog that takes over the accounts of such a file."""
        self._get_window().account_actions.import_accounts(parent)

    @Slot(object)
    def show_copy_failure(self, subject: CopySubject) -> None:
        """Show that a value is not on the clipboard although the user has asked for it."""
        window = self._get_window()
        window.show_and_activate()
        window.show_copy_failure(subject)

    @Slot(object)
    def show_file_error(self, error: FileError) -> None:
        window = self._get_window()
        window.show_and_activate()
        window.show_status(self._messages.for_file_error(error).text)

    @Slot()
    def show_damaged_account_list(self) -> None:
        self._show_damaged_file(self._container.accounts.damaged_backup)

    def show_damaged_files(self) -> None:
        self._show_damaged_file(self._container.accounts.damaged_backup)
        self._show_damaged_file(self._container.settings.damaged_backup)
        self._show_damaged_file(self._container.history.quarantined_path)
        if self._container.settings.load_error is not None:
            self.show_file_error(self._container.settings.load_error)

    def _show_damaged_file(self, backup: Path | None) -> None:
        if backup is not None:
            window = self._get_window()
            window.show_and_activate()
            window.show_status(self._messages.for_damaged_file(str(backup)).text)

    @Slot(object)
    def show_crash_file(self, path: Path) -> None:
        """Open a crash report in the user's editor; without one, show where it is."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._get_window().show_status(str(path))
