"""The list of pages at the left of the window, and the stack of which it shows one."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QFrame, QListWidget, QStackedWidget, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.widgets.padded_delegate import ROW_HEIGHT, PaddedDelegate
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.themed import ThemedMixin

WIDTH_MIN = 144
SIDE_PADDING = 13  # icons begin where the headline does


class Sidebar(ThemedMixin, QListWidget):
    """Whatever row is chosen, its page is shown in `stack`."""

    def __init__(
        self, pages: tuple[tuple[Page, str], ...], icons: Icons, parent: QWidget | None = None
    ) -> None:
        """Each page comes with the name of its icon."""
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
        """In the language of now."""
        for row, name in enumerate(names):
            self.item(row).setText(name)
        self._fit_to_names()

    def _fit_to_names(self) -> None:
        """As wide as the longest name with its icon, and as high as the rows of the tables."""
        rows = [self.item(row) for row in range(self.count())]
        for item in rows:
            item.setSizeHint(QSize())  # what it needs by itself
        needed = self.sizeHintForColumn(0)
        for item in rows:
            item.setSizeHint(QSize(needed - 2 * SIDE_PADDING, ROW_HEIGHT))  # the delegate adds its ends again
        self.setFixedWidth(max(WIDTH_MIN, needed))

    def show_page(self, page: Page) -> None:
        """Show this page."""
        self.setCurrentRow(self._pages.index(page))

    def activate_row(self, row: int) -> None:
        """Show the page in this row, with the keyboard where its work is done."""
        self.setCurrentRow(row)
        self._pages[row].focus()

    def apply_palette(self) -> None:
        """The icons in the ink of the palette."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        chosen = self.palette().color(QPalette.ColorRole.HighlightedText)
        for row, name in enumerate(self._icon_names):
            icon = QIcon(self._icons.action_icon(name, ink))
            on_highlight = self._icons.action_icon(name, chosen)
            for size in on_highlight.availableSizes():
                icon.addPixmap(on_highlight.pixmap(size), QIcon.Mode.Selected)
            self.item(row).setIcon(icon)
        self._fit_to_names()
