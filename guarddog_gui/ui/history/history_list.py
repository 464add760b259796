"""List of the history: items are expanded with Right, Enter or a double click."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QListView, QWidget

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.delegate import HistoryDelegate
from guarddog_gui.ui.history.model import HistoryModel

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryList(QListView):
    """View of a HistoryModel that loads further pages when its end is visible."""

    current_changed = Signal(QModelIndex)

    def __init__(self, model: HistoryModel, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = HistoryDelegate(model, formatter, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)  # else each of thousands of rows would be measured
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(88)
        self.selectionModel().currentRowChanged.connect(self.current_changed)
        self._load_timer = QTimer(self, singleShot=True, interval=0)
        self._load_timer.timeout.connect(self._load_if_end_is_visible)
        model.loaded.connect(self.load_more)

    @Slot()
    def load_more(self) -> None:
        """Load the next page if the end of the list is visible; Qt does so only when rows were added."""
        self._load_timer.start()

    @Slot()
    def _load_if_end_is_visible(self) -> None:
        self.executeDelayedItemsLayout()  # else the scroll bar does not know of the last page
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.value() >= bar.maximum():
            self._model.fetchMore(QModelIndex())

    def event(self, event: QEvent) -> bool:
        # accept these keys here, or a shortcut of the window gets them
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ENTER_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = Qt.Key(event.key())
        is_expanded = self._model.is_expanded(index)
        if key == Qt.Key.Key_Right:
            self._model.set_expanded(index, expanded=True)
        elif key == Qt.Key.Key_Left and index.isValid():
            if is_expanded:
                self._model.set_expanded(index, expanded=False)
            else:
                self.setCurrentIndex(self._model.item_index(index))
        elif key in _ENTER_KEYS:
            self._model.set_expanded(index, expanded=not is_expanded)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._delegate.chevron_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self._toggle(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's own name
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self._toggle(index)

    def _toggle(self, index: QModelIndex) -> None:
        self._model.set_expanded(index, expanded=not self._model.is_expanded(index))

    @Slot()
    def scroll_to_current(self) -> None:
        """Scroll to the selected row, which the details may have covered."""
        self.scrollTo(self.currentIndex())
