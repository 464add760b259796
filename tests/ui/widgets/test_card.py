"""Cards are seen on the background of the window."""

from pytestqt.qtbot import QtBot

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.widgets.card import Card


def test_a_card_has_its_own_area_and_a_border(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.resize(100, 60)
    image, colours = card.grab().toImage(), colours_of(card.palette())
    assert image.pixelColor(50, 30) == colours.card
    assert image.pixelColor(50, 0) == colours.line
