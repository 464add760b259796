"""The page that signs an address: what goes into the signature at the left, what comes out at the right."""

from secrets import token_hex

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.domain.signing.page_url import url_problem
from guarddog_gui.domain.signing.recent_urls import add_recent_url
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind, mask
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import RememberUrl
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.messages.signing import not_signed_message, url_warning_message
from guarddog_gui.services.refresh import RefreshResult
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, SignedPage, SignField, SignRequest
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.api_list import SearchableCheckList
from guarddog_gui.ui.signing.sign_result import SignResultView
from guarddog_gui.ui.signing.url_warnings import WarningList
from guarddog_gui.ui.widgets.account_combo import AccountComboBox
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.form_grid import FormGrid
from guarddog_gui.ui.widgets.page import Page

TYPING_DEBOUNCE_MS = 150


class _UrlLineEdit(QLineEdit):
    """WORKAROUND: QComboBox hands an Enter that its line has seen, and let go, to the line once more."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class SignPage(Page):
    """Signs while somebody types; nothing is signed of what must not be."""

    copy_requested = Signal(str, str)  # text and its name; no secret: visitors of a page read its wx.config
    secret_copy_requested = Signal(str)  # the signed string, which has the ticket in it
    test_page_requested = Signal(object, str, object)  # Account, the page's URL, WxConfig
    card_requested = Signal(object)  # Account

    def __init__(
        self,
        controller: Controller,
        signing_controller: SigningController,
        formatter: Formatter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._signed_page: SignedPage | None = None
        self._wx_config: WxConfig | None = None
        self._generated_nonce, self._nonce_url = "", ""  # and the address that it was made for
        self._error_text = ""  # why nothing can be signed for this account
        self._is_ticket_missing = False
        self._ticket_requested_for = ""  # the appid whose ticket was asked for
        self._refresh_result: RefreshResult | None = None  # what came of that
        self._typing_timer = QTimer(self)
        self._typing_timer.setSingleShot(True)
        self._typing_timer.setInterval(TYPING_DEBOUNCE_MS)
        self._typing_timer.timeout.connect(self.sign)
        self._make_widgets()
        self._result_view = SignResultView()
        self._lay_out()
        self._connect()
        controller.overview_changed.connect(self._on_overview_changed)
        controller.job_done.connect(self._on_job_done)
        signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)
        self.set_focus_widgets(self._url_field, None)
        self.retranslate()
        self._on_overview_changed(controller.overview())

    def _make_widgets(self) -> None:
        self._account_label, self._account_combo = QLabel(), AccountComboBox()
        self._url_label, self._url_combo = QLabel(), QComboBox()
        self._url_field = _UrlLineEdit()
        self._url_combo.setLineEdit(self._url_field)
        self._url_combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._url_combo.setCompleter(None)  # type: ignore[arg-type]  # Qt's way to have none; the stubs forget
        self._url_combo.setMinimumContentsLength(8)
        self._url_combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._url_warning_list = WarningList(self._formatter.icons)
        self._nonce_label, self._nonce_field = QLabel(), QLineEdit()
        self._nonce_warning_list = WarningList(self._formatter.icons)
        self._timestamp_label, self._timestamp_field = QLabel(), QLineEdit()
        self._timestamp_warning_list = WarningList(self._formatter.icons)
        self._api_list_label = QLabel()
        self._api_list = SearchableCheckList((*JS_APIS, *OPEN_TAGS), DEFAULT_JS_APIS)
        self._debug_check_box = CheckBox()
        self._forget_urls_button = QPushButton()
        self._card_button = QPushButton()

    def _lay_out(self) -> None:
        rows = FormGrid()
        rows.add_row(self._account_label, self._account_combo)
        rows.add_row(self._url_label, self._url_combo)
        rows.add_full_width(self._url_warning_list)
        rows.add_row(self._nonce_label, self._nonce_field)
        rows.add_full_width(self._nonce_warning_list)
        rows.add_row(self._timestamp_label, self._timestamp_field)
        rows.add_full_width(self._timestamp_warning_list)
        rows.add_full_width(self._api_list_label)
        rows.add_full_width(self._api_list)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addStretch()
        below.addWidget(self._card_button)
        below.addWidget(self._forget_urls_button)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(rows, 1)
        left.addWidget(self._debug_check_box)
        left.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self._result_view, 1)

    def _connect(self) -> None:
        self._account_combo.currentIndexChanged.connect(self._on_account_changed)
        self._url_field.textChanged.connect(self._typing_timer.start)
        self._url_field.returnPressed.connect(self._on_copy_clicked)
        self._nonce_field.textChanged.connect(self._typing_timer.start)
        self._timestamp_field.textChanged.connect(self._typing_timer.start)
        self._api_list.checked_names_changed.connect(self._show_signature)
        self._debug_check_box.toggled.connect(self._show_signature)
        self._url_warning_list.correction_accepted.connect(self._on_url_correction_accepted)
        self._timestamp_warning_list.correction_accepted.connect(self._on_timestamp_correction_accepted)
        self._forget_urls_button.clicked.connect(self._on_forget_urls_clicked)
        self._card_button.clicked.connect(self._on_card_clicked)
        self._result_view.copy_clicked.connect(self._on_copy_clicked)
        self._result_view.copy_signature_clicked.connect(self._on_copy_signature_clicked)
        self._result_view.copy_string_clicked.connect(self._on_copy_string_clicked)
        self._result_view.test_page_clicked.connect(self._on_test_page_clicked)
        again = QAction(self)
        again.setShortcut(QKeySequence(Qt.Key.Key_F5))
        again.triggered.connect(self._sign_with_new_nonce)
        self.addAction(again)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        texts = {
            self._account_label: self.tr("Account"),
            self._url_label: self.tr("Page's URL"),
            self._nonce_label: self.tr("Nonce"),
            self._timestamp_label: self.tr("Timestamp"),
            self._api_list_label: self.tr("APIs and open tags"),
        }
        for label, text in texts.items():
            label.setText(text)
        names: dict[QWidget, str] = {
            self._account_combo: self.tr("Account"),
            self._url_combo: self.tr("Page's URL"),
            self._url_field: self.tr("Page's URL"),
            self._nonce_field: self.tr("Nonce"),
            self._timestamp_field: self.tr("Timestamp"),
            self._api_list.search_field: self.tr("Search the names"),
            self._api_list.list_widget: self.tr("APIs and open tags"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
        self._url_field.setPlaceholderText(self.tr("https://… as the browser shows it"))
        self._nonce_field.setPlaceholderText(self.tr("made anew for each address"))
        self._timestamp_field.setPlaceholderText(self.tr("the moment of signing"))
        self._api_list.search_field.setPlaceholderText(self.tr("Search the names"))
        self._debug_check_box.setText(self.tr("debug: let the page show what it gets"))
        self._forget_urls_button.setText(self.tr("Forget recent URLs"))
        self._card_button.setText(self.tr("Sign a card…"))
        self._result_view.retranslate()
        self.sign()

    # -- what there is ----------------------------------------------------------------------------

    def set_url(self, text: str) -> None:
        """Begin with this address, if it is one."""
        if url_problem(text) in (None, InputProblem.URL_ENCODED):
            self._url_field.setText(text.strip())
            self._url_field.setCursorPosition(0)

    def focus(self) -> None:
        super().focus()
        self._url_field.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sign_with_new_nonce()

    def hideEvent(self, event: QHideEvent) -> None:
        self._result_view.hide_ticket()
        super().hideEvent(event)

    @property
    def account(self) -> Account | None:
        """The one that is chosen."""
        return self._account_combo.account

    def select_account(self, appid: str) -> None:
        """Sign for this account."""
        self._account_combo.select_account(appid)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        before = self.account
        self._account_combo.update_accounts(overview)
        if self.account != before:
            self._load_recent_urls()
            self.sign()
        elif self.isVisible():
            if self._has_ticket_changed(overview):
                self.sign()
            else:
                self._show_ticket_status()

    def _has_ticket_changed(self, overview: Overview) -> bool:
        """Whether the ticket has been replaced, has died, or has come, since the page was signed."""
        account = self.account
        status = overview.account(account.appid) if account is not None else None
        key = status.key(TokenKind.JSAPI_TICKET) if status is not None else None
        live = key.usable_record(self._formatter.clock()) if key is not None else None
        if self._signed_page is None:
            return self._is_ticket_missing and live is not None
        return live is None or live.value != self._signed_page.ticket.value

    @Slot(int)
    def _on_account_changed(self, _row: int) -> None:
        self._load_recent_urls()
        self._sign_with_new_nonce()

    def _load_recent_urls(self) -> None:
        account = self.account
        self._set_recent_urls(
            self._signing_controller.recent_urls(account.appid) if account is not None else ()
        )
        self._card_button.setVisible(account is not None and account.card_ticket)

    def _set_recent_urls(self, urls: tuple[str, ...]) -> None:
        """Offer these below the field; what is typed stays."""
        typed = self._url_field.text()
        with QSignalBlocker(self._url_combo), QSignalBlocker(self._url_field):
            self._url_combo.clear()
            self._url_combo.addItems(urls)
            self._url_combo.setCurrentIndex(-1)  # the Down key begins with the newest
            self._url_field.setText(typed)
        self._forget_urls_button.setEnabled(bool(urls))

    # -- signing ----------------------------------------------------------------------------------

    @Slot()
    def _sign_with_new_nonce(self) -> None:
        """With a new nonce, and another try to get a ticket if there is none."""
        self._nonce_url, self._ticket_requested_for, self._refresh_result = "", "", None
        self.sign()

    @Slot()
    def sign(self) -> None:
        """Sign what the fields say now, or say what is in the way."""
        self._typing_timer.stop()
        account, url = self.account, self._url_field.text()
        self._signed_page, self._error_text, self._is_ticket_missing = None, "", False
        notes: tuple[tuple[str, str | None], ...] = ()
        bad: InvalidField | None = None
        if account is not None and (url or TokenKind.JSAPI_TICKET not in account.token_kinds):
            nonce = self._nonce_field.text() or self._nonce_for_url(url)
            signed = self._signing_controller.sign(
                account, SignRequest(url, nonce, self._timestamp_field.text() or None)
            )
            if isinstance(signed, SignedPage):
                self._signed_page = signed
                notes = tuple(
                    (url_warning_message(warning, self._formatter.messages).summary, warning.corrected)
                    for warning in signed.warnings
                )
            elif isinstance(signed, InvalidField):
                bad = signed
            else:
                self._error_text = not_signed_message(signed, account, self._formatter.messages).text
                if isinstance(signed, NoLiveTicket):
                    self._request_ticket(account)
        self._show_warnings(notes, bad, account)
        self._show_signature()
        self._show_ticket_status()

    def _nonce_for_url(self, url: str) -> str:
        if not self._nonce_url or url != self._nonce_url:
            self._generated_nonce, self._nonce_url = token_hex(8), url
        return self._generated_nonce

    def _request_ticket(self, account: Account) -> None:
        """Ask for a ticket once, not with every letter: each try may be a call of the day's budget."""
        self._is_ticket_missing = True
        if self._ticket_requested_for != account.appid and self.isVisible():
            self._ticket_requested_for, self._refresh_result = account.appid, None
            self._signing_controller.ensure_fresh_ticket(account.appid)
        if self._refresh_result is not None:
            self._error_text = self._formatter.messages.for_refresh_result(self._refresh_result).text

    def _show_warnings(
        self,
        url_warnings: tuple[tuple[str, str | None], ...],
        bad_field: InvalidField | None,
        account: Account | None,
    ) -> None:
        fields = {
            SignField.URL: self._url_warning_list,
            SignField.NONCE: self._nonce_warning_list,
            SignField.TIMESTAMP: self._timestamp_warning_list,
        }
        for field, shown in fields.items():
            if bad_field is not None and account is not None and bad_field.field is field:
                said = not_signed_message(bad_field, account, self._formatter.messages).text
                shown.show_warnings(((said, bad_field.corrected),), refused=True)
            else:
                shown.show_warnings(url_warnings if field is SignField.URL else ())

    @Slot()
    def _show_signature(self) -> None:
        page = self._signed_page
        self._wx_config = None
        if page is not None:
            ticked = self._api_list.checked_names()
            self._wx_config = WxConfig(
                page.appid,
                page.signature_input.timestamp,
                page.signature_input.nonce,
                page.signature_input.signature,
                tuple(name for name in ticked if name not in OPEN_TAGS),
                tuple(name for name in ticked if name in OPEN_TAGS),
                self._debug_check_box.isChecked(),
            )
        self._result_view.show_signature(page.signature_input if page is not None else None, self._wx_config)

    def _show_ticket_status(self) -> None:
        """How old the ticket is: an old one is the commonest cause of a signature that WeChat refuses."""
        if self._signed_page is None:
            typed = self._url_field.text() != ""  # what is wrong with it stands beside it
            nothing = "" if typed else self.tr("Type the address of a page.")
            self._result_view.show_ticket_status(self._error_text or nothing, dimmed=False)
            return
        ticket = self._signed_page.ticket
        minutes = max(0, round((self._formatter.clock() - ticket.generated_at) / 60))
        text = self.tr("Signed with the ticket {value}, {minutes} min old, good until {time}")
        until = self._formatter.format_time(ticket.expires_at)
        self._result_view.show_ticket_status(
            text.format(value=mask(ticket.value), minutes=minutes, time=until), dimmed=True
        )

    @Slot(str, object)
    def _on_ticket_refreshed(self, appid: str, result: RefreshResult) -> None:
        account = self.account
        if account is not None and account.appid == appid:
            self._refresh_result = result
            self.sign()

    @Slot(str)
    def _on_url_correction_accepted(self, url: str) -> None:
        # the button goes away with its note: the keyboard goes on in the field, where Enter copies
        self._url_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._url_field.setText(url)
        self.sign()

    @Slot(str)
    def _on_timestamp_correction_accepted(self, timestamp: str) -> None:
        self._timestamp_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timestamp_field.setText(timestamp)
        self.sign()

    # -- using it ---------------------------------------------------------------------------------

    def _current_signed_page(self) -> SignedPage | None:
        """What comes of the fields as they are this moment, though somebody may just have typed."""
        if self._typing_timer.isActive():
            self.sign()
        return self._signed_page

    @Slot()
    def _on_copy_clicked(self) -> None:
        """The text of the tab that is open; Enter in the address does this, too."""
        if self._current_signed_page() is not None:
            self.copy_requested.emit(self._result_view.current_tab_text, self._result_view.current_tab_name)
            self._remember_url()

    @Slot()
    def _on_copy_signature_clicked(self) -> None:
        page = self._current_signed_page()
        if page is not None:
            self.copy_requested.emit(page.signature_input.signature, self.tr("the signature"))
            self._remember_url()

    @Slot()
    def _on_copy_string_clicked(self) -> None:
        page = self._current_signed_page()
        if page is not None:
            self.secret_copy_requested.emit(page.signature_input.signed_string)
            self._remember_url()

    @Slot()
    def _on_test_page_clicked(self) -> None:
        page, account = self._current_signed_page(), self.account
        if page is not None and self._wx_config is not None and account is not None:
            self.test_page_requested.emit(account, page.signature_input.url, self._wx_config)
            self._remember_url()

    def _remember_url(self) -> None:
        account = self.account
        if account is not None and self._signed_page is not None:
            url = self._signed_page.signature_input.url
            self._signing_controller.remember_url(account.appid, url)
            known = tuple(self._url_combo.itemText(row) for row in range(self._url_combo.count()))
            self._set_recent_urls(add_recent_url(known, url))

    @Slot()
    def _on_card_clicked(self) -> None:
        account = self.account
        if account is not None:
            self.card_requested.emit(account)

    @Slot()
    def _on_forget_urls_clicked(self) -> None:
        account = self.account
        if account is not None:
            self._signing_controller.forget_urls(account.appid)
            self._set_recent_urls(())

    @Slot(object, object)
    def _on_job_done(self, job: object, _job_result: object) -> None:
        account = self.account
        if account is not None and job == RememberUrl(account.appid, None):
            self._load_recent_urls()  # what could not be forgotten is still there
