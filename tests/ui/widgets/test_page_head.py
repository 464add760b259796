"""Title of a page, and the sentence below it."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.page_head import PageHead


def test_the_head_of_a_page_has_a_title_and_a_sentence(qtbot: QtBot) -> None:
    head = PageHead()
    qtbot.addWidget(head)
    head.set_texts("Sign a page", "Signed as you type.")
    title, subtitle = (each for each in head.findChildren(QWidget) if each.parentWidget() is head)
    assert title.accessibleName() == "Sign a page"
    assert title.fontMetrics().height() > subtitle.fontMetrics().height()
    assert isinstance(subtitle, QLabel)
    assert subtitle.text() == "Signed as you type."
    head.set_texts("Sign a page", "")
    assert subtitle.isHidden()
