"""One line below the headline, only while a person must act: what it is, and the click that helps."""

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from guarddog_gui.domain.history import Entry
from guarddog_gui.domain.status import Overview, State, worst_accounts_first
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.voice import Voice

NEEDS_SOMEBODY = (State.FAILED, State.KEYRING_LOCKED)


class Banner(QFrame):
    """About the account that is worst off; hidden while none needs anybody."""

    copy_wanted = Signal(str)
    retry_wanted = Signal(str)  # appid

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._appid = ""
        self._entry: Entry | None = None
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._ip = QPushButton()
        self._ip.clicked.connect(self._on_ip)
        self._page = QPushButton()
        self._page.clicked.connect(self._on_page)
        self._retry = QPushButton()
        self._retry.clicked.connect(self._on_retry)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for button in (self._ip, self._page, self._retry):
            layout.addWidget(button)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._ip.setText(self.tr("Copy IP"))
        self._page.setText(self.tr("Open the page"))
        self._retry.setText(self.tr("Try again"))

    def show_overview(self, overview: Overview) -> None:
        """Follow the state of the app."""
        worst = next(
            (
                s
                for s in worst_accounts_first(overview)
                if s.trouble is not None and s.state in NEEDS_SOMEBODY
            ),
            None,
        )
        self.setVisible(worst is not None)
        if worst is None or worst.trouble is None:
            return
        self._appid, self._entry = worst.account.appid, worst.trouble
        told = self._voice.trouble(worst.trouble)
        self._text.setText(f"{worst.account.name}: {told.text}")
        self._ip.setVisible(worst.trouble.ip is not None)
        self._page.setVisible(self._voice.page_for(worst.trouble) is not None)
        dark = self.palette().window().color().lightness() < 128
        self._icon.setPixmap(self._voice.icons.state_icon(worst.state, dark=dark, size=16).pixmap(16, 16))
        palette = self._text.palette()
        palette.setColor(palette.ColorRole.WindowText, state_colour(worst.state, dark=dark))
        self._text.setPalette(palette)

    @Slot()
    def _on_ip(self) -> None:
        if self._entry is not None and self._entry.ip is not None:
            self.copy_wanted.emit(self._entry.ip)

    @Slot()
    def _on_page(self) -> None:
        page = self._voice.page_for(self._entry) if self._entry is not None else None
        if page is not None:
            QDesktopServices.openUrl(QUrl(page))

    @Slot()
    def _on_retry(self) -> None:
        self.retry_wanted.emit(self._appid)
