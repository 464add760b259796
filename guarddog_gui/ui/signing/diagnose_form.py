"""Form of the diagnose page: the account, the page's URL and the pasted `wx.config`."""

from collections.abc import Iterator

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextOption
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from guarddog_gui.domain.paste.config import PastedConfig, read_config, trim_to_config
from guarddog_gui.domain.signing.page_url import URL_MAX
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.messages.diagnosis import visible_text
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.combo_boxes import AccountComboBox
from guarddog_gui.ui.widgets.layouts import FormGrid, set_label
from guarddog_gui.ui.widgets.plain_text import make_plain_label

CHARS_MAX = 40_000  # of a pasted text; takes about 30 ms to lay out
TYPING_DEBOUNCE_MS = 150
_VALUE_CHARS_MAX = 40  # the length of a signature; longer values are shortened


class PasteField(QPlainTextEdit):
    """Text field that cuts a long text down to the part around its `wx.config`."""

    submitted = Signal()  # Ctrl+Enter

    def __init__(self) -> None:
        super().__init__(tabChangesFocus=True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        # WORKAROUND: with word wrap, Qt's layout time grows with the square of the length of a line without
        # spaces: one megabyte takes minutes.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def set_text(self, text: str) -> None:
        """Replace the text, cut down to `CHARS_MAX` characters around its `wx.config`."""
        self.setPlainText(trim_to_config(text, CHARS_MAX))

    def insertFromMimeData(self, source: QMimeData) -> None:
        data = QMimeData()
        data.setText(trim_to_config(source.text(), CHARS_MAX))
        super().insertFromMimeData(data)
        if len(self.toPlainText()) > 2 * CHARS_MAX:  # several pastes in a row
            self.set_text(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class DiagnoseForm(QWidget):
    """Form that shows which values it found in the pasted text."""

    submitted = Signal()  # Enter in a URL field, or Ctrl+Enter in the pasted text

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._pasted_appid = ""  # the appId in the pasted text
        self._account_label, self.account_combo = QLabel(), AccountComboBox()
        self._url_label, self._url_field = QLabel(), QLineEdit()
        self._entry_url_label, self._entry_url_field = QLabel(), QLineEdit()
        for url_field in (self._url_field, self._entry_url_field):
            url_field.setMaxLength(URL_MAX + 1)  # one too many, so that a longer URL is refused and not cut
            url_field.returnPressed.connect(self.submitted)
        self._paste_label, self.paste_field = QLabel(), PasteField()
        self._parsed_values_label = make_plain_label("parsed-values")
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._typing_timer.timeout.connect(self.update_parsed_values)
        self.paste_field.textChanged.connect(self._typing_timer.start)
        self.paste_field.submitted.connect(self.submitted)
        self._lay_out()

    def _lay_out(self) -> None:
        rows = FormGrid()
        rows.add_row(self._account_label, self.account_combo)
        rows.add_row(self._url_label, self._url_field)
        rows.add_row(self._entry_url_label, self._entry_url_field)
        rows.add_full_width(self._paste_label)
        rows.add_full_width(self.paste_field)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        rows.add_full_width(self._parsed_values_label)
        self.setLayout(rows)

    def retranslate(self) -> None:
        set_label(self._account_label, self.tr("Account"), self.account_combo)
        set_label(self._url_label, self.tr("Page's URL"), self._url_field)
        set_label(self._entry_url_label, self.tr("Entered at"), self._entry_url_field)
        set_label(self._paste_label, self.tr("wx.config, or single values"), self.paste_field)
        self._entry_url_field.setPlaceholderText(self.tr("single-page app: the first URL, if it is another"))
        self.paste_field.setPlaceholderText(
            self.tr("Paste the block as it stands in the page, or as the console shows it.")
        )
        self.update_parsed_values()

    def set_input(self, config_text: str, url: str) -> None:
        self._url_field.setText(url)
        self._url_field.setCursorPosition(0)
        self.paste_field.set_text(config_text)
        self.update_parsed_values()

    def parse_config(self) -> PastedConfig:
        return read_config(self.paste_field.toPlainText())

    def build_request(self) -> DiagnosisRequest:
        config = self.parse_config()
        url = self._url_field.text().strip() or config.url  # the placeholder shows config.url
        return DiagnosisRequest.from_config(config, url, self._entry_url_field.text().strip())

    @Slot()
    def update_parsed_values(self) -> None:
        self._typing_timer.stop()
        config = self.parse_config()
        if config.appid != self._pasted_appid:  # only once, so that the user may select another account
            self._pasted_appid = config.appid
            self.account_combo.select_account(config.appid)
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
        elif config.appid and self.account_combo.findData(config.appid) < 0:
            yield messages.text("No account here has this appId: the chosen one is looked into.")


def _shorten(value: str) -> str:
    """Return `value` in one line and cut in the middle: a word too long to wrap would widen the window."""
    half = _VALUE_CHARS_MAX // 2
    return visible_text(value if len(value) <= _VALUE_CHARS_MAX else f"{value[: half - 1]}…{value[-half:]}")
