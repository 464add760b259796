"""Right half of the sign page: the texts to copy, the signed string and the QR code for the phone."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QPushButton, QTabWidget, QWidget

from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.signing.qr_code import QrCodeLabel
from guarddog_gui.ui.signing.signed_string_view import SignedStringView
from guarddog_gui.ui.theme import ThemedMixin
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.plain_text import make_plain_label

TAB_FORMATS = ("js", "json", "html")  # one tab each, in this order


def make_code_view() -> QPlainTextEdit:
    view = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return view


class SignResultView(ThemedMixin, QWidget):
    """View of a signature, with buttons that `SignPage` connects."""

    def __init__(self) -> None:
        super().__init__()
        self._signature_input: SignatureInput | None = None
        self._is_ticket_status_dimmed = False
        self._ticket_status_label = make_plain_label("ticket-status")
        self._tabs = QTabWidget()
        self._tab_text_edits = {tab_format: make_code_view() for tab_format in TAB_FORMATS}
        for text_edit in self._tab_text_edits.values():
            self._tabs.addTab(text_edit, "")
        self.copy_button = QPushButton(default=True)  # copies the text of the current tab
        self.copy_signature_button = QPushButton()
        self.test_page_button = QPushButton()
        self._signed_string_label = QLabel()
        self._signed_string_view = SignedStringView()
        self._show_ticket_check_box = CheckBox()
        self.copy_string_button = QPushButton()
        self._qr_code = QrCodeLabel()
        self._lay_out()
        self._show_ticket_check_box.toggled.connect(self._show_signed_string)

    def _lay_out(self) -> None:
        buttons = make_row(self.copy_button, self.copy_signature_button, STRETCH, self.test_page_button)
        signed_string = QGridLayout()
        signed_string.setSpacing(8)
        signed_string.addWidget(self._signed_string_label, 0, 0)
        signed_string.addWidget(self._show_ticket_check_box, 0, 1, Qt.AlignmentFlag.AlignRight)
        signed_string.addWidget(self.copy_string_button, 0, 2)
        signed_string.addWidget(self._signed_string_view, 1, 0, 1, 2)
        signed_string.addWidget(self._qr_code, 1, 2, Qt.AlignmentFlag.AlignTop)
        signed_string.setColumnStretch(0, 1)
        self.setLayout(make_column(self._ticket_status_label, (self._tabs, 1), buttons, signed_string))

    def retranslate(self) -> None:
        names = ("wx.config", "JSON", self.tr("Test page"))
        for tab, (text_edit, name) in enumerate(zip(self._tab_text_edits.values(), names, strict=True)):
            self._tabs.setTabText(tab, name)
            text_edit.setAccessibleName(name)
        self._tabs.setAccessibleName(self.tr("The result"))
        self.copy_button.setText(self.tr("Copy"))
        self.copy_signature_button.setText(self.tr("Copy the signature"))
        self.test_page_button.setText(self.tr("Open test page"))
        self.test_page_button.setToolTip(self.tr("A page on this computer that checks such a signature as WeChat does"))
        self._signed_string_label.setText(self.tr("What is signed"))
        self._signed_string_view.setAccessibleName(self.tr("What is signed"))
        self._show_ticket_check_box.setText(self.tr("Show the ticket"))
        self.copy_string_button.setText(self.tr("Copy string"))
        self._qr_code.setAccessibleName(self.tr("QR code of the page's URL"))

    @property
    def current_tab_name(self) -> str:
        return self._tabs.tabText(self._tabs.currentIndex())

    @property
    def current_tab_text(self) -> str:
        return self._tab_text_edits[TAB_FORMATS[self._tabs.currentIndex()]].toPlainText()

    def show_signature(self, signature_input: SignatureInput | None, config: WxConfig | None) -> None:
        self._signature_input = signature_input
        texts = dict.fromkeys(TAB_FORMATS, "")
        if signature_input is not None and config is not None:
            texts = {"js": config.as_javascript, "json": config.as_json, "html": config.as_html(signature_input.url)}
        for tab_format, text_edit in self._tab_text_edits.items():
            if text_edit.toPlainText() != texts[tab_format]:  # keep the selection of an equal text
                text_edit.setPlainText(texts[tab_format])
        for button in (self.copy_button, self.copy_signature_button, self.copy_string_button, self.test_page_button):
            button.setEnabled(signature_input is not None)
        self._show_signed_string()
        self._qr_code.show_text(signature_input.url if signature_input is not None else "")

    @Slot()
    def _show_signed_string(self) -> None:
        self._signed_string_view.show_signed_string(
            self._signature_input, with_ticket=self._show_ticket_check_box.isChecked()
        )

    def hide_ticket(self) -> None:
        self._show_ticket_check_box.setChecked(False)

    def show_ticket_status(self, text: str, *, dimmed: bool) -> None:
        self._is_ticket_status_dimmed = dimmed
        self._ticket_status_label.setText(text)
        self.apply_palette()

    def apply_palette(self) -> None:
        """Colour the ticket status: dimmed unless it reports a problem."""
        palette = QPalette()
        if self._is_ticket_status_dimmed:
            colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
            palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._ticket_status_label.setPalette(palette)
