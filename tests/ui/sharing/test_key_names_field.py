"""Programs whose keys in Redis are written or read, and the names of the keys."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames
from guarddog_gui.ui.sharing.key_names_field import KeyNamesField
from tests.ui import find


@pytest.fixture
def field(qtbot: QtBot) -> KeyNamesField:
    field = KeyNamesField()
    qtbot.addWidget(field)
    field.retranslate()
    field.show()
    return field


def test_names_are_asked_for_only_where_a_program_is_chosen(field: KeyNamesField) -> None:
    token = find.field(field, "WxJava: Key of the access_token")
    assert not token.isVisible()
    find.check_box(field, "WxJava").click()
    assert token.isVisible()
    assert token.placeholderText() == "wx:access_token:{appid}", "the usual name"
    assert field.formats == (KeyNames(KeyFormat.WXJAVA),)


def test_own_names_are_kept_and_blanks_around_them_are_not(field: KeyNamesField) -> None:
    find.check_box(field, "plain value").click()
    find.field(field, "plain value: Key of the access_token").setText(" shop:token ")
    find.field(field, "plain value: Key of the jsapi_ticket").setText("shop:ticket")
    assert field.formats == (KeyNames(KeyFormat.PLAIN, "shop:token", "shop:ticket"),)


def test_stored_names_are_shown(field: KeyNamesField) -> None:
    stored = (KeyNames(KeyFormat.WECHATPY), KeyNames(KeyFormat.SYMFONY, "easywechat.token"))
    field.fill(stored)
    assert field.formats == stored
    assert find.check_box(field, "Symfony, EasyWeChat").isChecked()


def test_every_edit_is_reported(field: KeyNamesField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.edited):
        find.check_box(field, "wechatpy").click()
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(find.field(field, "wechatpy: Key of the access_token"), "x")
