"""The right half of the sign page: the texts to copy, the string that was signed, the code for the phone."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.signing.qr_code import QrPicture
from guarddog_gui.ui.signing.signed_string import SignedText
from guarddog_gui.ui.widgets.check_box import TickBox
from guarddog_gui.ui.widgets.themed import OwnColours

FORMS = ("js", "json", "html")  # the tabs


class SignResult(OwnColours, QWidget):
    """Shows what it is given; the buttons say what a person wants of it."""

    copy_pressed = Signal()  # the text of the open tab
    signature_pressed = Signal()
    string_pressed = Signal()
    test_page_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signable: Signable | None = None
        self._is_faint = False
        self._about_ticket = QLabel()
        self._about_ticket.setTextFormat(Qt.TextFormat.PlainText)
        self._about_ticket.setWordWrap(True)
        self._tabs = QTabWidget()
        self._texts = {form: self._new_tab() for form in FORMS}
        self._copy = QPushButton()
        self._copy.setDefault(True)
        self._copy_signature = QPushButton()
        self._open = QPushButton()
        self._signed_label = QLabel()
        self._signed = SignedText()
        self._reveal = TickBox()
        self._copy_signed = QPushButton()
        self._qr = QrPicture()
        self._lay_out()
        self._copy.clicked.connect(self.copy_pressed)
        self._copy_signature.clicked.connect(self.signature_pressed)
        self._copy_signed.clicked.connect(self.string_pressed)
        self._open.clicked.connect(self.test_page_pressed)
        self._reveal.toggled.connect(self._show_string)

    def _new_tab(self) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._tabs.addTab(text, "")
        return text

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._copy_signature)
        buttons.addStretch()
        buttons.addWidget(self._open)
        signed = QGridLayout()
        signed.setSpacing(8)
        signed.addWidget(self._signed_label, 0, 0)
        signed.addWidget(self._reveal, 0, 1, Qt.AlignmentFlag.AlignRight)
        signed.addWidget(self._copy_signed, 0, 2)
        signed.addWidget(self._signed, 1, 0, 1, 2)
        signed.addWidget(self._qr, 1, 2, Qt.AlignmentFlag.AlignTop)
        signed.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._about_ticket)
        layout.addWidget(self._tabs, 1)
        layout.addLayout(buttons)
        layout.addLayout(signed)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        for tab, form in enumerate(FORMS):
            name = {"js": "wx.config", "json": "JSON", "html": self.tr("Test page")}[form]
            self._tabs.setTabText(tab, name)
            self._texts[form].setAccessibleName(name)
        self._tabs.setAccessibleName(self.tr("The result"))
        self._copy.setText(self.tr("Copy"))
        self._copy_signature.setText(self.tr("Copy the signature"))
        self._open.setText(self.tr("Open test page"))
        self._open.setToolTip(self.tr("A page on this computer that checks such a signature as WeChat does"))
        self._signed_label.setText(self.tr("What is signed"))
        self._signed.setAccessibleName(self.tr("What is signed"))
        self._reveal.setText(self.tr("Show the ticket"))
        self._copy_signed.setText(self.tr("Copy string"))
        self._qr.setAccessibleName(self.tr("QR code of the page's URL"))

    @property
    def tab_name(self) -> str:
        """Of the one that is open."""
        return self._tabs.tabText(self._tabs.currentIndex())

    @property
    def tab_text(self) -> str:
        """What is in it."""
        return self._texts[FORMS[self._tabs.currentIndex()]].toPlainText()

    def show_signed(self, signable: Signable | None, config: WxConfig | None) -> None:
        """Show this signature and its config, or that there is none."""
        self._signable = signable
        texts = dict.fromkeys(FORMS, "")
        if signable is not None and config is not None:
            texts = {"js": config.as_javascript, "json": config.as_json, "html": config.as_html(signable.url)}
        for form, field in self._texts.items():
            if field.toPlainText() != texts[form]:
                field.setPlainText(texts[form])
        for button in (self._copy, self._copy_signature, self._copy_signed, self._open):
            button.setEnabled(signable is not None)
        self._show_string()
        self._qr.show_text(signable.url if signable is not None else "")

    @Slot()
    def _show_string(self) -> None:
        self._signed.show_signable(self._signable, with_ticket=self._reveal.isChecked())

    def hide_ticket(self) -> None:
        """Mask it again."""
        self._reveal.setChecked(False)

    def say(self, text: str, *, faint: bool) -> None:
        """About the ticket, or why there is none."""
        self._is_faint = faint
        self._about_ticket.setText(text)
        self.take_colours()

    def take_colours(self) -> None:
        """What is said about the ticket stands back unless something is wrong."""
        palette = QPalette()
        if self._is_faint:
            ink = self.palette().color(QPalette.ColorRole.PlaceholderText)
            palette.setColor(QPalette.ColorRole.WindowText, ink)
        self._about_ticket.setPalette(palette)
