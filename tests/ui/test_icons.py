"""Icons of the tray and the windows, checked pixel by pixel."""

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.ui.icons import APP_SIZES, TRAY_SIZES, Icons
from guarddog_gui.ui.style.state_colours import state_colour
from tests.ui.contrast import luminance, luminance_contrast

FOLDER = Path(__file__).parents[2] / "resources" / "icons"
ACTIONS = [
    *("copy", "refresh", "force", "add", "edit", "remove", "more", "eye", "settings", "pause", "play"),
    *("history", "sign", "diagnose", "search", "warning", "link", "tokens", "info", "check", "close", "errcodes"),
    *("api", "star"),
]
LIGHT_PANELS = ("#ffffff", "#f3f3f3")
DARK_PANELS = ("#1e1f22", "#2b2d30", "#000000")


@pytest.fixture
def icons(qapp: QApplication) -> Icons:  # noqa: ARG001 - pixmaps need an application
    return Icons(FOLDER)


def render(icon: QIcon, size: int) -> QImage:
    return icon.pixmap(QSize(size, size), 1.0).toImage().convertToFormat(QImage.Format.Format_ARGB32)


def paint_on(panel: str, image: QImage) -> QImage:
    painted = QImage(image.size(), QImage.Format.Format_RGB32)
    painted.fill(QColor(panel))
    painter = QPainter(painted)
    painter.drawImage(0, 0, image)
    painter.end()
    return painted


def luminances(image: QImage) -> list[float]:
    """Return the relative luminance of every pixel, row by row."""
    return [luminance(image.pixelColor(x, y)) for y in range(image.height()) for x in range(image.width())]


def contrasting_pixels(image: QImage, panel: str, contrast_min: float = 3.0) -> list[tuple[int, int]]:
    """Return the pixels whose contrast with the panel is at least `contrast_min`."""
    painted, background = paint_on(panel, image), luminance(QColor(panel))
    return [
        (x, y)
        for y in range(painted.height())
        for x in range(painted.width())
        if luminance_contrast(luminance(painted.pixelColor(x, y)), background) >= contrast_min
    ]


def test_each_state_and_action_has_a_file_and_there_are_no_others() -> None:
    expected = {f"state-{state.value.replace(' ', '-')}" for state in KeyState}
    expected |= {f"action-{name}" for name in ACTIONS} | {"app", "head", "head-mono", "copied"}
    assert {path.stem for path in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("style", TrayStyle)
@pytest.mark.parametrize("state", KeyState)
def test_a_tray_icon_is_drawn_for_each_size_instead_of_scaled(icons: Icons, state: KeyState, style: TrayStyle) -> None:
    icon = icons.tray_icon(state, style)
    assert [size.width() for size in icon.availableSizes()] == list(TRAY_SIZES)
    for size in TRAY_SIZES:
        image = render(icon, size)
        assert image.size() == QSize(size, size)
        inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(size) for y in range(size))
        assert 0.15 * size * size < inked < 0.9 * size * size


@pytest.mark.parametrize("size", TRAY_SIZES)
@pytest.mark.parametrize(
    ("style", "panel"),
    [("colour", "#ffffff"), ("colour", "#1e1f22"), ("mono-dark", "#f3f3f3"), ("mono-light", "#1e1f22")],
)
def test_tray_icons_of_two_states_differ_not_only_in_colour(icons: Icons, style: str, panel: str, size: int) -> None:
    shapes = {state: luminances(paint_on(panel, render(icons.tray_icon(state, style), size))) for state in KeyState}
    for one, other in combinations(KeyState, 2):
        pairs = zip(shapes[one], shapes[other], strict=True)
        differing = sum(luminance_contrast(a, b) >= 1.8 for a, b in pairs)
        assert differing >= 5 * (size / 16) ** 2, f"{one} and {other}"


def test_two_equal_shapes_do_not_differ(icons: Icons) -> None:
    """Check the measure itself: offline and paused have the same colour and differ only in shape."""
    assert state_colour(KeyState.OFFLINE, dark=False) == state_colour(KeyState.PAUSED, dark=False)
    one = luminances(paint_on("#ffffff", render(icons.tray_icon(KeyState.OFFLINE), 16)))
    assert sum(luminance_contrast(a, b) >= 1.8 for a, b in zip(one, one, strict=True)) == 0


@pytest.mark.parametrize("panel", LIGHT_PANELS + DARK_PANELS)
@pytest.mark.parametrize("size", TRAY_SIZES)
def test_the_coloured_head_is_visible_on_light_and_dark_panels(icons: Icons, panel: str, size: int) -> None:
    visible = contrasting_pixels(render(icons.tray_icon(KeyState.FRESH), size), panel, 2.5)
    head = [(x, y) for x, y in visible if x < size / 2 or y < size * 0.45]
    assert len(head) > 0.2 * size * size
    columns, rows = {x for x, _ in head}, {y for _, y in head}
    assert min(columns) <= size * 0.07
    assert max(columns) >= size * 0.72
    assert min(rows) <= size * 0.15


@pytest.mark.parametrize(
    ("style", "panels"), [(TrayStyle.MONO_DARK, LIGHT_PANELS), (TrayStyle.MONO_LIGHT, DARK_PANELS)]
)
def test_the_monochrome_head_has_the_contrast_of_text(icons: Icons, style: TrayStyle, panels: tuple[str, ...]) -> None:
    for panel in panels:
        for size in TRAY_SIZES:
            visible = contrasting_pixels(render(icons.tray_icon(KeyState.PAUSED, style), size), panel, 4.5)
            assert len(visible) > 0.15 * size * size


@pytest.mark.parametrize(
    ("platform", "style", "is_mask"),
    [
        ("darwin", "mono-dark", True),
        ("darwin", "mono-light", True),
        ("darwin", "colour", False),
        ("linux", "mono-dark", False),
    ],
)
def test_macos_gives_a_monochrome_icon_the_colour_of_its_menu_bar(
    icons: Icons, monkeypatch: pytest.MonkeyPatch, platform: str, style: str, *, is_mask: bool
) -> None:
    monkeypatch.setattr("sys.platform", platform)

    assert icons.tray_icon(KeyState.FAILED, style, is_sandbox=True).isMask() is is_mask


def test_monochrome_icons_have_one_colour(icons: Icons) -> None:
    for style, ink in ((TrayStyle.MONO_LIGHT, "#f5f5f5"), (TrayStyle.MONO_DARK, "#24292f")):
        image = render(icons.tray_icon(KeyState.FAILED, style), 64)
        solid = [image.pixelColor(x, y) for x in range(64) for y in range(64)]
        solid = [colour for colour in solid if colour.alpha() == 255]
        assert solid
        assert all(abs(luminance(colour) - luminance(QColor(ink))) < 0.02 for colour in solid)


def test_the_state_has_a_transparent_border_inside_the_head(icons: Icons) -> None:
    image = render(icons.tray_icon(KeyState.EXPIRED, TrayStyle.MONO_DARK), 64)
    assert image.pixelColor(46, 46).alpha() == 0  # inside the empty ring
    assert image.pixelColor(46, 33).alpha() == 255  # the ring
    assert image.pixelColor(46, 28).alpha() == 0  # between ring and head


@pytest.mark.parametrize("state", KeyState)
def test_the_shape_in_a_tray_icon_has_the_colour_of_its_state(icons: Icons, state: KeyState) -> None:
    image = render(icons.tray_icon(state), 64)
    badge = [image.pixelColor(x, y).name() for x in range(32, 62) for y in range(32, 62)]
    assert badge.count(state_colour(state, dark=False).name()) > 100


@pytest.mark.parametrize("state", KeyState)
def test_colours_of_states_are_readable_in_light_and_dark_windows(state: KeyState) -> None:
    for dark, windows in ((False, LIGHT_PANELS), (True, ("#1e1f22", "#2b2d30"))):
        for window in windows:
            assert luminance_contrast(luminance(state_colour(state, dark=dark)), luminance(QColor(window))) >= 4.5


def test_a_state_icon_has_the_colour_of_the_theme_and_sizes_for_dense_screens(icons: Icons) -> None:
    for dark in (False, True):
        icon = icons.state_icon(KeyState.EXPIRED, dark=dark, size=20)
        assert [size.width() for size in icon.availableSizes()] == [20, 30, 40]
        assert render(icon, 40).pixelColor(20, 4).name() == state_colour(KeyState.EXPIRED, dark=dark).name()


def test_the_shapes_of_the_states_differ_at_16_pixels(icons: Icons) -> None:
    shapes = {s: luminances(paint_on("#ffffff", render(icons.state_icon(s, dark=False), 16))) for s in KeyState}
    for one, other in combinations(KeyState, 2):
        differing = sum(luminance_contrast(a, b) >= 1.8 for a, b in zip(shapes[one], shapes[other], strict=True))
        assert differing >= 6, f"{one} and {other}"


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_icon_has_the_colour_of_the_text(icons: Icons, name: str) -> None:
    image = render(icons.action_icon(name, QColor("#e6e6e6"), 20), 20)
    inked = [image.pixelColor(x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() > 200]
    assert len(inked) >= 12
    assert all(abs(colour.lightness() - 0xE6) <= 2 for colour in inked)
    assert len(contrasting_pixels(image, "#1e1f22", 4.5)) >= 12


def test_the_icon_of_the_app_has_every_usual_size(icons: Icons) -> None:
    icon = icons.app_icon()
    assert [size.width() for size in icon.availableSizes()] == list(APP_SIZES)
    image = render(icon, 256)
    assert image.pixelColor(0, 0).alpha() == 0  # rounded
    assert image.pixelColor(128, 16).alpha() == 255
    for panel in LIGHT_PANELS + DARK_PANELS:
        assert len(contrasting_pixels(render(icon, 16), panel, 2.0)) > 100


def test_an_icon_is_painted_once(icons: Icons) -> None:
    assert icons.tray_icon("due soon") is icons.tray_icon(KeyState.DUE_SOON, "colour")
    assert icons.tray_icon("due soon") is not icons.tray_icon("due soon", "mono-dark")
    assert icons.app_icon() is icons.app_icon()
    ink = QColor("#123456")
    assert icons.action_icon("copy", ink) is icons.action_icon("copy", QColor("#123456"))
    assert icons.action_icon("copy", ink) is not icons.action_icon("copy", ink, 20)


def test_an_unknown_icon_is_an_internal_error(icons: Icons) -> None:
    with pytest.raises(InternalError, match="action-bark"):
        icons.action_icon("bark", QColor("#000000"))


def test_a_damaged_icon_file_is_an_internal_error(
    qapp: QApplication,  # noqa: ARG001 - pixmaps need an application
    tmp_path: Path,
) -> None:
    (tmp_path / "app.svg").write_text("<html>", encoding="utf-8")
    with pytest.raises(InternalError, match="app is no SVG"):
        Icons(tmp_path).app_icon()


# -- no account, the sandbox, a copy --------------------------------------------------------------


def different_pixels(first: QImage, second: QImage) -> int:
    points = [(x, y) for y in range(first.height()) for x in range(first.width())]
    return sum(first.pixelColor(x, y) != second.pixelColor(x, y) for x, y in points)


@pytest.mark.parametrize("style", TrayStyle)
def test_no_account_no_badge_but_the_same_head(icons: Icons, style: TrayStyle) -> None:
    neutral, fresh = (render(icons.tray_icon(state, style), 32) for state in (None, KeyState.FRESH))
    assert different_pixels(neutral, fresh) > 60
    upper_left = [(x, y) for y in range(14) for x in range(14)]
    assert all(neutral.pixelColor(x, y) == fresh.pixelColor(x, y) for x, y in upper_left)


@pytest.mark.parametrize("style", TrayStyle)
@pytest.mark.parametrize("size", [16, 22, 32])
def test_the_moment_of_a_copy_is_unlike_every_state(icons: Icons, style: TrayStyle, size: int) -> None:
    copied = render(icons.tray_icon(KeyState.FRESH, style, is_copied=True), size)
    for state in (None, *KeyState):
        assert different_pixels(copied, render(icons.tray_icon(state, style), size)) > size * size / 3


@pytest.mark.parametrize("panel", [*LIGHT_PANELS, *DARK_PANELS])
def test_the_mark_of_the_sandbox_and_the_check_mark_are_seen_on_every_panel(icons: Icons, panel: str) -> None:
    plain, sandbox = (icons.tray_icon(KeyState.FRESH, is_sandbox=is_sandbox) for is_sandbox in (False, True))
    assert different_pixels(render(plain, 16), render(sandbox, 16)) > 12
    marked = [(x, y) for x, y in contrasting_pixels(render(sandbox, 16), panel) if x >= 10 and y <= 6]
    assert len(marked) >= 12
    copied = render(icons.tray_icon(None, is_copied=True), 16)
    assert len(contrasting_pixels(copied, panel)) > 100
