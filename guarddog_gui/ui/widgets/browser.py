"""Pages and folders that are opened in a program of the desktop."""

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget


def open_in_desktop(url: QUrl, parent: QWidget) -> None:
    """Open a page or folder; if the desktop has no program for it, show the address to be copied."""
    if QDesktopServices.openUrl(url):
        return
    text = QCoreApplication.translate("Browser", "No program of this desktop could open it. The address is: {address}")
    address = url.toLocalFile() if url.isLocalFile() else url.toString()
    icon, button = QMessageBox.Icon.Warning, QMessageBox.StandardButton.Ok
    box = QMessageBox(icon, "Guard Dog", text.format(address=address), button, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
