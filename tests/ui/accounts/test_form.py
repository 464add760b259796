"""The fields of an account alone: the account that they mean, and who hears of which of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SECRET, SHOP

SIGNALS = ("credentials_edited", "folder_edited", "folder_selected", "exports_edited", "details_edited")


@pytest.fixture
def form(formatter: Formatter, qtbot: QtBot) -> AccountForm:
    return shown(AccountForm(formatter), qtbot)


@pytest.fixture
def heard(form: AccountForm) -> list[str]:
    """The names of the signals, as they come."""
    heard: list[str] = []
    for name in SIGNALS:
        getattr(form, name).connect(lambda *_, name=name: heard.append(name))
    return heard


def shown(form: AccountForm, qtbot: QtBot) -> AccountForm:
    qtbot.addWidget(form)
    form.retranslate()
    form.show()
    return form


# -- the account ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "account",
    [
        Account(SHOP.appid, "x", Platform.MINI_PROGRAM, Endpoint.CLASSIC, "/dogs", 1234),
        replace(SHOP, card_ticket=True, js_domains=("www.example.com", "中文.中国")),
    ],
)
def test_the_form_begins_with_what_the_account_is(
    formatter: Formatter, qtbot: QtBot, account: Account
) -> None:
    assert shown(AccountForm(formatter, account), qtbot).entered_account() == account


def test_what_is_chosen_is_meant_and_not_only_spelled_so(form: AccountForm) -> None:
    """Whoever decides by `is` would take the text `stable` for the classic endpoint."""
    account = form.entered_account()
    assert account.platform is Platform.OFFICIAL
    assert account.endpoint is Endpoint.STABLE


def test_an_account_without_a_name_is_called_by_its_appid(form: AccountForm) -> None:
    form._name_field.setText("  ")
    form._appid_field.setText(SHOP.appid)
    assert form.entered_account().name == SHOP.appid


def test_a_classic_account_may_refresh_earlier_and_says_what_it_costs(form: AccountForm) -> None:
    assert form._refresh_ahead_spin_box.maximum() == 290
    form._endpoint_combo.setCurrentIndex(form._endpoint_combo.findData(Endpoint.CLASSIC))
    assert form._refresh_ahead_spin_box.maximum() == 3600
    assert "die within five minutes" in form._endpoint_hint.text()
    form._refresh_ahead_spin_box.setValue(3000)
    form._endpoint_combo.setCurrentIndex(form._endpoint_combo.findData(Endpoint.STABLE))
    assert form._refresh_ahead_spin_box.value() == 290


def test_only_a_new_account_cannot_do_without_a_secret(formatter: Formatter, qtbot: QtBot) -> None:
    new, known = (shown(AccountForm(formatter, account), qtbot) for account in (None, SHOP))
    assert (new.entered_secret(), known.entered_secret()) == (Secret(""), None)
    for form in (new, known):
        form._secret_field.setText(f" {SECRET} ")
        assert form.entered_secret() == Secret(SECRET)
        form.clear_secret_field()
        assert form._secret_field.text() == ""


# -- who hears of it ------------------------------------------------------------------------------


def test_letters_in_a_field_are_heard_as_what_they_are(form: AccountForm, heard: list[str]) -> None:
    fields: dict[QLineEdit, str] = {
        form._appid_field: "credentials_edited",
        form._secret_field: "credentials_edited",
        form._folder_field: "folder_edited",
        form._name_field: "details_edited",
        form._js_domains_field: "details_edited",
    }
    for field, signal in fields.items():
        QTest.keyClick(field, Qt.Key.Key_A)
        assert heard == [signal]
        heard.clear()


def test_choices_are_heard_once_the_form_has_followed_them(form: AccountForm, heard: list[str]) -> None:
    form._endpoint_combo.setCurrentIndex(form._endpoint_combo.findData(Endpoint.CLASSIC))
    form._refresh_ahead_spin_box.setValue(1000)
    form._card_ticket_check_box.click()
    form._platform_combo.setCurrentIndex(form._platform_combo.findData(Platform.MINI_PROGRAM))
    assert heard == ["details_edited"] * 4
    assert not form._card_ticket_check_box.isVisible()


def test_a_folder_is_chosen_with_enter_or_with_the_button(
    form: AccountForm, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form._folder_field.setText("/srv/dogs")
    QTest.keyClick(form._folder_field, Qt.Key.Key_Return)
    assert heard == ["folder_edited", "folder_selected"]
    heard.clear()
    for picked in ("", "/srv/other"):  # the first gives up
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, picked=picked: picked)
        form._browse_button.click()
    assert heard == ["folder_edited", "folder_selected"]
    assert form.entered_account().dog_dir == "/srv/other"


def test_spelling_out_the_home_is_no_edit(
    form: AccountForm, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    form._folder_field.setText(" ~/dogs")
    heard.clear()
    form.expand_folder()
    assert form._folder_field.text() == "/home/me/dogs"
    assert heard == []
