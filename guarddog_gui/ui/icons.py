"""Pictures from `resources/icons`: the tray's dog with its state, the states alone, actions and the app's icon."""

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from guarddog_gui.domain.status import State

TRAY_SIZES = (16, 22, 24, 32, 48, 64)  # larger ones have stalled GNOME's shell
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)

_INK = "#000000"  # what the SVGs that take a colour are drawn in
_LIGHT_INK = QColor("#f5f5f5")
_DARK_INK = QColor("#24292f")
_PLATE = QColor("#ffffff")

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

# The state in the tray, in sixteenths of the icon: where its picture sits, and the hole around it. The pictures
# keep to odd coordinates, so that at half their size and from this corner every edge falls on a whole pixel.
_BADGE_AT = 7.5
_BADGE_SIZE = 8.0
_HOLE_AT = 11.5
_HOLE_RADIUS = 4.7


class TrayStyle(StrEnum):
    """How the tray icon is painted: `mono-light` is light ink for dark panels, `mono-dark` the reverse."""

    COLOUR = "colour"
    MONO_LIGHT = "mono-light"
    MONO_DARK = "mono-dark"


def state_colour(state: str, *, dark: bool) -> QColor:
    """The colour that goes with a state's shape, on a light or a dark window."""
    light_hex, dark_hex = _COLOURS[State(state)]
    return QColor(dark_hex if dark else light_hex)


class Icons:
    """All pictures of one folder, each rendered once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._tray: dict[tuple[State, TrayStyle], QIcon] = {}

    def tray_icon(self, state: str, style: str = TrayStyle.COLOUR) -> QIcon:
        """The dog's head with the shape of the state, in every size that a tray asks for."""
        key = (State(state), TrayStyle(style))
        if key not in self._tray:
            icon = QIcon()
            for size in TRAY_SIZES:
                icon.addPixmap(QPixmap.fromImage(self._tray_image(*key, size)))
            self._tray[key] = icon
        return self._tray[key]

    def _tray_image(self, state: State, style: TrayStyle, size: int) -> QImage:
        image = _empty(size)
        painter = _painter(image)
        painter.scale(size / 16, size / 16)
        whole = QRectF(0, 0, 16, 16)
        badge = QRectF(_BADGE_AT, _BADGE_AT, _BADGE_SIZE, _BADGE_SIZE)
        hole = QPointF(_HOLE_AT, _HOLE_AT)
        painter.setPen(Qt.PenStyle.NoPen)
        if style is TrayStyle.COLOUR:
            self._draw(painter, "head", whole)
            painter.setBrush(_PLATE)
            painter.drawEllipse(hole, _HOLE_RADIUS, _HOLE_RADIUS)
            self._draw(painter, _file_of(state), badge, state_colour(state, dark=False))
        else:
            ink = _LIGHT_INK if style is TrayStyle.MONO_LIGHT else _DARK_INK
            self._draw(painter, "head-mono", whole, ink)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.drawEllipse(hole, _HOLE_RADIUS, _HOLE_RADIUS)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            self._draw(painter, _file_of(state), badge, ink)
        painter.end()
        return image

    def _draw(self, painter: QPainter, name: str, where: QRectF, ink: QColor | None = None) -> None:
        if name not in self._texts:
            self._texts[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        text = self._texts[name]
        if ink is not None:
            text = text.replace(_INK, ink.name())
        QSvgRenderer(text.encode()).render(painter, where)


def _file_of(state: State) -> str:
    return f"state-{state.value.replace(' ', '-')}"


def _empty(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter
