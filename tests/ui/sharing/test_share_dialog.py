"""Sharing an account in the window: test, preview, save, trouble at its field, and the end of it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.accounts.sharing_service import AccountShared
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from tests.fake_sharing import DOWN, StoredValue
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.message_boxes import MessageBoxAnswerer
from tests.ui.sharing.share_dialog_driver import COMPUTER, URL, ShareDialogDriver

VALUE = "91_" + "s" * 60


def put_into_redis(harness: RuntimeHarness, account: Account = SHOP) -> None:
    ends_at = harness.clock() + 4000
    harness.redis.values[account.appid, TOKEN] = StoredValue(VALUE, 7200, ends_at, COMPUTER)


def test_a_leader_is_saved_with_its_address_and_keys(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    dialog = driver.open()
    assert dialog.windowTitle() == "Share Shop"
    outcomes: list[AccountShared] = []
    dialog.shared.connect(outcomes.append)
    find.field(dialog, "url").setText(URL)
    find.check_box(dialog, "wechatpy").click()
    find.check_box(dialog, "plain value").click()
    find.field(dialog, "plain value: Key of the access_token").setText("shop:token")

    find.button(dialog, "Share").click()
    assert not find.button(dialog, "Share").isEnabled()
    qtbot.waitUntil(lambda: not dialog.isVisible())

    formats = (KeyNames(KeyFormat.WECHATPY), KeyNames(KeyFormat.PLAIN, "shop:token"))
    assert driver.shop.sharing == Sharing(SharingRole.LEADER, URL, "", formats)
    assert outcomes[0].account == driver.shop
    assert harness.redis.live((SHOP.appid, TOKEN)) is not None, "the first value is there at once"


def test_a_test_shows_what_is_in_redis_and_changes_nothing(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    put_into_redis(harness)
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    find.button(dialog, "Test connection").click()
    qtbot.waitUntil(lambda: find.shows(dialog, "Redis answers."))
    assert find.shows(dialog, f"1:06:40 left · from {COMPUTER}")
    assert find.shows(dialog, "not found"), "there is no ticket"
    assert driver.shop == SHOP
    assert not find.shows(dialog, VALUE)


def test_after_a_test_other_keys_are_looked_up_while_they_are_typed(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    find.check_box(dialog, "WxJava").click()
    assert not find.timer(dialog, "preview-timer").isActive(), "nothing is sent to an address that was not tested"
    find.button(dialog, "Test connection").click()
    qtbot.waitUntil(lambda: find.shows(dialog, "Redis answers."))
    tests = len(harness.shared_store.tried_passwords)

    QTest.keyClicks(find.field(dialog, "WxJava: Key of the access_token"), "my:key")
    qtbot.waitUntil(lambda: len(harness.shared_store.tried_passwords) > tests, timeout=3000)

    QTest.keyClicks(find.field(dialog, "url"), "x")
    find.check_box(dialog, "WxJava").click()
    assert not find.timer(dialog, "preview-timer").isActive(), "another address is tested first"
    assert not find.shows(dialog, "In Redis now")


@pytest.mark.parametrize(
    ("problem", "field", "text"),
    [
        (SharingProblem.UNREACHABLE, "url", "Redis cannot be reached."),
        (SharingProblem.PASSWORD_WRONG, "password", "refuses the user name or the password. Check both."),
        (SharingProblem.TLS_UNTRUSTED, "ca-file", "Choose the certificate of the authority that signed it."),
        (SharingProblem.FOREIGN_KEY, "keys", "holds something that is no token"),
        (SharingProblem.PERMISSION, "message-summary", "may not do what this role needs"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot, problem: SharingProblem, field: str, text: str
) -> None:
    harness.redis.failure = SharingFailure(problem)
    dialog = driver.open()
    QTest.keyClicks(find.field(dialog, "url"), "rediss://redis.example.com")
    find.button(dialog, "Test connection").click()
    label = find.label(dialog, f"{field}-error" if not field.startswith("message") else field)
    qtbot.waitUntil(lambda: text in label.text())
    assert label.isVisible()
    assert "--redis" not in label.text(), "options of the command line are not for the window"


def test_an_address_that_is_none_is_refused_at_its_field(driver: ShareDialogDriver, qtbot: QtBot) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText("http://redis.example.com")
    find.button(dialog, "Share").click()
    qtbot.waitUntil(lambda: find.label(dialog, "url-error").isVisible())
    assert driver.shop == SHOP
    QTest.keyClicks(find.field(dialog, "url"), "x")
    assert not find.label(dialog, "url-error").isVisible()


def test_a_classic_account_is_refused_with_the_reason(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    classic = replace(SHOP, endpoint=Endpoint.CLASSIC)
    harness.accounts.update(lambda _: (classic,))
    driver.settle()
    dialog = driver.open(classic)
    find.field(dialog, "url").setText(URL)
    find.button(dialog, "Share").click()
    qtbot.waitUntil(lambda: find.label(dialog, "role-error").isVisible())
    assert "stable" in find.label(dialog, "role-error").text()


def test_a_redis_that_is_down_can_be_saved_all_the_same(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.redis.failure = DOWN
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    answerer = MessageBoxAnswerer("Save anyway")
    find.button(dialog, "Share").click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert answerer.shown[0].text == "Save Shop although the check has failed?"
    assert driver.shop.role is SharingRole.LEADER


def test_going_back_leaves_everything_as_it_was(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.redis.failure = DOWN
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    answerer = MessageBoxAnswerer("Back")
    find.button(dialog, "Share").click()
    qtbot.waitUntil(lambda: len(answerer.shown) == 1)
    assert dialog.isVisible()
    assert driver.shop == SHOP


def test_a_pasted_address_gives_its_password_to_the_field_of_it(driver: ShareDialogDriver, qtbot: QtBot) -> None:
    dialog = driver.open()
    form = dialog.form
    form.url_field.pasted.emit("rediss://me:se%3Acret@redis.example.com/1\n")
    assert form.url_field.text() == "rediss://me@redis.example.com/1"
    assert form.entered_password() == Secret("se:cret")
    assert find.field(dialog, "password").echoMode() is QLineEdit.EchoMode.Password
    assert find.field(dialog, "ca-file").isVisible(), "there is TLS"
    form.url_field.pasted.emit("redis://redis.example.com")
    assert not find.field(dialog, "ca-file").isVisible()
    qtbot.wait(0)


def test_the_password_goes_to_the_keyring_and_the_field_is_cleared(
    driver: ShareDialogDriver, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    QTest.keyClicks(find.field(dialog, "password"), "pass word")
    find.button(dialog, "Share").click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert harness.shared_store.tried_passwords[-1] == Secret("pass word")
    assert dialog.form.password_field.text() == ""
    assert "pass word" not in repr(driver.shop)


def test_a_shared_account_shows_role_leader_and_age_and_keeps_its_password(
    driver: ShareDialogDriver, qtbot: QtBot
) -> None:
    driver.share()
    dialog = driver.open(driver.shop)
    assert dialog.windowTitle() == "Sharing of Shop"
    assert find.label(dialog, "sharing-status").text().startswith(f"leader · {URL}")
    assert find.field(dialog, "password").placeholderText() == "unchanged"
    find.button(dialog, "Follower").click()
    assert find.shows(dialog, "never asks WeChat")
    find.button(dialog, "Save").click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert driver.shop.role is SharingRole.FOLLOWER


def test_sharing_ends_after_a_question(driver: ShareDialogDriver, qtbot: QtBot) -> None:
    assert not find.button(driver.open(), "Stop sharing…").isVisible()
    driver.share()
    dialog = driver.open(driver.shop)
    answerer = MessageBoxAnswerer("Stop sharing")
    find.button(dialog, "Stop sharing…").click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert "other computers go on" in answerer.shown[0].informative_text
    assert driver.shop.sharing is None


def test_an_account_is_added_that_follows_without_an_appsecret(
    follow_dialog: ShareDialog, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    followed = Account("wx00000000000000f1", "Production")
    put_into_redis(harness, followed)
    dialog = follow_dialog
    assert dialog.windowTitle() == "Follow an account without its AppSecret"
    assert not find.has(dialog, "Role of this computer"), "it cannot lead"
    find.button(dialog, "Follow").click()
    qtbot.waitUntil(lambda: find.label(dialog, "appid-error").isVisible())
    find.field(dialog, "appid").setText(followed.appid)
    find.field(dialog, "name").setText(followed.name)
    find.field(dialog, "url").setText(URL)
    find.button(dialog, "Follow").click()
    qtbot.waitUntil(lambda: not dialog.isVisible())

    added = next(account for account in harness.accounts.load() if account.appid == followed.appid)
    assert added == replace(followed, sharing=Sharing(SharingRole.FOLLOWER, URL))
    assert followed.appid not in harness.secrets.stored
    stored = harness.dogs.read(added, TOKEN)
    assert stored is not None
    assert stored.value == VALUE


def test_an_answer_after_the_dialog_was_closed_does_no_harm(driver: ShareDialogDriver) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    find.button(dialog, "Test connection").click()
    dialog.reject()
    driver.settle()
    assert not dialog.isVisible()


def test_enter_presses_the_button_with_the_focus_and_shares_from_a_field(
    driver: ShareDialogDriver, qtbot: QtBot
) -> None:
    dialog = driver.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    find.field(dialog, "url").setText(URL)
    test = find.button(dialog, "Test connection")
    test.setFocus()
    QTest.keyClick(test, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: find.shows(dialog, "Redis answers."))
    assert driver.shop == SHOP
    assert test.hasFocus()
    find.field(dialog, "url").setFocus()
    QTest.keyClick(find.field(dialog, "url"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert driver.shop.role is SharingRole.LEADER


def test_a_password_in_a_typed_address_is_to_be_entered_in_its_field(driver: ShareDialogDriver, qtbot: QtBot) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText("redis://me:s3cret@127.0.0.1:1")
    find.button(dialog, "Share").click()
    error = find.label(dialog, "url-error")
    qtbot.waitUntil(lambda: "enter it in its own field" in error.text())
    assert "--" not in error.text()


def test_a_format_without_its_key_gets_the_focus_in_its_row(driver: ShareDialogDriver, qtbot: QtBot) -> None:
    dialog = driver.open()
    find.field(dialog, "url").setText(URL)
    find.check_box(dialog, "WxJava").click()
    find.check_box(dialog, "plain value").click()
    find.button(dialog, "Share").click()
    error = find.label(dialog, "keys-error")
    qtbot.waitUntil(lambda: "Enter it in the row of the format." in error.text())
    assert find.field(dialog, "plain value: Key of the access_token").hasFocus()
