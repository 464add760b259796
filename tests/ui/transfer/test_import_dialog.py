"""Import from a file: the passphrase, the accounts in it, and all of them or none."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.domain.transfer import MovedAccount, TransferContent
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.transfer.import_dialog import ImportDialog
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find

FILE = "/home/me/accounts.age"
PASSPHRASE = "correct horse"
CAFE = Account("wx00000000000000cb", "Café", environment=Environment.PRODUCTION)
CONTENT = TransferContent(
    (
        MovedAccount(replace(SHOP, name="Shop there"), Secret("secret-there")),
        MovedAccount(CAFE, Secret("secret-of-cafe")),
    ),
    Settings(theme=Theme.DARK),
)
REPLACE = "Replace accounts that exist here, with their AppSecrets"
SETTINGS = "Take over the settings of the file, too"


class Setup:
    """Dialog for one file."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, content: TransferContent) -> None:
        harness.transfer_files.stored[FILE] = PASSPHRASE, content
        self.qtbot = qtbot
        self.harness = harness
        self.dialog = ImportDialog(harness.controller.account_jobs, formatter, FILE)
        self.imported: list[bool] = []
        self.dialog.imported.connect(self.imported.append)
        qtbot.addWidget(self.dialog)
        self.dialog.show()

    def open(self, passphrase: str = PASSPHRASE) -> None:
        find.widget(self.dialog, QLineEdit, "Passphrase").setText(passphrase)
        find.button(self.dialog, "Open").click()

    def wait_for(self, text: str) -> None:
        self.qtbot.waitUntil(lambda: find.shows(self.dialog, text))


@pytest.fixture
def setup(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Setup:
    return Setup(harness, formatter, qtbot, CONTENT)


def test_the_accounts_are_shown_before_anything_is_imported(setup: Setup) -> None:
    before = setup.harness.accounts.stored
    setup.open()
    setup.wait_for("Café")

    assert find.shows(setup.dialog, "exists here")
    assert find.shows(setup.dialog, "new here")
    assert setup.harness.accounts.stored == before
    assert find.check_box(setup.dialog, REPLACE).isVisible()
    assert not find.check_box(setup.dialog, SETTINGS).isChecked(), "this computer has settings of its own"


def test_what_exists_here_is_kept(setup: Setup) -> None:
    secret = setup.harness.secrets.stored[SHOP.appid]
    setup.open()
    setup.wait_for("Café")

    find.button(setup.dialog, "Import").click()
    setup.wait_for("1 account is imported · 1 is kept as it is here")

    assert setup.harness.accounts.stored == (SHOP, CAFE)
    assert setup.harness.secrets.stored[SHOP.appid] == secret
    assert setup.harness.settings.stored == Settings()
    assert setup.imported == [False]
    assert find.button(setup.dialog, "Close").isVisible()


def test_accounts_and_settings_are_replaced_on_request(setup: Setup) -> None:
    setup.open()
    setup.wait_for("Café")
    find.check_box(setup.dialog, REPLACE).click()
    find.check_box(setup.dialog, SETTINGS).click()

    find.button(setup.dialog, "Import").click()
    setup.wait_for("1 account is imported · 1 is replaced")

    assert [account.name for account in setup.harness.accounts.stored] == ["Shop there", "Café"]
    assert setup.harness.secrets.stored[SHOP.appid] == Secret("secret-there")
    assert setup.harness.settings.stored.theme is Theme.DARK
    assert setup.imported == [True]


def test_an_import_that_runs_cannot_be_closed(setup: Setup) -> None:
    setup.open()
    setup.wait_for("Café")
    find.button(setup.dialog, "Import").click()

    assert find.shows(setup.dialog, "cannot be cancelled")
    assert not find.button(setup.dialog, "Cancel").isEnabled()
    QTest.keyClick(setup.dialog, Qt.Key.Key_Escape)
    assert not setup.dialog.close()
    assert setup.dialog.isVisible()
    setup.wait_for("1 account is imported")
    find.button(setup.dialog, "Close").click()
    assert not setup.dialog.isVisible()


def test_a_file_that_is_only_being_opened_can_be_cancelled(setup: Setup) -> None:
    before = setup.harness.accounts.stored
    setup.open()

    find.button(setup.dialog, "Cancel").click()
    assert not setup.dialog.isVisible()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.accounts.stored == before


def test_a_wrong_passphrase_is_said_at_its_field_and_can_be_tried_again(setup: Setup) -> None:
    setup.open("wrong")
    setup.wait_for("Nothing is imported. The passphrase does not open accounts.age.")

    setup.open()
    setup.wait_for("Café")


def test_enter_on_cancel_cancels(setup: Setup) -> None:
    setup.open()
    setup.wait_for("Café")
    before = setup.harness.accounts.stored
    cancel = find.button(setup.dialog, "Cancel")
    cancel.setFocus()

    QTest.keyClick(cancel, Qt.Key.Key_Return)

    assert not setup.dialog.isVisible()
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.accounts.stored == before


def test_a_file_that_cannot_be_read_imports_nothing(setup: Setup) -> None:
    setup.harness.transfer_files.error = FileError(FILE, "input/output error")
    setup.open()
    setup.wait_for("Nothing is imported.")


def test_an_account_that_is_used_elsewhere_imports_nothing(setup: Setup) -> None:
    setup.open()
    setup.wait_for("Café")
    setup.harness.lock.is_busy = True
    find.button(setup.dialog, "Import").click()
    setup.wait_for("Nothing is imported.")


def test_a_locked_keyring_imports_nothing_and_can_be_tried_again(setup: Setup) -> None:
    before = setup.harness.accounts.stored
    setup.open()
    setup.wait_for("Café")
    setup.harness.secrets.store_result = KeyringIsLocked()

    find.button(setup.dialog, "Import").click()
    setup.wait_for("Nothing is imported. The keyring is locked.")

    assert setup.harness.accounts.stored == before
    assert setup.imported == []
    assert find.button(setup.dialog, "Cancel").isEnabled()
    setup.harness.secrets.store_result = None
    find.button(setup.dialog, "Import").click()
    setup.wait_for("1 account is imported")


def test_a_new_computer_takes_the_settings_unless_told_otherwise(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    setup = Setup(harness, formatter, qtbot, replace(CONTENT, accounts=CONTENT.accounts[1:]))
    setup.open()
    setup.wait_for("Café")

    assert find.check_box(setup.dialog, SETTINGS).isChecked()
    assert not find.check_box(setup.dialog, REPLACE).isVisible()


def test_an_account_that_cannot_be_here_is_named(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    same_name = MovedAccount(replace(CAFE, name=SHOP.name, environment=SHOP.environment), None)
    setup = Setup(harness, formatter, qtbot, replace(CONTENT, accounts=(same_name,)))
    setup.open()
    setup.wait_for("Another account has this name already.")
