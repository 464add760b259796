"""Title and subtitle of a page."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.page_head import PageHead


def test_a_page_has_a_large_title_and_perhaps_a_subtitle(qtbot: QtBot) -> None:
    head = PageHead(QPushButton("Add"))
    qtbot.addWidget(head)
    head.set_texts("Error codes", "Search for a number.")
    title, subtitle = head.findChildren(ElidedLabel)
    assert (title.text(), subtitle.text()) == ("Error codes", "Search for a number.")
    assert title.fontMetrics().height() > subtitle.fontMetrics().height()
    head.set_texts("Error codes")
    assert subtitle.isHidden()
