"""Page that signs a URL: the form on the left, the signature and the texts to copy on the right."""

from secrets import token_hex

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.js_apis import OPEN_TAGS
from guarddog_gui.domain.signing.page_url import add_recent_url, url_problem
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind, mask
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import RememberUrl
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.messages.signing import not_signed_message, url_warning_message
from guarddog_gui.services.refresh_request import RefreshResult
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, SignedPage, SignField, SignRequest
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.sign_form import SignForm
from guarddog_gui.ui.signing.sign_result import SignResultView
from guarddog_gui.ui.widgets.layouts import make_row
from guarddog_gui.ui.widgets.page import Page

TYPING_DEBOUNCE_MS = 150


class SignPage(Page):
    """Page that signs the entered URL whenever the user stops typing.

    Refused input (for example a URL that is not absolute) clears the previous signature.
    """

    copy_requested = Signal(str, str)  # text and its name; not secret: a page sends its wx.config to visitors
    secret_copy_requested = Signal(str)  # the signed string, which contains the ticket
    test_page_requested = Signal(object, str, object)  # Account, the page's URL, WxConfig
    card_requested = Signal(object)  # Account

    def __init__(self, controller: Controller, signing_controller: SigningController, formatter: Formatter) -> None:
        super().__init__()
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._signed_page: SignedPage | None = None
        self._wx_config: WxConfig | None = None
        self._generated_nonce, self._nonce_url = "", ""  # and the URL that it was generated for
        self._error_text = ""  # why nothing can be signed for this account
        self._is_ticket_missing = False
        self._ticket_requested_for = ""  # appid whose ticket was requested
        self._refresh_result: RefreshResult | None = None  # result of that request
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._form = SignForm(formatter)
        self._result_view = SignResultView()
        self.setLayout(make_row((self._form, 1), (self._result_view, 1), spacing=16, margin=16))
        self._connect()
        controller.overview_changed.connect(self._on_overview_changed)
        signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)
        self.set_focus_widgets(self._form.url_field, None)
        self.retranslate()
        self._on_overview_changed(controller.overview())

    def _connect(self) -> None:
        self._typing_timer.timeout.connect(self.sign)
        self._form.account_combo.currentIndexChanged.connect(self._on_account_changed)
        self._form.edited.connect(self._typing_timer.start)
        self._form.correction_accepted.connect(self.sign)
        self._form.submitted.connect(self._on_copy_clicked)
        self._form.config_options_changed.connect(self._show_signature)
        self._form.card_button.clicked.connect(self._on_card_clicked)
        self._form.forget_urls_button.clicked.connect(self._on_forget_urls_clicked)
        self._result_view.copy_button.clicked.connect(self._on_copy_clicked)
        self._result_view.copy_signature_button.clicked.connect(self._on_copy_signature_clicked)
        self._result_view.copy_string_button.clicked.connect(self._on_copy_string_clicked)
        self._result_view.test_page_button.clicked.connect(self._on_test_page_clicked)
        sign_again = QAction(self, shortcut=QKeySequence(Qt.Key.Key_F5))
        sign_again.triggered.connect(self._sign_with_new_nonce)
        self.addAction(sign_again)

    def retranslate(self) -> None:
        self._form.retranslate()
        self._result_view.retranslate()
        self.sign()

    def set_url(self, text: str) -> None:
        """Fill in this URL, if it is one (possibly percent-encoded as a whole)."""
        if url_problem(text) in (None, InputProblem.URL_ENCODED):
            self._form.set_url(text.strip())

    def focus(self) -> None:
        super().focus()
        self._form.url_field.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sign_with_new_nonce()

    def hideEvent(self, event: QHideEvent) -> None:
        self._result_view.hide_ticket()
        super().hideEvent(event)

    # -- account ----------------------------------------------------------------------------------

    @property
    def account(self) -> Account | None:
        return self._form.account_combo.account

    def select_account(self, appid: str) -> None:
        self._form.account_combo.select_account(appid)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        previous = self.account
        self._form.account_combo.update_accounts(overview)
        if self.account != previous:
            self._load_recent_urls()
            self.sign()
        elif self.isVisible():
            if self._has_ticket_changed(overview):
                self.sign()
            else:
                self._show_ticket_status()

    def _has_ticket_changed(self, overview: Overview) -> bool:
        account = self.account
        status = overview.account(account.appid) if account is not None else None
        key = status.key(TokenKind.JSAPI_TICKET) if status is not None else None
        record = key.usable_record(self._formatter.clock()) if key is not None else None
        if self._signed_page is None:
            return self._is_ticket_missing and record is not None
        return record is None or record.value != self._signed_page.ticket.value

    @Slot()
    def _on_account_changed(self) -> None:
        self._load_recent_urls()
        self._sign_with_new_nonce()

    def _load_recent_urls(self) -> None:
        account = self.account
        urls = self._signing_controller.recent_urls(account.appid) if account is not None else ()
        self._form.set_recent_urls(urls)
        self._form.update_card_button()

    # -- signing ----------------------------------------------------------------------------------

    @Slot()
    def _sign_with_new_nonce(self) -> None:
        """Sign with a new nonce; request a missing ticket again."""
        self._nonce_url, self._ticket_requested_for, self._refresh_result = "", "", None
        self.sign()

    @Slot()
    def sign(self) -> None:
        self._typing_timer.stop()
        account, url = self.account, self._form.url_field.text()
        self._signed_page, self._error_text, self._is_ticket_missing = None, "", False
        warnings: dict[SignField, tuple[tuple[str, str | None], ...]] = {}
        refused_field: SignField | None = None
        if account is not None and (url or TokenKind.JSAPI_TICKET not in account.token_kinds):
            nonce, timestamp = self._form.nonce_field.text(), self._form.timestamp_field.text()
            request = SignRequest(url, nonce or self._nonce_for_url(url), timestamp or None)
            result = self._signing_controller.sign(account, request)
            if isinstance(result, SignedPage):
                self._signed_page = result
                warnings[SignField.URL] = tuple(
                    (url_warning_message(warning, self._formatter.messages).summary, warning.corrected)
                    for warning in result.warnings
                )
                if result.timestamp_warning is not None:
                    text = self._formatter.messages.for_bad_input(result.timestamp_warning).text
                    warnings[SignField.TIMESTAMP] = ((text, None),)
            else:
                text = not_signed_message(result, account, self._formatter.messages).text
                if isinstance(result, InvalidField):
                    refused_field = result.field
                    warnings[result.field] = ((text, result.corrected),)
                else:
                    self._error_text = text
                if isinstance(result, NoLiveTicket):
                    self._request_ticket(account)
        for field, warning_list in self._form.warning_lists.items():
            warning_list.show_warnings(warnings.get(field, ()), refused=field is refused_field)
        self._show_signature()
        self._show_ticket_status()

    def _nonce_for_url(self, url: str) -> str:
        if not self._nonce_url or url != self._nonce_url:
            self._generated_nonce, self._nonce_url = token_hex(8), url
        return self._generated_nonce

    def _request_ticket(self, account: Account) -> None:
        """Request a ticket once per account and not with every character.

        Each request may use up one of the day's calls to WeChat.
        """
        self._is_ticket_missing = True
        if self._ticket_requested_for != account.appid and self.isVisible():
            self._ticket_requested_for, self._refresh_result = account.appid, None
            self._signing_controller.ensure_fresh_ticket(account.appid)
        if self._refresh_result is not None:
            self._error_text = self._formatter.messages.for_refresh_result(self._refresh_result).text

    @Slot()
    def _show_signature(self) -> None:
        page = self._signed_page
        self._wx_config = None
        if page is not None:
            checked = self._form.api_list.checked_names()
            self._wx_config = WxConfig(
                page.appid,
                page.signature_input.timestamp,
                page.signature_input.nonce,
                page.signature_input.signature,
                tuple(name for name in checked if name not in OPEN_TAGS),
                tuple(name for name in checked if name in OPEN_TAGS),
                self._form.debug_check_box.isChecked(),
            )
        self._result_view.show_signature(page.signature_input if page is not None else None, self._wx_config)

    def _show_ticket_status(self) -> None:
        """Show the age of the ticket, or why nothing is signed.

        A replaced ticket is the most common cause of `invalid signature`, so its age is always visible.
        """
        if self._signed_page is None:
            # An invalid URL is explained below its field, not here.
            hint = "" if self._form.url_field.text() else self.tr("Type the address of a page.")
            self._result_view.show_ticket_status(self._error_text or hint, dimmed=False)
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

    # -- copying and other uses -------------------------------------------------------------------

    def _use_signed_page(self) -> SignedPage | None:
        """Return the signed page for the current values, signed now if they have just been typed; remember its URL."""
        if self._typing_timer.isActive():
            self.sign()
        account, page = self.account, self._signed_page
        if account is not None and page is not None:
            url = page.signature_input.url
            self._signing_controller.remember_url(account.appid, url)
            self._form.set_recent_urls(add_recent_url(self._form.recent_urls, url))
        return page

    @Slot()
    def _on_copy_clicked(self) -> None:
        """Copy the text of the current tab. Enter in the URL field does the same."""
        if self._use_signed_page() is not None:
            self.copy_requested.emit(self._result_view.current_tab_text, self._result_view.current_tab_name)

    @Slot()
    def _on_copy_signature_clicked(self) -> None:
        page = self._use_signed_page()
        if page is not None:
            self.copy_requested.emit(page.signature_input.signature, self.tr("the signature"))

    @Slot()
    def _on_copy_string_clicked(self) -> None:
        page = self._use_signed_page()
        if page is not None:
            self.secret_copy_requested.emit(page.signature_input.signed_string)

    @Slot()
    def _on_test_page_clicked(self) -> None:
        page, account = self._use_signed_page(), self.account
        if page is not None and self._wx_config is not None and account is not None:
            self.test_page_requested.emit(account, page.signature_input.url, self._wx_config)

    @Slot()
    def _on_card_clicked(self) -> None:
        account = self.account
        if account is not None:
            self.card_requested.emit(account)

    @Slot()
    def _on_forget_urls_clicked(self) -> None:
        account = self.account
        if account is not None:
            handle = self._signing_controller.forget_urls(account.appid)
            handle.notify(self._on_forget_urls_ended, self._on_forget_urls_ended)
            self._form.set_recent_urls(())

    @Slot(object, object)
    def _on_forget_urls_ended(self, _result: object, job: RememberUrl) -> None:
        if self.account is not None and self.account.appid == job.appid:
            self._load_recent_urls()  # URLs that could not be deleted are still stored
