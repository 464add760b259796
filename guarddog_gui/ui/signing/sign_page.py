"""Page that signs a URL: the card with the form, and the card with the result below it."""

from secrets import token_hex

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.js_apis import OPEN_TAGS
from guarddog_gui.domain.signing.page_url import add_recent_url, strip_oauth_parameters, url_problem
from guarddog_gui.domain.signing.url_warnings import UrlWarning, UrlWarningKind
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind, mask
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import RememberUrl
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.messages.signing.signatures import not_signed_message, url_warning_message
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, NotSigned, SignedPage, SignField, SignRequest
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.signing.page_notes import Note
from guarddog_gui.ui.signing.sign_form import SignForm
from guarddog_gui.ui.signing.sign_result import SAMPLE_TABS, ResultTab, SignResultView
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.page import CARD_GAP, MARGIN, Page, PageScrollArea
from guarddog_gui.ui.widgets.page_head import PageHead
from guarddog_gui.ui.widgets.strip import Severity

TYPING_DEBOUNCE_MS = 150

_HARMLESS = (UrlWarningKind.FRAGMENT, UrlWarningKind.SURROUNDING_WHITESPACE)  # nothing has to be done about them
_NEEDS_RUNTIME_URL = (UrlWarningKind.SHARE_PARAMETER, UrlWarningKind.OAUTH_PARAMETER)


class SignPage(Page):
    """Page that signs the entered URL whenever the user stops typing.

    Refused input (for example a URL that is not absolute) clears the previous signature.
    """

    copy_requested = Signal(str, str)  # text and its name; not secret: a page sends its wx.config to visitors
    secret_copy_requested = Signal(str)  # the signed string, which contains the ticket
    test_page_requested = Signal(object, str, object)  # Account, the page's URL, WxConfig
    card_requested = Signal(object)  # Account
    page_check_requested = Signal(object, str)  # Account or None, the page's URL
    oauth_requested = Signal(object, str)  # Account, URL of the page

    def __init__(
        self,
        controller: Controller,
        signing_controller: SigningController,
        formatter: Formatter,
        current_account: CurrentAccount | None = None,
    ) -> None:
        super().__init__()
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._current_account = current_account or CurrentAccount(parent=self)
        self._signed_page: SignedPage | None = None
        self._wx_config: WxConfig | None = None
        self._generated_nonce, self._nonce_url = "", ""  # and the URL that it was generated for
        self._error_text = ""  # why nothing can be signed for this account
        self._is_ticket_missing = False
        self._ticket_requested_for = ""  # appid whose ticket was requested
        self._refresh_result: RefreshResult | None = None  # result of that request
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._oauth_button = make_button(self._on_oauth_clicked)
        self._head = PageHead()
        self._form = SignForm(controller, self._current_account, formatter)
        self._result_view = SignResultView(formatter)
        self._appid = ""  # of the account that the page shows
        content = QWidget()
        head = make_row((self._head, 1), self._oauth_button)
        column = make_column(head, self._form, self._result_view, STRETCH, spacing=CARD_GAP, margin=MARGIN)
        content.setLayout(column)
        self.setLayout(make_column(PageScrollArea(content)))
        self._connect()
        controller.overview_changed.connect(self._on_overview_changed)
        signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)
        self.set_focus_widgets(self._form.url_field, None)
        self.retranslate()
        self._on_account_changed()

    def _connect(self) -> None:
        self._typing_timer.timeout.connect(self.sign)
        self._form.account_chooser.account_changed.connect(self._on_account_changed)
        self._form.edited.connect(self._typing_timer.start)
        self._form.corrected.connect(self.sign)
        self._form.sample_requested.connect(self._on_sample_requested)
        self._form.submitted.connect(self._on_copy_clicked)
        self._form.config_options_changed.connect(self._show_signature)
        self._form.forget_urls_button.clicked.connect(self._on_forget_urls_clicked)
        self._result_view.copy_button.clicked.connect(self._on_copy_clicked)
        self._result_view.copy_signature_button.clicked.connect(self._on_copy_signature_clicked)
        self._result_view.copy_string_button.clicked.connect(self._on_copy_string_clicked)
        self._result_view.test_page_button.clicked.connect(self._on_test_page_clicked)
        self._result_view.phone_button.clicked.connect(self._on_phone_clicked)
        self._result_view.card_button.clicked.connect(self._on_card_clicked)
        self._result_view.check_page_button.clicked.connect(self._on_check_page_clicked)
        sign_again = QAction(self, shortcut=QKeySequence(Qt.Key.Key_F5))
        sign_again.triggered.connect(self._sign_with_new_nonce)
        self.addAction(sign_again)

    def retranslate(self) -> None:
        self._oauth_button.setText(self.tr("Web authorisation…"))
        self._head.set_texts(self.tr("Sign a page"), self.tr("Signed as you type; what follows # is not signed."))
        self._form.retranslate()
        self._result_view.retranslate()
        self.sign()

    def set_url(self, text: str) -> None:
        """Fill in and sign this URL, if it is one (possibly percent-encoded as a whole)."""
        if url_problem(text) in (None, InputProblem.URL_ENCODED):
            self._form.set_url(text.strip())
            self.sign()

    def focus(self) -> None:
        super().focus()
        self._form.url_field.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._form.take_url_from_clipboard()
        self._sign_with_new_nonce()

    def hideEvent(self, event: QHideEvent) -> None:
        self._result_view.hide_ticket()
        super().hideEvent(event)

    # -- account ----------------------------------------------------------------------------------

    @property
    def account(self) -> Account | None:
        return self._form.account_chooser.account

    def select_account(self, appid: str) -> None:
        self._current_account.choose(appid)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if self.isVisible():
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
        account = self.account
        self._result_view.card_button.setVisible(account is not None and account.card_ticket)
        self._oauth_button.setVisible(account is not None and account.platform is not Platform.MINI_PROGRAM)
        self._load_recent_urls()
        appid = account.appid if account is not None else ""
        if appid != self._appid:
            self._appid = appid
            self._sign_with_new_nonce()
        else:
            self.sign()  # other settings, such as the JS-safe domains

    def _load_recent_urls(self) -> None:
        account = self.account
        urls = self._signing_controller.recent_urls(account.appid) if account is not None else ()
        self._form.set_recent_urls(urls)

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
        notes: dict[SignField, tuple[Note, ...]] = {}
        if account is not None and (url or TokenKind.JSAPI_TICKET not in account.token_kinds):
            nonce, timestamp = self._form.nonce_field.text(), self._form.timestamp_field.text()
            request = SignRequest(url, nonce or self._nonce_for_url(url), timestamp or None)
            result = self._signing_controller.sign(account, request)
            if isinstance(result, SignedPage):
                self._signed_page = result
                notes = self._notes_of_page(result)
            else:
                notes = self._refuse(account, result)
        self._form.show_notes(notes)
        self._show_signature()
        self._show_ticket_status()

    def _notes_of_page(self, page: SignedPage) -> dict[SignField, tuple[Note, ...]]:
        notes = {SignField.URL: tuple(map(self._note_of_warning, page.warnings))}
        if page.timestamp_warning is not None:
            text = self._formatter.messages.for_bad_input(page.timestamp_warning).text
            notes[SignField.TIMESTAMP] = (Note(Severity.WARN, text),)
        return notes

    def _note_of_warning(self, warning: UrlWarning) -> Note:
        severity = Severity.INFO if warning.kind in _HARMLESS else Severity.WARN
        text = url_warning_message(warning, self._formatter.messages).summary
        return Note(severity, text, warning.corrected, has_sample=warning.kind in _NEEDS_RUNTIME_URL)

    def _refuse(self, account: Account, reason: NotSigned) -> dict[SignField, tuple[Note, ...]]:
        """Return the note at the field of an invalid value; keep any other reason as the error of the account."""
        message = not_signed_message(reason, account, self._formatter.messages)
        if isinstance(reason, InvalidField):
            text = message.text if reason.corrected is None else message.summary
            return {reason.field: (Note(Severity.BAD, text, reason.corrected),)}
        self._error_text = message.text
        if isinstance(reason, NoLiveTicket):
            self._request_ticket(account)
        return {}

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
            messages, result = self._formatter.messages, self._refresh_result
            self._error_text = messages.for_refresh_result(result, platform=account.platform).text

    @Slot()
    def _show_signature(self) -> None:
        page = self._signed_page
        self._wx_config = None
        if page is not None:
            checked = self._form.checked_names()
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
        """Show which ticket was used, or why nothing is signed.

        A replaced ticket is the most common cause of `invalid signature`, so it is always named, with its age.
        """
        self._result_view.show_problem(self._error_text if self._signed_page is None else "")
        if self._signed_page is None:
            # An invalid URL is explained below its field, not here.
            has_hint = not self._form.url_field.text() and not self._error_text
            self._result_view.show_ticket(self.tr("Enter the URL of a page.") if has_hint else "")
            return
        ticket = self._signed_page.ticket
        text = self.tr("Signed with ticket {value}, valid until {time}").format(
            value=mask(ticket.value), time=self._formatter.format_time(ticket.expires_at)
        )
        minutes = max(0, round((self._formatter.clock() - ticket.generated_at) / 60))
        self._result_view.show_ticket(text, self.tr("{minutes} min old").format(minutes=minutes))

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
        """Copy the code of the current tab. Enter in the URL field does the same."""
        page = self._use_signed_page()
        if page is not None:
            tab = self._result_view.current_tab
            self.copy_requested.emit(self._result_view.current_text, self._copy_name(tab.value, page, tab))

    def _copy_name(self, name: str, page: SignedPage, tab: ResultTab = ResultTab.CONFIG) -> str:
        """Return the name of what is copied, of which account it is, and until when WeChat accepts it."""
        parts = [name, *([self.account.name] if self.account is not None else [])]
        if tab not in SAMPLE_TABS:
            until = self._formatter.format_time(page.ticket.expires_at)
            parts.append(self.tr("valid until {time}").format(time=until))
        return " · ".join(parts)

    @Slot()
    def _on_copy_signature_clicked(self) -> None:
        page = self._use_signed_page()
        if page is not None:
            name = self._copy_name(self.tr("the signature"), page)
            self.copy_requested.emit(page.signature_input.signature, name)

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
    def _on_phone_clicked(self) -> None:
        if self._use_signed_page() is not None:
            self._result_view.show_qr_code()

    @Slot()
    def _on_sample_requested(self) -> None:
        self._result_view.show_tab(ResultTab.NODE)

    @Slot()
    def _on_card_clicked(self) -> None:
        account = self.account
        if account is not None:
            self.card_requested.emit(account)

    @Slot()
    def _on_check_page_clicked(self) -> None:
        url = self._form.url_field.text()
        # without the code of a login, which a request would use up
        checked = strip_oauth_parameters(url) if url_problem(url) is None else ""
        self.page_check_requested.emit(self.account, checked)

    @Slot()
    def _on_oauth_clicked(self) -> None:
        account = self.account
        if account is not None:
            self.oauth_requested.emit(account, self._form.url_field.text())

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
