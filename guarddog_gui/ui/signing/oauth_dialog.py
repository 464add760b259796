"""Dialog for the web authorisation of a test page: the link to open in WeChat, and the exchange of its code."""

from secrets import token_hex
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import strip_oauth_parameters
from guarddog_gui.domain.signing.web_authorisation import (
    AuthorisationLink,
    Scope,
    WebAuthorisation,
    authorisation_base,
    make_link,
    read_code,
)
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, JobFailure, JobHandle
from guarddog_gui.services.messages.wechat.web_authorisation import (
    failed_exchange_message,
    link_warnings,
    user_lines,
    usual_mistakes,
)
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.widgets.layouts import FormGrid, make_column, make_row, set_label
from guarddog_gui.ui.widgets.text.code_view import CodeFrame, CodeView
from guarddog_gui.ui.widgets.text.plain_text import button_box_without_icons, make_plain_label, make_selectable_label

if TYPE_CHECKING:
    from guarddog_gui.runtime.jobs import CodeAnswer


class OAuthDialog(AutoHeightDialog):
    """Dialog that builds the link while the user types, and exchanges a pasted code; nothing of it is kept."""

    copy_requested = Signal(str, str)  # text to copy and its name

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        account: Account,
        url: str = "",
        *,
        api_base: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account = account
        self._base = authorisation_base(api_base)
        self._job: JobHandle[CodeAnswer] | None = None  # an annotation of an attribute is not evaluated
        self._url_field, self._state_field = QLineEdit(strip_oauth_parameters(url)), QLineEdit(token_hex(8))
        self._scope_combo = QComboBox()
        for scope in Scope:
            self._scope_combo.addItem(scope.value, scope)
        self._labels = [QLabel() for _ in range(4)]
        self._warnings_label = make_plain_label("oauth-warnings")
        self._link_view = CodeView()
        self._link_view.setLineWrapMode(CodeView.LineWrapMode.WidgetWidth)
        self._link_view.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        # no button is the default one: Enter in the field of the code exchanges it
        self._copy_button = QPushButton(autoDefault=False)
        set_kind(self._copy_button, ButtonKind.PRIMARY)
        self._mistakes_label = make_plain_label("oauth-mistakes")
        self._code_field = QLineEdit()
        self._exchange_button = QPushButton(autoDefault=False)
        self._answer_label = make_selectable_label("oauth-answer")
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        self._button_box.addButton(self._copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self._lay_out()
        self._connect()
        self.setMinimumSize(560, 420)
        self.retranslate()

    def _lay_out(self) -> None:
        url_label, scope_label, state_label, code_label = self._labels
        rows = FormGrid()
        rows.add_row(url_label, self._url_field)
        rows.add_row(scope_label, self._scope_combo)
        rows.add_row(state_label, self._state_field)
        code_row = make_row(code_label, (self._code_field, 1), self._exchange_button)
        link = CodeFrame(self._link_view)
        parts = (rows, self._warnings_label, (link, 1), self._mistakes_label, code_row, self._answer_label)
        self.setLayout(make_column(*parts, self._button_box, margin=16))
        self._answer_label.hide()

    def _connect(self) -> None:
        self._url_field.textChanged.connect(self._show_link)
        self._state_field.textChanged.connect(self._show_link)
        self._scope_combo.currentIndexChanged.connect(self._show_link)
        self._code_field.textChanged.connect(self._on_code_edited)
        self._code_field.returnPressed.connect(self._on_exchange_clicked)
        self._exchange_button.clicked.connect(self._on_exchange_clicked)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._button_box.rejected.connect(self.reject)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Web authorisation of {name}").format(name=self._account.name))
        texts = (self.tr("Page (redirect_uri)"), "scope", "state", self.tr("Code"))  # the parameters' names
        fields = (self._url_field, self._scope_combo, self._state_field, self._code_field)
        for label, text, field in zip(self._labels, texts, fields, strict=True):
            set_label(label, text, field)
        self._url_field.setPlaceholderText(self.tr("https://… the page that gets the code"))
        self._code_field.setPlaceholderText(self.tr("code, or the address that WeChat opened"))
        self._link_view.setAccessibleName(self.tr("The link"))
        self._copy_button.setText(self.tr("Copy the link"))
        self._exchange_button.setText(self.tr("Exchange the code"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._show_link()
        self._on_code_edited()

    # -- link --------------------------------------------------------------------------------------

    @Slot()
    def _show_link(self) -> None:
        messages, redirect_uri = self._formatter.messages, self._url_field.text()
        scope = Scope(self._scope_combo.currentData())  # Qt keeps a plain text
        link = make_link(self._account, redirect_uri, scope, self._state_field.text().strip(), self._base)
        is_link = isinstance(link, AuthorisationLink)
        self._copy_button.setEnabled(is_link)
        self._mistakes_label.setVisible(is_link)
        if isinstance(link, AuthorisationLink):
            self._link_view.setPlainText(link.url)
            warnings = "\n".join(link_warnings(link, messages))
            mistakes = "\n".join(f"· {line}" for line in usual_mistakes(link, messages))
            self._mistakes_label.setText(f"{self.tr('If it does not work:')}\n{mistakes}")
        else:
            self._link_view.clear()
            is_empty = link is InputProblem.EMPTY_URL
            warnings = "" if is_empty else messages.for_bad_input(link).text
        self._warnings_label.setText(warnings)
        self._warnings_label.setVisible(bool(warnings))

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(self._link_view.toPlainText(), self.tr("link"))

    # -- code --------------------------------------------------------------------------------------

    @Slot()
    def _on_code_edited(self) -> None:
        self._exchange_button.setEnabled(self._job is None and bool(self._code_field.text().strip()))

    @Slot()
    def _on_exchange_clicked(self) -> None:
        if self._job is not None or not self._code_field.text().strip():
            return
        code = read_code(self._code_field.text())
        if isinstance(code, InputProblem):
            self._show_answer(self._formatter.messages.for_bad_input(code).text)
            return
        self._job = self._controller.account_jobs.exchange_code(self._account, code)
        self._job.notify(self._on_exchanged, self._on_exchanged)
        self._show_answer(self.tr("Asking WeChat…"))
        self._on_code_edited()

    @Slot(object)
    def _on_exchanged(self, answer: "CodeAnswer | JobFailure") -> None:
        self._job = None
        messages = self._formatter.messages
        if isinstance(answer, JobFailed | JobCrashed):
            self._show_answer(self._formatter.job_failure_message(answer).text)
        elif isinstance(answer, WebAuthorisation):
            self._code_field.clear()  # it is used up
            self._show_answer("\n".join(user_lines(answer, messages)))
        else:
            self._show_answer(failed_exchange_message(answer, messages).text)
        self._on_code_edited()

    def _show_answer(self, text: str) -> None:
        self._answer_label.setText(text)
        self._answer_label.setVisible(bool(text))
