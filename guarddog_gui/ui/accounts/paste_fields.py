"""Input fields for AppID and AppSecret, which pass on what is pasted before they insert it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QClipboard,
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget


class PasteField(QLineEdit):
    """Field that emits a pasted or dropped text; the receiver decides which fields it is for."""

    pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            self.paste_clipboard()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.MiddleButton or self.isReadOnly():
            super().mouseReleaseEvent(event)
        elif QGuiApplication.clipboard().supportsSelection():  # X11: a click pastes what is selected
            self.pasted.emit(QGuiApplication.clipboard().text(QClipboard.Mode.Selection))

    def dropEvent(self, event: QDropEvent) -> None:
        self.selectAll()
        self.pasted.emit(event.mimeData().text())
        event.acceptProposedAction()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def make_menu(self) -> QMenu:
        menu = self.createStandardContextMenu()
        paste = next((action for action in menu.actions() if action.objectName() == "edit-paste"), None)
        if paste is not None:
            paste.triggered.disconnect()
            paste.triggered.connect(self.paste_clipboard)
        return menu

    @Slot()
    def paste_clipboard(self) -> None:
        self.pasted.emit(QGuiApplication.clipboard().text())


class SecretField(PasteField):
    """Field that shows dots and gives nothing back: it has no Copy and no Cut, and input methods learn nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.setInputMethodHints(hints.ImhSensitiveData | hints.ImhNoPredictiveText | hints.ImhHiddenText)

    def make_menu(self) -> QMenu:
        menu = QMenu(self)
        texts = (self.tr("Paste"), self.tr("Select all"), self.tr("Clear"))
        slots = (self.paste_clipboard, self.selectAll, self._clear)
        for text, slot in zip(texts, slots, strict=True):
            action = QAction(text, menu)
            action.triggered.connect(slot)
            menu.addAction(action)
        paste, *others = menu.actions()
        paste.setEnabled(bool(QGuiApplication.clipboard().text()))
        for action in others:
            action.setEnabled(bool(self.text()))
        return menu

    @Slot()
    def _clear(self) -> None:
        self.clear()
        self.textEdited.emit("")
