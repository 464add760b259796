"""Parts of the rows and panels of keys: the copy button, the masked value, icon buttons, the ring."""

from collections.abc import Callable
from textwrap import wrap

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QDrag, QIcon, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QToolButton, QToolTip, QWidget

from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.account_marks import paint_ring
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import SMALL, code_font, scaled_font, tabular_font
from guarddog_gui.ui.style.shapes import draw_check_mark
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests

REVEALED_LINE_CHARS = 48  # characters per line of the tooltip with the full value
ICON_BUTTON_SIZE = 28
_VALUE_PADDING = 8  # pixels of the button beside the masked value
_COPY_PADDING = 44  # pixels of a copy button beside its text: icon and margins


def state_ink(key: KeyStatus, colours: Colours, now: float) -> QColor:
    """Return the colour of a key: amber for a value that works although its renewal fails."""
    is_usable = key.usable_record(now) is not None
    if is_usable and key.renewal is not Renewal.OK and key.state is not KeyState.REFRESHING:
        return colours.warn
    return {
        KeyState.FRESH: colours.ok,
        KeyState.DUE_SOON: colours.warn,
        KeyState.REFRESHING: colours.info,
        KeyState.KEYRING_LOCKED: colours.locked,
        KeyState.OFFLINE: colours.dim,
        KeyState.PAUSED: colours.dim,
    }.get(key.state_of_value(now), colours.bad)


def fraction_left(key: KeyStatus, now: float) -> float:
    """Return the remaining part of the lifetime of a value, from 0 to 1."""
    record = key.usable_record(now)
    return min(1.0, record.remaining_s(now) / record.expires_in) if record is not None else 0.0


def paint_key_ring(painter: QPainter, rect: QRect, key: KeyStatus, icons: Icons, palette: QPalette, now: float) -> None:
    """Paint the remaining lifetime as an arc around the shape of the state."""
    colours = colours_of(palette)
    ink = state_ink(key, colours, now)
    paint_ring(painter, rect, fraction_left(key, now), ink, colours.line)
    state = key.state_of_value(now)
    is_usable = key.usable_record(now) is not None
    inner = rect.adjusted(6, 6, -6, -6)
    if is_usable and key.renewal is not Renewal.OK and key.state is not KeyState.REFRESHING:
        _paint_exclamation_mark(painter, QRectF(rect).center().x(), QRectF(rect).center().y(), ink)
    elif state is KeyState.FRESH:
        draw_check_mark(painter, rect.adjusted(5, 5, -5, -5), ink)
    else:
        dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
        icons.state_icon(state, dark=dark, size=inner.width()).paint(painter, inner)


def _paint_exclamation_mark(painter: QPainter, x: float, y: float, ink: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPoint(round(x), round(y - 4)), QPoint(round(x), round(y + 1)))
    painter.drawPoint(QPoint(round(x), round(y + 4)))
    painter.restore()


class LargeRing(QWidget):
    """Ring of 128 pixels with the countdown inside."""

    SIZE = 128

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(self.SIZE, self.SIZE)
        self.ink, self.fraction = QColor(), 0.0
        self.countdown, self.caption = "", ""

    def show_time(self, countdown: str, caption: str, fraction: float, ink: QColor) -> None:
        shown = (countdown, caption, ink)
        if shown != (self.countdown, self.caption, self.ink) or abs(fraction - self.fraction) > 1e-4:
            (self.countdown, self.caption, self.ink), self.fraction = shown, fraction
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            paint_ring(painter, self.rect().adjusted(2, 2, -2, -2), self.fraction, self.ink, colours.line, 6)
            painter.setPen(colours.ink)
            painter.setFont(tabular_font(self.font(), 1.8))
            painter.drawText(self.rect().adjusted(0, -8, 0, -8), Qt.AlignmentFlag.AlignCenter, self.countdown)
            painter.setPen(colours.dim)
            painter.setFont(scaled_font(self.font(), SMALL))
            painter.drawText(self.rect().adjusted(0, 34, 0, 34), Qt.AlignmentFlag.AlignCenter, self.caption)


class IconButton(ThemedMixin, QToolButton):
    """Flat button with an icon of the program, whose name is also its tooltip."""

    def __init__(self, icons: Icons, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon_name = icon_name
        self.is_shown = True  # a hidden one is not painted, but can be reached by the keyboard
        self.setAutoRaise(True)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(ICON_BUTTON_SIZE, ICON_BUTTON_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.apply_palette()

    def apply_palette(self) -> None:
        self.setIcon(self._icons.action_icon(self._icon_name, colours_of(self.palette()).dim))

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_shown or self.hasFocus():
            super().paintEvent(event)


class CopyButton(ThemedMixin, QPushButton):
    """Button that copies the value of a key, and says "Copied ✓" for two seconds afterwards."""

    def __init__(self, icons: Icons, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._requests = requests
        self._target: Target | None = None
        self._is_primary = False
        self._is_copied: bool | None = None
        self.clicked.connect(self._on_clicked)
        requests.copied_changed.connect(self._show_copied)
        self.apply_palette()

    def set_primary(self) -> None:
        self._is_primary = True
        set_kind(self, ButtonKind.PRIMARY)
        self.apply_palette()

    def set_target(self, target: Target, name: str, *, is_enabled: bool) -> None:
        """Copy this key from now on; `name` is that of the button for screen readers."""
        self.setAccessibleName(name)
        self.setEnabled(is_enabled)
        if target != self._target:
            self._target = target
            self._show_copied()

    def retranslate(self) -> None:
        self._is_copied = None
        widths = [self.fontMetrics().horizontalAdvance(text) for text in (self.tr("Copy"), self.tr("Copied ✓"))]
        self.setFixedWidth(max(widths) + _COPY_PADDING - 8)  # "Copied ✓" has no icon: nothing moves
        self._show_copied()

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        is_on_accent = self._is_primary and self.isEnabled()
        self._icon = self._icons.action_icon("copy", colours.on_accent if is_on_accent else colours.ink)
        self._is_copied = None
        self._show_copied()

    @Slot()
    def _show_copied(self) -> None:
        is_copied = self._target is not None and self._requests.is_copied(self._target)
        if is_copied == self._is_copied:
            return
        self._is_copied = is_copied
        self.setText(self.tr("Copied ✓") if is_copied else self.tr("Copy"))
        self.setIcon(QIcon() if is_copied else self._icon)

    @Slot()
    def _on_clicked(self) -> None:
        if self._target is not None:
            self._requests.request(self._target, AccountAction.COPY)


class CompactButton(QPushButton):
    """Button that is as wide as its text, with `padding` pixels beside it."""

    def __init__(self, padding: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._padding = padding
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text().replace("&", "")) + self._padding
        return QSize(width, self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ValueButton(CompactButton):
    """Masked value: it is shown in full while the button is pressed, and can be dragged into another program."""

    def __init__(self, read_value: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(_VALUE_PADDING, parent)
        self._read_value = read_value  # "" once it has expired
        self._press_position = QPoint()
        set_kind(self, ButtonKind.FLAT)
        self.setFlat(True)
        self.pressed.connect(self._reveal)
        self.released.connect(QToolTip.hideText)

    def update_font(self, font_source: QWidget) -> None:
        self.setFont(code_font(font_source.font()))

    def set_value(self, value: str, name: str) -> None:
        self.setText(mask(value) if value else "")
        self.setEnabled(bool(value))
        self.setAccessibleName(name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press_position = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        distance = (event.position().toPoint() - self._press_position).manhattanLength()
        if not event.buttons() & Qt.MouseButton.LeftButton or distance < QApplication.startDragDistance():
            super().mouseMoveEvent(event)
            return
        data = self.make_mime_data()
        QToolTip.hideText()
        self.setDown(False)
        if data.hasText():
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)

    def make_mime_data(self) -> QMimeData:
        """Return what is dragged: the value as text, or nothing if it has expired meanwhile."""
        data, value = QMimeData(), self._read_value()
        if value:
            data.setText(value)
        return data

    @Slot()
    def _reveal(self) -> None:
        value = self._read_value()
        if value:
            text = "\n".join(wrap(value, REVEALED_LINE_CHARS))
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), text, self)
