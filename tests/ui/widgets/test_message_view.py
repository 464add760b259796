"""The message view: texts, colours, and no space while it is empty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.widgets.message_view import MessageView
from tests.ui import find
from tests.ui.palettes import palette_of

REFUSED = Message("The AppSecret is wrong.", "Copy it again.", "40125")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(palette_of(Theme.LIGHT))
    QVBoxLayout(window)
    window.show()
    return window


@pytest.fixture
def view(window: QWidget) -> MessageView:
    view = MessageView()
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
    view.show_message(lambda: REFUSED, KeyState.FAILED)
    assert summary(view).text() == "The AppSecret is wrong. (40125)"
    assert advice(view).text() == "Copy it again."
    assert summary(view).accessibleName() == REFUSED.text  # read aloud in one go
    view.show_message(lambda: Message("Saving…"), KeyState.REFRESHING)
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


def test_the_summary_has_the_colour_of_the_state_in_every_theme(view: MessageView, window: QWidget) -> None:
    view.show_message(lambda: REFUSED, KeyState.FAILED)
    assert ink(view) == "#cf222e"
    window.setPalette(palette_of(Theme.DARK))
    assert ink(view) == "#ff7b72"
    view.show_message(lambda: REFUSED)
    assert ink(view) == advice(view).palette().windowText().color().name()
    window.setPalette(palette_of(Theme.LIGHT))
    assert ink(view) == palette_of(Theme.LIGHT).windowText().color().name()
