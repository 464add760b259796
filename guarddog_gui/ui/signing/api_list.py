"""APIs and open tags of a page: chips for the chosen names, and a searchable list in which the user checks them."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QStyle, QStyleOptionButton, QWidget

from guarddog_gui.domain.signing.js_apis import search_names
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.widgets.controls.buttons import LinkButton
from guarddog_gui.ui.widgets.controls.check_box import CheckBoxDelegate
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column
from guarddog_gui.ui.widgets.page import SearchField
from guarddog_gui.ui.widgets.popup import Popup

_CHIP_HEIGHT = 24  # pixels
_CHIP_PADDING = 7
_CROSS_SIZE = 10


class SearchableCheckList(QWidget):
    """List of names with check boxes and a search field; a checked name stays checked while the search hides it."""

    checked_names_changed = Signal()

    def __init__(self, names: tuple[str, ...], checked: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self.search_field = SearchField()
        self.search_field.textChanged.connect(self._on_search_text_changed)
        self.list_widget = QListWidget()
        self.list_widget.setUniformItemSizes(True)
        self.list_widget.setItemDelegate(CheckBoxDelegate(self.list_widget))
        for name in names:
            item = QListWidgetItem(name, self.list_widget)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in checked else Qt.CheckState.Unchecked)
        self.list_widget.setCurrentRow(0)
        self.list_widget.itemChanged.connect(self.checked_names_changed)
        self.setLayout(make_column(self.search_field, (self.list_widget, 1), spacing=8))

    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    def checked_names(self) -> tuple[str, ...]:
        items = (self.list_widget.item(row) for row in range(self.list_widget.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    def uncheck(self, name: str) -> None:
        self.list_widget.item(self._names.index(name)).setCheckState(Qt.CheckState.Unchecked)

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        matches = set(search_names(self._names, text))
        for row, name in enumerate(self._names):
            self.list_widget.item(row).setHidden(name not in matches)
        first_match = next((row for row, name in enumerate(self._names) if name in matches), None)
        if first_match is not None:
            self.list_widget.setCurrentRow(first_match)


class RemovableChip(QPushButton):
    """Chip with a name and a cross; a click removes it."""

    def __init__(self, name: str, icons: Icons) -> None:
        super().__init__(name)
        self._icons = icons
        self.setFixedHeight(_CHIP_HEIGHT)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + _CROSS_SIZE + 3 * _CHIP_PADDING
        return QSize(width, _CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        colours = colours_of(self.palette())
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, colours.line if is_hovered else colours.hover)
            if option.state & QStyle.StateFlag.State_HasFocus:
                draw_focus_ring(painter, self.rect(), CONTROL_RADIUS, colours.accent)
            painter.setPen(colours.ink)
            cross_space = _CROSS_SIZE + _CHIP_PADDING
            text_rect = self.rect().adjusted(_CHIP_PADDING, 0, -_CHIP_PADDING - cross_space, 0)
            shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, text_rect.width() + 1)
            painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
            corner = QPoint(self.width() - _CHIP_PADDING - _CROSS_SIZE, (self.height() - _CROSS_SIZE) // 2)
            cross = self._icons.action_icon("close", colours.dim, _CROSS_SIZE)
            cross.paint(painter, QRect(corner, QSize(_CROSS_SIZE, _CROSS_SIZE)))


class ApiChips(QWidget):
    """Chips of the checked names, and a button that opens the list of all names."""

    checked_names_changed = Signal()

    def __init__(self, names: tuple[str, ...], checked: tuple[str, ...], icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._chips: dict[str, RemovableChip] = {}
        self.check_list = SearchableCheckList(names, checked)
        self._popup = Popup(self)
        self._popup.setLayout(make_column(self.check_list, margin=12))
        self._label = QLabel()
        self._add_button = LinkButton()
        self._flow = FlowLayout(spacing=6)
        self._flow.addWidget(self._label)
        self._flow.addWidget(self._add_button)
        self.setLayout(self._flow)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._add_button.clicked.connect(self._on_add_clicked)
        self.check_list.checked_names_changed.connect(self._on_checked_names_changed)
        self._update_chips()

    def retranslate(self) -> None:
        self._label.setText(self.tr("APIs"))
        self._add_button.setText(self.tr("+ Add…"))
        self._add_button.setAccessibleName(self.tr("Add APIs and open tags"))
        self._popup.setAccessibleName(self.tr("APIs and open tags"))
        self.check_list.list_widget.setAccessibleName(self.tr("APIs and open tags"))
        self.check_list.search_field.setAccessibleName(self.tr("Search the names"))
        self.check_list.search_field.setPlaceholderText(self.tr("Search the names"))
        for name, chip in self._chips.items():
            self._name_chip(name, chip)

    def checked_names(self) -> tuple[str, ...]:
        return self.check_list.checked_names()

    @Slot()
    def _on_add_clicked(self) -> None:
        self.check_list.search_field.clear()
        self._popup.open_below(self._add_button)
        self.check_list.search_field.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _on_checked_names_changed(self) -> None:
        self._update_chips()
        self.checked_names_changed.emit()

    def _update_chips(self) -> None:
        checked = self.check_list.checked_names()
        for name in set(self._chips) - set(checked):
            chip = self._chips.pop(name)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for number, name in enumerate(checked):
            if name not in self._chips:
                chip = self._chips[name] = RemovableChip(name, self._icons)
                chip.setFont(scaled_font(self.font(), CAPTION, QFont.Weight.DemiBold))
                self._name_chip(name, chip)
                chip.clicked.connect(partial(self._on_chip_clicked, name))
                self._flow.insert_widget(number + 1, chip)
        self._order_tabs()
        self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_tabs()  # again, because Qt changes the order when widgets get their window

    def _order_tabs(self) -> None:
        for before, after in pairwise([*map(self._chips.get, self.checked_names()), self._add_button]):
            if before is not None and after is not None:
                QWidget.setTabOrder(before, after)

    def _on_chip_clicked(self, name: str) -> None:
        self.check_list.uncheck(name)
        self._add_button.setFocus(Qt.FocusReason.OtherFocusReason)  # the chip with the focus is gone

    def _name_chip(self, name: str, chip: RemovableChip) -> None:
        text = self.tr("Remove {name}").format(name=name)
        chip.setAccessibleName(text)
        chip.setToolTip(text)
