"""The whole program in this process: what a setting, a click in a notice or a closed window changes where."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.config_files import SettingsFile
from guarddog_gui.adapters.memory_secrets import MemorySecrets
from guarddog_gui.domain.accounts import Secret
from guarddog_gui.domain.notices import NoticeAction, NoticeKind
from guarddog_gui.domain.settings import API_BASES, Settings, Theme, TrayStyle
from guarddog_gui.domain.tokens import TokenKind
from guarddog_gui.playground import account_of
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.tray_app import TrayApp
from guarddog_gui.ui.preferences import Preferences
from guarddog_gui.ui.theme import use_theme
from guarddog_gui.wiring import open_stores

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Run:
    """One run of the program without its event loop; the home may be one of an earlier run."""

    def __init__(self, home: Path, wechat: SandboxServer | None = None) -> None:
        self.home = home
        self.secrets = MemorySecrets()
        environ = {"GUARDDOG_HOME": str(home), "GUARDDOG_LANG": ""}
        base = wechat.base if wechat is not None else None
        self.stores = open_stores(environ, time.time, secrets=self.secrets, api_base=base)
        if wechat is not None:
            shop = wechat.accounts[0]
            self.secrets.keep(shop.appid, Secret(shop.secret))
            self.stores.accounts.change(lambda _: (account_of(shop),))
        self.app = TrayApp(self.stores, ["guarddog-gui"], environ)
        self.app._build()
        self.app._notifier = self.app._begin_notices()

    def change(self, **changes: object) -> None:
        """What the preferences do."""
        self.app._chosen.remember(**changes)

    @property
    def dialog(self) -> Preferences:
        self.app._tray.preferences_wanted.emit()
        dialog: Preferences = self.app.window.findChildren(Preferences)[-1]
        return dialog

    @property
    def kept(self) -> Settings:
        return SettingsFile(self.home / "config" / "settings.json").load()

    def row(self, label: str) -> QAction:
        return next(a for a in actions(self.app._tray.menu) if a.text() == label)

    def end(self) -> None:
        if self.app._window is not None:
            for dialog in self.app._window.findChildren(Preferences):
                dialog.close()
        self.app._chosen._languages.speak("en")
        self.app._stop()
        assert not self.app.hangs


def actions(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        below = action.menu()
        found += [action, *(actions(below) if isinstance(below, QMenu) else [])]
    return found


Start = Callable[..., Run]


@pytest.fixture
def start(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """start(wechat=None): each is a start on the same home."""
    level, quits = logging.getLogger().level, qapp.quitOnLastWindowClosed()
    monkeypatch.setattr("guarddog_gui.tray_app.QApplication", lambda _: qapp)  # there can be only one
    runs: list[Run] = []

    def start(wechat: SandboxServer | None = None) -> Run:
        for run in runs[len(runs) - 1 :]:
            run.end()
        runs.append(Run(tmp_path / "home", wechat))
        return runs[-1]

    yield start
    runs[-1].end()
    logging.getLogger().setLevel(level)
    qapp.setQuitOnLastWindowClosed(quits)
    use_theme(qapp, Theme.SYSTEM)
    QLocale.setDefault(QLocale.system())
    QCoreApplication.processEvents()


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


# -- settings -------------------------------------------------------------------------------------


def test_a_language_reaches_tray_window_and_notices_at_once(start: Start) -> None:
    run = start()
    run.change(language="en")
    window = run.app.window
    assert run.row("Quit").isEnabled()
    assert window._list.item(0).text() == "Tokens"
    run.change(language="zh_CN")
    texts = [action.text() for action in actions(run.app._tray.menu)]
    assert "Quit" not in texts
    assert "退出" in texts
    assert not window._list.item(0).text().isascii()
    assert run.app._notifier is not None
    assert run.app._notifier._sentences is run.app._chosen.voice.sentences
    run.change(language="en")
    assert run.row("Quit").isEnabled()
    assert window._list.item(0).text() == "Tokens"


def test_a_window_that_is_opened_later_speaks_the_language_of_now(start: Start) -> None:
    run = start()
    run.change(language="zh_CN")
    assert not run.app.window._list.item(0).text().isascii()


def test_the_tray_style_and_the_notices_reach_who_needs_them(start: Start) -> None:
    run = start()
    run.change(tray_style=TrayStyle.MONO_LIGHT, notices=frozenset({NoticeKind.TAKEN}))
    assert run.app._tray._style is TrayStyle.MONO_LIGHT
    assert run.app._notifier is not None
    assert run.app._notifier._wishes.kinds == {NoticeKind.TAKEN}
    again = start()
    assert again.app._tray._style is TrayStyle.MONO_LIGHT
    assert again.app._notifier is not None
    assert again.app._notifier._wishes.kinds == {NoticeKind.TAKEN}


def test_an_address_reaches_the_engine_now_and_at_the_next_start(start: Start) -> None:
    run = start()
    run.dialog._api_base.setEditText(f"{API_BASES[3]}/")
    run.dialog._on_address()
    assert run.app._live._api_base == API_BASES[3]
    again = start()
    assert again.app._live._api_base == API_BASES[3]
    assert again.dialog._api_base.isEnabled()


def test_a_fixed_address_stays_whatever_the_settings_say(start: Start, wechat: SandboxServer) -> None:
    run = start(wechat)
    run.change(api_base=API_BASES[3])
    assert run.app._live._api_base == wechat.base


@pytest.mark.parametrize(("seconds", "left"), [(0, False), (30, True)])
def test_the_clipboard_is_cleared_as_was_chosen(
    start: Start,
    seconds: int,
    left: bool,  # noqa: FBT001 - a column of the table
) -> None:
    run = start()
    run.change(clipboard_s=seconds)
    run.app._on_copy_ready("wx1", TokenKind.ACCESS_TOKEN, "a token")
    assert QGuiApplication.clipboard().text() == "a token"
    assert run.app._clipboard._timer.isActive() is left


def test_the_preferences_are_opened_from_the_tray_and_the_window(start: Start) -> None:
    run = start()
    dialog = run.dialog
    assert dialog.isVisible()
    assert run.app.window.isVisible()
    run.app.window.preferences_wanted.emit()
    assert run.app.window.findChildren(Preferences) == [dialog]


# -- remembered -----------------------------------------------------------------------------------


def test_where_the_window_went_is_told_once_and_never_again(start: Start) -> None:
    run = start()
    told: list[str] = []
    run.app._tray.tell_where_it_went = lambda: told.append("told")  # type: ignore[method-assign]  # counted
    run.app.window.set_has_tray(there=True)
    for _ in range(2):
        run.app.window.appear()
        run.app.window.close()
    assert told == ["told"]
    assert run.kept.close_hint_shown
    again = start()
    again.app._tray.tell_where_it_went = lambda: told.append("again")  # type: ignore[method-assign]  # counted
    again.app.window.set_has_tray(there=True)
    again.app.window.appear()
    again.app.window.close()
    assert told == ["told"]


def test_a_pause_outlives_a_restart_and_its_end_does_too(start: Start, wechat: SandboxServer) -> None:
    run = start(wechat)
    run.row("1 hour").trigger()
    until = run.app._live.controller.overview().paused_until
    assert until == pytest.approx(time.time() + 3600, abs=5)
    assert run.kept.paused_until == until
    again = start(wechat)
    assert again.app._live.controller.overview().paused_until == until
    again.app._live.controller.start()
    assert wechat.rules.calls.total() == 0  # paused is paused
    again.row("Resume").trigger()
    assert again.kept.paused_until is None
    assert start(wechat).app._live.controller.overview().paused_until is None


def test_a_pause_that_is_over_holds_nothing(start: Start, wechat: SandboxServer, qtbot: QtBot) -> None:
    run = start(wechat)
    run.change(paused_until=time.time() - 1)
    again = start(wechat)
    assert again.app._live.controller.overview().paused_until is None
    again.app._live.controller.start()
    qtbot.waitUntil(lambda: again.app._live.controller.overview().fresh == 2, timeout=10_000)


# -- notices --------------------------------------------------------------------------------------


def refused(run: Run, wechat: SandboxServer, qtbot: QtBot) -> str:
    """The IP with which WeChat refuses the account."""
    shop = wechat.accounts[0]
    wechat.app._control.handle(
        "POST", "/_sandbox/accounts", f'{{"appid":"{shop.appid}","ip_list":[]}}'.encode(),
        "127.0.0.1", wechat.control_key,
    )  # fmt: skip
    controller = run.app._live.controller
    controller.start()
    qtbot.waitUntil(lambda: controller.overview().accounts[0].trouble is not None, timeout=10_000)
    trouble = controller.overview().accounts[0].trouble
    assert trouble is not None
    assert trouble.errcode == 40164
    return trouble.ip or ""


def test_the_buttons_of_a_notice_do_what_they_say(start: Start, wechat: SandboxServer, qtbot: QtBot) -> None:
    run = start(wechat)
    ip = refused(run, wechat, qtbot)
    appid = wechat.accounts[0].appid
    run.app._on_action(appid, NoticeAction.COPY_IP, "")
    assert QGuiApplication.clipboard().text() == ip == "127.0.0.1"
    calls = wechat.rules.calls.total()
    run.app._on_action(appid, NoticeAction.TRY_AGAIN, "")
    qtbot.waitUntil(lambda: wechat.rules.calls.total() > calls, timeout=10_000)
    assert not run.app.window.isVisible()
    run.app._on_action(appid, NoticeAction.OPEN, "")
    assert run.app.window.isVisible()
    run.app._on_action("wx-nobody", NoticeAction.COPY_IP, "")
