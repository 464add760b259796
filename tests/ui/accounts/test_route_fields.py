"""Fields for the API host and the proxy of an account; the password shows dots and moves to its own field."""

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.accounts.route_fields import RouteFields
from tests.ui.find import field, label


@pytest.fixture
def fields(qtbot: QtBot) -> RouteFields:
    fields = RouteFields()
    qtbot.addWidget(fields)
    fields.retranslate()
    fields.show()
    return fields


def type_into(line_edit: QLineEdit, text: str) -> None:
    """Type as a user does, and leave the field."""
    line_edit.setText(text)
    line_edit.textEdited.emit(text)
    line_edit.editingFinished.emit()


def test_empty_fields_stand_for_the_preferences_and_the_system(fields: RouteFields) -> None:
    assert fields.entered() == {"api_base": "", "proxy": ""}
    assert fields.entered_password() is None
    assert not field(fields, "proxy-password").isVisible()


def test_a_host_becomes_an_address(fields: RouteFields) -> None:
    type_into(field(fields, "api-host"), " api2.weixin.qq.com ")
    assert fields.entered()["api_base"] == "https://api2.weixin.qq.com"


def test_a_password_in_the_address_moves_to_its_field(fields: RouteFields, qtbot: QtBot) -> None:
    with qtbot.waitSignals([fields.edited, fields.left]):
        type_into(field(fields, "proxy"), "socks5://me:s3cret@proxy.example.cn:1080")
    assert field(fields, "proxy").text() == "socks5://me@proxy.example.cn:1080"
    assert field(fields, "proxy-password").text() == "s3cret"
    assert field(fields, "proxy-password").echoMode() is QLineEdit.EchoMode.Password
    assert field(fields, "proxy-password").isVisible()
    assert fields.entered()["proxy"] == "socks5://me@proxy.example.cn:1080"
    assert fields.entered_password() == Secret("s3cret")
    fields.clear_password()
    assert fields.entered_password() is None


def test_a_password_that_has_not_moved_yet_is_in_no_account(fields: RouteFields) -> None:
    field(fields, "proxy").setText("http://me:s3cret@h:1")
    assert fields.entered()["proxy"] == "http://me@h:1"
    assert fields.entered_password() == Secret("s3cret")
    for text in ("http://me:s3cret@h", "ftp://me:s3cret@h:1", "me:s3cret@h"):
        field(fields, "proxy").setText(text)
        assert "s3cret" not in fields.entered()["proxy"]


def test_the_stored_password_is_kept_while_the_proxy_stays(fields: RouteFields) -> None:
    fields.fill(Account("wx1", "Shop", api_base="https://a.cn", proxy="http://me@h:1"))
    assert fields.entered() == {"api_base": "https://a.cn", "proxy": "http://me@h:1"}
    assert field(fields, "proxy-password").placeholderText() == "unchanged"
    assert fields.entered_password() is None
    type_into(field(fields, "proxy"), "http://you@h:1")
    assert field(fields, "proxy-password").placeholderText() == ""
    assert label(fields, "proxy-password-hint").text().startswith("Kept in the keyring")
