"""Labels of an account: elided names, badges, tiles."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, AccountColour, Environment
from guarddog_gui.ui.style.account_marks import tile_colour
from guarddog_gui.ui.style.colours import LIGHT, colours_of
from guarddog_gui.ui.widgets.text.account_labels import AccountTile, ElidedLabel, EnvironmentBadge


def test_a_long_name_is_elided_in_the_middle_and_has_a_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_text("UniStore flagship service account")
    label.resize(label.sizeHint())
    label.show()
    assert label.toolTip() == ""
    label.resize(80, 20)
    assert "flagship" in label.toolTip()
    assert label.accessibleName() == label.text()
    assert label.minimumSizeHint().width() < label.sizeHint().width()


@pytest.mark.parametrize("environment", [Environment.TEST, Environment.PRODUCTION])
def test_an_environment_has_a_badge_in_its_colour(environment: Environment, qtbot: QtBot) -> None:
    badge = EnvironmentBadge()
    qtbot.addWidget(badge)
    badge.set_environment(environment, "PROD")
    assert not badge.isHidden()
    badge.resize(badge.sizeHint())
    colours = colours_of(badge.palette())
    tint = colours.bad_tint if environment is Environment.PRODUCTION else colours.info_tint
    assert badge.grab().toImage().pixelColor(badge.width() // 2, 2) == tint
    badge.set_environment(Environment.NONE, "")
    assert badge.isHidden()


def test_a_tile_has_the_colour_of_its_account(qtbot: QtBot) -> None:
    tile = AccountTile(28)
    qtbot.addWidget(tile)
    tile.set_account(Account("wx1", "花店", colour=AccountColour.TEAL))
    image = tile.grab().toImage()
    assert image.pixelColor(14, 2) == tile_colour(AccountColour.TEAL)
    assert image.pixelColor(14, 2) != LIGHT.card


def test_a_shorter_text_is_shown_where_the_whole_does_not_fit(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_text("works until 08:21 · renewal failing", "works until 08:21")
    label.resize(label.sizeHint())
    label.show()
    assert label.shown_text() == "works until 08:21 · renewal failing"
    label.resize(label.width() - 40, label.height())
    assert label.shown_text() == "works until 08:21"
    assert "renewal failing" in label.toolTip()
