"""Goes through the program's pages in one language and theme, and takes a picture of each.

photographer.py FOLDER LANGUAGE THEME [names]     screenshots.py starts it in a home of its own
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from prepared_week import NOT_LISTED, NOW, SHOP, accounts_called, prepared_week
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QImage  # noqa: TID251  # a photographer has to see
from PySide6.QtWidgets import (  # noqa: TID251  # the same
    QApplication,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QWidget,
)

from guarddog_gui.adapters.keyring.memory import MemorySecrets
from guarddog_gui.app.settings_controller import SettingsInForce
from guarddog_gui.bootstrap.background_engine import Live
from guarddog_gui.bootstrap.container import Stores, open_stores
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.settings import AutostartState, Settings, Theme
from guarddog_gui.domain.signing.js_apis import USUAL_APIS
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.faults.fault import Fault, How
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import ask_force
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import Preferences
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.availability import TrayHost
from guarddog_gui.ui.tray.icon import Tray
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.sidebar import PageList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WINDOW = (960, 640)
FONTS = {"en": QFont("DejaVu Sans", 9), "zh_CN": QFont("WenQuanYi Micro Hei", 10)}
SIGNED_URL = "http://shop.example.com/旗舰店?from=timeline&code=081x&state=1#/cart"
DIAGNOSED_URL = "https://shop.example.com/flowers/"
P = TypeVar("P", bound=Page)
_started = time.monotonic()


def clock() -> float:
    """Begins at the same moment for every picture, and then runs as clocks do."""
    return NOW + time.monotonic() - _started


class Photographer(QObject):
    """Goes from page to page; `steps` says how many milliseconds each needs before the next."""

    def __init__(
        self,
        stores: Stores,
        application: QApplication,
        *,
        folder: Path,
        name: str,
        wanted: Sequence[str],
    ) -> None:
        """Every picture is called after its page and `name`; `wanted` is empty for all."""
        super().__init__()
        self._folder = folder
        self._name = name
        self._wanted = wanted
        self._live = Live(stores)
        self._controller = self._live.controller
        self._controller.read()
        self._chosen = SettingsInForce(stores, os.environ, application)
        self._voice = self._chosen.voice
        application.setWindowIcon(self._voice.icons.app_icon())
        clipboard = Clipboard(time.monotonic, self)
        self._window = MainWindow(self._controller, self._live.signing, clipboard, self._voice)
        self._controller.copy_ready.connect(lambda _a, _k, value: clipboard.put(value, 30))
        self._tray = Tray(self._controller, TrayHost(self), self._voice)
        self._stores = stores
        self._steps = self.steps()
        QTimer.singleShot(0, self, self._next)

    @Slot()
    def _next(self) -> None:
        wait = next(self._steps, None)
        if wait is None:
            self._window.hide()
            self._live.stop()
            QApplication.quit()
        else:
            QTimer.singleShot(wait, self, self._next)

    def steps(self) -> Iterator[int]:
        window = self._window
        window.resize(*WINDOW)
        window.show()
        yield 300
        self.take("first-run", window)
        self._stores.accounts.change(lambda _: accounts_called(self._chosen.voice.sentences.words.language))
        self._live.start()
        yield 3500  # until the token that comes due is being refreshed
        self._controller.copy(SHOP.appid, TokenKind.ACCESS_TOKEN)
        yield 300
        self.take("tokens", window)
        yield from self._history()
        yield from self._sign()
        yield from self._diagnose()
        yield from self._errcodes()
        yield from self._dialogs()

    def _turn_to(self, kind: type[P]) -> P:
        """The page of this class, shown."""
        (pages,) = self._window.findChildren(PageList)
        (page,) = self._window.findChildren(kind)
        pages.turn_to(page)
        return page

    def _history(self) -> Iterator[int]:
        page = self._turn_to(HistoryPage)
        days = page.findChildren(QComboBox)[3]
        days.setCurrentIndex(1)
        yield 800
        page.findChildren(QTableView)[0].selectRow(0)
        yield 300
        self.take("history", self._window)

    def _diagnose(self) -> Iterator[int]:
        page = self._turn_to(DiagnosePage)
        ticket = self._stores.dogs.read(SHOP, TokenKind.JSAPI_TICKET)
        wrong = Signable(ticket.value if ticket else "", "Wm3WZYTPz0wzccnW", int(NOW), DIAGNOSED_URL)
        config = WxConfig(SHOP.appid, wrong.timestamp, wrong.nonce, wrong.signature, USUAL_APIS)
        page.take(config.as_javascript, f"{DIAGNOSED_URL}?from=timeline")
        page.start()
        yield 1500
        self.take("diagnose", self._window)

    def _errcodes(self) -> Iterator[int]:
        page = self._turn_to(ErrcodePage)
        (table,) = page.findChildren(QTableView)
        wanted = table.model().match(table.model().index(0, 0), Qt.ItemDataRole.DisplayRole, "40164")
        table.setCurrentIndex(wanted[0])
        yield 300
        self.take("errcodes", self._window)
        self._turn_to(TokensPage)

    def _sign(self) -> Iterator[int]:
        page = self._turn_to(SignPage)
        page.choose_account(SHOP.appid)
        page.take_url(SIGNED_URL)
        yield 600
        self.take("sign", self._window)

    def _dialogs(self) -> Iterator[int]:
        language = self._voice.sentences.words.language
        shop = accounts_called(language)[0]
        account = AccountDialog(self._controller, self._voice, shop, self._window)
        account.show()
        _name, _appid, secret, *_ = account.findChildren(QLineEdit)
        secret.setText("0123456789abcdef0123456789abcdef")
        secret.textEdited.emit(secret.text())
        next(b for b in account.findChildren(QPushButton) if b.text() in ("Test", "测试")).click()
        yield 600
        self.take("account", account)
        account.close()
        settings = Settings(theme=Theme(self._name.rpartition("-")[2]))
        preferences = Preferences(settings, AutostartState.ON, self._voice, parent=self._window)
        preferences.show()
        yield 300
        self.take("preferences", preferences)
        preferences.close()
        QTimer.singleShot(300, self, self._take_box)
        ask_force(self._window, self._controller, self._voice, shop)
        self._tray.menu.popup(self._window.pos())
        yield 300
        self.take("tray-menu", self._tray.menu)
        self._tray.menu.close()

    @Slot()
    def _take_box(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self.take("force", box)
            box.reject()

    def take(self, page: str, widget: QWidget) -> None:
        if not self._wanted or page in self._wanted:
            file = self._folder / f"{page}-{self._name}.png"
            picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
            if not picture.save(str(file)):
                raise OSError(f"{file} could not be written")


def prepare(stores: Stores) -> None:
    week = prepared_week()
    for entry in week.entries:
        stores.history.append(entry)
    for account in accounts_called("en"):
        for kind in account.kinds:
            stores.dogs.write(account, kind, week.records[account.appid, kind])


def main(folder: Path, language: str, theme: str, wanted: Sequence[str]) -> None:
    with SandboxServer(clock) as server:
        secrets = MemorySecrets()
        for shop in server.accounts:
            secrets.keep(shop.appid, Secret(shop.secret))
        # the first to ask is the account that has been refused since noon, the second one waits for ever
        say = json.dumps({"errcode": 40164, "errmsg": NOT_LISTED})
        server.faults.fail(Fault(How.SAY, text=say), endpoint="stable_token")
        server.faults.fail(Fault(How.HANG, seconds=60), endpoint="stable_token")
        stores = open_stores(os.environ, clock, secrets=secrets, api_base=server.base)
        stores.settings.save(Settings(theme=Theme(theme)))
        prepare(stores)
        application = QApplication(["guarddog-gui", "-style", "fusion"])
        application.setFont(FONTS[language])
        name = f"{language.partition('_')[0]}-{theme}"
        photographer = Photographer(stores, application, folder=folder, name=name, wanted=wanted)
        code = application.exec()
        del photographer
        sys.stdout.flush()
        os._exit(code)  # a call still hangs, as it should


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])
