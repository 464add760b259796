"""Every window, dialog and menu of the program, put together as the program does it, with three accounts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.library import Library
from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.query_dialogs import QueryDialog
from guarddog_gui.ui.api.console import ApiConsoleView
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.history.calls_dialog import CallsDialog
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.history.time_span_dialog import TimeSpanDialog
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.network.address_dialog import AddressDialog
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.readiness.dialog import PageCheckDialog
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from guarddog_gui.ui.shell.help_dialog import HelpDialog
from guarddog_gui.ui.shell.search_dialog import SearchDialog
from guarddog_gui.ui.signing.card_dialog import CardDialog
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.account_menu import AccountMenu
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon
from guarddog_gui.ui.tray.popover import Popover
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.window_pages import PageName
from tests.api_fakes import api_reply
from tests.fakes import NOW, error_reply, json_reply
from tests.runtime.harness import SECRET, RuntimeHarness, runtime_harness
from tests.ui import find

ENV = ExportTarget(ExportFormat.ENV, "/1/2")  # a path without words, which is the same in both languages
RUN = ExportTarget(ExportFormat.COMMAND, command=("/3",))
SHOP = Account("wx00000000000000a1", "小店", exports=(ENV, RUN))
CAFE = Account("wx00000000000000b2", "咖啡馆", endpoint=Endpoint.CLASSIC)
GAME = Account("wx00000000000000c3", "小游戏", Platform.MINI_PROGRAM)
UNKNOWN_APPID = "wx00000000000000d4"  # not configured; WeChat refuses it, too
RID = "6176a2e0-0a0b0c0d-00000001"
IP_NOT_LISTED_ERRMSG = f"invalid ip 203.0.113.9, not in whitelist rid: {RID}"
PASTED_CONFIG = 'wx.config({timestamp: 1795157576, nonceStr: "2718281828"})'  # digits are the same in both languages
SIGNED_URL = "http://shop.example.com/旗舰店?from=timeline&code=081x&state=1#/cart"

PageKind = TypeVar("PageKind", bound=QWidget)


class AppWindows:
    """The windows of one program. WeChat refuses CAFE with 40164."""

    def __init__(self, harness: RuntimeHarness, home: Path, application: QApplication, language: str) -> None:
        self.harness = harness
        environ = {"GUARDDOG_HOME": str(home)}
        stores = make_container(environ, harness.clock, secrets=harness.secrets, api_base="http://127.0.0.1:9")
        stores.settings.save(Settings(language=language))
        self.settings_controller = SettingsController(stores, environ, application, harness.calls)
        self.formatter = self.settings_controller.formatter
        self.clipboard = Clipboard(harness.monotonic)
        self.window = MainWindow(harness.controller, harness.signing, self.clipboard, self.formatter)
        self.tray = TrayIcon(harness.controller, TrayAvailability(), self.formatter)
        self.popover = Popover(harness.controller, self.clipboard, self.formatter)
        self.settings_controller.language_changed.connect(self.window.retranslate)
        self.settings_controller.language_changed.connect(self.tray.retranslate)
        self.window.show_and_activate()

    def show_page(self, page: str) -> QWidget:
        """Show this page of the window; the history with its newest failure explained."""
        self.window.activate_page(PageName(page).row)
        if page == "history":
            self._select_newest_failure()
        if page == "sign":
            sign_page = self.page(SignPage)
            sign_page.set_url(SIGNED_URL)  # a URL with every warning
            sign_page.sign()
        if page == "diagnose":
            self.page(DiagnosePage).set_input(PASTED_CONFIG, "https://shop.example.com/旗舰店/")
        return self.window

    def _select_newest_failure(self) -> None:
        view = find.widget(self.page(HistoryPage), HistoryList)
        rows: list[int] = []
        for _ in range(200):
            QTest.qWait(10)  # the list is filled by another thread
            rows = [row for row in range(view.model().rowCount()) if "40164" in find.cell(view, row)]
            if rows:
                break
        view.setCurrentIndex(view.model().index(rows[0], 0))

    def show_api_page(self, qtbot: QtBot) -> QWidget:
        """Show the API page with a call that WeChat has refused."""
        window = self.show_page("api")
        console = find.widget(self.window, ApiConsoleView)
        qtbot.waitUntil(lambda: console.call_list.view.model().rowCount() > 0)
        refusal = api_reply(errcode=40164, errmsg=IP_NOT_LISTED_ERRMSG)
        self.harness.api_transport.script = [refusal]
        console.choose_call("GET", "/cgi-bin/menu/get")
        console.send()
        qtbot.waitUntil(lambda: find.has(console, "api-message-summary"))
        return window

    def page(self, kind: type[PageKind]) -> PageKind:
        """Return the page of this class, shown or not."""
        return find.page(self.window, kind)

    def show_welcome_page(self) -> QWidget:
        """Show the window as it is while there is no account."""
        self.harness.accounts.update(lambda _: ())
        self.harness.controller.tick()
        self.window.retranslate()
        return self.window

    def open_new_account(self, qtbot: QtBot) -> QWidget:
        """Open the dialog for a new account, and let a check of its credentials fail."""
        self.page(WelcomePage).add_account_requested.emit()
        dialog = find.dialog(self.window, AccountDialog)
        qtbot.waitUntil(dialog.isActiveWindow)  # a field that loses the focus before keeps its text cursor
        find.field(dialog, "appid").setText(UNKNOWN_APPID)
        find.field(dialog, "secret").setText(SECRET)
        find.button(dialog, "test-button").click()
        qtbot.waitUntil(lambda: dialog.verification_result is not None)
        return dialog

    def open_account(self) -> QWidget:
        return self._open_account_dialog(CAFE)

    def _open_account_dialog(self, account: Account) -> AccountDialog:
        self.page(TokensPage).edit_requested.emit(account)
        return find.dialog(self.window, AccountDialog)

    def open_exports(self) -> QWidget:
        """Open an account with two exports, of which one has failed."""
        return self._open_account_dialog(SHOP)

    def open_existing_folder(self, qtbot: QtBot) -> QWidget:
        """Open an account and choose a folder for it that contains files."""
        own = (ExistingFile(TokenKind.ACCESS_TOKEN, None), ExistingFile(TokenKind.JSAPI_TICKET, None, is_link=True))
        self.harness.existing_folders["/1"] = FolderContents(own, tuple(f"{n}.dog" for n in range(9)))
        dialog = self._open_account_dialog(SHOP)
        qtbot.waitUntil(dialog.isActiveWindow)  # as above
        find.field(dialog, "folder").setText("/1")
        find.button(dialog, "save-button").click()
        qtbot.waitUntil(find.label(dialog, "existing-files").isVisible)
        qtbot.waitUntil(lambda: dialog.height() >= dialog.minimumHeight() > 500)  # it has unfolded "Advanced"
        return dialog

    def open_sharing(self, qtbot: QtBot) -> QWidget:
        """Open the dialog that shares an account, with every field, and let a test of the connection fail."""
        self.harness.redis.failure = SharingFailure(SharingProblem.TLS_UNTRUSTED)
        self.page(TokensPage).share_requested.emit(SHOP)
        dialog = find.dialog(self.window, ShareDialog)
        qtbot.waitUntil(dialog.isActiveWindow)  # as above
        dialog.form.url_field.pasted.emit("rediss://2718281828")
        dialog.form.keys_field.rows[KeyFormat.WXJAVA].check_box.click()
        find.button(dialog, "test-button").click()
        qtbot.waitUntil(lambda: bool(find.label(dialog, "ca-file-error").text()))
        return dialog

    def open_card_dialog(self) -> QWidget:
        self.page(SignPage).card_requested.emit(replace(SHOP, card_ticket=True))
        return find.dialog(self.window, CardDialog)

    def open_quota_dialog(self, qtbot: QtBot) -> QWidget:
        self.page(HistoryPage).quota_query_requested.emit(SHOP.appid)
        return self._wait_for_query(qtbot)

    def open_rid_dialog(self, qtbot: QtBot) -> QWidget:
        entry = next(entry for entry in self.harness.history.entries if entry.rid)
        self.page(HistoryPage).rid_query_requested.emit(entry)
        return self._wait_for_query(qtbot)

    def open_page_check(self, qtbot: QtBot) -> QWidget:
        self.page(SignPage).page_check_requested.emit(SHOP, "https://shop.example.com/p")
        dialog = find.dialog(self.window, PageCheckDialog)
        dialog.check()
        qtbot.waitUntil(lambda: bool(dialog.findChildren(QLabel, "domain-summary")))
        return dialog

    def open_address(self, qtbot: QtBot) -> QWidget:
        self.page(TokensPage).address_requested.emit(SHOP)
        dialog = find.dialog(self.window, AddressDialog)
        qtbot.waitUntil(lambda: find.label(dialog, "proxy-in-use").isVisible())
        return dialog

    def open_preferences(self) -> QWidget:
        self.settings_controller.open_preferences(self.window)
        return find.dialog(self.window, PreferencesDialog)

    def open_context_menu(self) -> QWidget:
        page = self.page(TokensPage)
        find.widget(page, CardList).cards[SHOP.appid].open_menu()
        (menu,) = page.findChildren(AccountMenu)
        return menu

    def open_popover(self) -> QWidget:
        self.popover.toggle(QRect(700, 2, 24, 24), SHOP.appid)
        return self.popover

    def open_search(self) -> QWidget:
        self.window.open_search()
        return find.dialog(self.window, SearchDialog)

    def open_help(self) -> QWidget:
        dialog = HelpDialog(self.window)
        dialog.open()
        return dialog

    def open_about(self) -> QWidget:
        libraries = (Library("msgspec", "0.20", "BSD"),)
        dialog = AboutDialog("1.0", "MIT", "# Changes", libraries, self.formatter.icons, self.window)
        dialog.open()
        return dialog

    def open_calls(self, qtbot: QtBot) -> QWidget:
        accounts = {account.appid: account for account in (SHOP, CAFE, GAME)}
        dialog = CallsDialog(self.harness.controller, self.formatter, accounts, self.window)
        dialog.open()
        qtbot.waitUntil(lambda: find.has(dialog, GAME.name))
        return dialog

    def open_time_span(self) -> QWidget:
        dialog = TimeSpanDialog(NOW - 3600, NOW, self.window)
        dialog.open()
        return dialog

    def open_question(self, *, is_production: bool) -> QWidget:
        """Open a question about an account, with its name to type if it is in production."""
        question = Message("Force a new token?", "Servers use it.")
        name = SHOP.name if is_production else ""
        dialog = ConfirmDialog(self.window, question, "Cancel", "Force", is_destructive=True, typed_name=name)
        dialog.open()
        return dialog

    def _wait_for_query(self, qtbot: QtBot) -> QWidget:
        dialog = find.dialog(self.window, QueryDialog)
        qtbot.waitUntil(lambda: not dialog.is_waiting)
        return dialog

    def close(self) -> None:
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.popover.close()
        self.window.hide()
        self.settings_controller._translator.set_catalog(MessageCatalog())
        QLocale.setDefault(QLocale.system())
        QCoreApplication.processEvents()
        self.settings_controller._container.history.close()
        for owner in (self.window, self.popover, self.tray):
            owner.deleteLater()
        QCoreApplication.sendPostedEvents(
            None, QEvent.Type.DeferredDelete
        )  # Qt waits for a loop, and no test needs one


def populate(harness: RuntimeHarness, qtbot: QtBot) -> None:
    """Start with SHOP and GAME fresh, CAFE refused, and the export command of SHOP failing."""
    harness.put_fresh_values(SHOP, GAME)
    harness.command_runner.error = ExportError(ExportErrorKind.EXIT, "3")
    usual = harness.transport.handler

    def answer(request: Request) -> Reply | TransportFailure:
        if request.path.endswith("quota/get"):
            return json_reply(errcode=0, errmsg="ok", quota={"daily_limit": 2000, "used": 12, "remain": 1988})
        if request.path.endswith("rid/get"):
            about = {"invoke_time": 1789999990, "cost_in_ms": 30, "request_url": "/cgi-bin/token"}
            return json_reply(errcode=0, errmsg="ok", request={**about, "client_ip": "203.0.113.9"})
        asked = {dict(request.body or ()).get("appid"), dict(request.query).get("appid")}
        if asked & {CAFE.appid, UNKNOWN_APPID}:
            return error_reply(40164, IP_NOT_LISTED_ERRMSG)
        return usual(request)

    harness.transport.handler = answer
    harness.controller.start()
    harness.wait_until_idle(qtbot)


VIEWS: dict[str, Callable[[AppWindows, QtBot], QWidget]] = {
    "tokens": lambda program, _: program.show_page("tokens"),
    "history": lambda program, _: program.show_page("history"),
    "sign": lambda program, _: program.show_page("sign"),
    "diagnose": lambda program, _: program.show_page("diagnose"),
    "errcodes": lambda program, _: program.show_page("errcodes"),
    "api": lambda program, qtbot: program.show_api_page(qtbot),
    "first run": lambda program, _: program.show_welcome_page(),
    "add account": lambda program, qtbot: program.open_new_account(qtbot),
    "edit account": lambda program, _: program.open_account(),
    "exports": lambda program, _: program.open_exports(),
    "folder": lambda program, qtbot: program.open_existing_folder(qtbot),
    "sharing": lambda program, qtbot: program.open_sharing(qtbot),
    "preferences": lambda program, _: program.open_preferences(),
    "card": lambda program, _: program.open_card_dialog(),
    "quota": lambda program, qtbot: program.open_quota_dialog(qtbot),
    "page check": lambda program, qtbot: program.open_page_check(qtbot),
    "address": lambda program, qtbot: program.open_address(qtbot),
    "rid": lambda program, qtbot: program.open_rid_dialog(qtbot),
    "tray": lambda program, _: program.tray.menu,
    "context menu": lambda program, _: program.open_context_menu(),
}


# windows beside those of VIEWS, for what concerns every window
OTHER_VIEWS: dict[str, Callable[[AppWindows, QtBot], QWidget]] = {
    "popover": lambda program, _: program.open_popover(),
    "search": lambda program, _: program.open_search(),
    "help": lambda program, _: program.open_help(),
    "about": lambda program, _: program.open_about(),
    "calls": lambda program, qtbot: program.open_calls(qtbot),
    "time": lambda program, _: program.open_time_span(),
    "remove": lambda program, _: program.open_question(is_production=False),
    "force production": lambda program, _: program.open_question(is_production=True),
}


class AppLauncher:
    """Start programs one after the other, each in its own home; starting one closes the previous."""

    def __init__(self, harness: RuntimeHarness, folder: Path, application: QApplication) -> None:
        self.harness = harness
        self._folder = folder
        self._application = application
        self._running: AppWindows | None = None
        self._started = 0

    @property
    def running(self) -> AppWindows:
        assert self._running is not None
        return self._running

    def start(self, language: str) -> AppWindows:
        self.close()
        self._started += 1
        home = self._folder / str(self._started)
        self._running = AppWindows(self.harness, home, self._application, language)
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None


@contextmanager
def populated_app(application: QApplication, qtbot: QtBot, folder: Path) -> Iterator[AppLauncher]:
    """Provide programs with three accounts, and close them afterwards."""
    with runtime_harness(SHOP, CAFE, GAME) as harness:
        populate(harness, qtbot)
        app_launcher = AppLauncher(harness, folder, application)
        try:
            yield app_launcher
        finally:
            app_launcher.close()
