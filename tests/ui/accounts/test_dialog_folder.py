"""Tests of the folder for .dog files in the dialog of an account."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.tokens.record import TokenRecord
from tests.fakes import NOW
from tests.runtime.harness import CAFE, CARD, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui.accounts.account_dialog_driver import AccountDialogDriver, OpenForm
from tests.ui.conftest import make_formatter

VALID_RECORD = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)


def test_files_in_the_selected_folder_are_shown_before_saving(
    open_form: OpenForm, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    record = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, record),), ("X.dog",))
    form = open_form(None)
    assert form.existing_files_label.isHidden()
    qtbot.waitUntil(form.dialog.isActiveWindow)  # else no field has or loses the focus

    form.type_into(form.folder_field, "/srv/dogs")
    QTest.keyClick(form.folder_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.existing_files_label.isVisible)

    assert form.existing_files_label.text().startswith("Found ACCESS_TOKEN.dog, good until ")
    assert form.existing_files_label.text().endswith("left alone: X.dog.")
    form.type_into(form.folder_field, "/srv/new")
    QTest.keyClick(form.folder_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.existing_files_label.isHidden)


def test_the_current_folder_of_an_account_is_not_inspected(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(other_dog_files=("X.dog",))
    form = open_form(replace(SHOP, dog_dir="/srv/dogs"))
    form.form.advanced.folder_selected.emit()
    assert harness.is_idle  # no inspection was started
    assert form.existing_files_label.isHidden()


def test_existing_valid_files_are_used_without_a_refresh(
    open_form: OpenForm, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    for kind in CAFE.token_kinds:
        harness.put_value(CAFE, kind, f"THEIRS-{kind}-" + "b" * 40, age_s=60)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    form = open_form(None)
    form.fill()
    form.save()
    harness.wait_until_idle(qtbot)
    assert form.is_saved
    assert [harness.key_status(CAFE, kind).state for kind in CAFE.token_kinds] == [KeyState.FRESH, KeyState.FRESH]
    assert harness.value(CAFE, TOKEN) == "THEIRS-ACCESS_TOKEN-" + "b" * 40
    asked = [dict(request.body or ()).get("appid") for request in harness.transport.requests]
    assert asked.count(CAFE.appid) == 1  # by the check
    assert harness.key_status(CAFE, TOKEN).foreign_refresh_count == 0


@pytest.mark.parametrize("press", [AccountDialogDriver.test, AccountDialogDriver.save])
def test_a_relative_folder_is_refused_with_an_explanation(
    form: AccountDialogDriver, press: Callable[[AccountDialogDriver], None]
) -> None:
    form.fill()
    form.select_folder("dogs")
    press(form)
    assert "Give a full path" in form.message
    assert form.harness.transport.requests == []


def test_a_tilde_is_expanded_to_the_home_folder(form: AccountDialogDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    form.fill()
    form.type_into(form.folder_field, "~/dogs")
    assert form.form.entered_account().dog_dir == "/home/me/dogs"
    form.select_folder("~/dogs")
    assert form.folder_field.text() == "/home/me/dogs"
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored[1].dog_dir == "/home/me/dogs"


def test_enter_in_the_folder_field_shows_its_files_and_a_second_one_saves(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, VALID_RECORD),))
    form.fill()
    form.type_into(form.folder_field, "/srv/dogs")
    QTest.keyClick(form.folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(form.existing_files_label.isVisible)
    assert "Save once more" in form.existing_files_label.text()
    assert harness.accounts.stored == (SHOP,)
    assert harness.transport.requests == []
    QTest.keyClick(form.folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_on_a_small_screen_the_form_scrolls_to_the_existing_files(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(other_dog_files=("X.dog",))
    large = form.dialog.font()
    large.setPixelSize(36)
    form.dialog.setFont(large)
    form.fill()
    form.type_into(form.folder_field, "/srv/dogs")
    bar = form.scroll_area.verticalScrollBar()
    form.qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(0)
    form.save_button.click()

    def place() -> QRect:
        text, port = form.existing_files_label, form.scroll_area.viewport()
        return QRect(text.mapTo(port, QPoint(0, 0)), text.size())

    form.qtbot.waitUntil(form.existing_files_label.isVisible)
    assert "Save once more" in form.existing_files_label.text()
    form.qtbot.waitUntil(lambda: form.scroll_area.viewport().rect().contains(place()))


def test_with_an_empty_folder_one_enter_saves(form: AccountDialogDriver) -> None:
    form.fill()
    form.type_into(form.folder_field, "/srv/new")
    QTest.keyClick(form.folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_the_folder_of_another_account_is_refused_without_listing_files(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    theirs = harness.dogs.directory(SHOP)
    harness.existing_folders[theirs] = FolderContents((ExistingFile(TOKEN, VALID_RECORD),))
    form.fill()
    form.select_folder(theirs)
    assert form.message.startswith("Another account has its .dog files in this folder.")
    assert form.existing_files_label.isHidden()
    form.save()
    assert form.message.startswith("Another account has its .dog files in this folder.")
    assert harness.accounts.stored == (SHOP,)
    form.select_folder("/srv/dogs")
    assert form.message == "", "it is about another folder now"


def test_the_text_about_the_folder_follows_the_token_kinds(form: AccountDialogDriver, harness: RuntimeHarness) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(
        (ExistingFile(TICKET, VALID_RECORD), ExistingFile(CARD, VALID_RECORD))
    )
    form.select_folder("/srv/dogs")
    assert form.existing_files_label.text().endswith("left alone: CARD_TICKET.dog.")
    form.card_ticket_check_box.click()
    assert "left alone" not in form.existing_files_label.text()
    form.select_platform(Platform.MINI_PROGRAM)
    assert form.existing_files_label.text().endswith("left alone: CARD_TICKET.dog, JSAPI_TICKET.dog.")


def test_messages_are_translated_when_the_language_changes(form: AccountDialogDriver, harness: RuntimeHarness) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, VALID_RECORD),))
    form.select_folder("/srv/dogs")
    form.save()  # without an AppID
    assert form.message.startswith("The AppID is empty.")
    form.formatter.messages = make_formatter(harness, "zh_CN").messages
    form.dialog.retranslate()
    assert form.existing_files_label.text().startswith("发现 ACCESS_TOKEN.dog")
    assert form.message.startswith("还没有填 AppID")


def test_a_token_in_a_folder_selected_after_the_test_is_checked_first(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    form.fill()
    form.test()
    form.select_folder("/srv/dogs")
    assert form.message == ""
    dead = replace(CAFE, dog_dir="/srv/dogs")
    harness.put_value(dead, TOKEN, "DEAD-" + "d" * 40, age_s=60, is_foreign=True)
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    record = harness.dogs.read(dead, TOKEN)
    assert record is not None
    assert record.value.startswith("TOKEN-")


def test_a_moved_account_is_tested_with_its_stored_secret(open_form: OpenForm, harness: RuntimeHarness) -> None:
    form = open_form(SHOP)
    form.select_folder("/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.transport.endpoints[0] == "stable_token"


def test_an_unusable_folder_is_refused_with_the_reason(form: AccountDialogDriver, harness: RuntimeHarness) -> None:
    harness.dogs.unusable_folders["/srv/dogs"] = "permission denied"
    form.fill()
    form.select_folder("/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.message)
    assert "/srv/dogs could not be read or written: permission denied" in form.message
    assert harness.accounts.stored == (SHOP,)
    assert CAFE.appid not in harness.secrets.stored
