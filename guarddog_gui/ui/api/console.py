"""API console: the list of calls at the left, the request and its answer at the right."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.api.catalogue import CatalogueCall
from guarddog_gui.domain.api.copy_as import CopiedCall, CopyForm, render_call
from guarddog_gui.domain.api.request import ApiRequest, RefusedInput
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobFailure
from guarddog_gui.runtime.window.api_jobs import ApiJobs, CallApi, ConsoleData, SaveAnswer
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.wechat.api_calls import effect_message, for_refused_input, platform_warning
from guarddog_gui.ui.api.answer_view import AnswerView
from guarddog_gui.ui.api.call_list import CallList
from guarddog_gui.ui.api.request_form import RequestForm
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import CARD_GAP, PageScrollArea
from guarddog_gui.ui.widgets.strip import Severity


class ApiConsoleView(QWidget):
    """Content of the API page; every call runs in a worker thread, one at a time."""

    copy_requested = Signal(str, str)  # text that is no secret, and its name
    secret_copy_requested = Signal(str, str)  # a call with the token in it, and its name
    status_reported = Signal(str)

    def __init__(self, controller: Controller, formatter: Formatter, current_account: CurrentAccount) -> None:
        super().__init__()
        self._controller = controller
        self._formatter = formatter
        self._jobs: ApiJobs = controller.account_jobs.api
        self._data: ConsoleData | None = None
        self.call_list = CallList(formatter)
        self.form = RequestForm(controller, current_account, formatter)
        self.answer_view = AnswerView(formatter)
        right = QWidget()
        right.setLayout(make_column(self.form, (self.answer_view, 1), spacing=CARD_GAP))
        self.setLayout(make_row(self.call_list, (PageScrollArea(right), 1), spacing=CARD_GAP))
        self._connect()
        self.load()

    def _connect(self) -> None:
        form = self.form
        form.account_chooser.account_changed.connect(self.load)
        form.submitted.connect(self.send)
        form.edited.connect(self._on_edited)
        form.favourite_toggled.connect(self._on_favourite_toggled)
        form.copy_requested.connect(self._on_copy_as_requested)
        self.call_list.call_chosen.connect(self.choose_call)
        self.call_list.forget_requested.connect(self._on_forget_requested)
        self.answer_view.copy_requested.connect(self.copy_requested)
        self.answer_view.save_requested.connect(self._on_save_requested)
        self._jobs.values_changed.connect(self._controller.tick)

    def retranslate(self) -> None:
        self.call_list.retranslate()
        self.form.retranslate()
        self.answer_view.retranslate()
        self._on_edited()

    @property
    def account(self) -> Account | None:
        return self.form.account_chooser.account

    @Slot()
    def load(self) -> None:
        """Read the calls of the account again."""
        account = self.account
        self.form.setEnabled(account is not None)
        if account is None:
            self.call_list.show_calls(None, None)
            self.form.show_notice(
                lambda: Message(self.tr("Add an account first: a call needs its token.")), Severity.INFO
            )
            return
        self._jobs.load(account.appid).notify(self._on_loaded, self._on_job_failed)

    @Slot(object)
    def _on_loaded(self, data: ConsoleData) -> None:
        account = self.account
        if account is not None and account.appid == data.appid:
            self._data = data
            self.call_list.show_calls(data, account.platform)
            self._on_edited()

    # -- the request -------------------------------------------------------------------------------

    @Slot(str, str)
    def choose_call(self, method: str, path: str) -> None:
        account = self.account
        call = self._data.catalogue.find(method, path) if self._data is not None else None
        self.form.show_call(method, path, call, account.appid if account is not None else "")

    def _known_call(self) -> CatalogueCall | None:
        if self._data is None:
            return None
        return self._data.catalogue.find(self.form.method, self.form.known_path(self._data.api_base))

    @Slot()
    def _on_edited(self) -> None:
        account, data = self.account, self._data
        if data is None or account is None:
            return
        favourite = (self.form.method, self.form.known_path(data.api_base))
        call = self._known_call()
        self.form.show_known_call(call, is_favourite=favourite in data.favourites)
        messages = self._formatter.messages
        self.form.show_notice(lambda: Message(platform_warning(account, call, messages)), Severity.WARN)

    def _make_request(self) -> ApiRequest | None:
        """Return the request that is entered; None after its mistake was shown."""
        if self._data is None:
            return None
        request = self.form.make_request(self._data.api_base)
        if isinstance(request, RefusedInput):
            refused, messages = request, self._formatter.messages
            self.form.show_notice(lambda: for_refused_input(refused, messages), Severity.BAD)
            return None
        return request

    @Slot()
    def send(self) -> None:
        """Send the request, on a production account after a question if it changes or sends something."""
        account, request, data = self.account, self._make_request(), self._data
        if account is None or request is None or data is None or not self.form.send_button.isEnabled():
            return
        is_changing = data.catalogue.is_changing(request.method, request.path)
        if account.environment is Environment.PRODUCTION and is_changing and not self._confirm(account, request):
            return
        self.form.set_sending(is_sending=True)
        self._jobs.call(account, request).notify(self._on_answered, self._on_call_failed)

    def _confirm(self, account: Account, request: ApiRequest) -> bool:
        messages, title = self._formatter.messages, f"{request.method} {request.path}"
        question = effect_message(account, title, self._known_call(), messages)
        accept, cancel = self.tr("Send"), self.tr("Cancel")
        return ConfirmDialog(self, question, cancel, accept, is_destructive=True, typed_name=account.name).ask()

    @Slot(object, object)
    def _on_answered(self, outcome: ApiOutcome, job: CallApi) -> None:
        self.form.set_sending(is_sending=False)
        self.answer_view.show_outcome(outcome, job.account)
        self.load()

    @Slot(object)
    def _on_call_failed(self, failure: JobFailure) -> None:
        self.form.set_sending(is_sending=False)
        self.answer_view.refusal_view.show_message(self._formatter.job_failure_message(failure))

    # -- everything else ---------------------------------------------------------------------------

    @Slot(bool)
    def _on_favourite_toggled(self, is_kept: bool) -> None:  # noqa: FBT001 - the signal's own argument
        path = self.form.known_path(self._data.api_base) if self._data is not None else ""
        if path:
            handle = self._jobs.set_favourite((self.form.method, path), is_kept=is_kept)
            handle.notify(self._on_stored, self._on_job_failed)
        else:
            self._on_edited()

    @Slot()
    def _on_forget_requested(self) -> None:
        account = self.account
        if account is not None:
            self._jobs.forget_calls(account.appid).notify(self._on_stored, self._on_job_failed)

    @Slot(object)
    def _on_stored(self, _result: object) -> None:
        self.load()

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        self.status_reported.emit(self._formatter.job_failure_message(failure).text)

    @Slot(str, bool)
    def _on_copy_as_requested(self, form_name: str, has_token: bool) -> None:  # noqa: FBT001 - the signal's own argument
        account, request, data = self.account, self._make_request(), self._data
        if account is None or request is None or data is None:
            return
        form, call = CopyForm(form_name), self._known_call()
        token = self._live_token(account) if has_token else None
        if has_token and token is None:
            text = self._formatter.messages.text("There is no live access_token to copy. Refresh it first.")
            self.status_reported.emit(text)
            return
        title = request.path if call is None else call.title(self._formatter.messages.message_catalog.language)
        copied = CopiedCall(request, data.api_base, title, token, call is not None and call.is_binary)
        signal = self.copy_requested if token is None else self.secret_copy_requested
        signal.emit(render_call(form, copied), f"{form.label} · {request.path}")

    def _live_token(self, account: Account) -> str | None:
        status = self._controller.overview().account(account.appid)
        key = status.key(TokenKind.ACCESS_TOKEN) if status is not None else None
        record = key.usable_record(self._formatter.clock()) if key is not None else None
        return None if record is None else record.value

    @Slot(str, bytes)
    def _on_save_requested(self, path: str, data: bytes) -> None:
        self._jobs.save_answer(path, data).notify(self._on_saved, self._on_job_failed)

    @Slot(object, object)
    def _on_saved(self, _path: str, job: SaveAnswer) -> None:
        self.status_reported.emit(self.tr("Saved in {path}").format(path=job.path))
