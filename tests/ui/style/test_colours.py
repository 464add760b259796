"""Contrast of every text colour on every area, in both colour schemes."""

import pytest
from PySide6.QtGui import QPalette

from guarddog_gui.domain.accounts.account import AccountColour
from guarddog_gui.ui.style.account_marks import tile_colour
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours, colours_of, make_palette
from tests.ui.contrast import SIGN_CONTRAST_MIN, TEXT_CONTRAST_MIN, contrast

AREAS = ("background", "rail", "card", "hover", "accent_tint", "bad_tint", "warn_tint", "info_tint")
TEXTS = ("ink", "dim", "faint", "accent", "ok", "warn", "bad", "info", "locked")
both_schemes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@both_schemes
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read_on_every_area(colours: Colours, text: str, area: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, area)) >= TEXT_CONTRAST_MIN


@both_schemes
@pytest.mark.parametrize("area", ["background", "rail", "card", "hover"])
@pytest.mark.parametrize("sign", ["field_border", "accent"])
def test_borders_of_fields_and_focus_rings_are_seen_on_every_area(colours: Colours, sign: str, area: str) -> None:
    assert contrast(getattr(colours, sign), getattr(colours, area)) >= SIGN_CONTRAST_MIN


@both_schemes
def test_the_text_of_main_and_destructive_buttons_can_be_read(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= TEXT_CONTRAST_MIN
    assert contrast(colours.background, colours.bad) >= TEXT_CONTRAST_MIN


@pytest.mark.parametrize("colour", list(AccountColour)[1:])
def test_the_letter_of_every_tile_can_be_read(colour: AccountColour) -> None:
    assert contrast(tile_colour(colour), LIGHT.card) >= TEXT_CONTRAST_MIN


@both_schemes
def test_a_palette_leads_back_to_its_colours(colours: Colours) -> None:
    palette = make_palette(colours)
    assert colours_of(palette) is colours
    assert palette.color(QPalette.ColorRole.Highlight) == colours.accent_tint
