"""The legend below the lanes."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.item_texts import ItemTexts
from guarddog_gui.ui.history.lanes import LanesView
from guarddog_gui.ui.history.lanes_card import LanesCard, Legend
from tests.ui import find


@pytest.fixture
def card(formatter: Formatter, qtbot: QtBot) -> LanesCard:
    card = LanesCard(LanesView(formatter, ItemTexts(formatter)))
    qtbot.addWidget(card)
    card.show()
    return card


def test_the_legend_names_every_state_in_words(card: LanesCard) -> None:
    words = "token valid, trouble, token still valid, needs you, computer asleep"
    assert find.widget(card, Legend).accessibleName() == words
    assert not card.grab().isNull()


def test_the_legend_does_not_widen_the_window(card: LanesCard) -> None:
    assert card.minimumSizeHint().width() < 320
