"""Tests of the size, the place and the colours of the dialog of an account."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.dialogs import auto_height_dialog
from guarddog_gui.ui.dialogs.auto_height_dialog import FormScrollArea
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.widgets.strip import Severity
from tests.fakes import NOW, error_reply
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui.accounts.account_dialog_driver import OTHER_SECRET, AccountDialogDriver, set_export_statuses
from tests.ui.conftest import make_formatter
from tests.ui.find import button, field, label, table, widget


def long_statuses(number: int) -> tuple[ExportStatus, ...]:
    paths = [f"/srv/www/shop.example.com/releases/current/{n}" for n in range(number)]
    failed = ExportError(ExportErrorKind.FILE, "/srv/www/shop.example.com/current/.env: no such file or folder")
    return tuple(ExportStatus(ExportTarget(ExportFormat.ENV, path), NOW, error=failed) for path in paths)


@pytest.fixture
def large_screen(monkeypatch: pytest.MonkeyPatch) -> QRect:
    """Screen with room for the dialog to grow, instead of 800 pixels."""
    screen = QRect(0, 0, 1600, 1200)
    monkeypatch.setattr(auto_height_dialog, "available_geometry", lambda _: screen)
    return screen


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_dialog_with_long_texts_fits_on_the_screen(
    harness: RuntimeHarness, qtbot: QtBot, language: str, large_screen: QRect
) -> None:
    formatter = make_formatter(harness, language)
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    dialog.form.set_advanced_visible(visible=True)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(dialog.minimumWidth(), dialog.height())
    low = dialog.height()
    set_export_statuses(dialog, long_statuses(3))
    qtbot.waitUntil(lambda: dialog.height() > low)
    tall = FolderContents(other_dog_files=tuple("far-too-long-a-name-for-a-file" * 7 + str(n) for n in range(5)))
    harness.existing_folders["/srv/dogs"] = tall
    field(dialog, "folder").setText("/srv/dogs")
    widget(dialog, AccountForm).advanced.folder_selected.emit()
    qtbot.waitUntil(label(dialog, "existing-files").isVisible)
    trouble = FileError("/srv/www/shop.example.com/releases/current/" * 9, "permission denied")
    dialog.form.message_view.show_message(lambda: formatter.messages.for_file_error(trouble), Severity.BAD)

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(dialog, QPoint(0, 0)), widget.size())

    def is_whole() -> bool:
        foot = [place(button(dialog, "test-button")), place(button(dialog, "save-button"))]
        area = place(widget(dialog, FormScrollArea))
        no_overlap = area.bottom() < foot[0].top()
        bottom = max(shown.bottom() for shown in foot)
        return no_overlap and bottom < dialog.height() <= large_screen.height()

    qtbot.waitUntil(lambda: dialog.height() > 600 and is_whole())
    field(dialog, "folder").setText("")
    set_export_statuses(dialog, ())
    widget(dialog, ExportTargetList).edited.emit()
    qtbot.waitUntil(lambda: dialog.height() <= low and is_whole())


def test_the_buttons_do_not_move_while_the_user_types(form: AccountDialogDriver, harness: RuntimeHarness) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)  # with more to say than that all is well
    form.form.set_advanced_visible(visible=False)
    form.qtbot.waitUntil(lambda: form.dialog.height() < 500)
    form.fill()
    low = form.dialog.height()
    form.test()

    def has_grown() -> bool:  # for the result, not only for "Asking WeChat…", whose height the layout knows for longer
        layout, view = form.dialog.layout(), form.form.message_view
        assert layout is not None
        is_shown = view.height() >= view.heightForWidth(view.width())
        return is_shown and form.dialog.height() >= layout.totalHeightForWidth(form.dialog.width()) > low

    form.qtbot.waitUntil(has_grown)
    tall, place = form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))
    form.type_into(form.secret, OTHER_SECRET)
    form.type_into(form.name_field, "Corner")
    form.qtbot.waitUntil(lambda: not form.form.message_view.isVisible())
    QApplication.processEvents()
    assert (form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))) == (tall, place)
    harness.wechat.forced_token_reply = None
    form.test()
    form.qtbot.waitUntil(lambda: form.dialog.height() < tall)


def test_a_dialog_that_grows_beyond_the_screen_moves_up(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, large_screen: QRect
) -> None:
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    dialog.form.set_advanced_visible(visible=True)
    qtbot.addWidget(dialog)
    dialog.show()
    bottom = large_screen.bottom()
    dialog.move(0, bottom - dialog.height() - 10)
    low = dialog.height()
    set_export_statuses(dialog, long_statuses(3))
    qtbot.waitUntil(lambda: dialog.height() > low + 10)
    qtbot.waitUntil(lambda: dialog.frameGeometry().bottom() <= bottom)


def test_a_dialog_that_keeps_its_height_is_never_higher_than_the_screen(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, large_screen: QRect
) -> None:
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    dialog.form.set_advanced_visible(visible=True)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.wait(50)
    dialog.should_keep_height = True
    trouble = FileError("/srv/www/shop.example.com/releases/current/" * 40, "permission denied")
    dialog.form.message_view.show_message(lambda: formatter.messages.for_file_error(trouble), Severity.BAD)
    dialog.resize(dialog.width(), dialog.height() + 1)  # before the layouts above the form know its new height
    qtbot.waitUntil(lambda: dialog.height() > 1000)
    qtbot.wait(50)
    assert dialog.height() <= large_screen.height()


@pytest.mark.usefixtures("large_screen")
def test_a_dialog_enlarged_by_the_user_keeps_its_size(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    dialog.form.set_advanced_visible(visible=True)
    qtbot.addWidget(dialog)
    set_export_statuses(dialog, long_statuses(3))
    dialog.show()
    qtbot.waitExposed(dialog)
    before = table(dialog, "Also write to").height()
    dialog.resize(600, dialog.height() + 100)
    qtbot.waitUntil(lambda: table(dialog, "Also write to").height() >= before + 90)
    height = dialog.height()
    set_export_statuses(dialog, ())
    qtbot.waitUntil(lambda: not table(dialog, "Also write to").isVisible())
    assert dialog.height() == height


def test_the_test_result_keeps_its_contrast_when_the_theme_changes(
    form: AccountDialogDriver, harness: RuntimeHarness
) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)
    form.fill()
    form.test()
    for colours in (DARK, LIGHT):
        form.dialog.setPalette(make_palette(colours))
        assert label(form.dialog, "message-summary").palette().windowText().color() == colours.bad
