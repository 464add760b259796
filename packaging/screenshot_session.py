"""Take a screenshot of every page of the program in one language and theme.

screenshot_session.py FOLDER LANGUAGE THEME [names]     started by screenshots.py, with a temporary home
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QImage  # noqa: TID251  # allowed here: it shows windows
from PySide6.QtWidgets import QApplication, QTableView, QTabWidget, QWidget  # noqa: TID251
from sample_data import IP_NOT_LISTED_ERRMSG, NOW, SHOP, make_sample_data, sample_accounts

from guarddog_gui import __version__
from guarddog_gui.adapters.files.paths import document_path
from guarddog_gui.adapters.installed_libraries import read_libraries
from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app.copying import Copying
from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import Account, Environment, Secret
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval
from guarddog_gui.domain.settings import AutostartState, Settings, Theme
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount, TransferContent
from guarddog_gui.runtime.transfer_jobs import OpenedFile
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.accounts.recent_removals import RecentRemovals
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.transfer.export_dialog import ExportDialog
from guarddog_gui.ui.transfer.import_dialog import ImportDialog
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon
from guarddog_gui.ui.tray.popover import Popover
from guarddog_gui.ui.widgets.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WINDOW_SIZE = (1080, 720)
FONTS = {"en": "Inter", "zh_CN": "WenQuanYi Micro Hei"}
FONT_SIZE = 13  # pixels
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
        self,
        container: Container,
        application: QApplication,
        new_account: SandboxAccount,
        *,
        folder: Path,
        name: str,
        selected: Sequence[str],
    ) -> None:
        """Save `<page>-<name>.png` in `folder` for the `selected` pages, or for all if that is empty.

        `new_account` is one that the session adds in the dialog.
        """
        super().__init__()
        self._new_account = new_account
        self._folder = folder
        self._name = name
        self._selected = selected
        self._engine = BackgroundEngine(container)
        self._controller = self._engine.controller
        self._controller.reload_from_disk()
        self._settings_controller = SettingsController(container, os.environ, application)
        self._settings_controller.apply_theme()
        self._formatter = self._settings_controller.formatter
        application.setWindowIcon(self._formatter.icons.app_icon())
        clipboard = Clipboard(time.monotonic, parent=self)
        self._window = MainWindow(self._controller, self._engine.signing_controller, clipboard, self._formatter)

        self._copying = Copying(self._settings_controller, self._controller, clipboard, container.api_base, self)
        self._popover = Popover(self._controller, clipboard, self._formatter)
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
        yield from self._capture_tray()
        yield from self._capture_history()
        yield from self._capture_sign()
        yield from self._capture_diagnose()
        yield from self._capture_errcodes()
        yield from self._capture_dialogs()

    def _show_page(self, page_class: type[PageType]) -> PageType:
        """Show the page of this class and return it."""
        (page,) = self._window.findChildren(page_class)
        self._window.show_page(page)
        return page

    def _capture_history(self) -> Iterator[int]:
        page = self._show_page(HistoryPage)
        yield 1200
        self.save_screenshot("history", self._window)
        (history_list,) = page.findChildren(HistoryList)
        model = history_list.model()
        texts = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
        history_list.setCurrentIndex(model.index(next(n for n, text in enumerate(texts) if "40164" in text), 0))
        yield 300
        self.save_screenshot("history-details", self._window)

    def _capture_diagnose(self) -> Iterator[int]:
        page = self._show_page(DiagnosePage)
        ticket = self._container.dog_files.read(SHOP, TokenKind.JSAPI_TICKET)
        signed = SignatureInput(ticket.value if ticket else "", "Wm3WZYTPz0wzccnW", int(NOW), DIAGNOSED_URL)
        config = WxConfig(SHOP.appid, signed.timestamp, signed.nonce, signed.signature, DEFAULT_JS_APIS)
        page.set_input(config.as_javascript, f"{DIAGNOSED_URL}?from=timeline")
        yield 2500
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

    def _capture_transfer_dialogs(self) -> Iterator[int]:
        jobs = self._controller.account_jobs
        export_dialog = ExportDialog(jobs, self._formatter, self._window)
        export_dialog.show()
        yield 200
        self.save_screenshot("export-accounts", export_dialog)
        export_dialog.close()
        import_dialog = ImportDialog(jobs, self._formatter, "/home/me/guarddog-accounts.age", self._window)
        accounts = sample_accounts(self._formatter.messages.message_catalog.language)
        moved = tuple(MovedAccount(account, Secret("secret")) for account in accounts)
        content = TransferContent(moved, Settings())
        import_dialog.show_opened(OpenedFile(content, ImportPlan(moved[2:], (), moved[:2])))
        import_dialog.show()
        yield 200
        self.save_screenshot("import-accounts", import_dialog)
        import_dialog.close()

    def _capture_dialogs(self) -> Iterator[int]:
        language = self._formatter.messages.message_catalog.language
        shop = sample_accounts(language)[0]
        yield from self._capture_account_dialogs(shop)
        settings = Settings(theme=Theme(self._name.rpartition("-")[2]))
        preferences = PreferencesDialog(
            settings, AutostartState.ON, self._formatter, removed_accounts=self._removed(), parent=self._window
        )
        preferences.show()
        (tabs,) = preferences.findChildren(QTabWidget)
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            yield 200
            self.save_screenshot("preferences" if not index else f"preferences-{index + 1}", preferences)
        preferences.close()
        yield from self._capture_transfer_dialogs()
        licence, changes = (document_path(name).read_text("utf-8") for name in ("LICENSE", "CHANGELOG.md"))
        about = AboutDialog(__version__, licence, changes, read_libraries(), self._formatter.icons, self._window)
        about.show()
        yield 300
        self.save_screenshot("about", about)
        about.close()
        QTimer.singleShot(300, self, self._capture_message_box)
        production = replace(shop, environment=Environment.PRODUCTION)
        confirm_and_force(self._window, self._controller, self._formatter, production)

    def _capture_tray(self) -> Iterator[int]:
        self._popover.toggle(QRect(900, 0, 24, 24), SHOP.appid)
        yield 200
        self._controller.copies.request(SHOP.appid, TokenKind.ACCESS_TOKEN)
        yield 1200
        self.save_screenshot("popover", self._popover)
        self._popover.close()
        self._tray.show_states()
        self._tray.menu.popup(self._window.pos())
        yield 300
        self.save_screenshot("tray-menu", self._tray.menu)
        self._tray.menu.close()

    def _capture_account_dialogs(self, shop: Account) -> Iterator[int]:
        dialog = AccountDialog(self._controller, self._formatter, None, self._window)
        dialog.show()
        yield 300
        self.save_screenshot("account-empty", dialog)
        dialog.form.fill_in("wx5a0d09b0c0f00004", "0123456789abcdef0123456789abcdef", "UniStore")
        yield 1500
        self.save_screenshot("account-refused", dialog)
        dialog.close()
        dialog = AccountDialog(self._controller, self._formatter, None, self._window)
        dialog.show()
        dialog.form.fill_in(self._new_account.appid, self._new_account.secret, "UniStore")
        yield 1500
        self.save_screenshot("account", dialog)
        dialog.form.set_advanced_visible(visible=True)
        yield 300
        self.save_screenshot("account-advanced", dialog)
        dialog.close()
        dialog = AccountDialog(self._controller, self._formatter, shop, self._window)
        dialog.show()
        yield 300
        self.save_screenshot("account-edit", dialog)
        dialog.close()

    def _removed(self) -> QWidget:
        """Return the list of removed accounts with one that was removed a minute ago."""
        old = Account("wx5a0d09b0c0ffee09", "Summer campaign", environment=Environment.TEST)
        until = clock() + UNDO_S - 60
        self._container.accounts.start_removal(PendingRemoval(old.appid, old.name, removed=old, undo_until=until))
        return RecentRemovals(self._controller.removals, self._formatter)

    @Slot()
    def _capture_message_box(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, ConfirmDialog):
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
        new_account = SandboxAccount("wx5a0d09b0c0f00004", token_hex(16), "UniStore")
        server.rules.set_account(new_account)
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
        font = QFont(FONTS[language])
        font.setPixelSize(FONT_SIZE)
        application.setFont(font)
        name = f"{language.partition('_')[0]}-{theme}"
        session = ScreenshotSession(container, application, new_account, folder=folder, name=name, selected=selected)
        exit_code = application.exec()
        del session
        sys.stdout.flush()
        os._exit(exit_code)  # without waiting for the pending call


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])
