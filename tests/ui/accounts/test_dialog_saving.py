"""Tests of saving in the dialog of an account, also when the account changes elsewhere meanwhile."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from guarddog_gui.domain.accounts.account import Platform, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, NotPersisted
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from tests.fakes import OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, SECRET, SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.accounts.account_dialog_driver import OTHER_SECRET, AccountDialogDriver, OpenForm
from tests.ui.find import label
from tests.ui.message_boxes import MessageBoxAnswerer


def test_saving_stores_the_account_and_closes_the_dialog(form: AccountDialogDriver) -> None:
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored == (SHOP, CAFE)
    assert form.harness.secrets.stored[CAFE.appid] == Secret(SECRET)
    assert form.secret.text() == ""
    form.harness.wait_until_idle(form.qtbot)
    assert form.harness.transport.endpoints == ["stable_token", "getticket"]  # the test's token is kept


def test_save_tests_first_and_then_saves(form: AccountDialogDriver) -> None:
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored == (SHOP, CAFE)


def test_enter_saves(form: AccountDialogDriver) -> None:
    form.fill()
    QTest.keyClick(form.secret, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


@pytest.mark.parametrize("name", ["Cancel", "Choose…", "Where do I find these?"])
def test_enter_on_another_button_does_not_save(form: AccountDialogDriver, name: str) -> None:
    form.fill()
    assert find.button(form.dialog, "Save").property("default"), "Enter in a field saves"
    button = find.button(form.dialog, name)
    pressed: list[str] = []
    button.clicked.disconnect()
    button.clicked.connect(lambda: pressed.append(name))

    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)

    assert pressed == [name]
    assert form.harness.accounts.stored == (SHOP,)


def test_failing_credentials_are_saved_only_after_confirmation(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = error_reply(40125)
    form.fill()
    answerer = MessageBoxAnswerer("Back")
    form.save()
    (question,) = answerer.shown
    assert question.text == "Save Café although the check has failed?"
    assert "AppSecret" in question.informative_text
    assert question.informative_text.count("40125") == 1
    assert question.is_plain_text
    assert question.buttons == ("Back", "Save anyway")
    assert form.dialog.isVisible()
    assert form.harness.accounts.stored == (SHOP,)


def test_failing_credentials_are_saved_when_confirmed(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = OFFLINE_FAILURE
    form.fill()
    form.test()
    answerer = MessageBoxAnswerer("Save anyway")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert len(answerer.shown) == 1
    assert CAFE in form.harness.accounts.stored


def test_escape_in_the_confirmation_saves_nothing(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = OFFLINE_FAILURE
    form.fill()
    answerer = MessageBoxAnswerer(None)
    form.save()
    assert len(answerer.shown) == 1
    assert form.harness.accounts.stored == (SHOP,)


@pytest.mark.parametrize(
    ("kept", "words"),
    [(KeyringIsLocked(), "The keyring is locked."), (NotPersisted(), "took the AppSecret and kept nothing")],
)
def test_a_keyring_error_keeps_the_dialog_open_and_is_explained(
    form: AccountDialogDriver, kept: KeyringIsLocked | NotPersisted, words: str
) -> None:
    form.harness.secrets.store_result = kept
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.message)
    assert words in form.message
    assert form.dialog.isVisible()
    assert form.secret.text() == SECRET
    form.harness.secrets.store_result = None
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_a_full_disk_keeps_the_dialog_open_and_is_explained(form: AccountDialogDriver) -> None:
    form.harness.accounts.is_disk_full = True
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "no space left on device" in form.message)
    assert form.dialog.isVisible()
    assert CAFE.appid not in form.harness.secrets.stored


def test_an_edited_account_keeps_its_secret_and_its_appid(open_form: OpenForm, harness: RuntimeHarness) -> None:
    form = open_form(SHOP)
    assert form.appid_field.isReadOnly()
    assert form.secret.text() == ""
    form.type_into(form.name_field, "Shop of shops")
    form.select_platform(Platform.MINI_PROGRAM)
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.accounts.stored == (replace(SHOP, name="Shop of shops", platform=Platform.MINI_PROGRAM),)
    assert harness.secrets.stored[SHOP.appid] == Secret(SECRET)


def test_another_platform_is_checked_before_it_is_saved_but_another_name_is_not(open_form: OpenForm) -> None:
    form = open_form(SHOP)
    form.type_into(form.name_field, "Shop of shops")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.dialog.verification_result is None

    form = open_form(SHOP)
    form.select_platform(Platform.MINI_PROGRAM)
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.dialog.verification_result is not None


def test_a_checked_card_ticket_is_fetched_and_domains_are_saved(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.put_fresh_values(SHOP)
    form = open_form(SHOP)
    assert not form.card_ticket_check_box.isChecked()
    form.card_ticket_check_box.click()
    form.type_into(form.js_domains_field, "WWW.example.com, shop.example.com")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    domains = ("www.example.com", "shop.example.com")
    assert harness.accounts.stored == (replace(SHOP, card_ticket=True, js_domains=domains),)
    harness.wait_until_idle(form.qtbot)
    assert [dict(request.query)["type"] for request in harness.transport.requests] == ["wx_card"]


@pytest.mark.parametrize("press", [AccountDialogDriver.test, AccountDialogDriver.save])
def test_an_existing_account_is_not_replaced(
    form: AccountDialogDriver, harness: RuntimeHarness, press: Callable[[AccountDialogDriver], None]
) -> None:
    harness.controller.reload_from_disk()
    form.fill(replace(SHOP, name="Again"), OTHER_SECRET)
    press(form)
    assert form.message.startswith("An account with this AppID is here already. Edit that one")
    assert harness.transport.requests == []
    assert harness.accounts.stored == (SHOP,)


def test_an_account_added_elsewhere_meanwhile_is_not_replaced(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    form.fill()
    form.test()
    harness.accounts.update(lambda known: (*known, CAFE))  # by guarddogctl, and nobody has looked yet
    form.save()
    form.qtbot.waitUntil(lambda: "is here already" in form.message)
    assert form.dialog.isVisible()


def test_an_account_removed_elsewhere_meanwhile_is_not_restored(open_form: OpenForm, harness: RuntimeHarness) -> None:
    form = open_form(SHOP)
    harness.accounts.update(lambda _: ())
    form.type_into(form.name_field, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.message.startswith("This account has been removed meanwhile."))
    assert harness.accounts.stored == ()


def test_changes_made_elsewhere_meanwhile_are_kept(open_form: OpenForm, harness: RuntimeHarness) -> None:
    form = open_form(SHOP)
    elsewhere = replace(SHOP, ahead=60, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),))
    harness.accounts.update(lambda _: (elsewhere,))
    form.type_into(form.name_field, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.accounts.stored == (replace(elsewhere, name="Renamed"),)


def test_a_proxy_with_a_password_is_tried_and_saved(form: AccountDialogDriver) -> None:
    form.fill()
    proxy = form.field("proxy")
    proxy.setText("socks5://me:s3cret@proxy.example.cn:1080")
    proxy.textEdited.emit(proxy.text())
    proxy.editingFinished.emit()
    form.field("api-host").setText("api2.weixin.qq.com")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    saved = form.harness.accounts.stored[-1]
    assert (saved.proxy, saved.api_base) == ("socks5://me@proxy.example.cn:1080", "https://api2.weixin.qq.com")
    assert form.harness.transport.accounts[0].proxy == saved.proxy
    assert form.harness.transport.trial_passwords == [(CAFE.appid, Secret("s3cret"))]
    assert form.harness.proxy_passwords.stored == {CAFE.appid: Secret("s3cret")}
    assert form.field("proxy-password").text() == ""


def test_another_proxy_is_checked_before_it_is_saved(open_form: OpenForm) -> None:
    form = open_form(SHOP)
    form.field("proxy").setText("direct")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.transport.endpoints[0] == "stable_token"
    assert form.harness.transport.accounts[0].proxy == "direct"


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("proxy", "socks4://h:1", "SOCKS 4"),
        ("proxy", "http://h", "no port"),
        ("api-host", "http://api.weixin.qq.com", "API host"),
    ],
)
def test_a_route_that_cannot_be_used_is_explained_at_its_field(
    form: AccountDialogDriver, name: str, text: str, error: str
) -> None:
    form.fill()
    form.field(name).setText(text)
    form.field(name).editingFinished.emit()
    assert error in label(form.dialog, f"{name}-error").text()
    form.save()
    assert form.dialog.isVisible()
