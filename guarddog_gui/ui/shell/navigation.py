"""Navigation rows of the rail: icon, name, and a badge with the number of open problems."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.model_index import FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.style.account_marks import badge_size, paint_badge, paint_dot
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded

ROW_HEIGHT = 36
ICON_SIZE = 16
PADDING = 12
BadgeRole = FIRST_CUSTOM_ROLE  # text; empty for none
IconRole = FIRST_CUSTOM_ROLE + 1  # name of the icon


class _NavigationDelegate(QStyledItemDelegate):
    def __init__(self, icons: Icons, view: "NavigationList") -> None:
        super().__init__(view)
        self._icons = icons
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(ICON_SIZE, max(ROW_HEIGHT, option.fontMetrics.height() + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, rect = colours_of(option.palette), option.rect.adjusted(0, 1, 0, -1)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.card, colours.line)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.hover)
        ink = colours.ink if is_selected else colours.dim
        left = rect.left() + (PADDING if not self._view.is_compact else (rect.width() - ICON_SIZE) // 2)
        icon_rect = QRect(left, rect.center().y() - ICON_SIZE // 2 + 1, ICON_SIZE, ICON_SIZE)
        self._icons.action_icon(str(index.data(IconRole)), ink).paint(painter, icon_rect)
        badge = str(index.data(BadgeRole) or "")
        if badge and self._view.is_compact:  # a number would cover the icon
            paint_dot(painter, icon_rect.right() + 2, icon_rect.top(), colours.bad)
        elif badge:
            size = badge_size(badge, option.font)
            top = rect.center().y() - size.height() // 2 + 1
            painter.setFont(option.font)
            badge_rect = QRect(rect.right() - PADDING - size.width(), top, size.width(), size.height())
            paint_badge(painter, badge_rect, badge, colours.bad, colours.bad_tint)
        if not self._view.is_compact:
            painter.setFont(scaled_font(option.font, 1.0, QFont.Weight.DemiBold))
            painter.setPen(ink)
            text_rect = rect.adjusted(PADDING + ICON_SIZE + 10, 0, -PADDING, 0)
            painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, str(index.data()))
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)


class NavigationList(QListWidget):
    """List of the pages; `page_chosen` is emitted for each change, by the user or by `show_row`."""

    page_chosen = Signal(int)

    def __init__(self, icon_names: tuple[str, ...], icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_compact = False
        self.setItemDelegate(_NavigationDelegate(icons, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name in icon_names:
            self.addItem("")
            self.item(self.count() - 1).setData(IconRole, name)
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self.page_chosen)

    def set_names(self, names: tuple[str, ...]) -> None:
        for row, name in enumerate(names):
            self.item(row).setText(name)
            badge_text = self.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
            self.item(row).setToolTip(str(badge_text or name) if self.is_compact else "")
        self.updateGeometry()

    def set_badge(self, row: int, text: str, accessible_text: str) -> None:
        """Show a number at the end of a row; `accessible_text` says it in words."""
        item = self.item(row)
        name = ", ".join(filter(None, (item.text(), accessible_text)))
        if (item.data(BadgeRole), item.data(Qt.ItemDataRole.AccessibleTextRole)) != (text, name):
            item.setData(BadgeRole, text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            item.setToolTip(name if self.is_compact else "")

    def set_compact(self, *, compact: bool) -> None:
        self.is_compact = compact
        self.set_names(tuple(self.item(row).text() for row in range(self.count())))
        self.viewport().update()

    def sizeHint(self) -> QSize:
        height = sum(self.sizeHintForRow(row) for row in range(self.count()))
        return QSize(40, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
