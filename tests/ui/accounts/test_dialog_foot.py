"""Foot of the account dialog: which buttons there are for a new account and for a known one."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.accounts.dialog_foot import DialogFoot


class _Recorder(QObject):
    """Note the width that a foot needs when a button of it is shown."""

    def __init__(self, foot: QWidget, widths: list[int]) -> None:
        super().__init__()
        self._foot = foot
        self._widths = widths

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self._widths.append(self._foot.minimumSizeHint().width())
        return super().eventFilter(watched, event)


def visible(foot: DialogFoot) -> list[str]:
    links = (foot.help_button, foot.project_button, foot.follow_button, foot.test_button)
    buttons = (*links, foot.cancel_button, foot.save_button)
    return [button.text() for button in buttons if not button.isHidden()]


@pytest.mark.parametrize(
    ("is_new", "has_failed", "names"),
    [
        (True, False, ["Where do I find these?", "From a project folder…", "No AppSecret?", "Cancel", "Save"]),
        (True, True, ["Where do I find these?", "Check again", "Cancel", "Save"]),
        (False, False, ["Where do I find these?", "Check now", "Cancel", "Save"]),
    ],
)
def test_the_buttons_fit_what_is_edited(qtbot: QtBot, names: list[str], *, is_new: bool, has_failed: bool) -> None:
    foot = DialogFoot(is_new=is_new)
    qtbot.addWidget(foot)
    foot.retranslate()
    foot.offer_check(has_failed=has_failed)
    assert visible(foot) == names


def test_a_follower_has_no_secret_to_check(qtbot: QtBot) -> None:
    foot = DialogFoot(is_new=False, has_secret=False)
    qtbot.addWidget(foot)
    foot.retranslate()
    assert visible(foot) == ["Where do I find these?", "Cancel", "Save"]


def test_the_foot_is_never_as_wide_as_with_all_its_buttons(qtbot: QtBot) -> None:
    """Qt lays the dialog out anew with each button, and a dialog that has become wider stays so."""
    foot = DialogFoot(is_new=True)
    qtbot.addWidget(foot)
    foot.retranslate()
    foot.show()
    before = foot.minimumSizeHint().width()
    widths: list[int] = []
    foot.test_button.installEventFilter(recorder := _Recorder(foot, widths))
    foot.offer_check(has_failed=True)
    assert widths
    assert max(widths) <= before
    del recorder
