"""Card of the sign page with the result: the code to copy in several languages, the ticket, the signed string."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QTabBar, QWidget

from guarddog_gui.domain.signing.sample_code import curl_sample, node_sample, php_sample
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.qr_code import QrCodePopup
from guarddog_gui.ui.signing.signed_string_view import SignedStringPanel
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity, Strip
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.code_view import CodeFrame, CodeView


class ResultTab(StrEnum):
    """Forms of the result, one tab each; the values are the names of the tabs in every language."""

    CONFIG = "wx.config"
    JSON = "JSON"
    HTML = "HTML"
    NODE = "Node"
    PHP = "PHP"
    CURL = "curl"


SAMPLE_TABS = (ResultTab.NODE, ResultTab.PHP, ResultTab.CURL)  # these sign or fetch anew each time


def render_result(tab: ResultTab, config: WxConfig, url: str) -> str:
    """Return the code for one tab."""
    match tab:
        case ResultTab.CONFIG:
            return config.as_javascript
        case ResultTab.JSON:
            return config.as_json
        case ResultTab.HTML:
            return config.as_html(url)
        case ResultTab.NODE:
            return node_sample(config, url)
        case ResultTab.PHP:
            return php_sample(config, url)
        case ResultTab.CURL:
            return curl_sample(config, url)


class SignResultView(ThemedMixin, Card):
    """Card with a signature, and buttons that `SignPage` connects."""

    tab_changed = Signal()

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._icons = formatter.icons
        self._signature_input: SignatureInput | None = None
        self._config: WxConfig | None = None
        self._tab_bar = QTabBar(drawBase=False, expanding=False)
        for tab in ResultTab:
            self._tab_bar.addTab(tab.value)
        self.copy_button = QPushButton(autoDefault=False)  # copies the code of the current tab
        set_kind(self.copy_button, ButtonKind.PRIMARY)
        self._code_view = CodeView()
        self._problem_strip = Strip(formatter.icons)
        self._problem_strip.setObjectName("sign-problem")
        self._problem_strip.hide()
        self._ticket_icon, self._ticket_label = QLabel(), ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._ticket_label.setObjectName("ticket-status")
        self._signed_string_panel = SignedStringPanel()
        self._signed_string_panel.hide()
        self.copy_string_button = self._signed_string_panel.copy_string_button
        self.copy_signature_button = self._signed_string_panel.copy_signature_button
        self.card_button = QPushButton(autoDefault=False)
        self._signed_string_button = QPushButton(autoDefault=False)
        self.test_page_button = QPushButton(autoDefault=False)
        self.phone_button = QPushButton(autoDefault=False)
        self.check_page_button = QPushButton(autoDefault=False)
        self._qr_popup = QrCodePopup(self)
        self._signed_string_button.setCheckable(True)
        self._lay_out()
        self._tab_bar.currentChanged.connect(self._on_tab_changed)
        self._signed_string_button.toggled.connect(self._signed_string_panel.setVisible)
        self.apply_palette()

    def _lay_out(self) -> None:
        head = make_row((self._tab_bar, 1), self.copy_button, spacing=8)
        self._ticket_icon.setFixedSize(16, 16)
        self._ticket_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._ticket = QWidget()
        self._ticket.setLayout(make_row(self._ticket_icon, (self._ticket_label, 1)))
        self._ticket.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        buttons = QWidget()
        flow = FlowLayout()
        for button in (
            self.card_button,
            self._signed_string_button,
            self.test_page_button,
            self.phone_button,
            self.check_page_button,
        ):
            flow.addWidget(button)
        buttons.setLayout(flow)
        buttons.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        foot = FlowLayout()
        foot.addWidget(self._ticket)
        foot.addWidget(buttons)
        code = CodeFrame(self._code_view)
        parts = (head, self._problem_strip, code, foot, self._signed_string_panel)
        self.setLayout(make_column(*parts, spacing=10, margin=16))

    def retranslate(self) -> None:
        self._tab_bar.setAccessibleName(self.tr("Form of the result"))
        self._code_view.setPlaceholderText(self.tr("The signature of the page appears here as soon as there is a URL."))
        self.test_page_button.setText(self.tr("Verify in the browser"))
        self.test_page_button.setToolTip(self.tr("A page on this computer that checks such a signature as WeChat does"))
        self.phone_button.setText(self.tr("Open on a phone"))
        self.phone_button.setToolTip(self.tr("QR code of the page's URL"))
        self.check_page_button.setText(self.tr("Check the page…"))
        self.check_page_button.setToolTip(self.tr("Certificate, redirects and WeChat's file of the page's domain"))
        self.card_button.setText(self.tr("Sign a card…"))
        self._signed_string_button.setText(self.tr("View string1"))
        self._signed_string_button.setToolTip(self.tr("The string that is signed, to compare it with that of a server"))
        self._signed_string_panel.retranslate()
        self._qr_popup.retranslate()
        self._show_code()

    # -- result ------------------------------------------------------------------------------------

    @property
    def current_tab(self) -> ResultTab:
        return tuple(ResultTab)[self._tab_bar.currentIndex()]

    @property
    def current_text(self) -> str:
        return self._code_view.toPlainText()

    def show_tab(self, tab: ResultTab) -> None:
        """Show this tab and give its code the keyboard focus."""
        self._tab_bar.setCurrentIndex(tuple(ResultTab).index(tab))
        self._code_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_signature(self, signature_input: SignatureInput | None, config: WxConfig | None) -> None:
        self._signature_input, self._config = signature_input, config
        has_signature = signature_input is not None
        for button in (self.copy_button, self.test_page_button, self.phone_button):
            button.setEnabled(has_signature)
        self._signed_string_panel.show_signature(signature_input)
        self._show_code()
        self.apply_palette()

    def show_ticket(self, text: str, tooltip: str = "") -> None:
        """Show the ticket of the signature, or a hint; empty for nothing."""
        self._ticket_label.set_text(text)
        self._ticket.setToolTip(tooltip)
        self._ticket_label.setAccessibleDescription(tooltip)
        self._ticket_icon.setVisible(bool(text) and self._signature_input is not None)

    def show_problem(self, text: str) -> None:
        """Show why nothing is signed; empty for nothing."""
        self._problem_strip.show_notice(Severity.BAD, text)
        self._problem_strip.setVisible(bool(text))

    def show_qr_code(self) -> None:
        if self._signature_input is not None:
            self._qr_popup.show_url(self._signature_input.url)
            self._qr_popup.open_below(self.phone_button)

    def hide_ticket(self) -> None:
        self._signed_string_panel.hide_ticket()

    @Slot()
    def _on_tab_changed(self) -> None:
        self._show_code()
        self.tab_changed.emit()

    def _show_code(self) -> None:
        name = self.current_tab.value
        self._code_view.setAccessibleName(name)
        self.copy_button.setText(self.tr("Copy {name}").format(name=name))
        text = ""
        if self._signature_input is not None and self._config is not None:
            text = render_result(self.current_tab, self._config, self._signature_input.url)
        self._code_view.show_code(text)

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        ink = colours.on_accent if self.copy_button.isEnabled() else colours.field_border
        self.copy_button.setIcon(self._icons.action_icon("copy", ink))
        self._ticket_icon.setPixmap(self._icons.action_icon("check", colours.ok).pixmap(16, 16))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, colours.dim)
        self._ticket_label.setPalette(palette)
