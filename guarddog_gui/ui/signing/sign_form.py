"""Card of the sign page with everything that goes into a signature and its `wx.config`."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.domain.signing.page_url import URL_MAX, url_problem
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.services.signing import SignField
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_chooser import AccountChooser
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.signing.api_list import ApiChips
from guarddog_gui.ui.signing.page_notes import Note, NoteList
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import FoldButton, LinkButton
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import STRETCH, FormGrid, make_column, make_row, set_label
from guarddog_gui.ui.widgets.strip import Severity

_ELLIPSIS = "…"
_TEXT_MARGIN = 4  # pixels between the edge of the field and its text


class _UrlLineEdit(QLineEdit):
    """Line edit of the URL combo box. Without the focus it shows the start of a long URL, and `…` at its end.

    WORKAROUND: QComboBox passes an Enter key that its line edit has handled but not accepted
    to the line edit a second time.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # after which the cursor is where it was
            self.home(False)

    def is_cut_off(self) -> bool:
        """Return whether the text goes on at the right of what is visible, and nobody is editing it."""
        width = self.fontMetrics().horizontalAdvance(self.displayText())
        return not self.hasFocus() and self.cursorPosition() == 0 and width > self.width() - 2 * _TEXT_MARGIN

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.is_cut_off():
            width = self.fontMetrics().horizontalAdvance(_ELLIPSIS) + _TEXT_MARGIN
            rect = QRect(self.width() - _TEXT_MARGIN - width, 2, width + _TEXT_MARGIN, self.height() - 4)
            with QPainter(self) as painter:
                painter.fillRect(rect, self.palette().base())
                painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _ELLIPSIS)


class SignForm(Card):
    """Card for the account, the page's URL and the APIs of a page; nonce, timestamp and debug are folded."""

    edited = Signal()  # URL, nonce or timestamp, with every character
    corrected = Signal()  # the field already contains the corrected or pasted value
    config_options_changed = Signal()  # APIs, open tags or debug, none of which is signed
    submitted = Signal()  # Enter in the URL field
    sample_requested = Signal()

    def __init__(self, controller: Controller, current_account: CurrentAccount, formatter: Formatter) -> None:
        super().__init__()
        self.account_chooser = AccountChooser(controller, current_account, formatter)
        self.url_field = _UrlLineEdit()
        self._url_combo = QComboBox(
            insertPolicy=QComboBox.InsertPolicy.NoInsert,
            minimumContentsLength=8,
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
        )
        self._url_combo.setLineEdit(self.url_field)
        self._url_combo.setCompleter(None)  # type: ignore[arg-type]  # removes it; the stubs do not allow None
        self._paste_button = QPushButton(autoDefault=False)
        fields = (SignField.URL, SignField.NONCE, SignField.TIMESTAMP)
        self._note_lists = {field: NoteList(formatter.icons) for field in fields}
        for field, note_list in self._note_lists.items():
            note_list.setObjectName(f"{field}-notes")
        self._copied_url = ""  # in the field, taken from the clipboard without being asked
        self._api_chips = ApiChips((*JS_APIS, *OPEN_TAGS), DEFAULT_JS_APIS, formatter.icons)
        self._nonce_label, self.nonce_field = QLabel(), QLineEdit()
        self._timestamp_label, self.timestamp_field = QLabel(), QLineEdit()
        self.debug_check_box = CheckBox()
        self.forget_urls_button = LinkButton()
        self._advanced = QWidget()
        self._advanced_button = FoldButton(self._advanced)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        address = make_row(self.account_chooser, (self._url_combo, 1), self._paste_button)
        apis = make_row((self._api_chips, 1), self._advanced_button)
        apis.setAlignment(self._advanced_button, Qt.AlignmentFlag.AlignTop)
        rows = FormGrid()
        rows.add_row(self._nonce_label, self.nonce_field)
        rows.add_full_width(self._note_lists[SignField.NONCE])
        rows.add_row(self._timestamp_label, self.timestamp_field)
        rows.add_full_width(self._note_lists[SignField.TIMESTAMP])
        last = make_row(self.debug_check_box, STRETCH, self.forget_urls_button)
        self._advanced.setLayout(make_column(rows, last, spacing=8))
        url_notes = self._note_lists[SignField.URL]
        self.setLayout(make_column(address, url_notes, apis, self._advanced, spacing=10, margin=16))
        order = (self.account_chooser, self._url_combo, self._paste_button, url_notes)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for field in (self.url_field, self.nonce_field, self.timestamp_field):
            field.textChanged.connect(self.edited)
        self.url_field.returnPressed.connect(self.submitted)
        self._paste_button.clicked.connect(self._on_paste_clicked)
        self._api_chips.checked_names_changed.connect(self.config_options_changed)
        self.debug_check_box.toggled.connect(self.config_options_changed)
        for name, field in ((SignField.URL, self.url_field), (SignField.TIMESTAMP, self.timestamp_field)):
            self._note_lists[name].correction_accepted.connect(partial(self._accept_correction, field))
        self._note_lists[SignField.URL].sample_requested.connect(self.sample_requested)

    def retranslate(self) -> None:
        self.account_chooser.setAccessibleName(self.tr("Account"))
        self.account_chooser.retranslate()
        for field in (self._url_combo, self.url_field):
            field.setAccessibleName(self.tr("Page's URL"))
        self.url_field.setPlaceholderText(self.tr("https://… as the browser shows it"))
        self._paste_button.setText(self.tr("Paste"))
        self._paste_button.setToolTip(self.tr("Put the URL from the clipboard into the field"))
        self._api_chips.retranslate()
        self._advanced_button.setText(self.tr("Advanced: nonceStr, timestamp, debug"))
        set_label(self._nonce_label, "nonceStr", self.nonce_field)
        set_label(self._timestamp_label, "timestamp", self.timestamp_field)
        self.nonce_field.setPlaceholderText(self.tr("random"))
        self.timestamp_field.setPlaceholderText(self.tr("now"))
        self.debug_check_box.setText(self.tr("debug: let the page show what it gets"))
        self.forget_urls_button.setText(self.tr("Forget recent URLs"))
        for note_list in self._note_lists.values():
            note_list.retranslate()

    # -- values ------------------------------------------------------------------------------------

    def take_url_from_clipboard(self) -> None:
        """Fill in the URL on the clipboard, unless the field has one that the user has typed or chosen.

        Each URL is taken once: one that was removed from the field does not come back.
        """
        if self.url_field.text() not in ("", self._copied_url):
            return
        text = QGuiApplication.clipboard().text()[: URL_MAX + 1].strip()
        if text != self._copied_url and text.startswith(("http://", "https://")) and url_problem(text) is None:
            self.set_url(text)
            self._copied_url = text

    def set_url(self, url: str) -> None:
        self._copied_url = ""
        self.url_field.setText(url)
        self.url_field.setCursorPosition(0)

    def checked_names(self) -> tuple[str, ...]:
        return self._api_chips.checked_names()

    @property
    def recent_urls(self) -> tuple[str, ...]:
        return tuple(self._url_combo.itemText(row) for row in range(self._url_combo.count()))

    def set_recent_urls(self, urls: tuple[str, ...]) -> None:
        """Replace the URLs in the drop-down list; keep the typed URL."""
        typed = self.url_field.text()
        with QSignalBlocker(self._url_combo), QSignalBlocker(self.url_field):
            self._url_combo.clear()
            self._url_combo.addItems(urls)
            self._url_combo.setCurrentIndex(-1)  # so that the Down key selects the newest URL first
            self.url_field.setText(typed)
        self.forget_urls_button.setEnabled(bool(urls))

    def show_notes(self, notes: dict[SignField, tuple[Note, ...]]) -> None:
        """Show these notes below their fields, and unfold the fields of what was refused."""
        for field, note_list in self._note_lists.items():
            note_list.show_notes(notes.get(field, ()))
        folded = (*notes.get(SignField.NONCE, ()), *notes.get(SignField.TIMESTAMP, ()))
        if any(note.severity is Severity.BAD for note in folded):
            self._advanced_button.setChecked(True)

    @Slot()
    def _on_paste_clicked(self) -> None:
        text = QGuiApplication.clipboard().text()[: URL_MAX + 1].strip()
        self._accept_correction(self.url_field, text)

    def _accept_correction(self, field: QLineEdit, value: str) -> None:
        # The link disappears with its note, so move the focus to the field, where Enter copies.
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.setText(value)
        self.corrected.emit()
