"""Form of the diagnose page: the account, the page's URL and the pasted `wx.config`."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.config_parser import PastedConfig, parse_pasted_config
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.page_url import URL_MAX
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.messages.diagnosis import visible_text
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.paste_field import PasteField
from guarddog_gui.ui.widgets.account_combo import AccountComboBox
from guarddog_gui.ui.widgets.layouts import FormGrid

TYPING_DEBOUNCE_MS = 150
_VALUE_CHARS_MAX = 40  # the length of a signature; longer values are shortened


class DiagnoseForm(QWidget):
    """Form that shows which values it found in the pasted text."""

    submitted = Signal()  # Enter in a URL field, or Ctrl+Enter in the pasted text

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._pasted_appid = ""  # the appId in the pasted text
        self._account_label, self._account_combo = QLabel(), AccountComboBox()
        self._url_label, self._url_field = QLabel(), QLineEdit()
        self._entry_url_label, self._entry_url_field = QLabel(), QLineEdit()
        for url_field in (self._url_field, self._entry_url_field):
            url_field.setMaxLength(URL_MAX + 1)  # one too many, so that a longer URL is refused and not cut
            url_field.returnPressed.connect(self.submitted)
        self._paste_label, self.paste_field = QLabel(), PasteField()
        self._parsed_values_label = QLabel()
        self._parsed_values_label.setObjectName("parsed-values")
        self._parsed_values_label.setTextFormat(Qt.TextFormat.PlainText)
        self._parsed_values_label.setWordWrap(True)
        self._typing_timer = QTimer(self)
        self._typing_timer.setSingleShot(True)
        self._typing_timer.setInterval(TYPING_DEBOUNCE_MS)
        self._typing_timer.timeout.connect(self.update_parsed_values)
        self.paste_field.textChanged.connect(self._typing_timer.start)
        self.paste_field.submitted.connect(self.submitted)
        self._lay_out()

    def _lay_out(self) -> None:
        rows = FormGrid()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add_row(self._account_label, self._account_combo)
        rows.add_row(self._url_label, self._url_field)
        rows.add_row(self._entry_url_label, self._entry_url_field)
        rows.add_full_width(self._paste_label)
        rows.add_full_width(self.paste_field)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        rows.add_full_width(self._parsed_values_label)
        self.setLayout(rows)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        labelled_widgets: tuple[tuple[str, QLabel, QWidget], ...] = (
            (self.tr("Account"), self._account_label, self._account_combo),
            (self.tr("Page's URL"), self._url_label, self._url_field),
            (self.tr("Entered at"), self._entry_url_label, self._entry_url_field),
            (self.tr("wx.config, or single values"), self._paste_label, self.paste_field),
        )
        for text, label, widget in labelled_widgets:
            label.setText(text)
            widget.setAccessibleName(text)
        self._entry_url_field.setPlaceholderText(self.tr("single-page app: the first URL, if it is another"))
        self.paste_field.setPlaceholderText(
            self.tr("Paste the block as it stands in the page, or as the console shows it.")
        )
        self.update_parsed_values()

    @property
    def account(self) -> Account | None:
        """Return the selected account, or None if there are no accounts."""
        return self._account_combo.account

    def update_accounts(self, overview: Overview) -> None:
        """Offer the accounts of `overview`."""
        self._account_combo.update_accounts(overview)

    def set_input(self, config_text: str, url: str) -> None:
        """Fill in the text with the `wx.config` and the page's URL."""
        self._url_field.setText(url)
        self._url_field.setCursorPosition(0)
        self.paste_field.set_text(config_text)
        self.update_parsed_values()

    def parse_config(self) -> PastedConfig:
        """Return the values that the pasted text contains."""
        return parse_pasted_config(self.paste_field.toPlainText())

    def build_request(self) -> DiagnosisRequest:
        """Return the request for the current values."""
        config = self.parse_config()
        url = self._url_field.text().strip() or config.url  # the placeholder shows config.url
        return DiagnosisRequest.from_config(config, url, self._entry_url_field.text().strip())

    @Slot()
    def update_parsed_values(self) -> None:
        """Show the values found in the pasted text and select the account that it names."""
        self._typing_timer.stop()
        config = self.parse_config()
        if config.appid != self._pasted_appid:  # only once, so that the user may select another account
            self._pasted_appid = config.appid
            self._account_combo.select_account(config.appid)
        self._url_field.setPlaceholderText(config.url or self.tr("https://… as the browser shows it"))
        self._parsed_values_label.setText(
            "\n".join(self._parsed_value_lines(config)) if self.paste_field.toPlainText().strip() else ""
        )

    def _parsed_value_lines(self, config: PastedConfig) -> Iterator[str]:
        messages = self._formatter.messages
        values = (
            ("appId", config.appid),
            ("nonceStr", config.nonce),
            ("timestamp", config.timestamp),
            ("signature", config.signature),
        )
        line = " · ".join(f"{name} {_shorten(value)}" for name, value in values if value)
        if line:
            yield line
        if config.problem is not None:
            yield messages.for_bad_input(config.problem).text
        elif config.appid and self._account_combo.findData(config.appid) < 0:
            yield messages.text("No account here has this appId: the chosen one is looked into.")


def _shorten(value: str) -> str:
    """Return `value` in one line and cut in the middle: a word too long to wrap would widen the window."""
    half = _VALUE_CHARS_MAX // 2
    return visible_text(value if len(value) <= _VALUE_CHARS_MAX else f"{value[: half - 1]}…{value[-half:]}")
