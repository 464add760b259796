"""A sentence below what it is about: its words, its colour, and no room while there is none."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.theme import make_palette
from guarddog_gui.ui.widgets.message_view import MessageView

REFUSED = Message("The AppSecret is wrong.", "Copy it again.", "40125")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(make_palette(Theme.LIGHT))
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


def ink(view: MessageView) -> str:
    return view._summary_label.palette().windowText().color().name()


def test_with_nothing_to_say_it_takes_no_room(view: MessageView) -> None:
    assert view.isHidden()
    view.show_message(lambda: REFUSED)
    assert view.isVisible()
    view.clear()
    assert view.isHidden()
    assert (
        view._summary_label.text() == view._advice_label.text() == view._summary_label.accessibleName() == ""
    )


def test_the_number_stands_behind_what_happened_and_what_to_do_below(view: MessageView) -> None:
    view.show_message(lambda: REFUSED, KeyState.FAILED)
    assert view._summary_label.text() == "The AppSecret is wrong. (40125)"
    assert view._advice_label.text() == "Copy it again."
    assert view._summary_label.accessibleName() == REFUSED.text  # read aloud in one go
    view.show_message(lambda: Message("Saving…"), KeyState.REFRESHING)
    assert view._summary_label.text() == "Saving…"
    assert not view._advice_label.isVisible()


def test_whatever_is_said_is_shown_as_text(view: MessageView) -> None:
    view.show_message(lambda: Message("<b>a</b>", "<i>b</i>"))
    assert view._summary_label.textFormat() is view._advice_label.textFormat() is Qt.TextFormat.PlainText


def test_it_is_asked_again_in_another_language(view: MessageView) -> None:
    words = ["Saving…", "正在保存…"]
    view.show_message(lambda: Message(words[0]))
    words.pop(0)
    view.retranslate()
    assert view._summary_label.text() == "正在保存…"


def test_what_happened_has_the_colour_of_the_state_in_every_theme(view: MessageView, window: QWidget) -> None:
    view.show_message(lambda: REFUSED, KeyState.FAILED)
    assert ink(view) == "#cf222e"
    window.setPalette(make_palette(Theme.DARK))
    assert ink(view) == "#ff7b72"
    view.show_message(lambda: REFUSED)
    assert ink(view) == view._advice_label.palette().windowText().color().name()
    window.setPalette(make_palette(Theme.LIGHT))
    assert ink(view) == make_palette(Theme.LIGHT).windowText().color().name()
