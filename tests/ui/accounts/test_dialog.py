"""Tests of the dialog of an account: invalid input, testing the credentials, and closing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Platform, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, SecretMissing
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.formatter import Formatter
from tests.fakes import OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, SECRET, SHOP, RuntimeHarness
from tests.ui.accounts.account_dialog_driver import OTHER_SECRET, AccountDialogDriver, OpenForm
from tests.ui.conftest import make_formatter
from tests.ui.find import label


@pytest.mark.parametrize(
    ("appid", "secret", "sentence"),
    [
        ("not an appid", SECRET, "This cannot be an AppID."),
        ("", SECRET, "The AppID is empty."),
        (CAFE.appid, "", "The AppSecret is empty."),
        (CAFE.appid, "ein Geheimnis", "This cannot be an AppSecret."),
        (CAFE.appid, "gehe\u00efm", "This cannot be an AppSecret."),
    ],
)
def test_invalid_input_is_explained_and_wechat_is_not_called(
    form: AccountDialogDriver, appid: str, secret: str, sentence: str
) -> None:
    form.fill()
    form.paste(form.appid_field, appid)
    form.paste(form.secret, secret)
    form.save()
    assert form.message.startswith(sentence)
    assert form.harness.transport.requests == []
    assert form.dialog.isVisible()
    assert form.secret.text() == secret  # not to be typed again


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("https://www.example.com", "A JS-safe domain is written without http:// or https://."),
        ("www.example.com www.example.com:8080", "A JS-safe domain has no port."),
        ("www.example.com/shop", "A JS-safe domain has no path."),
        ("203.0.113.9", "This cannot be a JS-safe domain."),
    ],
)
def test_an_invalid_domain_is_explained(form: AccountDialogDriver, typed: str, sentence: str) -> None:
    form.fill()
    form.type_into(form.js_domains_field, typed)
    form.save()
    assert form.error("js-domains").startswith(sentence)
    assert form.harness.transport.requests == []


def test_half_a_domain_is_no_mistake_before_the_field_is_left(form: AccountDialogDriver) -> None:
    form.type_into(form.js_domains_field, "www.")
    assert form.error("js-domains") == ""
    form.name_field.setFocus()
    form.qtbot.waitUntil(lambda: form.error("js-domains").startswith("This cannot be a JS-safe domain."))


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("appid", "gh_0123456789ab", "This is the original ID of the account"),
        ("appid", "wx!1", "This cannot be an AppID."),
        ("secret", "gehe\u00efm", "This cannot be an AppSecret."),
        ("name", "x" * 81, "This name cannot be used."),
        ("group", "x" * 81, "This group cannot be used."),
    ],
)
def test_an_error_stands_at_its_field_at_once_and_goes_with_it(
    form: AccountDialogDriver, name: str, text: str, sentence: str
) -> None:
    form.type_into(form.field(name), text)
    assert form.error(name).startswith(sentence)
    assert form.field(name).accessibleDescription().startswith(sentence)
    form.type_into(form.field(name), "")
    assert form.error(name) == ""


def test_an_untouched_form_shows_no_error(form: AccountDialogDriver) -> None:
    form.paste(form.secret, SECRET)
    form.name_field.setFocus()
    assert form.message == ""


def test_complete_credentials_are_checked_by_themselves_and_only_once(form: AccountDialogDriver) -> None:
    form.fill()
    form.name_field.setFocus()
    form.qtbot.waitUntil(lambda: form.message == "WeChat accepts them. A token is ready.")
    assert form.name_field.hasFocus()
    for text in (OTHER_SECRET, SECRET, OTHER_SECRET, SECRET):
        form.type_into(form.secret, text)
        form.test()
    assert len(form.harness.transport.requests) == 2
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.secrets.stored[CAFE.appid] == Secret(SECRET)


def test_half_a_secret_is_not_sent(form: AccountDialogDriver) -> None:
    form.fill(CAFE, SECRET[:31])
    assert not form.check_timer.isActive()


def test_a_failed_check_can_be_repeated(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = error_reply(40125)
    form.fill()
    form.test()
    assert "(40125" in form.message
    form.harness.wechat.forced_token_reply = None
    assert form.test_button.text() == "Check again"
    form.test()
    assert form.message == "WeChat accepts them. A token is ready."
    assert not form.test_button.isVisible()


def test_the_kind_of_account_stands_beside_an_accepted_appid(form: AccountDialogDriver) -> None:
    note = label(form.dialog, "appid-note")
    form.fill()
    assert note.text() == ""
    form.test()
    assert note.text() == "✓ official account"
    form.select_platform(Platform.MINI_PROGRAM)
    assert note.text() == "✓ mini program"


def test_fields_about_tickets_are_hidden_for_a_mini_program(form: AccountDialogDriver) -> None:
    asked = (form.js_domains_field, form.card_ticket_check_box, label(form.dialog, "card-ticket-hint"))
    assert all(widget.isVisible() for widget in asked)
    form.type_into(form.js_domains_field, "https://wrong")
    form.card_ticket_check_box.setChecked(True)
    form.select_platform(Platform.MINI_PROGRAM)
    assert not any(widget.isVisible() for widget in asked)
    assert (form.form.entered_account().card_ticket, form.form.entered_account().js_domains) == (False, ())
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_a_passed_test_is_shown_and_saves_nothing(form: AccountDialogDriver) -> None:
    form.fill()
    form.test()
    assert form.message == "WeChat accepts them. A token is ready."
    assert form.harness.accounts.stored == (SHOP,)
    assert CAFE.appid not in form.harness.secrets.stored


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error_reply(40125, "invalid appsecret"), ["AppSecret", "(40125)"]),
        (
            error_reply(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"),
            ["This computer calls from 203.0.113.9", "(40164)"],
        ),
        (OFFLINE_FAILURE, ["This computer cannot reach WeChat."]),
    ],
)
def test_a_failed_test_shows_what_is_wrong_and_what_to_do(
    form: AccountDialogDriver, answer: object, words: list[str]
) -> None:
    form.harness.wechat.forced_token_reply = answer  # type: ignore[assignment]  # a table of both kinds
    form.fill()
    form.test()
    assert all(word in form.message for word in words)
    assert label(form.dialog, "message-advice").text()
    assert SECRET not in form.message


def test_a_locked_keyring_is_explained(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.secrets.lookup_result = KeyringIsLocked()
    form = open_form(SHOP)
    form.test()
    assert form.message.startswith("The keyring is locked.")


def test_a_missing_stored_secret_is_explained(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.secrets.lookup_result = SecretMissing()
    form = open_form(SHOP)
    form.test()
    assert form.message.startswith("The keyring has no AppSecret")


def test_markup_in_a_message_of_wechat_is_shown_as_text(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = error_reply(123456, "<img src=x onerror=y> <b>bold</b>")
    form.fill()
    form.test()
    assert "<img src=x onerror=y>" in form.message
    assert label(form.dialog, "message-summary").textFormat() is Qt.TextFormat.PlainText


def test_save_waits_for_a_check_that_is_running(form: AccountDialogDriver) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.check_timer.start(0)
    form.qtbot.waitUntil(lambda: form.message == "Asking WeChat…")
    form.save_button.click()
    assert not form.save_button.isEnabled()
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.transport.endpoints.count("stable_token") == 1


def test_editing_the_secret_discards_the_result_and_saving_tests_again(form: AccountDialogDriver) -> None:
    form.fill()
    form.test()
    form.type_into(form.secret, OTHER_SECRET)
    assert form.message == ""
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    secrets = [dict(request.body or ())["secret"] for request in form.harness.transport.requests[:2]]
    assert secrets == [SECRET, OTHER_SECRET]
    assert form.harness.secrets.stored[CAFE.appid] == Secret(OTHER_SECRET)


def test_editing_during_a_test_discards_its_result_and_enables_the_buttons(form: AccountDialogDriver) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.check_timer.start(0)
    form.qtbot.waitUntil(lambda: form.message == "Asking WeChat…")
    form.type_into(form.secret, OTHER_SECRET)
    form.check_timer.stop()
    assert form.save_button.isEnabled()
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    assert form.message == ""
    assert form.dialog.verification_result is None


def test_input_that_becomes_invalid_during_a_test_is_not_saved(form: AccountDialogDriver) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.save_button.click()
    form.type_into(form.js_domains_field, "https://a.cn")
    assert form.message == "Asking WeChat…"
    form.harness.wechat.release()
    form.wait()
    assert form.error("js-domains").startswith("A JS-safe domain is written without http:// or https://.")
    assert form.harness.accounts.stored == (SHOP,)
    assert form.save_button.isEnabled()


def test_editing_after_pressing_save_cancels_saving(form: AccountDialogDriver) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.save_button.click()
    form.type_into(form.secret, OTHER_SECRET)
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: len(form.harness.job_results) == 1)
    form.test()
    assert form.message == "WeChat accepts them. A token is ready."
    form.qtbot.wait(50)
    assert form.dialog.isVisible()
    assert form.harness.accounts.stored == (SHOP,)


def test_an_internal_error_is_shown_and_the_dialog_stays_usable(
    form: AccountDialogDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(form.harness.worker_pool, "_make_context", broken)
    form.fill()
    form.test()
    assert form.message.startswith("Guard Dog made a mistake of its own.")
    assert form.save_button.isEnabled()
    form.formatter.messages = make_formatter(form.harness, "zh_CN").messages
    form.dialog.retranslate()
    assert form.message.startswith("Guard Dog 自己出了错。")


@pytest.mark.parametrize("press", [AccountDialogDriver.test, AccountDialogDriver.save])
def test_closing_the_dialog_during_a_test_saves_nothing(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, press: Callable[[AccountDialogDriver], None]
) -> None:
    form = AccountDialogDriver(AccountDialog(harness.controller, formatter), harness, formatter, qtbot)
    form.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    form.dialog.open()
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    if press is AccountDialogDriver.test:
        form.check_timer.start(0)
        form.qtbot.waitUntil(lambda: form.message == "Asking WeChat…")
    else:
        form.save_button.click()
    with form.qtbot.waitSignal(form.dialog.destroyed):
        QTest.keyClick(form.dialog, Qt.Key.Key_Escape)
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    form.qtbot.wait(50)
    assert form.harness.accounts.stored == (SHOP,)


def test_results_of_other_jobs_are_ignored(form: AccountDialogDriver) -> None:
    form.fill()
    form.harness.controller.account_jobs.verify_credentials(SHOP, None)
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    assert form.message == ""
    assert form.dialog.verification_result is None


def test_an_error_is_cleared_when_the_user_types(form: AccountDialogDriver) -> None:
    form.fill()
    form.type_into(form.js_domains_field, "https://a.cn")
    form.save()
    assert form.message.startswith("A JS-safe domain")
    form.type_into(form.js_domains_field, "a.cn")
    assert form.error("js-domains") == ""


def test_the_test_result_returns_when_an_error_is_cleared(form: AccountDialogDriver) -> None:
    form.fill()
    form.test()
    form.type_into(form.js_domains_field, "https://a.cn")
    form.save()
    form.type_into(form.js_domains_field, "a.cn")
    assert form.message == "WeChat accepts them. A token is ready."


def test_the_tab_key_goes_from_the_appid_over_the_environment_to_save(form: AccountDialogDriver) -> None:
    form.form.set_advanced_visible(visible=False)
    form.qtbot.waitUntil(form.dialog.isActiveWindow)
    form.appid_field.setFocus()
    names: list[str] = []
    for _ in range(12):
        focused = form.dialog.focusWidget()
        names.append(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert names[:4] == ["AppID", "AppSecret", "Name", "Environment: none"]
    assert names[4:6] == ["Environment: test", "Environment: production"]
    assert names[6].startswith("Advanced")
    assert names[7:] == ["Where do I find these?", "From a project folder…", "No AppSecret?", "Cancel", "Save"]
