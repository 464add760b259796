"""Where else an account is written: added, edited and removed in its dialog, told in the window."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.export_list import OutletList
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.theme import palette_of
from guarddog_gui.ui.tokens.model import Column, TokensModel
from tests.fakes import NOW
from tests.runtime.stage import CAFE, SHOP, Stage
from tests.ui.test_models import status_of

ENV = Outlet(OutletForm.ENV, "/srv/shop/.env")
PHP = Outlet(OutletForm.PHP_JSON, "/srv/shop")
NODE = Outlet(OutletForm.INTERACTION_JSON, "/srv/node")
RUN = Outlet(OutletForm.COMMAND, command=("notify", "a b"))
FAILED = OutletReport(RUN, NOW, trouble=OutletTrouble(OutletFault.EXIT, "3"))

Answer = Callable[..., object]


@pytest.fixture
def parts(voice: Voice, qtbot: QtBot) -> OutletList:
    made = OutletList(voice)
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


def add(parts: OutletList, form: OutletForm) -> None:
    parts._menu.triggered.emit(parts._forms[form])


def lines(parts: OutletList) -> list[str]:
    return [parts._list.item(row).text() for row in range(parts._list.count())]


def test_without_any_there_is_a_hint_and_a_way_to_add_one(parts: OutletList) -> None:
    assert parts._hint.isVisible()
    assert parts.add_button.isVisible()
    assert not parts._list.isVisible()
    assert not parts._remove.isVisible()
    assert parts.outlets() == ()


def test_each_form_is_asked_for_in_its_own_way(parts: OutletList, answers: dict[str, object]) -> None:
    answers.update(folder="/srv/shop", file="/srv/shop/.env", text=("notify 'a b'", True))
    add(parts, OutletForm.PHP_JSON)
    answers["folder"] = "/srv/node"
    add(parts, OutletForm.INTERACTION_JSON)
    add(parts, OutletForm.ENV)
    add(parts, OutletForm.COMMAND)

    assert parts.outlets() == (PHP, NODE, ENV, RUN)
    assert lines(parts)[2:] == [".env file · /srv/shop/.env", "command · notify 'a b'"]
    assert not parts._hint.isVisible()
    assert parts._list.currentRow() == 3


def test_who_gives_up_adds_nothing(parts: OutletList, answers: dict[str, object]) -> None:
    for form in OutletForm:
        add(parts, form)
    answers["text"] = ("  ", True)
    add(parts, OutletForm.COMMAND)

    assert parts.outlets() == ()


def test_a_command_whose_quotes_do_not_close_is_asked_for_again(
    parts: OutletList, answers: dict[str, object]
) -> None:
    answers["text"] = [("it's", True), ("notify 'a b'", True)]

    add(parts, OutletForm.COMMAND)

    assert parts.outlets() == (RUN,)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('echo "unclosed', "A quote in this command does not close"),
        ("./notify.sh now", "The program of this command is not named by its full path."),
        ("''", "This command cannot be run."),
    ],
)
def test_a_command_that_cannot_be_run_is_asked_for_again_with_the_reason(
    parts: OutletList, monkeypatch: pytest.MonkeyPatch, typed: str, told: str
) -> None:
    asked: list[str] = []

    def text(_parent: object, _title: str, how: str, **_: object) -> tuple[str, bool]:
        asked.append(how)
        return (typed, True) if len(asked) == 1 else ("", False)

    monkeypatch.setattr(QInputDialog, "getText", text)
    add(parts, OutletForm.COMMAND)
    assert asked[1].startswith(told)
    assert parts.outlets() == ()


def test_one_can_be_edited_and_removed_with_mouse_or_keyboard(
    voice: Voice, qtbot: QtBot, answers: dict[str, object]
) -> None:
    parts = OutletList(voice, (OutletReport(ENV, NOW), FAILED))
    qtbot.addWidget(parts)
    parts.show()
    answers["file"] = "/srv/shop/.env.local"
    parts._edit.click()
    assert parts.outlets() == (Outlet(OutletForm.ENV, "/srv/shop/.env.local"), RUN)

    parts._list.setCurrentRow(1)
    parts._list.itemDoubleClicked.emit(parts._list.item(1))
    assert parts.outlets()[1] == RUN, "given up"
    parts.activateWindow()
    parts._list.setFocus()
    qtbot.waitUntil(parts._list.hasFocus)
    QTest.keyClick(parts._list, Qt.Key.Key_Delete)
    assert len(parts.outlets()) == 1
    parts._remove.click()
    assert parts.outlets() == ()
    assert parts._hint.isVisible()


def test_one_that_failed_says_why_and_what_helps(voice: Voice, qtbot: QtBot) -> None:
    parts = OutletList(voice, (OutletReport(ENV, NOW), FAILED))
    qtbot.addWidget(parts)

    good, failed = lines(parts)
    assert good.startswith(".env file · /srv/shop/.env · ")
    assert "exit code 3" in failed
    assert "run it by hand" in failed


def test_the_list_is_as_high_as_its_first_rows(voice: Voice, qtbot: QtBot) -> None:
    many = tuple(OutletReport(Outlet(OutletForm.ENV, f"/srv/{n}/.env")) for n in range(9))
    parts = OutletList(voice, many)
    qtbot.addWidget(parts)
    parts.show()

    row = parts._list.visualItemRect(parts._list.item(0)).height()
    assert 3 * row <= parts._list.sizeHint().height() < 4 * row


def test_long_ones_are_scrolled_and_do_not_make_the_list_any_higher(voice: Voice, qtbot: QtBot) -> None:
    trouble = OutletTrouble(OutletFault.FILE, f"{'/srv/releases/current' * 20}: permission denied")
    parts = OutletList(voice, tuple(replace(FAILED, trouble=trouble) for _ in range(3)))
    qtbot.addWidget(parts)
    parts.resize(360, 200)
    parts.show()

    assert parts._list.minimumSizeHint().height() <= 9 * parts._list.fontMetrics().lineSpacing()


def test_one_that_failed_has_the_shape_and_the_colour_of_it(voice: Voice, qtbot: QtBot) -> None:
    parts = OutletList(voice, (OutletReport(ENV, NOW), FAILED))
    qtbot.addWidget(parts)

    good, failed = (parts._list.item(row) for row in range(2))
    assert good.icon().isNull()
    assert not failed.icon().isNull()
    assert failed.foreground().color().name() == "#cf222e"
    parts.setPalette(palette_of(Theme.DARK))
    assert parts._list.item(1).foreground().color().name() == "#ff7b72"


# -- in the dialog --------------------------------------------------------------------------------


def test_the_dialog_keeps_what_it_does_not_change_and_saves_what_was_added(
    stage: Stage, voice: Voice, qtbot: QtBot, answers: dict[str, object]
) -> None:
    stage.accounts.known = (replace(SHOP, outlets=(ENV,)),)
    stage.controller.read()
    dialog = AccountDialog(stage.controller, voice, replace(SHOP, outlets=(ENV,)))
    qtbot.addWidget(dialog)
    assert dialog._form.account().outlets == (ENV,)

    answers["folder"] = "/srv/shop"
    add(dialog._form._outlets, OutletForm.PHP_JSON)
    with qtbot.waitSignal(dialog.accepted):
        dialog._on_save()

    (saved,) = stage.accounts.known
    assert saved.outlets == (ENV, PHP)


def test_what_another_account_has_taken_is_said_and_not_saved(
    stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    stage.accounts.known = (SHOP, replace(CAFE, outlets=(ENV,)))
    stage.controller.read()
    dialog = AccountDialog(stage.controller, voice, SHOP)
    qtbot.addWidget(dialog)
    dialog._form._outlets._reports.append(OutletReport(ENV))

    dialog._on_save()
    qtbot.waitUntil(lambda: dialog._save is None)

    assert "Another account is already written to the same file." in dialog._said._what.text()
    assert stage.accounts.known[0] == SHOP


def test_what_has_become_of_them_meanwhile_is_shown_in_the_open_dialog(
    stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    stage.put_fresh(SHOP)
    stage.accounts.known = (replace(SHOP, outlets=(ENV,)),)
    stage.foreign_files.full = True
    stage.controller.start()
    stage.settle(qtbot)
    dialog = AccountDialog(stage.controller, voice, stage.accounts.known[0])
    qtbot.addWidget(dialog)
    dialog._form._outlets._reports.append(OutletReport(PHP))  # not saved yet
    assert "the disk is full" in lines(dialog._form._outlets)[0]

    stage.foreign_files.full = False
    stage.controller.refresh(SHOP.appid)
    qtbot.waitUntil(lambda: "the disk is full" not in lines(dialog._form._outlets)[0])

    assert dialog._form._outlets.outlets() == (ENV, PHP)


def test_one_that_cannot_be_is_told_at_once_by_its_name_and_no_more_once_it_is_gone(
    stage: Stage, voice: Voice, qtbot: QtBot, answers: dict[str, object]
) -> None:
    dialog = AccountDialog(stage.controller, voice, replace(SHOP, outlets=(ENV,)))
    qtbot.addWidget(dialog)

    answers["file"] = "/srv/shop/accounts.json"
    add(dialog._form._outlets, OutletForm.ENV)
    assert dialog._said._what.text() == "About /srv/shop/accounts.json: This place cannot be written to."
    dialog._form._outlets._remove.click()
    assert dialog._said._what.text() == ""


def test_two_for_the_same_file_are_refused_at_once(stage: Stage, voice: Voice, qtbot: QtBot) -> None:
    dialog = AccountDialog(stage.controller, voice, replace(SHOP, outlets=(ENV, ENV)))
    qtbot.addWidget(dialog)

    dialog._on_save()

    assert "Two of the places to write to are the same." in dialog._said._what.text()


# -- in the window --------------------------------------------------------------------------------


def row(voice: Voice, *reports: OutletReport) -> tuple[str, str, str]:
    """State, tooltip and what is read aloud of an account's row."""
    model = TokensModel(voice)
    model.show(Overview(NOW, (replace(status_of(SHOP), outlets=reports),)))
    name = model.index(0, Column.NAME, QModelIndex())
    return (
        str(name.siblingAtColumn(Column.STATE).data()),
        str(name.data(Qt.ItemDataRole.ToolTipRole)),
        str(name.data(Qt.ItemDataRole.AccessibleTextRole)),
    )


def test_an_account_without_outlets_says_nothing_about_them(voice: Voice) -> None:
    state, tooltip, aloud = row(voice)

    assert state.endswith("official account · stable")
    assert tooltip.endswith(f">{SHOP.name}\n{SHOP.appid}</p>")
    assert "written" not in aloud


def test_what_was_written_is_told_with_its_time_and_quietly(voice: Voice) -> None:
    state, tooltip, aloud = row(voice, OutletReport(ENV, NOW), OutletReport(PHP, NOW + 60), OutletReport(RUN))

    assert state.endswith("stable · also written 14:14: .env, shop/")
    assert "official PHP sample · /srv/shop" in tooltip
    assert "command · notify 'a b' · not yet" in tooltip.replace("&#x27;", "'")
    assert "written" not in aloud


def test_before_anything_was_written_there_is_nothing_to_tell(voice: Voice) -> None:
    state, _, _ = row(voice, OutletReport(ENV))

    assert "written" not in state


def test_a_failure_comes_first_and_is_read_aloud(voice: Voice) -> None:
    state, tooltip, aloud = row(voice, OutletReport(ENV, NOW), FAILED)

    assert state.startswith("not written: notify · ")
    assert "exit code 3" in tooltip
    assert aloud.endswith("not written: notify")


def test_places_of_the_same_name_can_be_told_apart(voice: Voice) -> None:
    trouble = OutletTrouble(OutletFault.EXIT, "3")
    three = (Outlet(OutletForm.ENV, f"/srv/{name}/.env") for name in ("shop", "cafe", "game"))

    state, _, _ = row(voice, *(OutletReport(outlet, NOW, trouble=trouble) for outlet in three))

    assert state.startswith("not written: shop/.env, cafe/.env, game/.env")
