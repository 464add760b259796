"""Copies of values in the form that the user chose, cleared after the time in the settings."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.app.copying import Copying
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, KeySubject, SignedStringSubject
from tests.app.settings_home import SettingsHome
from tests.fakes import FakeClock
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness, started


class CopyingSetup:
    """Copies of one account whose values are fresh, with settings on disk."""

    def __init__(self, home: SettingsHome, harness: RuntimeHarness, api_base: str | None = None) -> None:
        self.home = home
        self.harness = harness
        self.settings = home.start(api_base)
        self.clipboard = Clipboard(FakeClock())
        self.copying = Copying(self.settings, harness.controller, self.clipboard, home.container.api_base)
        self.copied: list[CopySubject] = []
        self.clipboard.copied.connect(self.copied.append)

    @property
    def text(self) -> str:
        return QApplication.clipboard().text()


@pytest.fixture
def harness(qapp: QApplication, qtbot: QtBot) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - threads need one
    with runtime_harness(SHOP) as harness:
        harness.put_fresh_values(SHOP)
        started(harness, qtbot)
        yield harness
        QApplication.clipboard().clear()


def test_a_copied_token_is_cleared_after_the_time_in_the_settings(
    at_home: SettingsHome, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    setup = CopyingSetup(at_home, harness)
    setup.settings.apply_and_save(Settings(clipboard_s=7))
    with qtbot.waitSignal(setup.clipboard.countdown_changed) as countdown:
        harness.controller.copies.request(SHOP.appid, TOKEN)
    assert countdown.args == [7]
    assert setup.text == harness.value(SHOP, TOKEN)


def test_the_answer_names_the_account_and_the_end_of_the_value(at_home: SettingsHome, harness: RuntimeHarness) -> None:
    setup = CopyingSetup(at_home, harness)
    harness.controller.copies.request(SHOP.appid, TICKET)
    (subject,) = setup.copied
    key = harness.controller.overview().accounts[0].key(TICKET)
    assert key is not None
    assert key.record is not None
    assert subject == KeySubject(TICKET, "Shop", SHOP.appid, valid_until=key.record.expires_at)


def test_the_chosen_form_is_kept_for_the_account_also_after_a_restart(
    at_home: SettingsHome, harness: RuntimeHarness
) -> None:
    setup = CopyingSetup(at_home, harness)
    copies = harness.controller.copies
    copies.request_as(SHOP.appid, TOKEN, CopyFormat.ENV)
    assert setup.text == f"WECHAT_ACCESS_TOKEN={harness.value(SHOP, TOKEN)}"
    assert at_home.kept().copy_formats == {SHOP.appid: CopyFormat.ENV}
    copies.formats = {}
    setup.copying.deleteLater()
    copies.disconnect(setup.copying)
    again = CopyingSetup(at_home, harness)
    copies.request(SHOP.appid, TICKET)
    assert again.text == f"WECHAT_JSAPI_TICKET={harness.value(SHOP, TICKET)}"
    copies.request_as(SHOP.appid, TOKEN, CopyFormat.VALUE)
    assert at_home.kept().copy_formats == {}


@pytest.mark.parametrize("fixed", [None, "http://127.0.0.1:9"])
def test_a_curl_line_calls_the_address_that_is_in_use(
    at_home: SettingsHome, harness: RuntimeHarness, fixed: str | None
) -> None:
    setup = CopyingSetup(at_home, harness, fixed)
    setup.settings.update_fields(api_base="https://api2.weixin.qq.com")
    harness.controller.copies.request_as(SHOP.appid, TOKEN, CopyFormat.CURL)
    assert setup.text.startswith(f'curl "{fixed or "https://api2.weixin.qq.com"}/cgi-bin/')


def test_the_appid_stays_on_the_clipboard(at_home: SettingsHome, harness: RuntimeHarness) -> None:
    setup = CopyingSetup(at_home, harness)
    harness.controller.copies.request_as(SHOP.appid, TOKEN, CopyFormat.APPID)
    setup.clipboard.clear()
    assert setup.text == SHOP.appid
    assert at_home.kept().copy_formats == {}


def test_a_signed_string_is_a_secret_too(at_home: SettingsHome, harness: RuntimeHarness) -> None:
    setup = CopyingSetup(at_home, harness)
    setup.copying.copy_signed_string("jsapi_ticket=…&url=…")
    assert setup.copied == [SignedStringSubject()]
    setup.clipboard.clear()
    assert setup.text == ""
