"""Card of the diagnose page: the account, the page's URL and the pasted `wx.config`."""

from collections.abc import Iterator

from msgspec import Struct
from PySide6.QtCore import QMimeData, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextOption
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.config import PastedConfig, read_config, trim_to_config
from guarddog_gui.domain.signing.page_url import URL_MAX
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.services.diagnosis import CopiedInput, DiagnosisRequest, read_copied_text
from guarddog_gui.services.messages.signing.diagnosis import several_signatures_text, visible_text
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_chooser import AccountChooser
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import FoldButton, LinkButton
from guarddog_gui.ui.widgets.layouts import FormGrid, make_column, make_row, set_label
from guarddog_gui.ui.widgets.text.code_view import CodeFrame
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

CHARS_MAX = 40_000  # of a pasted text; takes about 30 ms to lay out
COPIED_CHARS_MAX = 2**20  # of a copied text that is looked into
TYPING_DEBOUNCE_MS = 300
LINES = 8  # of the pasted text that are visible
_VALUE_CHARS_MAX = 18  # the length of an AppID; longer values are shortened


class PasteField(QPlainTextEdit):
    """Text field that cuts a long text down to the part around its `wx.config`."""

    submitted = Signal()  # Ctrl+Enter

    def __init__(self) -> None:
        super().__init__(tabChangesFocus=True)
        # WORKAROUND: with word wrap, Qt's layout time grows with the square of the length of a line without
        # spaces: one megabyte takes minutes.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        margins = round(2 * self.document().documentMargin())
        return QSize(240, LINES * self.fontMetrics().lineSpacing() + margins)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

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


class _Content(HiddenFields, Struct, frozen=True):
    """Content of the two fields that are filled from the clipboard."""

    hidden_fields = ("config_text",)

    config_text: str = ""
    url: str = ""


class DiagnoseForm(ThemedMixin, Card):
    """Card that shows which values it found in the pasted text, and fills itself from the clipboard.

    The clipboard is looked into only while both fields are empty or as they were filled from it, and each of its
    texts only once.
    """

    submitted = Signal()  # Enter in a URL field, or Ctrl+Enter in the pasted text
    edited = Signal()  # the user has stopped typing, or the fields were filled

    def __init__(self, controller: Controller, current_account: CurrentAccount, formatter: Formatter) -> None:
        super().__init__()
        self._controller = controller
        self._current_account = current_account
        self._formatter = formatter
        self._pasted_appid = ""  # the appId in the pasted text
        self._filled = _Content()  # as taken from the clipboard
        self._before = _Content()  # what Undo restores
        self._copied_hash = 0  # of the last text that was on the clipboard; the text itself may be private
        self.account_chooser = AccountChooser(controller, current_account, formatter)
        self._url_field, self._landing_url_field = QLineEdit(), QLineEdit()
        for url_field in (self._url_field, self._landing_url_field):
            url_field.setMaxLength(URL_MAX + 1)  # one too many, so that a longer URL is refused and not cut
            url_field.returnPressed.connect(self.submitted)
        self._paste_button = QPushButton(autoDefault=False)
        self.paste_field = PasteField()
        self._parsed_values_label = make_plain_label("parsed-values")
        self._filled_label, self._undo_button = QLabel(), LinkButton()
        self._landing_label, self._landing = QLabel(), QWidget()
        self._landing_button = FoldButton(self._landing)
        self.progress_row = make_row()  # filled by the page
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._lay_out()
        self._connect()
        self._show_origin(is_from_clipboard=False)
        self.apply_palette()

    def _lay_out(self) -> None:
        address = make_row(self.account_chooser, (self._url_field, 1), self._paste_button)
        rows = FormGrid()
        rows.add_row(self._landing_label, self._landing_url_field)
        self._landing.setLayout(rows)
        origin = make_row(self._filled_label, self._undo_button, spacing=2)
        foot = make_row((self._parsed_values_label, 1), origin, self.progress_row, self._landing_button)
        frame = CodeFrame(self.paste_field, is_field=True)
        parts = (address, frame, foot, self._landing)
        self.setLayout(make_column(*parts, spacing=8, margin=16))

    def _connect(self) -> None:
        self._typing_timer.timeout.connect(self._on_typing_stopped)
        for changed in (
            self._url_field.textChanged, self._landing_url_field.textChanged, self.paste_field.textChanged
        ):  # fmt: skip
            changed.connect(self._on_text_changed)
        self.paste_field.submitted.connect(self.submitted)
        self._paste_button.clicked.connect(self._on_paste_clicked)
        self._undo_button.clicked.connect(self._on_undo_clicked)

    def retranslate(self) -> None:
        self.account_chooser.setAccessibleName(self.tr("Account"))
        self.account_chooser.retranslate()
        self._url_field.setAccessibleName(self.tr("Page's URL"))
        self.paste_field.setAccessibleName(self.tr("wx.config, or single values"))
        self.paste_field.setPlaceholderText(self.tr("Paste the wx.config of the page here, in any form."))
        self._paste_button.setText(self.tr("Paste"))
        self._paste_button.setToolTip(self.tr("Put what is on the clipboard into the fields"))
        self._filled_label.setText(self.tr("Taken from the clipboard"))
        self._undo_button.setText(self.tr("Undo"))
        self._undo_button.setAccessibleName(self.tr("Undo: take it out of the fields again"))
        self._landing_button.setText(self.tr("Landing URL (SPA)"))
        set_label(self._landing_label, self.tr("Landing URL (SPA)"), self._landing_url_field)
        self._landing_url_field.setPlaceholderText(self.tr("single-page app: the first URL, if it is another"))
        self.update_parsed_values()

    def apply_palette(self) -> None:
        dim = colours_of(self.palette()).dim
        for label in (self._parsed_values_label, self._filled_label):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), dim)
            label.setPalette(palette)

    # -- values ------------------------------------------------------------------------------------

    def set_input(self, config_text: str, url: str) -> None:
        self._fill(_Content(config_text, url))
        self._show_origin(is_from_clipboard=False)
        self.edited.emit()

    @property
    def is_empty(self) -> bool:
        return not self.paste_field.toPlainText().strip() and not self._url_field.text().strip()

    def pasted_text(self) -> str:
        return self.paste_field.toPlainText()

    def parse_config(self) -> PastedConfig:
        return read_config(self.paste_field.toPlainText())

    def build_request(self) -> DiagnosisRequest:
        config = self.parse_config()
        url = self._url_field.text().strip() or _url_of(config)  # which the placeholder shows
        return DiagnosisRequest.from_config(config, url, self._landing_url_field.text().strip())

    @Slot()
    def update_parsed_values(self) -> None:
        self._typing_timer.stop()
        config = self.parse_config()
        if config.appid != self._pasted_appid:  # only once, so that the user may choose another account
            self._pasted_appid = config.appid
            if self._controller.overview().account(config.appid) is not None:
                self._current_account.choose(config.appid)
        self._url_field.setPlaceholderText(_url_of(config) or self.tr("https://… as the browser shows it"))
        lines = tuple(self._parsed_value_lines(config)) if self.paste_field.toPlainText().strip() else ()
        self._parsed_values_label.setText("\n".join(lines))

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
        if config.has_other_signature:
            yield several_signatures_text(config.signature, messages)
        if config.problem is not None:
            yield messages.for_bad_input(config.problem).text
        elif config.appid and self._controller.overview().account(config.appid) is None:
            yield messages.text("No account here has this appId: the chosen one is looked into.")

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_origin(is_from_clipboard=False)
        self._typing_timer.start()

    @Slot()
    def _on_typing_stopped(self) -> None:
        self.update_parsed_values()
        self.edited.emit()

    # -- clipboard ---------------------------------------------------------------------------------

    def take_from_clipboard(self) -> None:
        """Fill the fields with what is on the clipboard, unless the user has typed into them."""
        content = self._content()
        if content != self._filled and content != _Content():
            return
        text = QGuiApplication.clipboard().text()[:COPIED_CHARS_MAX]
        if hash(text) == self._copied_hash:
            return
        self._copied_hash = hash(text)
        copied = read_copied_text(text)
        if copied is not None:
            self._take(copied)

    @Slot()
    def _on_paste_clicked(self) -> None:
        text = QGuiApplication.clipboard().text()[:COPIED_CHARS_MAX]
        self._copied_hash = hash(text)
        self._take(read_copied_text(text) or CopiedInput(config_text=text))

    def _take(self, copied: CopiedInput) -> None:
        """Replace what was copied; a URL alone keeps the config beside it, and the other way round."""
        before = self._content()
        taken = _Content(copied.config_text or before.config_text, copied.url or before.url)
        self._fill(taken)
        self._filled = self._content()
        if self._filled != before:
            self._before = before
            self._show_origin(is_from_clipboard=True)
            self.edited.emit()

    @Slot()
    def _on_undo_clicked(self) -> None:
        self._fill(self._before)
        self._filled = self._content()
        self._show_origin(is_from_clipboard=False)
        self._url_field.setFocus(Qt.FocusReason.OtherFocusReason)  # the link with the focus is gone
        self.edited.emit()

    def _content(self) -> _Content:
        return _Content(self.paste_field.toPlainText(), self._url_field.text())

    def _fill(self, content: _Content) -> None:
        with QSignalBlocker(self._url_field), QSignalBlocker(self.paste_field):
            self._url_field.setText(content.url)
            self._url_field.setCursorPosition(0)
            self.paste_field.set_text(content.config_text)
        self.update_parsed_values()

    def _show_origin(self, *, is_from_clipboard: bool) -> None:
        self._filled_label.setVisible(is_from_clipboard)
        self._undo_button.setVisible(is_from_clipboard)


def _url_of(config: PastedConfig) -> str:
    """Return the URL that WeChat says it has checked, or else the one that came with the config."""
    return config.real_auth_url or config.url


def _shorten(value: str) -> str:
    """Return `value` in one line and cut in the middle: a word too long to wrap would widen the window."""
    half = _VALUE_CHARS_MAX // 2
    return visible_text(value if len(value) <= _VALUE_CHARS_MAX else f"{value[: half - 1]}…{value[-half:]}")
