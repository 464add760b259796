"""Left half of the sign page: the form with everything that goes into a signature and its `wx.config`."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.services.signing import SignField
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.api_list import SearchableCheckList
from guarddog_gui.ui.signing.url_warnings import WarningList
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.combo_boxes import AccountComboBox
from guarddog_gui.ui.widgets.layouts import STRETCH, FormGrid, make_column, make_row, set_label


class _UrlLineEdit(QLineEdit):
    """Line edit of the URL combo box.

    WORKAROUND: QComboBox passes an Enter key that its line edit has handled but not accepted
    to the line edit a second time.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class SignForm(QWidget):
    """Form for the account, the page's URL, the nonce, the timestamp and the APIs of a page."""

    edited = Signal()  # URL, nonce or timestamp, with every character
    correction_accepted = Signal()  # the field already contains the corrected value
    config_options_changed = Signal()  # APIs, open tags or debug, none of which is signed
    submitted = Signal()  # Enter in the URL field

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._account_label, self.account_combo = QLabel(), AccountComboBox()
        self._url_label, self.url_field = QLabel(), _UrlLineEdit()
        self._url_combo = QComboBox(
            insertPolicy=QComboBox.InsertPolicy.NoInsert,
            minimumContentsLength=8,
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
        )
        self._url_combo.setLineEdit(self.url_field)
        self._url_combo.setCompleter(None)  # type: ignore[arg-type]  # removes it; the stubs do not allow None
        self._nonce_label, self.nonce_field = QLabel(), QLineEdit()
        self._timestamp_label, self.timestamp_field = QLabel(), QLineEdit()
        fields = (SignField.URL, SignField.NONCE, SignField.TIMESTAMP)
        self.warning_lists = {field: WarningList(formatter.icons) for field in fields}
        for field, warning_list in self.warning_lists.items():
            warning_list.setObjectName(f"{field}-warnings")
        self._api_list_label = QLabel()
        self.api_list = SearchableCheckList((*JS_APIS, *OPEN_TAGS), DEFAULT_JS_APIS)
        self.debug_check_box = CheckBox()
        self.forget_urls_button = QPushButton()
        self.card_button = QPushButton()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        rows = FormGrid()
        rows.add_row(self._account_label, self.account_combo)
        rows.add_row(self._url_label, self._url_combo)
        rows.add_full_width(self.warning_lists[SignField.URL])
        rows.add_row(self._nonce_label, self.nonce_field)
        rows.add_full_width(self.warning_lists[SignField.NONCE])
        rows.add_row(self._timestamp_label, self.timestamp_field)
        rows.add_full_width(self.warning_lists[SignField.TIMESTAMP])
        rows.add_full_width(self._api_list_label)
        rows.add_full_width(self.api_list)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        buttons = make_row(STRETCH, self.card_button, self.forget_urls_button)
        self.setLayout(make_column((rows, 1), self.debug_check_box, buttons))

    def _connect(self) -> None:
        for field in (self.url_field, self.nonce_field, self.timestamp_field):
            field.textChanged.connect(self.edited)
        self.url_field.returnPressed.connect(self.submitted)
        self.api_list.checked_names_changed.connect(self.config_options_changed)
        self.debug_check_box.toggled.connect(self.config_options_changed)
        for name, field in ((SignField.URL, self.url_field), (SignField.TIMESTAMP, self.timestamp_field)):
            self.warning_lists[name].correction_accepted.connect(partial(self._accept_correction, field))

    def retranslate(self) -> None:
        set_label(self._account_label, self.tr("Account"), self.account_combo)
        set_label(self._url_label, self.tr("Page's URL"), self._url_combo, self.url_field)
        set_label(self._nonce_label, self.tr("Nonce"), self.nonce_field)
        set_label(self._timestamp_label, self.tr("Timestamp"), self.timestamp_field)
        set_label(self._api_list_label, self.tr("APIs and open tags"), self.api_list.list_widget)
        self.api_list.search_field.setAccessibleName(self.tr("Search the names"))
        self.api_list.search_field.setPlaceholderText(self.tr("Search the names"))
        self.url_field.setPlaceholderText(self.tr("https://… as the browser shows it"))
        self.nonce_field.setPlaceholderText(self.tr("made anew for each address"))
        self.timestamp_field.setPlaceholderText(self.tr("the moment of signing"))
        self.debug_check_box.setText(self.tr("debug: let the page show what it gets"))
        self.forget_urls_button.setText(self.tr("Forget recent URLs"))
        self.card_button.setText(self.tr("Sign a card…"))

    # -- changes from outside ---------------------------------------------------------------------

    def set_url(self, url: str) -> None:
        self.url_field.setText(url)
        self.url_field.setCursorPosition(0)

    def update_card_button(self) -> None:
        """Show the card button only for an account that keeps a card ticket."""
        account = self.account_combo.account
        self.card_button.setVisible(account is not None and account.card_ticket)

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

    # -- corrections ------------------------------------------------------------------------------

    def _accept_correction(self, field: QLineEdit, value: str) -> None:
        # The button disappears with its warning, so move the focus to the field, where Enter copies.
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.setText(value)
        self.correction_accepted.emit()
