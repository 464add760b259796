"""The fields of an account alone: the account that they mean, and who hears of which of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Voice
from tests.runtime.stage import SECRET, SHOP

SIGNALS = ("credentials_edited", "folder_edited", "folder_chosen", "outlets_edited", "edited")


@pytest.fixture
def form(voice: Voice, qtbot: QtBot) -> AccountForm:
    return shown(AccountForm(voice), qtbot)


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
def test_the_form_begins_with_what_the_account_is(voice: Voice, qtbot: QtBot, account: Account) -> None:
    assert shown(AccountForm(voice, account), qtbot).account() == account


def test_what_is_chosen_is_meant_and_not_only_spelled_so(form: AccountForm) -> None:
    """Whoever decides by `is` would take the text `stable` for the classic endpoint."""
    account = form.account()
    assert account.platform is Platform.OFFICIAL
    assert account.endpoint is Endpoint.STABLE


def test_an_account_without_a_name_is_called_by_its_appid(form: AccountForm) -> None:
    form._name.setText("  ")
    form._appid.setText(SHOP.appid)
    assert form.account().name == SHOP.appid


def test_a_classic_account_may_refresh_earlier_and_says_what_it_costs(form: AccountForm) -> None:
    assert form._ahead.maximum() == 290
    form._endpoint.setCurrentIndex(form._endpoint.findData(Endpoint.CLASSIC))
    assert form._ahead.maximum() == 3600
    assert "die within five minutes" in form._endpoint_why.text()
    form._ahead.setValue(3000)
    form._endpoint.setCurrentIndex(form._endpoint.findData(Endpoint.STABLE))
    assert form._ahead.value() == 290


def test_only_a_new_account_cannot_do_without_a_secret(voice: Voice, qtbot: QtBot) -> None:
    new, known = (shown(AccountForm(voice, account), qtbot) for account in (None, SHOP))
    assert (new.typed_secret(), known.typed_secret()) == (Secret(""), None)
    for form in (new, known):
        form._secret.setText(f" {SECRET} ")
        assert form.typed_secret() == Secret(SECRET)
        form.forget_secret()
        assert form._secret.text() == ""


# -- who hears of it ------------------------------------------------------------------------------


def test_letters_in_a_field_are_heard_as_what_they_are(form: AccountForm, heard: list[str]) -> None:
    fields: dict[QLineEdit, str] = {
        form._appid: "credentials_edited",
        form._secret: "credentials_edited",
        form._folder: "folder_edited",
        form._name: "edited",
        form._js_domains: "edited",
    }
    for field, signal in fields.items():
        QTest.keyClick(field, Qt.Key.Key_A)
        assert heard == [signal]
        heard.clear()


def test_choices_are_heard_once_the_form_has_followed_them(form: AccountForm, heard: list[str]) -> None:
    form._endpoint.setCurrentIndex(form._endpoint.findData(Endpoint.CLASSIC))
    form._ahead.setValue(1000)
    form._card_ticket.click()
    form._platform.setCurrentIndex(form._platform.findData(Platform.MINI_PROGRAM))
    assert heard == ["edited"] * 4
    assert not form._card_ticket.isVisible()


def test_a_folder_is_chosen_with_enter_or_with_the_button(
    form: AccountForm, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form._folder.setText("/srv/dogs")
    QTest.keyClick(form._folder, Qt.Key.Key_Return)
    assert heard == ["folder_edited", "folder_chosen"]
    heard.clear()
    for picked in ("", "/srv/other"):  # the first gives up
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, picked=picked: picked)
        form._browse.click()
    assert heard == ["folder_edited", "folder_chosen"]
    assert form.account().dog_dir == "/srv/other"


def test_spelling_out_the_home_is_no_edit(
    form: AccountForm, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    form._folder.setText(" ~/dogs")
    heard.clear()
    form.spell_out_folder()
    assert form._folder.text() == "/home/me/dogs"
    assert heard == []
