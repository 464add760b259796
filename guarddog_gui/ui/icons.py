"""Icons from `resources/icons`: the tray icon with its state, the states, the actions, the application."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF  # do not import Qt: creating its hundred enums delays the tray icon by 20 ms
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.ui.state_colours import state_colour

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


class Icons:
    """The icons of one folder, rendered on first use and cached. Needs a QGuiApplication.

    Every method raises InternalError for a name without a valid SVG file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._svg_texts: dict[str, str] = {}
        self._cache: dict[tuple[object, ...], QIcon] = {}

    def tray_icon(self, state: str, style: str = TrayStyle.COLOUR) -> QIcon:
        """Return the dog's head with the state as a badge, in every size that a tray asks for."""
        key = (KeyState(state), TrayStyle(style))
        if key not in self._cache:
            self._cache[key] = _make_icon(self._render_tray_image(*key, size) for size in TRAY_SIZES)
        return self._cache[key]

    def state_icon(self, state: str, *, dark: bool, size: int = 16) -> QIcon:
        """Return the shape of a state in its colour; `size` is in pixels."""
        return self._tinted_icon(_state_icon_name(KeyState(state)), state_colour(state, dark=dark), size)

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

    def _render_tray_image(self, state: KeyState, style: TrayStyle, size: int) -> QImage:
        if style is TrayStyle.COLOUR:
            head = self._make_renderer("head")
            shape = self._make_renderer(_state_icon_name(state), state_colour(state, dark=False))
        else:
            ink = _MONO_LIGHT_COLOUR if style is TrayStyle.MONO_LIGHT else _MONO_DARK_COLOUR
            head = self._make_renderer("head-mono", ink)
            shape = self._make_renderer(_state_icon_name(state), ink)
        image = _transparent_image(size)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        head.render(painter, _ICON_RECT)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        _disc_renderer(_BADGE_CUTOUT_RADIUS).render(painter, _ICON_RECT)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if style is TrayStyle.COLOUR:
            _disc_renderer(_BADGE_BACKGROUND_RADIUS).render(painter, _ICON_RECT)
        shape.render(painter, _BADGE_RECT)
        painter.end()
        return image

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


def _disc_renderer(radius: float) -> QSvgRenderer:
    """Return a disc as an SVG, because a QBrush would create Qt's enums; see `_transparent_image`."""
    disc = f'<circle cx="{_BADGE_CENTRE}" cy="{_BADGE_CENTRE}" r="{radius}" fill="{_BADGE_BACKGROUND_COLOUR}"/>'
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
