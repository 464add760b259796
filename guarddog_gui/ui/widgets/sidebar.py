"""List of the pages at the left of the window, and the stack that shows the selected one."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QFrame, QListWidget, QStackedWidget, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.theme import ThemedMixin
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.tables import ROW_HEIGHT, PaddedDelegate

WIDTH_MIN = 144
SIDE_PADDING = 13  # pixels that align the icons with the headline


class Sidebar(ThemedMixin, QListWidget):
    """List of pages; `stack` shows the page of the selected row."""

    def __init__(self, pages: tuple[tuple[Page, str], ...], icons: Icons, parent: QWidget | None = None) -> None:
        """Take each page with the name of its icon."""
        super().__init__(parent)
        self._icons = icons
        self._pages = tuple(page for page, _ in pages)
        self._icon_names = tuple(name for _, name in pages)
        self.stack = QStackedWidget()
        for page in self._pages:
            self.stack.addWidget(page)
        self.setItemDelegate(PaddedDelegate(self, SIDE_PADDING))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(16, 16))
        self.addItems([""] * len(pages))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.apply_palette()

    def set_page_names(self, names: tuple[str, ...]) -> None:
        for row, name in enumerate(names):
            self.item(row).setText(name)
        self._fit_to_names()

    def _fit_to_names(self) -> None:
        """Make the list as wide as the longest name, and its rows as high as those of tables."""
        items = [self.item(row) for row in range(self.count())]
        for item in items:
            item.setSizeHint(QSize())  # back to the natural size
        width = self.sizeHintForColumn(0)
        for item in items:
            item.setSizeHint(QSize(width - 2 * SIDE_PADDING, ROW_HEIGHT))  # the delegate adds its padding
        self.setFixedWidth(max(WIDTH_MIN, width))

    def show_page(self, page: Page) -> None:
        self.setCurrentRow(self._pages.index(page))

    def activate_row(self, row: int) -> None:
        """Show the page in this row and give it the keyboard focus."""
        self.setCurrentRow(row)
        self._pages[row].focus()

    def apply_palette(self) -> None:
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        selected = self.palette().color(QPalette.ColorRole.HighlightedText)
        for row, name in enumerate(self._icon_names):
            icon = QIcon(self._icons.action_icon(name, ink))
            selected_icon = self._icons.action_icon(name, selected)
            for size in selected_icon.availableSizes():
                icon.addPixmap(selected_icon.pixmap(size), QIcon.Mode.Selected)
            self.item(row).setIcon(icon)
        self._fit_to_names()
