"""Pictures from `resources/icons`: the tray's dog with its state, the states, the actions, the app's icon."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF  # not Qt: its hundred enums cost the tray 20 ms
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from guarddog_gui.domain.errors import OurBug
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.settings import TrayStyle

TRAY_SIZES = (16, 22, 24, 32, 48, 64)  # larger ones have stalled GNOME's shell
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
SCREENS = (1.0, 1.5, 2.0)  # device pixels per pixel for which the pictures of the window are kept crisp

_INK = "#000000"  # the SVGs that take a colour are drawn in it
_LIGHT_INK = QColor("#f5f5f5")
_DARK_INK = QColor("#24292f")
_PLATE = "#ffffff"  # what the colours for light windows have their contrast against, on any panel

_COLOURS = {
    State.FRESH: ("#1a7f37", "#3fb950"),
    State.DUE_SOON: ("#8a5a00", "#d29922"),
    State.REFRESHING: ("#0969da", "#58a6ff"),
    State.EXPIRED: ("#a40e26", "#ffa198"),
    State.FAILED: ("#cf222e", "#ff7b72"),
    State.OFFLINE: ("#57606a", "#9aa4ae"),
    State.KEYRING_LOCKED: ("#7d3fd1", "#bc8cff"),
    State.PAUSED: ("#57606a", "#9aa4ae"),
}

# The tray icon in sixteenths of its size. The shapes of the states keep to odd coordinates, so that at half
# their size and from this corner every edge falls on a whole pixel at 16, 32, 48 and 64.
_WHOLE = QRectF(0, 0, 16, 16)
_BADGE = QRectF(7.5, 7.5, 8, 8)
_MIDDLE = 11.5  # on both axes
_HOLE_RADIUS = 5.3
_PLATE_RADIUS = 4.5


def state_colour(state: str, *, dark: bool) -> QColor:
    """The colour that goes with a state's shape, on a light or on a dark window."""
    on_light, on_dark = _COLOURS[State(state)]
    return QColor(on_dark if dark else on_light)


class Icons:
    """The pictures of one folder; each is painted when it is first asked for and then kept.

    Needs a QGuiApplication. Raises OurBug for a name that has no picture.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._kept: dict[tuple[object, ...], QIcon] = {}

    def tray_icon(self, state: str, style: str = TrayStyle.COLOUR) -> QIcon:
        """The dog's head with the state's shape at the lower right, in every size that a tray asks for."""
        key = (State(state), TrayStyle(style))
        if key not in self._kept:
            self._kept[key] = _icon(self._tray_image(*key, size) for size in TRAY_SIZES)
        return self._kept[key]

    def state_icon(self, state: str, *, dark: bool, size: int = 16) -> QIcon:
        """The shape of a state in its colour, for a light or a dark window; `size` in pixels."""
        return self._inked(_shape(State(state)), state_colour(state, dark=dark), size)

    def action_icon(self, name: str, colour: QColor, size: int = 16) -> QIcon:
        """The picture of an action (`copy`, `refresh` …) in the text's colour; `size` in pixels."""
        return self._inked(f"action-{name}", colour, size)

    def app_icon(self) -> QIcon:
        """The dog on its rounded square, for windows and the task bar."""
        if ("app",) not in self._kept:
            self._kept["app",] = _icon(self._image("app", size) for size in APP_SIZES)
        return self._kept["app",]

    def _inked(self, name: str, ink: QColor, size: int) -> QIcon:
        key = (name, ink.name(), size)
        if key not in self._kept:
            self._kept[key] = _icon(self._image(name, round(size * screen), ink) for screen in SCREENS)
        return self._kept[key]

    def _image(self, name: str, size: int, ink: QColor | None = None) -> QImage:
        picture = self._picture(name, ink)
        image = _empty(size)
        painter = QPainter(image)
        picture.render(painter, QRectF(image.rect()))
        painter.end()
        return image

    def _tray_image(self, state: State, style: TrayStyle, size: int) -> QImage:
        if style is TrayStyle.COLOUR:
            head = self._picture("head")
            shape = self._picture(_shape(state), state_colour(state, dark=False))
        else:
            ink = _LIGHT_INK if style is TrayStyle.MONO_LIGHT else _DARK_INK
            head = self._picture("head-mono", ink)
            shape = self._picture(_shape(state), ink)
        image = _empty(size)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        head.render(painter, _WHOLE)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        _disc(_HOLE_RADIUS).render(painter, _WHOLE)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if style is TrayStyle.COLOUR:
            _disc(_PLATE_RADIUS).render(painter, _WHOLE)
        shape.render(painter, _BADGE)
        painter.end()
        return image

    def _picture(self, name: str, ink: QColor | None = None) -> QSvgRenderer:
        text = self._text(name)
        if ink is not None:
            text = text.replace(_INK, ink.name())
        picture = QSvgRenderer(text.encode())
        if not picture.isValid():
            raise OurBug(f"the picture {name} is no SVG")
        return picture

    def _text(self, name: str) -> str:
        if name not in self._texts:
            try:
                self._texts[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
            except OSError as missing:
                raise OurBug(f"there is no picture {name}") from missing
        return self._texts[name]


def _shape(state: State) -> str:
    return f"state-{state.value.replace(' ', '-')}"


def _disc(radius: float) -> QSvgRenderer:
    """The plate of a state, without a pen and a brush; see `_empty`."""
    disc = f'<circle cx="{_MIDDLE}" cy="{_MIDDLE}" r="{radius}" fill="{_PLATE}"/>'
    return QSvgRenderer(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{disc}</svg>'.encode())


def _icon(images: Iterable[QImage]) -> QIcon:
    icon = QIcon()
    for image in images:
        icon.addPixmap(QPixmap.fromImage(image))
    return icon


def _empty(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    # not `fill`: like the pen and brush of a QPainter it would make Qt's hundred enums, which cost 13 ms
    memoryview(image.bits())[:] = bytes(image.sizeInBytes())
    return image
