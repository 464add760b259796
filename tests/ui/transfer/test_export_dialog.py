"""Export of all accounts: a passphrase twice, a file, and what came of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.transfer import TransferContent
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.transfer.export_dialog import ExportDialog
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.message_boxes import MessageBoxAnswerer

PASSPHRASE = "correct horse"
EXPORT = "Choose a file and export…"


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that decides what the user chooses; "" for Cancel."""

    def choose(path: str) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))

    return choose


@pytest.fixture
def dialog(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> ExportDialog:
    dialog = ExportDialog(harness.controller.account_jobs, formatter)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def type_passphrase(dialog: ExportDialog, first: str, second: str) -> None:
    find.widget(dialog, QLineEdit, "Passphrase").setText(first)
    find.widget(dialog, QLineEdit, "Passphrase once more").setText(second)


def test_enter_on_cancel_cancels(
    dialog: ExportDialog, choose_file: Callable[[str], None], harness: RuntimeHarness
) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)
    cancel = find.button(dialog, "Cancel")
    cancel.setFocus()

    QTest.keyClick(cancel, Qt.Key.Key_Return)

    assert not dialog.isVisible()
    assert harness.transfer_files.stored == {}


def test_enter_in_a_field_exports(dialog: ExportDialog, choose_file: Callable[[str], None], qtbot: QtBot) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)

    QTest.keyClick(find.widget(dialog, QLineEdit, "Passphrase"), Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: find.shows(dialog, "1 account is exported to /tmp/x.age."))


def test_all_accounts_are_exported_with_their_secrets(
    dialog: ExportDialog, harness: RuntimeHarness, choose_file: Callable[[str], None], qtbot: QtBot
) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)

    find.button(dialog, EXPORT).click()
    assert not find.button(dialog, EXPORT).isEnabled()
    assert find.shows(dialog, "cannot be cancelled")
    qtbot.waitUntil(lambda: find.shows(dialog, "1 account is exported to /tmp/x.age."))

    passphrase, content = harness.transfer_files.stored["/tmp/x.age"]
    assert passphrase == PASSPHRASE
    assert isinstance(content, TransferContent)
    assert content.accounts[0].account == SHOP
    assert content.accounts[0].secret == harness.secrets.stored[SHOP.appid]
    assert find.button(dialog, "Close").isVisible()
    assert dialog.findChild(QLineEdit, "passphrase").text() == ""  # type: ignore[union-attr]  # it is there


def test_an_export_that_runs_cannot_be_closed(
    dialog: ExportDialog, harness: RuntimeHarness, choose_file: Callable[[str], None], qtbot: QtBot
) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)
    find.button(dialog, EXPORT).click()

    assert not find.button(dialog, "Cancel").isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.close()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: find.shows(dialog, "1 account is exported to /tmp/x.age."))
    assert list(harness.transfer_files.stored) == ["/tmp/x.age"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [("short", "short", "too short"), ("", "", "too short"), (PASSPHRASE, "correct", "not the same")],
)
def test_a_passphrase_that_cannot_be_taken_is_refused_at_its_field(
    dialog: ExportDialog,
    harness: RuntimeHarness,
    choose_file: Callable[[str], None],
    first: str,
    second: str,
    text: str,
) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, first, second)

    find.button(dialog, EXPORT).click()

    assert find.shows(dialog, text)
    assert harness.transfer_files.stored == {}


def test_a_file_without_a_suffix_gets_the_one_that_the_import_shows(
    dialog: ExportDialog, harness: RuntimeHarness, choose_file: Callable[[str], None], qtbot: QtBot, tmp_path: Path
) -> None:
    choose_file(str(tmp_path / "shop"))
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)

    find.button(dialog, EXPORT).click()
    qtbot.waitUntil(lambda: find.shows(dialog, f"1 account is exported to {tmp_path / 'shop.age'}."))

    assert list(harness.transfer_files.stored) == [str(tmp_path / "shop.age")]


@pytest.mark.parametrize(("answer", "count"), [("Cancel", 0), (None, 0), ("Replace", 1)])
def test_a_file_that_has_the_added_suffix_is_replaced_only_after_a_question(
    dialog: ExportDialog,
    harness: RuntimeHarness,
    choose_file: Callable[[str], None],
    qtbot: QtBot,
    tmp_path: Path,
    answer: str | None,
    count: int,
) -> None:
    (tmp_path / "shop.age").touch()
    choose_file(str(tmp_path / "shop"))
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)
    answerer = MessageBoxAnswerer(answer)

    find.button(dialog, EXPORT).click()
    harness.wait_until_idle(qtbot)

    assert [shown.text for shown in answerer.shown] == ["Replace shop.age?"]
    assert len(harness.transfer_files.stored) == count


def test_without_a_file_nothing_happens(
    dialog: ExportDialog, harness: RuntimeHarness, choose_file: Callable[[str], None]
) -> None:
    choose_file("")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)

    find.button(dialog, EXPORT).click()

    assert find.button(dialog, EXPORT).isEnabled()
    assert harness.transfer_files.stored == {}


def test_a_locked_keyring_and_a_full_disk_are_shown_and_can_be_tried_again(
    dialog: ExportDialog, harness: RuntimeHarness, choose_file: Callable[[str], None], qtbot: QtBot
) -> None:
    choose_file("/tmp/x.age")
    type_passphrase(dialog, PASSPHRASE, PASSPHRASE)
    harness.secrets.lookup_result = KeyringIsLocked()
    find.button(dialog, EXPORT).click()
    qtbot.waitUntil(lambda: find.shows(dialog, "The keyring is locked."))
    assert find.button(dialog, "Cancel").isEnabled()
    harness.secrets.lookup_result = None
    harness.transfer_files.error = FileError("/tmp/x.age", FileErrorReason.DISK_FULL)

    find.button(dialog, EXPORT).click()
    qtbot.waitUntil(lambda: find.shows(dialog, "the disk is full"))
    harness.transfer_files.error = None
    find.button(dialog, EXPORT).click()
    qtbot.waitUntil(lambda: find.shows(dialog, "1 account is exported"))
