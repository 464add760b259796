"""Labels of an account: its tile, its name elided in the middle, its environment."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.ui.style.account_marks import badge_size, environment_colours, paint_badge, paint_tile
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip


class AccountTile(QWidget):
    """Tile with the first letter of an account, `size` pixels wide; screen readers read the name beside it."""

    def __init__(self, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self.setFixedSize(size, size)

    def set_account(self, account: Account) -> None:
        self._account = account
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._account is not None:
            with QPainter(self) as painter:
                paint_tile(painter, self.rect(), self._account)


class ElidedLabel(QWidget):
    """One line of plain text that is elided in the middle, with the whole text as its tooltip and accessible name.

    A shorter text, if there is one, is shown in its place where the whole does not fit.
    """

    def __init__(self, parent: QWidget | None = None, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__(parent)
        self._text = self._short_text = ""
        self._mode = mode
        self._role = QPalette.ColorRole.WindowText
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str, short_text: str = "") -> None:
        if (text, short_text) != (self._text, self._short_text):
            self._text, self._short_text = text, short_text
            self.setAccessibleName(text)
            self._update_tooltip()
            self.updateGeometry()
            self.update()

    def set_text_font(self, font: QFont) -> None:
        self.setFont(font)
        self._update_tooltip()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_tooltip()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(min(metrics.averageCharWidth() * 6, self.sizeHint().width()), metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            alignment = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), alignment, self.shown_text())

    def shown_text(self) -> str:
        """Return the text as it fits."""
        metrics = self.fontMetrics()
        is_short = self._short_text and metrics.horizontalAdvance(self._text) > self.width()
        return metrics.elidedText(self._short_text if is_short else self._text, self._mode, self.width())

    def _update_tooltip(self) -> None:
        is_elided = self.isVisible() and self.shown_text() != self._text  # before it is shown, it has no real width
        self.setToolTip(plain_tooltip(self._text) if is_elided else "")


class EnvironmentBadge(QWidget):
    """Badge with the environment of an account in capitals; hidden if it has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environment = Environment.NONE
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_environment(self, environment: Environment, text: str) -> None:
        self._environment, self._text = environment, text
        self.setVisible(environment is not Environment.NONE)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size(self._text, self.font())

    def paintEvent(self, _event: QPaintEvent) -> None:
        ink, tint = environment_colours(self._environment, colours_of(self.palette()))
        with QPainter(self) as painter:
            paint_badge(painter, self.rect(), self._text, ink, tint)
