"""Push buttons that are connected when they are made."""

from collections.abc import Callable

from PySide6.QtCore import QUrl, SignalInstance, Slot
from PySide6.QtWidgets import QPushButton

from guarddog_gui.ui.widgets.browser import open_in_desktop


def make_button(on_clicked: Callable[[], None] | SignalInstance) -> QPushButton:
    button = QPushButton()
    button.clicked.connect(on_clicked)
    return button


class ConsolePageButton(QPushButton):
    """Button that opens a page of WeChat's console in the browser, hidden while there is no page."""

    def __init__(self) -> None:
        super().__init__()
        self._url: str | None = None
        self.clicked.connect(self._on_clicked)

    def set_url(self, url: str | None) -> None:
        self._url = url
        self.setVisible(url is not None)

    @Slot()
    def _on_clicked(self) -> None:
        if self._url is not None:
            open_in_desktop(QUrl(self._url), self.window())
