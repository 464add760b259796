"""The message view: texts, colours, and no space while it is empty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView
from tests.ui import find
from tests.ui.conftest import RESOURCES

REFUSED = Message("The AppSecret is wrong.", "Copy it again.", "40125")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(make_palette(LIGHT))
    QVBoxLayout(window)
    window.show()
    return window


@pytest.fixture
def view(window: QWidget) -> MessageView:
    view = MessageView(Icons(RESOURCES / "icons"))
    layout = window.layout()
    assert layout is not None
    layout.addWidget(view)
    return view


def summary(view: MessageView) -> QLabel:
    return find.label(view, "message-summary")


def advice(view: MessageView) -> QLabel:
    return find.label(view, "message-advice")


def ink(view: MessageView) -> str:
    return summary(view).palette().windowText().color().name()


def test_an_empty_message_is_hidden(view: MessageView) -> None:
    assert view.isHidden()
    view.show_message(lambda: REFUSED)
    assert view.isVisible()
    view.clear()
    assert view.isHidden()
    assert summary(view).text() == advice(view).text() == summary(view).accessibleName() == ""


def test_the_code_follows_the_summary_and_the_advice_is_below(view: MessageView) -> None:
    view.show_message(lambda: REFUSED, Severity.BAD)
    assert summary(view).text() == "The AppSecret is wrong. (40125)"
    assert advice(view).text() == "Copy it again."
    assert summary(view).accessibleName() == REFUSED.text  # read aloud in one go
    view.show_message(lambda: Message("Saving…"), Severity.INFO)
    assert summary(view).text() == "Saving…"
    assert not advice(view).isVisible()


def test_messages_are_shown_as_plain_text(view: MessageView) -> None:
    view.show_message(lambda: Message("<b>a</b>", "<i>b</i>"))
    assert summary(view).textFormat() is advice(view).textFormat() is Qt.TextFormat.PlainText


def test_the_message_is_made_again_in_another_language(view: MessageView) -> None:
    texts = ["Saving…", "正在保存…"]
    view.show_message(lambda: Message(texts[0]))
    texts.pop(0)
    view.retranslate()
    assert summary(view).text() == "正在保存…"


def test_the_summary_has_the_colour_of_its_severity_in_every_theme(view: MessageView, window: QWidget) -> None:
    view.show_message(lambda: REFUSED, Severity.BAD)
    assert ink(view) == LIGHT.bad.name()
    window.setPalette(make_palette(DARK))
    assert ink(view) == DARK.bad.name()
    view.show_message(lambda: REFUSED, Severity.OK)
    assert ink(view) == DARK.ok.name()
