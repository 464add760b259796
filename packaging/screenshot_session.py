"""Take a screenshot of every page of the program in one language and theme.

screenshot_session.py FOLDER LANGUAGE THEME [names]     started by screenshots.py, with a temporary home
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QImage  # allowed here: it shows windows
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox, QPushButton, QTableView, QWidget
from sample_data import IP_NOT_LISTED_ERRMSG, NOW, SHOP, make_sample_data, sample_accounts

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.settings import AutostartState, Settings, Theme
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import KeySubject
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WINDOW_SIZE = (960, 640)
FONTS = {"en": QFont("DejaVu Sans", 9), "zh_CN": QFont("WenQuanYi Micro Hei", 10)}
SIGNED_URL = "http://shop.example.com/旗舰店?from=timeline&code=081x&state=1#/cart"
DIAGNOSED_URL = "https://shop.example.com/flowers/"
PageType = TypeVar("PageType", bound=Page)
_started_at_s = time.monotonic()


def clock() -> float:
    """Return the time since the start of this script, added to NOW, so that all screenshots show the same."""
    return NOW + time.monotonic() - _started_at_s


class ScreenshotSession(QObject):
    """Session that shows page after page and saves a screenshot of each.

    `capture_all` is a generator that yields the milliseconds to wait before its next step.
    """

    def __init__(
        self, container: Container, application: QApplication, *, folder: Path, name: str, selected: Sequence[str]
    ) -> None:
        """Save `<page>-<name>.png` in `folder` for the `selected` pages, or for all if that is empty."""
        super().__init__()
        self._folder = folder
        self._name = name
        self._selected = selected
        self._engine = BackgroundEngine(container)
        self._controller = self._engine.controller
        self._controller.reload_from_disk()
        self._settings_controller = SettingsController(container, os.environ, application)
        self._formatter = self._settings_controller.formatter
        application.setWindowIcon(self._formatter.icons.app_icon())
        clipboard = Clipboard(time.monotonic, parent=self)
        self._window = MainWindow(self._controller, self._engine.signing_controller, clipboard, self._formatter)

        def account_name(appid: str) -> str:
            status = self._controller.overview().account(appid)
            return appid if status is None else status.account.name

        self._controller.copies.copy_ready.connect(
            lambda appid, kind, value: clipboard.copy_secret(value, KeySubject(kind, account_name(appid)), 30)
        )
        self._tray = TrayIcon(self._controller, TrayAvailability(self), self._formatter)
        self._container = container
        self._steps = self.capture_all()
        QTimer.singleShot(0, self, self._run_next_step)

    @Slot()
    def _run_next_step(self) -> None:
        delay_ms = next(self._steps, None)
        if delay_ms is None:
            self._window.hide()
            self._engine.stop()
            QApplication.quit()
        else:
            QTimer.singleShot(delay_ms, self, self._run_next_step)

    def capture_all(self) -> Iterator[int]:
        window = self._window
        window.resize(*WINDOW_SIZE)
        window.show()
        yield 300
        self.save_screenshot("first-run", window)
        self._container.accounts.update(
            lambda _: sample_accounts(self._settings_controller.formatter.messages.message_catalog.language)
        )
        self._engine.start()
        yield 3500  # until the token that becomes due is being refreshed
        self._controller.copies.request(SHOP.appid, TokenKind.ACCESS_TOKEN)
        yield 300
        self.save_screenshot("tokens", window)
        yield from self._capture_history()
        yield from self._capture_sign()
        yield from self._capture_diagnose()
        yield from self._capture_errcodes()
        yield from self._capture_dialogs()

    def _show_page(self, page_class: type[PageType]) -> PageType:
        """Show the page of this class and return it."""
        (sidebar,) = self._window.findChildren(Sidebar)
        (page,) = self._window.findChildren(page_class)
        sidebar.show_page(page)
        return page

    def _capture_history(self) -> Iterator[int]:
        page = self._show_page(HistoryPage)
        days = page.findChildren(QComboBox)[3]
        days.setCurrentIndex(1)
        yield 800
        page.findChildren(QTableView)[0].selectRow(0)
        yield 300
        self.save_screenshot("history", self._window)

    def _capture_diagnose(self) -> Iterator[int]:
        page = self._show_page(DiagnosePage)
        ticket = self._container.dog_files.read(SHOP, TokenKind.JSAPI_TICKET)
        signed = SignatureInput(ticket.value if ticket else "", "Wm3WZYTPz0wzccnW", int(NOW), DIAGNOSED_URL)
        config = WxConfig(SHOP.appid, signed.timestamp, signed.nonce, signed.signature, DEFAULT_JS_APIS)
        page.set_input(config.as_javascript, f"{DIAGNOSED_URL}?from=timeline")
        page.start()
        yield 1500
        self.save_screenshot("diagnose", self._window)

    def _capture_errcodes(self) -> Iterator[int]:
        page = self._show_page(ErrcodePage)
        (table,) = page.findChildren(QTableView)
        matches = table.model().match(table.model().index(0, 0), Qt.ItemDataRole.DisplayRole, "40164")
        table.setCurrentIndex(matches[0])
        yield 300
        self.save_screenshot("errcodes", self._window)
        self._show_page(TokensPage)

    def _capture_sign(self) -> Iterator[int]:
        page = self._show_page(SignPage)
        page.select_account(SHOP.appid)
        page.set_url(SIGNED_URL)
        yield 600
        self.save_screenshot("sign", self._window)

    def _capture_dialogs(self) -> Iterator[int]:
        language = self._formatter.messages.message_catalog.language
        shop = sample_accounts(language)[0]
        dialog = AccountDialog(self._controller, self._formatter, shop, self._window)
        dialog.show()
        _name, _appid, secret, *_ = dialog.findChildren(QLineEdit)
        secret.setText("0123456789abcdef0123456789abcdef")
        secret.textEdited.emit(secret.text())
        next(b for b in dialog.findChildren(QPushButton) if b.text() in ("Test", "测试")).click()
        yield 600
        self.save_screenshot("account", dialog)
        dialog.close()
        settings = Settings(theme=Theme(self._name.rpartition("-")[2]))
        preferences = PreferencesDialog(settings, AutostartState.ON, self._formatter, parent=self._window)
        preferences.show()
        yield 300
        self.save_screenshot("preferences", preferences)
        preferences.close()
        QTimer.singleShot(300, self, self._capture_message_box)
        confirm_and_force(self._window, self._controller, self._formatter, shop)
        self._tray.menu.popup(self._window.pos())
        yield 300
        self.save_screenshot("tray-menu", self._tray.menu)
        self._tray.menu.close()

    @Slot()
    def _capture_message_box(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self.save_screenshot("force", box)
            box.reject()

    def save_screenshot(self, page: str, widget: QWidget) -> None:
        if not self._selected or page in self._selected:
            file = self._folder / f"{page}-{self._name}.png"
            image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
            if not image.save(str(file)):
                raise OSError(f"{file} could not be written")


def write_sample_data(container: Container) -> None:
    data = make_sample_data()
    for entry in data.entries:
        container.history.append(entry)
    for account in sample_accounts("en"):
        for kind in account.token_kinds:
            container.dog_files.write(account, kind, data.records[account.appid, kind])


def main(folder: Path, language: str, theme: str, selected: Sequence[str]) -> None:
    with SandboxServer(clock) as server:
        secrets = MemorySecretStore()
        for account in server.accounts:
            secrets.set(account.appid, Secret(account.secret))
        # The first call is that of MAGAZINE, which is refused as before; the second, COFFEE's, stays pending.
        refusal = json.dumps({"errcode": 40164, "errmsg": IP_NOT_LISTED_ERRMSG})
        server.faults.add(Fault(FaultKind.CUSTOM_BODY, text=refusal), endpoint="stable_token")
        server.faults.add(Fault(FaultKind.HANG, seconds=60), endpoint="stable_token")
        container = make_container(os.environ, clock, secrets=secrets, api_base=server.base_url)
        container.settings.save(Settings(theme=Theme(theme)))
        write_sample_data(container)
        application = QApplication(["guarddog-gui", "-style", "fusion"])
        application.setFont(FONTS[language])
        name = f"{language.partition('_')[0]}-{theme}"
        session = ScreenshotSession(container, application, folder=folder, name=name, selected=selected)
        exit_code = application.exec()
        del session
        sys.stdout.flush()
        os._exit(exit_code)  # without waiting for the pending call


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])
