"""Icons from `resources/icons`: the tray icon with its state, the states, the actions, the application."""

import sys
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF  # do not import Qt: creating its hundred enums delays the tray icon by 20 ms
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.ui.style.state_colours import state_colour

TRAY_SIZES = (16, 22, 24, 32, 48, 64)  # larger ones have made GNOME Shell hang
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
DEVICE_PIXEL_RATIOS = (1.0, 1.5, 2.0)  # the icons of the window are rendered for each of them

_PLACEHOLDER_COLOUR = "#000000"  # in the SVGs, replaced by the actual colour
_MONO_LIGHT_COLOUR = QColor("#f5f5f5")
_MONO_DARK_COLOUR = QColor("#24292f")
# The badge has the colours for light windows, so it needs a white background on a panel of any colour.
_BADGE_BACKGROUND_COLOUR = "#ffffff"

# Geometry of the tray icon, in sixteenths of its size. The state shapes use odd coordinates, so that at half
# size and with this offset every edge falls on a whole pixel at 16, 32, 48 and 64 pixels.
_ICON_RECT = QRectF(0, 0, 16, 16)
_BADGE_RECT = QRectF(7.5, 7.5, 8, 8)
_BADGE_CENTRE = 11.5  # on both axes
_BADGE_CUTOUT_RADIUS = 5.3
_BADGE_BACKGROUND_RADIUS = 4.5
# The mark of the sandbox: a disc in the corner that no badge and no ear of the dog needs.
_SANDBOX_CENTRE = (12.5, 3.5)
_SANDBOX_CUTOUT_RADIUS = 3.9
_SANDBOX_RADIUS = 2.9
# both 3 : 1 on light and on dark panels
_SANDBOX_COLOUR = QColor("#2f7fd6")
_COPIED_COLOUR = QColor("#1b8f45")


class Icons:
    """The icons of one folder, rendered on first use and cached. Needs a QGuiApplication.

    Every method raises InternalError for a name without a valid SVG file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._svg_texts: dict[str, str] = {}
        self._cache: dict[tuple[object, ...], QIcon] = {}

    def tray_icon(
        self, state: str | None, style: str = TrayStyle.COLOUR, *, is_sandbox: bool = False, is_copied: bool = False
    ) -> QIcon:
        """Return the dog's head with the state as a badge, in every size that a tray asks for.

        Args:
            state: Worst state of all accounts; None, without a badge, if there is no account.
            style: Colours of the icon.
            is_sandbox: Mark the icon, because nothing in the sandbox is real.
            is_copied: Show a large check mark instead of the head, for the moment after a copy.
        """
        key = (None if state is None else KeyState(state), TrayStyle(style), is_sandbox, is_copied)
        if key not in self._cache:
            icon = _make_icon(self._render_tray_image(*key, size) for size in TRAY_SIZES)
            # a template: macOS takes the shape alone, and gives it the colour of the menu bar behind it
            icon.setIsMask(sys.platform == "darwin" and key[1] is not TrayStyle.COLOUR)
            self._cache[key] = icon
        return self._cache[key]

    def state_icon(self, state: str, *, dark: bool, size: int = 16, colour: QColor | None = None) -> QIcon:
        """Return the shape of a state in its colour or in another one; `size` is in pixels."""
        return self._tinted_icon(_state_icon_name(KeyState(state)), colour or state_colour(state, dark=dark), size)

    def action_icon(self, name: str, colour: QColor, size: int = 16) -> QIcon:
        """Return the icon of an action such as `copy` or `refresh` in this colour; `size` is in pixels."""
        return self._tinted_icon(f"action-{name}", colour, size)

    def app_icon(self) -> QIcon:
        if ("app",) not in self._cache:
            self._cache["app",] = _make_icon(self._render_image("app", size) for size in APP_SIZES)
        return self._cache["app",]

    def app_image(self, size: int) -> QImage:
        """Return the application's icon for a file; `size` is in pixels."""
        return self._render_image("app", size)

    def _tinted_icon(self, name: str, colour: QColor, size: int) -> QIcon:
        key = (name, colour.name(), size)
        if key not in self._cache:
            self._cache[key] = _make_icon(
                self._render_image(name, round(size * ratio), colour) for ratio in DEVICE_PIXEL_RATIOS
            )
        return self._cache[key]

    def _render_image(self, name: str, size: int, colour: QColor | None = None) -> QImage:
        renderer = self._make_renderer(name, colour)
        image = _transparent_image(size)
        painter = QPainter(image)
        renderer.render(painter, QRectF(image.rect()))
        painter.end()
        return image

    def _render_tray_image(
        self,
        state: KeyState | None,
        style: TrayStyle,
        is_sandbox: bool,  # noqa: FBT001 - parts of the key of the cache
        is_copied: bool,  # noqa: FBT001
        size: int,
    ) -> QImage:
        ink = {TrayStyle.MONO_LIGHT: _MONO_LIGHT_COLOUR, TrayStyle.MONO_DARK: _MONO_DARK_COLOUR}.get(style)
        image = _transparent_image(size)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        if is_copied:
            if ink is None:
                _disc_renderer(8, 8, 6, _BADGE_BACKGROUND_COLOUR).render(painter, _ICON_RECT)
            self._make_renderer("copied", ink or _COPIED_COLOUR).render(painter, _ICON_RECT)
        else:
            self._make_renderer("head" if ink is None else "head-mono", ink).render(painter, _ICON_RECT)
            if state is not None:
                self._paint_badge(painter, state, ink)
        if is_sandbox:
            _cut_out(painter, *_SANDBOX_CENTRE, _SANDBOX_CUTOUT_RADIUS)
            colour = (ink or _SANDBOX_COLOUR).name()
            _disc_renderer(*_SANDBOX_CENTRE, _SANDBOX_RADIUS, colour).render(painter, _ICON_RECT)
        painter.end()
        return image

    def _paint_badge(self, painter: QPainter, state: KeyState, ink: QColor | None) -> None:
        _cut_out(painter, _BADGE_CENTRE, _BADGE_CENTRE, _BADGE_CUTOUT_RADIUS)
        if ink is None:
            background = _disc_renderer(
                _BADGE_CENTRE, _BADGE_CENTRE, _BADGE_BACKGROUND_RADIUS, _BADGE_BACKGROUND_COLOUR
            )
            background.render(painter, _ICON_RECT)
        colour = ink or state_colour(state, dark=False)
        self._make_renderer(_state_icon_name(state), colour).render(painter, _BADGE_RECT)

    def _make_renderer(self, name: str, colour: QColor | None = None) -> QSvgRenderer:
        text = self._read_svg(name)
        if colour is not None:
            text = text.replace(_PLACEHOLDER_COLOUR, colour.name())
        renderer = QSvgRenderer(text.encode())
        if not renderer.isValid():
            raise InternalError(f"the picture {name} is no SVG")
        return renderer

    def _read_svg(self, name: str) -> str:
        if name not in self._svg_texts:
            try:
                self._svg_texts[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
            except OSError as missing:
                raise InternalError(f"there is no picture {name}") from missing
        return self._svg_texts[name]


def _state_icon_name(state: KeyState) -> str:
    return f"state-{state.value.replace(' ', '-')}"


def _cut_out(painter: QPainter, x: float, y: float, radius: float) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    _disc_renderer(x, y, radius, "#ffffff").render(painter, _ICON_RECT)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _disc_renderer(x: float, y: float, radius: float, colour: str) -> QSvgRenderer:
    """Return a disc as an SVG, because a QBrush would create Qt's enums; see `_transparent_image`."""
    disc = f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
    return QSvgRenderer(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{disc}</svg>'.encode())


def _make_icon(images: Iterable[QImage]) -> QIcon:
    icon = QIcon()
    for image in images:
        icon.addPixmap(QPixmap.fromImage(image))
    return icon


def _transparent_image(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    # not `fill`: like a pen or brush it would create Qt's hundred enums, which takes 13 ms
    memoryview(image.bits())[:] = bytes(image.sizeInBytes())
    return image
