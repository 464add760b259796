"""What one line of the history means and what to do about it, with the IP and the rid to copy."""

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.ui.formatter import Voice

RID_KEPT_S = 7 * 86400.0  # getRidInfo: WeChat remembers a request for seven days


class EntryDetail(QFrame):
    """Empty until a line is chosen. Everything from WeChat is shown as plain text."""

    copy_wanted = Signal(str)  # an IP or a rid: no secrets, so the plain clipboard will do
    rid_wanted = Signal(object)  # Entry whose rid WeChat is to be asked about

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._voice = voice
        self._entry: Entry | None = None
        self._what = QLabel()
        self._todo = QLabel()
        self._reaction = QLabel()
        self._said = QLabel()
        for label in (self._what, self._todo, self._reaction, self._said):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        font = self._what.font()
        font.setBold(True)
        self._what.setFont(font)
        self._said.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._ip = QPushButton()
        self._ip.clicked.connect(self._on_ip)
        self._rid = QPushButton()
        self._rid.clicked.connect(self._on_rid)
        self._ask = QPushButton()
        self._ask.clicked.connect(self._on_ask)
        self._page = QPushButton()
        self._page.clicked.connect(self._on_page)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._page, self._ip, self._rid, self._ask):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._what)
        layout.addWidget(self._todo)
        layout.addWidget(self._reaction)
        layout.addWidget(self._said)
        layout.addLayout(buttons)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._page.setText(self.tr("Open the page"))
        self._ask.setText(self.tr("Ask WeChat about this rid"))
        self.show_entry(self._entry)

    def show_entry(self, entry: Entry | None) -> None:
        """Explain this entry, or hide."""
        self._entry = entry
        self.setVisible(entry is not None)
        if entry is None:
            return
        told = self._voice.trouble(entry)
        self._what.setText(f"{told.what} ({told.code})" if told.code else told.what)
        self._todo.setText(told.todo)
        self._todo.setVisible(bool(told.todo))
        reaction = self._voice.reaction_to(entry)
        self._reaction.setText(reaction)
        self._reaction.setVisible(bool(reaction))
        self._said.setText(entry.errmsg)
        self._said.setVisible(bool(entry.errmsg))
        self._ip.setText(self.tr("Copy IP {ip}").format(ip=entry.ip))
        self._ip.setVisible(entry.ip is not None)
        self._rid.setText(self.tr("Copy rid"))
        self._rid.setVisible(entry.rid is not None)
        recent = self._voice.clock() - entry.at < RID_KEPT_S
        self._ask.setVisible(entry.rid is not None and recent)
        self._page.setVisible(self._voice.page_for(entry) is not None)

    @Slot()
    def _on_ip(self) -> None:
        if self._entry is not None and self._entry.ip is not None:
            self.copy_wanted.emit(self._entry.ip)

    @Slot()
    def _on_rid(self) -> None:
        if self._entry is not None and self._entry.rid is not None:
            self.copy_wanted.emit(self._entry.rid)

    @Slot()
    def _on_ask(self) -> None:
        if self._entry is not None:
            self.rid_wanted.emit(self._entry)

    @Slot()
    def _on_page(self) -> None:
        page = self._voice.page_for(self._entry) if self._entry is not None else None
        if page is not None:
            QDesktopServices.openUrl(QUrl(page))
