"""Where else an account is written: added, edited and removed in its dialog, told in the window."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.theme import make_palette
from guarddog_gui.ui.tokens.model import TokenColumn, TokensModel
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui.tokens.test_model import status_of

ENV = ExportTarget(ExportFormat.ENV, "/srv/shop/.env")
PHP = ExportTarget(ExportFormat.PHP_JSON, "/srv/shop")
NODE = ExportTarget(ExportFormat.INTERACTION_JSON, "/srv/node")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify", "a b"))
FAILED = ExportStatus(RUN, NOW, error=ExportError(ExportErrorKind.EXIT, "3"))

Answer = Callable[..., object]


@pytest.fixture
def parts(formatter: Formatter, qtbot: QtBot) -> ExportTargetList:
    made = ExportTargetList(formatter)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What a person chooses in the dialogs of the desktop; "" is Cancel."""
    given: dict[str, object] = {"folder": "", "file": "", "text": ("", False)}
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: given["folder"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (given["file"], ""))

    def text(*_: object, **__: object) -> object:
        return given["text"].pop(0) if isinstance(given["text"], list) else given["text"]

    monkeypatch.setattr(QInputDialog, "getText", text)
    return given


def add(parts: ExportTargetList, form: ExportFormat) -> None:
    parts._add_menu.triggered.emit(parts._format_actions[form])


def lines(parts: ExportTargetList) -> list[str]:
    return [parts._list_widget.item(row).text() for row in range(parts._list_widget.count())]


def test_without_any_there_is_a_hint_and_a_way_to_add_one(parts: ExportTargetList) -> None:
    assert parts._hint_label.isVisible()
    assert parts.add_button.isVisible()
    assert not parts._list_widget.isVisible()
    assert not parts._remove_button.isVisible()
    assert parts.targets() == ()


def test_each_form_is_asked_for_in_its_own_way(parts: ExportTargetList, answers: dict[str, object]) -> None:
    answers.update(folder="/srv/shop", file="/srv/shop/.env", text=("notify 'a b'", True))
    add(parts, ExportFormat.PHP_JSON)
    answers["folder"] = "/srv/node"
    add(parts, ExportFormat.INTERACTION_JSON)
    add(parts, ExportFormat.ENV)
    add(parts, ExportFormat.COMMAND)

    assert parts.targets() == (PHP, NODE, ENV, RUN)
    assert lines(parts)[2:] == [".env file · /srv/shop/.env", "command · notify 'a b'"]
    assert not parts._hint_label.isVisible()
    assert parts._list_widget.currentRow() == 3


def test_who_gives_up_adds_nothing(parts: ExportTargetList, answers: dict[str, object]) -> None:
    for form in ExportFormat:
        add(parts, form)
    answers["text"] = ("  ", True)
    add(parts, ExportFormat.COMMAND)

    assert parts.targets() == ()


def test_a_command_whose_quotes_do_not_close_is_asked_for_again(
    parts: ExportTargetList, answers: dict[str, object]
) -> None:
    answers["text"] = [("it's", True), ("notify 'a b'", True)]

    add(parts, ExportFormat.COMMAND)

    assert parts.targets() == (RUN,)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('echo "unclosed', "A quote in this command does not close"),
        ("./notify.sh now", "The program of this command is not named by its full path."),
        ("''", "This command cannot be run."),
    ],
)
def test_a_command_that_cannot_be_run_is_asked_for_again_with_the_reason(
    parts: ExportTargetList, monkeypatch: pytest.MonkeyPatch, typed: str, told: str
) -> None:
    asked: list[str] = []

    def text(_parent: object, _title: str, how: str, **_: object) -> tuple[str, bool]:
        asked.append(how)
        return (typed, True) if len(asked) == 1 else ("", False)

    monkeypatch.setattr(QInputDialog, "getText", text)
    add(parts, ExportFormat.COMMAND)
    assert asked[1].startswith(told)
    assert parts.targets() == ()


def test_one_can_be_edited_and_removed_with_mouse_or_keyboard(
    formatter: Formatter, qtbot: QtBot, answers: dict[str, object]
) -> None:
    parts = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(parts)
    parts.show()
    answers["file"] = "/srv/shop/.env.local"
    parts._edit_button.click()
    assert parts.targets() == (ExportTarget(ExportFormat.ENV, "/srv/shop/.env.local"), RUN)

    parts._list_widget.setCurrentRow(1)
    parts._list_widget.itemDoubleClicked.emit(parts._list_widget.item(1))
    assert parts.targets()[1] == RUN, "given up"
    parts.activateWindow()
    parts._list_widget.setFocus()
    qtbot.waitUntil(parts._list_widget.hasFocus)
    QTest.keyClick(parts._list_widget, Qt.Key.Key_Delete)
    assert len(parts.targets()) == 1
    parts._remove_button.click()
    assert parts.targets() == ()
    assert parts._hint_label.isVisible()


def test_one_that_failed_says_why_and_what_helps(formatter: Formatter, qtbot: QtBot) -> None:
    parts = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(parts)

    good, failed = lines(parts)
    assert good.startswith(".env file · /srv/shop/.env · ")
    assert "exit code 3" in failed
    assert "run it by hand" in failed


def test_the_list_is_as_high_as_its_first_rows(formatter: Formatter, qtbot: QtBot) -> None:
    many = tuple(ExportStatus(ExportTarget(ExportFormat.ENV, f"/srv/{n}/.env")) for n in range(9))
    parts = ExportTargetList(formatter, many)
    qtbot.addWidget(parts)
    parts.show()

    row = parts._list_widget.visualItemRect(parts._list_widget.item(0)).height()
    assert 3 * row <= parts._list_widget.sizeHint().height() < 4 * row


def test_long_ones_are_scrolled_and_do_not_make_the_list_any_higher(
    formatter: Formatter, qtbot: QtBot
) -> None:
    trouble = ExportError(ExportErrorKind.FILE, f"{'/srv/releases/current' * 20}: permission denied")
    parts = ExportTargetList(formatter, tuple(replace(FAILED, error=trouble) for _ in range(3)))
    qtbot.addWidget(parts)
    parts.resize(360, 200)
    parts.show()

    assert parts._list_widget.minimumSizeHint().height() <= 9 * parts._list_widget.fontMetrics().lineSpacing()


def test_one_that_failed_has_the_shape_and_the_colour_of_it(formatter: Formatter, qtbot: QtBot) -> None:
    parts = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(parts)

    good, failed = (parts._list_widget.item(row) for row in range(2))
    assert good.icon().isNull()
    assert not failed.icon().isNull()
    assert failed.foreground().color().name() == "#cf222e"
    parts.setPalette(make_palette(Theme.DARK))
    assert parts._list_widget.item(1).foreground().color().name() == "#ff7b72"


# -- in the dialog --------------------------------------------------------------------------------


def test_the_dialog_keeps_what_it_does_not_change_and_saves_what_was_added(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, answers: dict[str, object]
) -> None:
    harness.accounts.stored = (replace(SHOP, exports=(ENV,)),)
    harness.controller.reload_from_disk()
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV,)))
    qtbot.addWidget(dialog)
    assert dialog._form.entered_account().exports == (ENV,)

    answers["folder"] = "/srv/shop"
    add(dialog._form._export_list, ExportFormat.PHP_JSON)
    with qtbot.waitSignal(dialog.accepted):
        dialog._on_save_accepted()

    (saved,) = harness.accounts.stored
    assert saved.exports == (ENV, PHP)


def test_what_another_account_has_taken_is_said_and_not_saved(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.accounts.stored = (SHOP, replace(CAFE, exports=(ENV,)))
    harness.controller.reload_from_disk()
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    qtbot.addWidget(dialog)
    dialog._form._export_list._statuses.append(ExportStatus(ENV))

    dialog._on_save_accepted()
    qtbot.waitUntil(lambda: dialog._save_job is None)

    assert (
        "Another account is already written to the same file." in dialog._message_view._summary_label.text()
    )
    assert harness.accounts.stored[0] == SHOP


def test_what_has_become_of_them_meanwhile_is_shown_in_the_open_dialog(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    harness.accounts.stored = (replace(SHOP, exports=(ENV,)),)
    harness.export_files.is_disk_full = True
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    dialog = AccountDialog(harness.controller, formatter, harness.accounts.stored[0])
    qtbot.addWidget(dialog)
    dialog._form._export_list._statuses.append(ExportStatus(PHP))  # not saved yet
    assert "the disk is full" in lines(dialog._form._export_list)[0]

    harness.export_files.is_disk_full = False
    harness.controller.refresh(SHOP.appid)
    qtbot.waitUntil(lambda: "the disk is full" not in lines(dialog._form._export_list)[0])

    assert dialog._form._export_list.targets() == (ENV, PHP)


def test_one_that_cannot_be_is_told_at_once_by_its_name_and_no_more_once_it_is_gone(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, answers: dict[str, object]
) -> None:
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV,)))
    qtbot.addWidget(dialog)

    answers["file"] = "/srv/shop/accounts.json"
    add(dialog._form._export_list, ExportFormat.ENV)
    assert (
        dialog._message_view._summary_label.text()
        == "About /srv/shop/accounts.json: This place cannot be written to."
    )
    dialog._form._export_list._remove_button.click()
    assert dialog._message_view._summary_label.text() == ""


def test_two_for_the_same_file_are_refused_at_once(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV, ENV)))
    qtbot.addWidget(dialog)

    dialog._on_save_accepted()

    assert "Two of the places to write to are the same." in dialog._message_view._summary_label.text()


# -- in the window --------------------------------------------------------------------------------


def row(formatter: Formatter, *reports: ExportStatus) -> tuple[str, str, str]:
    """State, tooltip and what is read aloud of an account's row."""
    model = TokensModel(formatter)
    model.set_overview(Overview(NOW, (replace(status_of(SHOP), exports=reports),)))
    name = model.index(0, TokenColumn.NAME, QModelIndex())
    return (
        str(name.siblingAtColumn(TokenColumn.STATE).data()),
        str(name.data(Qt.ItemDataRole.ToolTipRole)),
        str(name.data(Qt.ItemDataRole.AccessibleTextRole)),
    )


def test_an_account_without_outlets_says_nothing_about_them(formatter: Formatter) -> None:
    state, tooltip, aloud = row(formatter)

    assert state.endswith("official account · stable")
    assert tooltip.endswith(f">{SHOP.name}\n{SHOP.appid}</p>")
    assert "written" not in aloud


def test_what_was_written_is_told_with_its_time_and_quietly(formatter: Formatter) -> None:
    state, tooltip, aloud = row(
        formatter, ExportStatus(ENV, NOW), ExportStatus(PHP, NOW + 60), ExportStatus(RUN)
    )

    assert state.endswith("stable · also written 14:14: .env, shop/")
    assert "official PHP sample · /srv/shop" in tooltip
    assert "command · notify 'a b' · not yet" in tooltip.replace("&#x27;", "'")
    assert "written" not in aloud


def test_before_anything_was_written_there_is_nothing_to_tell(formatter: Formatter) -> None:
    state, _, _ = row(formatter, ExportStatus(ENV))

    assert "written" not in state


def test_a_failure_comes_first_and_is_read_aloud(formatter: Formatter) -> None:
    state, tooltip, aloud = row(formatter, ExportStatus(ENV, NOW), FAILED)

    assert state.startswith("not written: notify · ")
    assert "exit code 3" in tooltip
    assert aloud.endswith("not written: notify")


def test_places_of_the_same_name_can_be_told_apart(formatter: Formatter) -> None:
    trouble = ExportError(ExportErrorKind.EXIT, "3")
    three = (ExportTarget(ExportFormat.ENV, f"/srv/{name}/.env") for name in ("shop", "cafe", "game"))

    state, _, _ = row(formatter, *(ExportStatus(outlet, NOW, error=trouble) for outlet in three))

    assert state.startswith("not written: shop/.env, cafe/.env, game/.env")
