"""Every window, dialog and menu of the program, put together as the program does it, on a busy stage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.app.settings_controller import SettingsInForce
from guarddog_gui.bootstrap.container import open_stores
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.accounts.existing_files import FoundFile, FoundFolder
from guarddog_gui.domain.exports.reports import OutletFault, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Reply, Request, Silence
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.query_dialog import InquiryDialog
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import Preferences
from guarddog_gui.ui.signing.card_dialog import CardDialog
from guarddog_gui.ui.tray.availability import TrayHost
from guarddog_gui.ui.tray.icon import Tray
from tests.fakes import json_reply, refusal
from tests.runtime.stage import SECRET, Stage, stage_with

ENV = Outlet(OutletForm.ENV, "/1/2")  # what a path says is the same in both languages
RUN = Outlet(OutletForm.COMMAND, command=("/3",))
SHOP = Account("wx00000000000000a1", "小店", outlets=(ENV, RUN))
CAFE = Account("wx00000000000000b2", "咖啡馆", endpoint=Endpoint.CLASSIC)
GAME = Account("wx00000000000000c3", "小游戏", Platform.MINI_PROGRAM)
NEW = "wx00000000000000d4"  # of nobody yet; WeChat refuses it, too
RID = "6176a2e0-0a0b0c0d-00000001"
NOT_LISTED = f"invalid ip 203.0.113.9, not in whitelist rid: {RID}"
PAGES = {"tokens": 0, "history": 1, "sign": 2, "diagnose": 3, "errcodes": 4}
PASTED = 'wx.config({timestamp: 1795157576, nonceStr: "2718281828"})'  # digits are the same in both languages
SIGNED = "http://shop.example.com/旗舰店?from=timeline&code=081x&state=1#/cart"

Dialog = TypeVar("Dialog", bound=QDialog)


class Program:
    """The windows of one program. CAFE is refused with 40164; what it shows was asked for by a person."""

    def __init__(self, stage: Stage, home: Path, application: QApplication, language: str) -> None:
        self.stage = stage
        environ = {"GUARDDOG_HOME": str(home)}
        stores = open_stores(environ, stage.clock, secrets=stage.secrets, api_base="http://127.0.0.1:9")
        stores.settings.save(Settings(language=language))
        self.chosen = SettingsInForce(stores, environ, application)
        self.voice = self.chosen.voice
        self.clipboard = Clipboard(stage.steady)
        self.window = MainWindow(stage.controller, stage.signing, self.clipboard, self.voice)
        self.tray = Tray(stage.controller, TrayHost(), self.voice)
        self.chosen.language_changed.connect(self.window.retranslate)
        self.chosen.language_changed.connect(self.tray.retranslate)
        self.window.appear()

    def turn_to(self, page: str) -> QWidget:
        """Show this page of the window; the history with its newest failure explained."""
        self.window._list.setCurrentRow(PAGES[page])
        if page == "history":
            self.window._history._table.selectRow(0)
        if page == "sign":
            self.window._sign.take_url(SIGNED)  # whatever there is to be said about an address
            self.window._sign.sign()
        if page == "diagnose":
            self.window._diagnose.take(PASTED, "https://shop.example.com/旗舰店/")
        return self.window

    def first_run(self) -> QWidget:
        """What the window shows while there is no account."""
        self.stage.accounts.change(lambda _: ())
        self.stage.controller.on_list_changed("")
        self.window.retranslate()
        return self.window

    def add_account(self, qtbot: QtBot) -> QWidget:
        """With the verdict of a test that failed."""
        self.window.add_account()
        dialog = self._last(AccountDialog)
        dialog._form._appid.setText(NEW)
        dialog._form._secret.setText(SECRET)
        dialog._on_test()
        qtbot.waitUntil(lambda: dialog._verdict is not None)
        return dialog

    def edit_account(self) -> QWidget:
        self.window._on_edit(CAFE)
        return self._last(AccountDialog)

    def outlets(self) -> QWidget:
        """One of them has failed."""
        self.window._on_edit(SHOP)
        return self._last(AccountDialog)

    def folder(self, qtbot: QtBot) -> QWidget:
        """Chosen for an account, with whatever can be said about it."""
        own = (FoundFile(TokenKind.ACCESS_TOKEN, None), FoundFile(TokenKind.JSAPI_TICKET, None, is_link=True))
        self.stage.folders["/1"] = FoundFolder(own, tuple(f"{n}.dog" for n in range(9)))
        self.window._on_edit(SHOP)
        dialog = self._last(AccountDialog)
        dialog._form._folder.setText("/1")
        dialog._on_save()
        qtbot.waitUntil(dialog._form._found.isVisible)
        return dialog

    def card(self) -> QWidget:
        self.window._on_card(replace(SHOP, card_ticket=True))
        return self._last(CardDialog)

    def quota(self, qtbot: QtBot) -> QWidget:
        self.window._on_quota(SHOP.appid)
        return self._answered(qtbot)

    def rid(self, qtbot: QtBot) -> QWidget:
        entry = next(entry for entry in self.stage.history.entries if entry.rid)
        self.window._open(InquiryDialog(self.stage.controller, self.voice, SHOP, entry, self.window))
        return self._answered(qtbot)

    def preferences(self) -> QWidget:
        self.chosen.open_preferences(self.window)
        return self._last(Preferences)

    def context_menu(self) -> QWidget:
        page = self.window._tokens
        before = set(page.findChildren(QMenu))
        page._open_menu(self.window.pos())
        (menu,) = set(page.findChildren(QMenu)) - before
        return menu

    def _answered(self, qtbot: QtBot) -> QWidget:
        dialog = self._last(InquiryDialog)
        qtbot.waitUntil(lambda: dialog._job is None)
        return dialog

    def _last(self, kind: type[Dialog]) -> Dialog:
        return self.window.findChildren(kind)[-1]

    def close(self) -> None:
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.window.hide()
        self.chosen._languages.speak("en")
        QLocale.setDefault(QLocale.system())
        QCoreApplication.processEvents()
        self.chosen._stores.history.close()


def make_busy(stage: Stage, qtbot: QtBot) -> None:
    """SHOP and GAME are fresh, CAFE is refused; WeChat answers all questions, and SHOP's command fails."""
    stage.put_fresh(SHOP, GAME)
    stage.commands.trouble = OutletTrouble(OutletFault.EXIT, "3")
    usual = stage.transport.handler

    def answer(request: Request) -> Reply | Silence:
        if request.path.endswith("quota/get"):
            return json_reply(errcode=0, errmsg="ok", quota={"daily_limit": 2000, "used": 12, "remain": 1988})
        if request.path.endswith("rid/get"):
            about = {"invoke_time": 1789999990, "cost_in_ms": 30, "request_url": "/cgi-bin/token"}
            return json_reply(errcode=0, errmsg="ok", request={**about, "client_ip": "203.0.113.9"})
        asked = {dict(request.body or ()).get("appid"), dict(request.query).get("appid")}
        if asked & {CAFE.appid, NEW}:
            return refusal(40164, NOT_LISTED)
        return usual(request)

    stage.transport.handler = answer
    stage.controller.start()
    stage.settle(qtbot)


VIEWS: dict[str, Callable[[Program, QtBot], QWidget]] = {
    "tokens": lambda program, _: program.turn_to("tokens"),
    "history": lambda program, _: program.turn_to("history"),
    "sign": lambda program, _: program.turn_to("sign"),
    "diagnose": lambda program, _: program.turn_to("diagnose"),
    "errcodes": lambda program, _: program.turn_to("errcodes"),
    "first run": lambda program, _: program.first_run(),
    "add account": lambda program, qtbot: program.add_account(qtbot),
    "edit account": lambda program, _: program.edit_account(),
    "outlets": lambda program, _: program.outlets(),
    "folder": lambda program, qtbot: program.folder(qtbot),
    "preferences": lambda program, _: program.preferences(),
    "card": lambda program, _: program.card(),
    "quota": lambda program, qtbot: program.quota(qtbot),
    "rid": lambda program, qtbot: program.rid(qtbot),
    "tray": lambda program, _: program.tray.menu,
    "context menu": lambda program, _: program.context_menu(),
}


class Programs:
    """Starts programs one after the other, each in a home of its own; the one before is put away."""

    def __init__(self, stage: Stage, folder: Path, application: QApplication) -> None:
        self.stage = stage
        self._folder = folder
        self._application = application
        self._running: Program | None = None
        self._started = 0

    @property
    def running(self) -> Program:
        assert self._running is not None
        return self._running

    def start(self, language: str) -> Program:
        self.close()
        self._started += 1
        home = self._folder / str(self._started)
        self._running = Program(self.stage, home, self._application, language)
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None


@contextmanager
def busy_programs(application: QApplication, qtbot: QtBot, folder: Path) -> Iterator[Programs]:
    """Programs on a busy stage, put away afterwards."""
    with stage_with(SHOP, CAFE, GAME) as stage:
        make_busy(stage, qtbot)
        programs = Programs(stage, folder, application)
        try:
            yield programs
        finally:
            programs.close()
