"""The menu of the forms: the token is asked for by a row of its own, and for one copy only."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.api.copy_as import CopyForm
from guarddog_gui.ui.api.copy_menu import CopyCallMenu
from tests.ui import find


def test_the_token_is_wanted_for_the_next_copy_only(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = CopyCallMenu(parent)
    requested: list[tuple[str, bool]] = []
    menu.copy_requested.connect(lambda *request: requested.append(request))

    find.action(menu, "With the token itself, next time").trigger()
    for form in (CopyForm.CURL, CopyForm.NODE):
        find.action(menu, form.label).trigger()

    assert requested == [("curl", True), ("node", False)]
