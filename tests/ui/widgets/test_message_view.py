"""A sentence below what it is about: its words, its colour, and no room while there is none."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.settings import Theme
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.ui.theme import palette_of
from guarddog_gui.ui.widgets.message_view import SentenceView

REFUSED = Sentence("The AppSecret is wrong.", "Copy it again.", "40125")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(palette_of(Theme.LIGHT))
    QVBoxLayout(window)
    window.show()
    return window


@pytest.fixture
def view(window: QWidget) -> SentenceView:
    view = SentenceView()
    layout = window.layout()
    assert layout is not None
    layout.addWidget(view)
    return view


def ink(view: SentenceView) -> str:
    return view._what.palette().windowText().color().name()


def test_with_nothing_to_say_it_takes_no_room(view: SentenceView) -> None:
    assert view.isHidden()
    view.say(lambda: REFUSED)
    assert view.isVisible()
    view.clear()
    assert view.isHidden()
    assert view._what.text() == view._todo.text() == view._what.accessibleName() == ""


def test_the_number_stands_behind_what_happened_and_what_to_do_below(view: SentenceView) -> None:
    view.say(lambda: REFUSED, State.FAILED)
    assert view._what.text() == "The AppSecret is wrong. (40125)"
    assert view._todo.text() == "Copy it again."
    assert view._what.accessibleName() == REFUSED.text  # read aloud in one go
    view.say(lambda: Sentence("Saving…"), State.REFRESHING)
    assert view._what.text() == "Saving…"
    assert not view._todo.isVisible()


def test_whatever_is_said_is_shown_as_text(view: SentenceView) -> None:
    view.say(lambda: Sentence("<b>a</b>", "<i>b</i>"))
    assert view._what.textFormat() is view._todo.textFormat() is Qt.TextFormat.PlainText


def test_it_is_asked_again_in_another_language(view: SentenceView) -> None:
    words = ["Saving…", "正在保存…"]
    view.say(lambda: Sentence(words[0]))
    words.pop(0)
    view.retranslate()
    assert view._what.text() == "正在保存…"


def test_what_happened_has_the_colour_of_the_state_in_every_theme(
    view: SentenceView, window: QWidget
) -> None:
    view.say(lambda: REFUSED, State.FAILED)
    assert ink(view) == "#cf222e"
    window.setPalette(palette_of(Theme.DARK))
    assert ink(view) == "#ff7b72"
    view.say(lambda: REFUSED)
    assert ink(view) == view._todo.palette().windowText().color().name()
    window.setPalette(palette_of(Theme.LIGHT))
    assert ink(view) == palette_of(Theme.LIGHT).windowText().color().name()
