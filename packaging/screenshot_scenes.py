"""Scenes of the screenshots: each shows one page, dialog or menu of the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QTableView, QTabWidget, QWidget
from sample_data import MAGAZINE, NOW, SHOP, sample_accounts
from sharing_scenes import SharingScenes

from guarddog_gui import __version__
from guarddog_gui.adapters.files.paths import document_path
from guarddog_gui.adapters.installed_libraries import read_libraries
from guarddog_gui.domain.accounts.account import Account, Environment, Secret
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.settings import AutostartState, Settings, Theme
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount, TransferContent
from guarddog_gui.runtime.window.transfer_jobs import OpenedFile
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.recent_removals import RecentRemovals
from guarddog_gui.ui.api.console import ApiConsoleView
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.calls_dialog import CallsDialog
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.time_span_dialog import TimeSpanDialog
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.shell.help_dialog import HelpDialog
from guarddog_gui.ui.shell.pause_menu import PauseMenu
from guarddog_gui.ui.shell.search_dialog import SearchDialog
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.transfer.export_dialog import ExportDialog
from guarddog_gui.ui.transfer.import_dialog import ImportDialog
from guarddog_gui.ui.tray.icon import TrayIcon
from guarddog_gui.ui.tray.popover import Popover
from guarddog_gui.ui.widgets.toast import Toast
from guarddog_gui.ui.window_pages import PageName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from guarddog_gui.bootstrap.container import Container
    from guarddog_gui.runtime.controller import Controller
    from guarddog_gui.sandbox.accounts import SandboxAccount

SIGNED_URL = "http://shop.example.com/旗舰店?from=timeline&code=081x&state=1#/cart"
DIAGNOSED_URL = "https://shop.example.com/flowers/"


class ShownProgram(NamedTuple):
    """The parts of the program that are shown."""

    controller: Controller
    formatter: Formatter
    theme: Theme
    window: MainWindow
    popover: Popover
    tray: TrayIcon


class Scenes(QObject):
    """Generators of scenes; each yields the milliseconds to wait before its next step."""

    def __init__(
        self,
        program: ShownProgram,
        container: Container,
        new_account: SandboxAccount,
        save: Callable[[str, QWidget], None],
    ) -> None:
        super().__init__()
        self._program = program
        self._window, self._controller, self._formatter = program.window, program.controller, program.formatter
        self._container = container
        self._new_account = new_account
        self._save = save

    def capture_first_run(self) -> Iterator[int]:
        yield 200
        self._save("first-run", self._window)
        yield from self._capture_tray()

    def capture_pages(self) -> Iterator[int]:
        self._show_page(PageName.TOKENS)
        self._controller.copies.request(SHOP.appid, TokenKind.ACCESS_TOKEN)
        yield 400
        self._save("tokens", self._window)
        yield from self._capture_tray()
        yield from self._capture_history()
        yield from self._capture_sign()
        yield from self._capture_diagnose()
        yield from self._capture_errcodes()
        yield from self._capture_api()
        self._window.rail.search_requested.emit()
        yield from self._capture_dialog("search", SearchDialog)

    def capture_dialogs(self) -> Iterator[int]:
        self._show_page(PageName.TOKENS)
        yield from self._capture_menus()
        yield from self._capture_account_dialogs()
        yield from self._capture_preferences()
        yield from self._capture_about_and_help()
        yield from self._capture_questions()
        yield from self._capture_queries()
        yield from self._capture_crash()
        yield from self._capture_transfer()
        yield from SharingScenes(self._program, self._container, self._save).capture()

    # -- pages ----------------------------------------------------------------------------------------

    def _show_page(self, name: PageName) -> None:
        self._window.show_page(name)
        for toast in self._window.findChildren(Toast):
            toast.hide()

    def _capture_history(self) -> Iterator[int]:
        self._show_page(PageName.HISTORY)
        page = self._window.pages.history
        yield 1200
        self._save("history", self._window)
        (history_list,) = page.findChildren(HistoryList)
        model = history_list.model()
        texts = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
        row = next((row for row, text in enumerate(texts) if "40164" in text), 1)
        history_list.setCurrentIndex(model.index(row, 0))
        yield 300
        self._save("history-details", self._window)

    def _capture_sign(self) -> Iterator[int]:
        self._show_page(PageName.SIGN)
        page = self._window.pages.sign
        page.select_account(SHOP.appid)
        page.set_url(SIGNED_URL)
        yield 600
        self._save("sign", self._window)

    def _capture_diagnose(self) -> Iterator[int]:
        self._show_page(PageName.DIAGNOSE)
        page = self._window.pages.diagnose
        page.set_input("", "")
        yield 200
        self._save("diagnose-empty", self._window)
        ticket = self._container.dog_files.read(SHOP, TokenKind.JSAPI_TICKET)
        signed = SignatureInput(ticket.value if ticket else "", "Wm3WZYTPz0wzccnW", int(NOW), DIAGNOSED_URL)
        config = WxConfig(SHOP.appid, signed.timestamp, signed.nonce, signed.signature, DEFAULT_JS_APIS)
        page.set_input(config.as_javascript, f"{DIAGNOSED_URL}?from=timeline")
        yield 2500
        self._save("diagnose", self._window)

    def _capture_errcodes(self) -> Iterator[int]:
        self._show_page(PageName.ERRCODES)
        page = self._window.pages.errcodes
        page.findChildren(QLineEdit)[0].clear()  # of the round with fewer accounts
        (table,) = page.findChildren(QTableView)
        matches = table.model().match(table.model().index(0, 0), Qt.ItemDataRole.DisplayRole, "40164")
        table.setCurrentIndex(matches[0])
        yield 300
        self._save("errcodes", self._window)
        page.show_errcode(40059)  # two meanings
        yield 300
        self._save("errcodes-found", self._window)

    def _capture_api(self) -> Iterator[int]:
        self._show_page(PageName.API)
        page = self._window.pages.api
        self._window.current_account.choose(SHOP.appid)
        yield 600
        (console,) = page.findChildren(ApiConsoleView)
        console.choose_call("POST", "/cgi-bin/qrcode/create")
        yield 100
        console.send()
        yield 2000
        console.send()  # with the token that the first call has renewed
        yield 800
        self._save("api", self._window)
        console.choose_call("GET", "/cgi-bin/user/info")
        yield 100
        console.send()
        yield 800
        self._save("api-refused", self._window)

    # -- tray and menus -------------------------------------------------------------------------------

    def _capture_tray(self) -> Iterator[int]:
        popover, tray = self._program.popover, self._program.tray
        popover.toggle(QRect(self._window.width() - 180, 0, 24, 24), SHOP.appid)
        yield 200
        self._controller.copies.request(SHOP.appid, TokenKind.ACCESS_TOKEN)
        yield 600
        self._save("popover", popover)
        popover.close()
        tray.show_states()
        tray.menu.popup(self._window.pos())
        yield 300
        self._save("tray-menu", tray.menu)
        tray.menu.close()

    def _capture_menus(self) -> Iterator[int]:
        self._window.findChildren(CardList)[0].cards[SHOP.appid].open_menu()
        yield 300
        for menu in (menu for menu in self._window.findChildren(QMenu) if menu.isVisible()):
            self._save("account-menu", menu)
            menu.close()
        pause = PauseMenu(self._controller, self._formatter)
        pause.menu.popup(self._window.pos())
        yield 200
        self._save("pause-menu", pause.menu)
        pause.menu.close()

    # -- dialogs --------------------------------------------------------------------------------------

    def _capture_dialog(self, name: str, dialog_class: type[QDialog] = QDialog, delay_ms: int = 400) -> Iterator[int]:
        """Save the dialog of this class that the window has just opened, and close it."""
        yield delay_ms
        for dialog in self._window.findChildren(dialog_class):
            if dialog.isVisible():
                self._save(name, dialog)
                dialog.close()
        yield 50

    def _capture_account_dialogs(self) -> Iterator[int]:
        shop = sample_accounts(self._formatter.messages.message_catalog.language)[0]
        dialog = AccountDialog(self._controller, self._formatter, None, self._window)
        dialog.show()
        yield 300
        self._save("account-empty", dialog)
        dialog.form.fill_in("wx5a0d09b0c0f00004", "0123456789abcdef0123456789abcdef", "UniStore")
        yield 1500
        self._save("account-refused", dialog)
        dialog.close()
        dialog = AccountDialog(self._controller, self._formatter, None, self._window)
        dialog.show()
        dialog.form.fill_in(self._new_account.appid, self._new_account.secret, "UniStore")
        yield 1500
        self._save("account", dialog)
        dialog.form.set_advanced_visible(visible=True)
        yield 300
        self._save("account-advanced", dialog)
        dialog.close()
        dialog = AccountDialog(self._controller, self._formatter, shop, self._window)
        dialog.show()
        yield 300
        self._save("account-edit", dialog)
        dialog.close()

    def _capture_preferences(self) -> Iterator[int]:
        preferences = PreferencesDialog(
            Settings(theme=self._program.theme),
            AutostartState.ON,
            self._formatter,
            removed_accounts=self._removed(),
            parent=self._window,
        )
        preferences.show()
        (tabs,) = preferences.findChildren(QTabWidget)
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            yield 200
            self._save("preferences" if not index else f"preferences-{index + 1}", preferences)
        preferences.close()

    def _removed(self) -> QWidget:
        """Return the list of removed accounts with one that was removed a minute ago."""
        old = Account("wx5a0d09b0c0ffee09", "Summer campaign", environment=Environment.TEST)
        until = self._container.clock() + UNDO_S - 60
        self._container.accounts.start_removal(PendingRemoval(old.appid, old.name, removed=old, undo_until=until))
        return RecentRemovals(self._controller.removals, self._formatter)

    def _capture_about_and_help(self) -> Iterator[int]:
        licence, changes = (document_path(name).read_text("utf-8") for name in ("LICENSE", "CHANGELOG.md"))
        about = AboutDialog(__version__, licence, changes, read_libraries(), self._formatter.icons, self._window)
        about.show()
        (tabs,) = about.findChildren(QTabWidget)
        yield 300
        self._save("about", about)
        tabs.setCurrentIndex(1)
        yield 100
        self._save("about-2", about)
        about.close()
        HelpDialog(self._window).open()
        yield from self._capture_dialog("help", HelpDialog)

    def _capture_questions(self) -> Iterator[int]:
        """Capture the questions; each waits for its answer, so a timer captures and refuses it."""
        shop = sample_accounts(self._formatter.messages.message_catalog.language)[0]
        actions = self._window.account_actions
        QTimer.singleShot(300, self, lambda: self._capture_question("force"))
        actions.force_new_token(SHOP.appid)
        yield 50
        QTimer.singleShot(300, self, lambda: self._capture_question("force-production"))
        actions.force_new_token(MAGAZINE.appid)
        yield 50
        QTimer.singleShot(300, self, lambda: self._capture_question("remove"))
        actions.remove_account(shop)
        yield 50

    def _capture_question(self, name: str) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, ConfirmDialog):
            self._save(name, box)
            box.reject()

    def _capture_queries(self) -> Iterator[int]:
        accounts = {account.appid: account for account in (s.account for s in self._controller.overview().accounts)}
        dialog = CallsDialog(self._controller, self._formatter, accounts, self._window)
        dialog.open()
        yield from self._capture_dialog("calls", CallsDialog)
        TimeSpanDialog(NOW - 3600, NOW, self._window).open()
        yield from self._capture_dialog("time-span", TimeSpanDialog)
        actions = self._window.account_actions
        actions.query_quota(SHOP.appid)
        yield from self._capture_dialog("quota", delay_ms=800)
        entry = HistoryEntry(
            at=NOW,
            appid=SHOP.appid,
            key=TokenKind.ACCESS_TOKEN.value,
            trigger=Trigger.TIMER,
            result=AttemptResult.REFUSED,
            calls=1,
            rid="6566c1a8-2c4b1d0e-7f3a9b12",
        )
        actions.query_rid(entry)
        yield from self._capture_dialog("rid", delay_ms=800)
        actions.sign_card(replace(accounts[SHOP.appid], card_ticket=True))
        yield from self._capture_dialog("card", delay_ms=800)
        actions.open_web_authorisation(accounts[SHOP.appid], "http://shop.example.cn/login")
        yield from self._capture_dialog("web-authorisation", delay_ms=800)

    def _capture_crash(self) -> Iterator[int]:
        banner = self._window.crash_banner
        banner.show_report("report", Path("crash-2026-11-20.txt"), is_of_earlier_run=True)
        yield 300
        self._save("crash", self._window)
        banner.hide()

    def _capture_transfer(self) -> Iterator[int]:
        jobs = self._controller.account_jobs
        export_dialog = ExportDialog(jobs, self._formatter, self._window)
        export_dialog.show()
        yield 200
        self._save("export-accounts", export_dialog)
        export_dialog.close()
        import_dialog = ImportDialog(jobs, self._formatter, "/home/me/guarddog-accounts.age", self._window)
        accounts = sample_accounts(self._formatter.messages.message_catalog.language)
        moved = tuple(MovedAccount(account, Secret("secret")) for account in accounts)
        content = TransferContent(moved, Settings())
        import_dialog.show_opened(OpenedFile(content, ImportPlan(moved[2:], (), moved[:2])))
        import_dialog.show()
        yield 200
        self._save("import-accounts", import_dialog)
        import_dialog.close()
