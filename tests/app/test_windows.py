"""Windows of the tray app, made on demand on a real home."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from guarddog_gui.app.windows import Windows
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.domain.errors import FileError
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.signing.sign_page import SignPage
from tests.app.settings_home import SettingsHome
from tests.fakes import FakeClock
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness, started
from tests.ui import find

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class WindowsSetup:
    """Windows over a container on disk, with a runtime of fakes."""

    def __init__(self, home: SettingsHome, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.settings = home.start()
        engine = cast(
            "BackgroundEngine", SimpleNamespace(controller=harness.controller, signing_controller=harness.signing)
        )
        self.windows = Windows(home.container, self.settings, engine, Clipboard(FakeClock()), home.environ)
        self.made: list[MainWindow] = []
        self.windows.main_window_made.connect(self.made.append)
        self.windows.main_window_made.connect(qtbot.addWidget)

    @property
    def window(self) -> MainWindow:
        (window,) = self.made
        return window


@pytest.fixture
def setup(at_home: SettingsHome, qtbot: QtBot) -> Iterator[WindowsSetup]:
    with runtime_harness(SHOP) as harness:
        started(harness, qtbot)
        setup = WindowsSetup(at_home, harness, qtbot)
        yield setup
        setup.windows.stop()


def test_the_main_window_is_made_once_and_on_demand(setup: WindowsSetup) -> None:
    setup.windows.retranslate()
    setup.windows.hide()
    assert setup.windows.existing_main_window is None
    window = setup.windows.main_window
    assert setup.windows.main_window is window
    assert setup.made == [window]
    assert not window.isVisible()


def test_hiding_remembers_the_main_window(setup: WindowsSetup) -> None:
    window = setup.windows.main_window
    window.show_and_activate()
    window.activate_page(1)
    setup.windows.hide()
    assert not window.isVisible()
    assert setup.settings.settings.window.page == "history"


def test_the_tray_icon_opens_its_popover_and_hides_it(setup: WindowsSetup) -> None:
    for is_visible in (True, False):
        setup.windows.toggle_popover(QRect(900, 0, 24, 24), SHOP.appid)
        assert setup.windows.popover.isVisible() is is_visible
    setup.windows.toggle_popover(QRect(900, 0, 24, 24), SHOP.appid)
    setup.windows.hide()
    assert not setup.windows.popover.isVisible()


def test_the_popover_opens_pages_in_the_main_window(setup: WindowsSetup) -> None:
    setup.windows.popover.sign_requested.emit(SHOP.appid)
    assert setup.window.isVisible()
    assert find.page(setup.window, SignPage).isVisible()


def test_preferences_and_add_account_open_over_the_main_window(setup: WindowsSetup) -> None:
    setup.windows.open_preferences()
    find.widget(setup.window, PreferencesDialog).close()
    setup.windows.add_account()
    find.widget(setup.window, AccountDialog).reject()


def test_about_opens_over_the_main_window(setup: WindowsSetup) -> None:
    setup.settings.about_requested.emit()
    find.widget(setup.window, AboutDialog).close()


def test_an_error_of_the_settings_is_shown_in_the_main_window(setup: WindowsSetup) -> None:
    setup.settings.error_occurred.emit(FileError("/home/settings.json", "full"))
    assert setup.window.isVisible()
    assert "/home/settings.json" in find.toast(setup.window)
