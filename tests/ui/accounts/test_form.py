"""Tests of the form of an account: the account it describes, and the signals it emits."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, AccountColour, Endpoint, Environment, Platform, Secret
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SECRET, SHOP
from tests.ui.find import button, check_box, combo, field, label, spin_box

OWN_SIGNALS = ("credentials_edited", "details_edited")
SIGNALS = ("folder_edited", "folder_selected", "exports_edited", "edited", "field_left")


@pytest.fixture
def form(formatter: Formatter, qtbot: QtBot) -> AccountForm:
    return show(AccountForm(formatter), qtbot)


@pytest.fixture
def emitted(form: AccountForm) -> list[str]:
    """Return the names of the emitted signals, in order."""
    emitted: list[str] = []
    for owner, names in ((form, OWN_SIGNALS), (form.advanced, SIGNALS)):
        for name in names:
            getattr(owner, name).connect(lambda *_, name=name: emitted.append(name))
    return emitted


def show(form: AccountForm, qtbot: QtBot) -> AccountForm:
    qtbot.addWidget(form)
    form.retranslate()
    form.set_advanced_visible(visible=True)
    form.show()
    return form


def select(form: AccountForm, name: str, value: Endpoint | Platform) -> None:
    choices = combo(form, name)
    choices.setCurrentIndex(choices.findData(value))


# -- the account ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "account",
    [
        Account(SHOP.appid, "x", Platform.MINI_PROGRAM, Endpoint.CLASSIC, "/dogs", 1234),
        replace(SHOP, card_ticket=True, js_domains=("www.example.com", "中文.中国")),
        replace(SHOP, environment=Environment.PRODUCTION, colour=AccountColour.TEAL, group="Shops"),
    ],
)
def test_the_form_shows_the_account(formatter: Formatter, qtbot: QtBot, account: Account) -> None:
    assert show(AccountForm(formatter, account), qtbot).entered_account() == account


def test_selected_values_are_enum_members(form: AccountForm) -> None:
    """The combo boxes return plain strings, which `is` would tell from the enum members."""
    account = form.entered_account()
    assert account.platform is Platform.OFFICIAL
    assert account.endpoint is Endpoint.STABLE


def test_an_account_without_a_name_is_named_by_its_appid(form: AccountForm) -> None:
    field(form, "name").setText("  ")
    field(form, "appid").setText(SHOP.appid)
    assert form.entered_account().name == SHOP.appid


def test_the_classic_endpoint_allows_an_earlier_refresh_and_shows_a_warning(form: AccountForm) -> None:
    assert spin_box(form, "refresh-ahead").maximum() == 290
    select(form, "endpoint", Endpoint.CLASSIC)
    assert spin_box(form, "refresh-ahead").maximum() == 3600
    assert "die within five minutes" in label(form, "endpoint-hint").text()
    spin_box(form, "refresh-ahead").setValue(3000)
    select(form, "endpoint", Endpoint.STABLE)
    assert spin_box(form, "refresh-ahead").value() == 290


def test_only_a_new_account_needs_a_secret(formatter: Formatter, qtbot: QtBot) -> None:
    new, known = (show(AccountForm(formatter, account), qtbot) for account in (None, SHOP))
    assert (new.entered_secret(), known.entered_secret()) == (Secret(""), None)
    for form in (new, known):
        field(form, "secret").setText(f" {SECRET} ")
        assert form.entered_secret() == Secret(SECRET)
        form.secret_field.clear()
        assert field(form, "secret").text() == ""


# -- signals --------------------------------------------------------------------------------------


def test_typing_emits_the_signal_of_the_field(form: AccountForm, emitted: list[str]) -> None:
    fields: dict[QLineEdit, str] = {
        field(form, "appid"): "credentials_edited",
        field(form, "secret"): "credentials_edited",
        field(form, "folder"): "folder_edited",
        field(form, "name"): "details_edited",
        field(form, "group"): "edited",
        field(form, "js-domains"): "edited",
    }
    for line_edit, signal in fields.items():
        QTest.keyClick(line_edit, Qt.Key.Key_A)
        assert emitted == [signal]
        emitted.clear()


def test_a_choice_is_signalled_after_the_form_has_adapted_to_it(form: AccountForm, emitted: list[str]) -> None:
    select(form, "endpoint", Endpoint.CLASSIC)
    spin_box(form, "refresh-ahead").setValue(1000)
    check_box(form, "card-ticket").click()
    select(form, "platform", Platform.MINI_PROGRAM)
    assert emitted == ["edited"] * 4
    assert not check_box(form, "card-ticket").isVisible()


def test_a_folder_is_selected_with_enter_or_with_the_button(
    form: AccountForm, emitted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    field(form, "folder").setText("/srv/dogs")
    QTest.keyClick(field(form, "folder"), Qt.Key.Key_Return)
    assert emitted == ["folder_edited", "folder_selected"]
    emitted.clear()
    for picked in ("", "/srv/other"):  # the first dialog is cancelled
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, picked=picked: picked)
        button(form, "Choose…").click()
    assert emitted == ["folder_edited", "folder_selected"]
    assert form.entered_account().dog_dir == "/srv/other"


def test_expanding_the_tilde_emits_no_edit(
    form: AccountForm, emitted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    field(form, "folder").setText(" ~/dogs")
    emitted.clear()
    form.advanced.expand_folder()
    assert field(form, "folder").text() == "/home/me/dogs"
    assert emitted == []


@pytest.mark.parametrize(
    ("pasted", "appid"),
    [
        (" wx0123456789abcdef\u200b", "wx0123456789abcdef"),
        ("AppID: wx0123456789abcdef", "wx0123456789abcdef"),
        ("“wx0123456789abcdef”", "wx0123456789abcdef"),
        ("gh_0123456789ab ", "gh_0123456789ab"),
        ("wx01", "wx01"),
    ],
)
def test_a_pasted_appid_is_freed_of_what_is_around_it(form: AccountForm, pasted: str, appid: str) -> None:
    field(form, "appid").insert(pasted)
    field(form, "appid").textEdited.emit(pasted)
    assert form.entered_account().appid == appid


def test_invisible_characters_around_a_pasted_secret_are_removed(form: AccountForm) -> None:
    field(form, "secret").setText(f"\u200b{SECRET}\u200b ")
    field(form, "secret").textEdited.emit("")
    secret = form.entered_secret()
    assert secret is not None
    assert secret.reveal() == SECRET
