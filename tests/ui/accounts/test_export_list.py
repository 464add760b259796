"""Tests of the export targets of an account: in the list, in the dialog, and in the card of the account."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QListWidget, QMenu, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import DARK, make_palette
from guarddog_gui.ui.tokens.account_card import AccountCard, AccountHead, CardContent
from guarddog_gui.ui.tokens.notices import account_notices
from guarddog_gui.ui.tokens.requests import TokenRequests
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui.account_statuses import make_account_status
from tests.ui.find import action, button, label, widget

ENV = ExportTarget(ExportFormat.ENV, "/srv/shop/.env")
PHP = ExportTarget(ExportFormat.PHP_JSON, "/srv/shop")
NODE = ExportTarget(ExportFormat.INTERACTION_JSON, "/srv/node")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify", "a b"))
FAILED = ExportStatus(RUN, NOW, error=ExportError(ExportErrorKind.EXIT, "3"))
MENU_TEXTS = {
    ExportFormat.PHP_JSON: "Folder of the official PHP sample…",
    ExportFormat.INTERACTION_JSON: "Folder of wechat_interaction_jsapi…",
    ExportFormat.ENV: ".env file…",
    ExportFormat.COMMAND: "Command…",
}


@pytest.fixture
def targets(formatter: Formatter, qtbot: QtBot) -> ExportTargetList:
    targets = ExportTargetList(formatter)
    qtbot.addWidget(targets)
    targets.show()
    return targets


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return what the user chooses in the dialogs of the system; "" is Cancel."""
    choices: dict[str, object] = {"folder": "", "file": "", "text": ("", False)}
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: choices["folder"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (choices["file"], ""))

    def text(*_: object, **__: object) -> object:
        return choices["text"].pop(0) if isinstance(choices["text"], list) else choices["text"]

    monkeypatch.setattr(QInputDialog, "getText", text)
    return choices


def target_list(targets: QWidget) -> QListWidget:
    return widget(targets, QListWidget)


def export_list(dialog: AccountDialog) -> ExportTargetList:
    return widget(dialog, ExportTargetList)


def add_status(dialog: AccountDialog, status: ExportStatus) -> None:
    """Add a target to the list, as if the user had added it."""
    export_list(dialog)._statuses.append(status)


def add(targets: QWidget, export_format: ExportFormat) -> None:
    action(widget(targets, QMenu), MENU_TEXTS[export_format]).trigger()


def lines(targets: QWidget) -> list[str]:
    rows = target_list(targets)
    return [rows.item(row).text() for row in range(rows.count())]


def test_an_empty_list_shows_a_hint_and_an_add_button(targets: ExportTargetList) -> None:
    assert label(targets, "export-hint").isVisible()
    assert targets.add_button.isVisible()
    assert not target_list(targets).isVisible()
    assert not button(targets, "Remove").isVisible()
    assert targets.targets() == ()


def test_each_format_has_a_suitable_input_dialog(targets: ExportTargetList, choices: dict[str, object]) -> None:
    choices.update(folder="/srv/shop", file="/srv/shop/.env", text=("notify 'a b'", True))
    add(targets, ExportFormat.PHP_JSON)
    choices["folder"] = "/srv/node"
    add(targets, ExportFormat.INTERACTION_JSON)
    add(targets, ExportFormat.ENV)
    add(targets, ExportFormat.COMMAND)

    assert targets.targets() == (PHP, NODE, ENV, RUN)
    assert lines(targets)[2:] == [".env file · /srv/shop/.env", "command · notify 'a b'"]
    assert not label(targets, "export-hint").isVisible()
    assert target_list(targets).currentRow() == 3


def test_a_cancelled_dialog_adds_nothing(targets: ExportTargetList, choices: dict[str, object]) -> None:
    for export_format in ExportFormat:
        add(targets, export_format)
    choices["text"] = ("  ", True)
    add(targets, ExportFormat.COMMAND)

    assert targets.targets() == ()


def test_a_command_with_an_unclosed_quote_is_prompted_for_again(
    targets: ExportTargetList, choices: dict[str, object]
) -> None:
    choices["text"] = [("it's", True), ("notify 'a b'", True)]

    add(targets, ExportFormat.COMMAND)

    assert targets.targets() == (RUN,)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('echo "unclosed', "A quote in this command does not close"),
        ("./notify.sh now", "The program of this command is not named by its full path."),
        ("''", "This command cannot be run."),
    ],
)
def test_an_invalid_command_is_prompted_for_again_with_the_reason(
    targets: ExportTargetList, monkeypatch: pytest.MonkeyPatch, typed: str, expected: str
) -> None:
    prompts: list[str] = []

    def text(_parent: object, _title: str, prompt: str, **_: object) -> tuple[str, bool]:
        prompts.append(prompt)
        return (typed, True) if len(prompts) == 1 else ("", False)

    monkeypatch.setattr(QInputDialog, "getText", text)
    add(targets, ExportFormat.COMMAND)
    assert prompts[1].startswith(expected)
    assert targets.targets() == ()


def test_a_target_is_edited_and_removed_with_mouse_or_keyboard(
    formatter: Formatter, qtbot: QtBot, choices: dict[str, object]
) -> None:
    targets = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(targets)
    targets.show()
    choices["file"] = "/srv/shop/.env.local"
    button(targets, "Edit…").click()
    assert targets.targets() == (ExportTarget(ExportFormat.ENV, "/srv/shop/.env.local"), RUN)

    target_list(targets).setCurrentRow(1)
    target_list(targets).itemDoubleClicked.emit(target_list(targets).item(1))
    assert targets.targets()[1] == RUN, "cancelled"
    targets.activateWindow()
    target_list(targets).setFocus()
    qtbot.waitUntil(target_list(targets).hasFocus)
    QTest.keyClick(target_list(targets), Qt.Key.Key_Delete)
    assert len(targets.targets()) == 1
    button(targets, "Remove").click()
    assert targets.targets() == ()
    assert label(targets, "export-hint").isVisible()


def test_a_failed_target_shows_why_and_what_to_do(formatter: Formatter, qtbot: QtBot) -> None:
    targets = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(targets)

    good, failed = lines(targets)
    assert good.startswith(".env file · /srv/shop/.env · ")
    assert "exit code 3" in failed
    assert "run it by hand" in failed


def test_the_list_is_as_high_as_its_first_rows(formatter: Formatter, qtbot: QtBot) -> None:
    many = tuple(ExportStatus(ExportTarget(ExportFormat.ENV, f"/srv/{n}/.env")) for n in range(9))
    targets = ExportTargetList(formatter, many)
    qtbot.addWidget(targets)
    targets.show()

    row = target_list(targets).visualItemRect(target_list(targets).item(0)).height()
    assert 3 * row <= target_list(targets).sizeHint().height() < 4 * row


def test_long_rows_scroll_and_do_not_enlarge_the_list(formatter: Formatter, qtbot: QtBot) -> None:
    error = ExportError(ExportErrorKind.FILE, f"{'/srv/releases/current' * 20}: permission denied")
    targets = ExportTargetList(formatter, tuple(replace(FAILED, error=error) for _ in range(3)))
    qtbot.addWidget(targets)
    targets.resize(360, 200)
    targets.show()

    assert target_list(targets).minimumSizeHint().height() <= 9 * target_list(targets).fontMetrics().lineSpacing()


def test_a_failed_target_has_an_icon_and_a_colour(formatter: Formatter, qtbot: QtBot) -> None:
    targets = ExportTargetList(formatter, (ExportStatus(ENV, NOW), FAILED))
    qtbot.addWidget(targets)

    good, failed = (target_list(targets).item(row) for row in range(2))
    assert good.icon().isNull()
    assert not failed.icon().isNull()
    assert failed.foreground().color().name() == "#c4202d"
    targets.setPalette(make_palette(DARK))
    assert target_list(targets).item(1).foreground().color().name() == "#ff8078"


# -- in the dialog --------------------------------------------------------------------------------


def test_the_dialog_keeps_existing_targets_and_saves_added_ones(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, choices: dict[str, object]
) -> None:
    harness.accounts.stored = (replace(SHOP, exports=(ENV,)),)
    harness.controller.reload_from_disk()
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV,)))
    qtbot.addWidget(dialog)
    assert widget(dialog, AccountForm).entered_account().exports == (ENV,)

    choices["folder"] = "/srv/shop"
    add(export_list(dialog), ExportFormat.PHP_JSON)
    with qtbot.waitSignal(dialog.accepted):
        button(dialog, "Save").click()

    (saved,) = harness.accounts.stored
    assert saved.exports == (ENV, PHP)


def test_a_file_of_another_account_is_refused(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    harness.accounts.stored = (SHOP, replace(CAFE, exports=(ENV,)))
    harness.controller.reload_from_disk()
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    qtbot.addWidget(dialog)
    add_status(dialog, ExportStatus(ENV))

    button(dialog, "Save").click()
    qtbot.waitUntil(button(dialog, "Save").isEnabled)

    assert "Another account is already written to the same file." in label(dialog, "export-targets-error").text()
    assert harness.accounts.stored[0] == SHOP


def test_the_open_dialog_shows_new_export_results(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)
    harness.accounts.stored = (replace(SHOP, exports=(ENV,)),)
    harness.export_files.is_disk_full = True
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    dialog = AccountDialog(harness.controller, formatter, harness.accounts.stored[0])
    qtbot.addWidget(dialog)
    add_status(dialog, ExportStatus(PHP))  # not saved yet
    assert "the disk is full" in lines(export_list(dialog))[0]

    harness.export_files.is_disk_full = False
    harness.controller.refresh(SHOP.appid)
    qtbot.waitUntil(lambda: "the disk is full" not in lines(export_list(dialog))[0])

    assert export_list(dialog).targets() == (ENV, PHP)


def test_an_invalid_target_is_refused_by_name_until_it_is_removed(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, choices: dict[str, object]
) -> None:
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV,)))
    qtbot.addWidget(dialog)

    choices["file"] = "/srv/shop/accounts.json"
    add(export_list(dialog), ExportFormat.ENV)
    shown = label(dialog, "export-targets-error").text()
    assert shown.startswith("About /srv/shop/accounts.json: This place cannot be written to.")
    button(dialog, "Remove").click()
    assert label(dialog, "export-targets-error").text() == ""


def test_two_targets_with_the_same_file_are_refused(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    dialog = AccountDialog(harness.controller, formatter, replace(SHOP, exports=(ENV, ENV)))
    qtbot.addWidget(dialog)

    button(dialog, "Save").click()

    assert "Two of the places to write to are the same." in label(dialog, "export-targets-error").text()


# -- in the card of the account -------------------------------------------------------------------


def card_texts(formatter: Formatter, qtbot: QtBot, *statuses: ExportStatus) -> tuple[str, str, str]:
    """Return the notices, the tooltip of the head and the accessible text of an account's card."""
    status = replace(make_account_status(SHOP), exports=statuses)
    card = AccountCard(formatter, TokenRequests())
    qtbot.addWidget(card)
    card.show_content(CardContent(status, account_notices(status, formatter, NOW)), NOW, is_current=False)
    notices = " ".join(strip.accessibleName() for strip in card.visible_strips)
    return notices, widget(card, AccountHead).toolTip(), card.accessibleName()


def test_an_account_without_targets_shows_nothing_about_them(formatter: Formatter, qtbot: QtBot) -> None:
    notices, tooltip, aloud = card_texts(formatter, qtbot)
    assert notices == ""
    assert tooltip.endswith(f">{SHOP.name}\n{SHOP.appid}\nofficial account · stable</p>")
    assert "written" not in aloud


def test_a_written_target_is_shown_with_its_time_and_not_read_aloud(formatter: Formatter, qtbot: QtBot) -> None:
    written = (ExportStatus(ENV, NOW), ExportStatus(PHP, NOW + 60), ExportStatus(RUN))
    notices, tooltip, aloud = card_texts(formatter, qtbot, *written)
    assert notices == ""
    assert "official PHP sample · /srv/shop · 14:14" in tooltip
    assert "command · notify 'a b' · not yet" in tooltip.replace("&#x27;", "'")
    assert "written" not in aloud


def test_a_failed_target_has_a_notice_and_is_read_aloud(formatter: Formatter, qtbot: QtBot) -> None:
    notices, tooltip, aloud = card_texts(formatter, qtbot, ExportStatus(ENV, NOW), FAILED)
    assert "failed with exit code 3" in notices
    assert "exit code 3" in tooltip
    assert aloud.endswith("not written: notify")


def test_targets_with_the_same_name_are_distinguishable(formatter: Formatter, qtbot: QtBot) -> None:
    error = ExportError(ExportErrorKind.EXIT, "3")
    three = (ExportTarget(ExportFormat.ENV, f"/srv/{name}/.env") for name in ("shop", "cafe", "game"))
    notices, _, _ = card_texts(formatter, qtbot, *(ExportStatus(target, NOW, error=error) for target in three))
    assert notices == "not written: shop/.env, cafe/.env, game/.env"
