"""Fields of the dialog: what is entered and what is shown for whom."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.share_form import ShareForm
from tests.runtime.harness import SHOP
from tests.ui import find

TLS = Sharing(SharingRole.FOLLOWER, "rediss://me@redis.example.com", "/etc/ca.pem")


def make_form(formatter: Formatter, qtbot: QtBot, sharing: Sharing | None) -> ShareForm:
    form = ShareForm(formatter, replace(SHOP, sharing=sharing))
    qtbot.addWidget(form)
    form.retranslate()
    form.show()
    return form


def test_the_stored_settings_are_shown_and_come_back_unchanged(formatter: Formatter, qtbot: QtBot) -> None:
    form = make_form(formatter, qtbot, TLS)
    assert form.entered_sharing() == TLS
    assert form.entered_password() is None


def test_a_certificate_counts_with_tls_only(
    formatter: Formatter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = make_form(formatter, qtbot, TLS)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/home/me/ca.pem", ""))
    with qtbot.waitSignal(form.connection_edited):
        find.button(form, "Choose…").click()
    assert form.entered_sharing().ca_file == "/home/me/ca.pem"
    form.url_field.setText("redis://redis.example.com")
    assert form.entered_sharing().ca_file == ""


def test_a_pasted_password_loses_its_newline(formatter: Formatter, qtbot: QtBot) -> None:
    form = make_form(formatter, qtbot, None)
    with qtbot.waitSignal(form.connection_edited):
        form.password_field.pasted.emit("pass\n")
    assert form.entered_password() == Secret("pass")


def test_a_new_account_is_named_by_its_appid_and_follows(formatter: Formatter, qtbot: QtBot) -> None:
    form = ShareForm(formatter, None)
    qtbot.addWidget(form)
    form.appid_field.setText(" wx00000000000000f1 ")
    assert form.entered_account().name == "wx00000000000000f1"
    assert form.entered_sharing().role is SharingRole.FOLLOWER


def test_the_role_explains_itself(formatter: Formatter, qtbot: QtBot) -> None:
    form = make_form(formatter, qtbot, None)
    assert find.shows(form, "writes it for all")
    with qtbot.waitSignal(form.keys_edited):
        find.button(form, "Follower").click()
    assert find.shows(form, "never asks WeChat")
