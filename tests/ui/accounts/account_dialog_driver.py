"""Driver that fills in the dialog of an account as a user does."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.ui.accounts.credential_check import TYPING_DEBOUNCE_MS, CredentialCheck
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.dialogs.auto_height_dialog import FormScrollArea
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import CAFE, SECRET, RuntimeHarness
from tests.ui.find import button, check_box, combo, field, label, timer, widget

OTHER_SECRET = "fedcba9876543210fedcba9876543210"


class AccountDialogDriver:
    """Type into the dialog, press its buttons and read its message."""

    def __init__(self, dialog: AccountDialog, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.dialog = dialog
        self.harness = harness
        self.formatter = formatter
        self.qtbot = qtbot
        self.secret = self.field("secret")
        dialog.form.set_advanced_visible(visible=True)  # most tests are about what is below

    def field(self, name: str) -> QLineEdit:
        return field(self.dialog, name)

    @property
    def form(self) -> AccountForm:
        return widget(self.dialog, AccountForm)

    @property
    def appid_field(self) -> QLineEdit:
        return self.field("appid")

    @property
    def name_field(self) -> QLineEdit:
        return self.field("name")

    @property
    def folder_field(self) -> QLineEdit:
        return self.field("folder")

    @property
    def js_domains_field(self) -> QLineEdit:
        return self.field("js-domains")

    @property
    def card_ticket_check_box(self) -> QCheckBox:
        return check_box(self.dialog, "card-ticket")

    @property
    def existing_files_label(self) -> QLabel:
        return label(self.dialog, "existing-files")

    @property
    def test_button(self) -> QAbstractButton:
        return button(self.dialog, "test-button")

    @property
    def save_button(self) -> QAbstractButton:
        return button(self.dialog, "save-button")

    @property
    def scroll_area(self) -> FormScrollArea:
        return widget(self.dialog, FormScrollArea)

    def select_platform(self, platform: Platform) -> None:
        platforms = combo(self.dialog, "platform")
        platforms.setCurrentIndex(platforms.findData(platform))

    def type_into(self, line_edit: QLineEdit, text: str) -> None:
        line_edit.setFocus()
        line_edit.selectAll()
        QTest.keyClick(line_edit, Qt.Key.Key_Delete)
        if text.isascii():
            QTest.keyClicks(line_edit, text)
        else:  # there are no keys for these characters
            self.paste(line_edit, text)

    def fill(self, account: Account = CAFE, secret: str = SECRET) -> None:
        self.type_into(self.name_field, account.name)
        self.type_into(self.appid_field, account.appid)
        self.type_into(self.secret, secret)

    def paste(self, line_edit: QLineEdit, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        line_edit.setFocus()
        line_edit.selectAll()
        QTest.keySequence(line_edit, QKeySequence(QKeySequence.StandardKey.Paste))

    def select_folder(self, folder: str) -> None:
        """Fill in a folder, leave the field and wait for the inspection."""
        self.folder_field.setText(folder)
        self.form.advanced.folder_selected.emit()
        self.harness.wait_until_idle(self.qtbot)

    @property
    def message(self) -> str:
        errors = [field.error for field in self.form.fields.values()]
        labels = (*errors, label(self.dialog, "message-summary"), label(self.dialog, "message-advice"))
        return " ".join(each.text() for each in labels if not each.isHidden())

    def error(self, name: str) -> str:
        """Return what is shown below this field as wrong."""
        return label(self.dialog, f"{name}-error").text()

    @property
    def check_timer(self) -> QTimer:
        return timer(self.dialog, "check-timer")

    def test(self) -> None:
        """Wait for the check that follows by itself, or ask for it with the button."""
        if self.check_timer.isActive():
            self.check_timer.start(0)
        else:
            self.test_button.click()
        self.wait()

    def save(self) -> None:
        """Press Save and wait for the result."""
        self.save_button.click()
        self.wait()

    def wait(self) -> None:
        check = self.dialog.findChild(CredentialCheck)
        assert check is not None
        self.qtbot.waitUntil(
            lambda: (
                not check.is_running
                and not (self.check_timer.isActive() and self.check_timer.interval() == 0)
                and self.save_button.isEnabled()
            )
        )
        self.check_timer.setInterval(TYPING_DEBOUNCE_MS)

    @property
    def is_saved(self) -> bool:
        return self.dialog.result() == QDialog.DialogCode.Accepted


OpenForm = Callable[[Account | None], AccountDialogDriver]


def set_export_statuses(dialog: AccountDialog, statuses: tuple[ExportStatus, ...]) -> None:
    """Replace the export targets in the form, as if the user had added them."""
    targets = widget(dialog, ExportTargetList)
    targets._statuses = list(statuses)
    targets.retranslate()
