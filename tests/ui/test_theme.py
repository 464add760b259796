"""Light and dark: every text can be read on its ground, and a theme changes and goes as one chooses."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import apply_theme, make_palette

Role = QPalette.ColorRole
READABLE = 4.5  # WCAG 2.2, AA, for text
VISIBLE = 3.0  # for signs


@pytest.fixture(autouse=True)
def system_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, Theme.SYSTEM)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast(QColor("#000"), QColor("#fff")) == pytest.approx(21)
    assert contrast(QColor("#777"), QColor("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (Role.Text, Role.Base),
        (Role.Text, Role.AlternateBase),
        (Role.WindowText, Role.Window),
        (Role.WindowText, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.HighlightedText, Role.Highlight),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.PlaceholderText, Role.Base),
        (Role.Link, Role.Base),
        (Role.Link, Role.Window),
        (Role.LinkVisited, Role.Base),
    ],
)
@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_every_text_can_be_read_on_its_ground(theme: Theme, text: Role, ground: Role) -> None:
    palette = make_palette(theme)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        assert contrast(palette.color(group, text), palette.color(group, ground)) >= READABLE


@pytest.mark.parametrize("state", KeyState)
@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_every_state_can_be_seen_on_the_ground_of_its_theme(theme: Theme, state: KeyState) -> None:
    colour = state_colour(state, dark=theme is Theme.DARK)
    for ground in (Role.Base, Role.Window):
        assert contrast(colour, make_palette(theme).color(ground)) >= VISIBLE


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_what_cannot_be_used_looks_fainter_than_what_can(theme: Theme) -> None:
    palette = make_palette(theme)
    for text, ground in ((Role.Text, Role.Base), (Role.ButtonText, Role.Button)):
        faint = contrast(palette.color(QPalette.ColorGroup.Disabled, text), palette.color(ground))
        strong = contrast(palette.color(QPalette.ColorGroup.Active, text), palette.color(ground))
        assert 2 < faint < strong


def test_light_is_light_and_dark_is_dark() -> None:
    assert make_palette(Theme.LIGHT).color(Role.Base).lightness() > 200
    assert make_palette(Theme.DARK).color(Role.Base).lightness() < 60


def is_dark(application: QApplication) -> bool:
    return application.palette().color(Role.Base).lightness() < 128


def test_a_theme_is_there_at_once_and_gone_at_once(qapp: QApplication) -> None:
    apply_theme(qapp, Theme.SYSTEM)
    before = qapp.palette().color(Role.Base)
    apply_theme(qapp, Theme.DARK)
    assert is_dark(qapp)
    apply_theme(qapp, Theme.LIGHT)
    assert not is_dark(qapp)
    apply_theme(qapp, Theme.DARK)
    apply_theme(qapp, Theme.SYSTEM)
    assert qapp.palette().color(Role.Base) == before
    assert qapp.styleHints().colorScheme() is not Qt.ColorScheme.Dark
