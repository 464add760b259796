"""Card with the request: account, method and path, query, body, and a file to upload."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from guarddog_gui.domain.api.catalogue import CatalogueCall
from guarddog_gui.domain.api.request import (
    ApiRequest,
    Method,
    RefusedInput,
    Upload,
    check_request,
    parse_query_lines,
    split_path,
)
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.api.copy_menu import CopyCallMenu
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_chooser import AccountChooser
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import code_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.browser import open_in_desktop
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import STRETCH, FlowLayout, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.code_view import CodeFrame
from guarddog_gui.ui.widgets.text.message_view import MessageView

EDITOR_LINES = 5
_FRAME_HEIGHT = 28  # pixels of the frame around an editor
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormTab(IntEnum):
    """What the editor below the path shows."""

    QUERY = 0
    BODY = 1
    FILE = 2


class RequestForm(ThemedMixin, Card):
    """Card that makes a request of what the user enters. Ctrl+Enter in an editor sends it."""

    submitted = Signal()
    edited = Signal()
    favourite_toggled = Signal(bool)
    copy_requested = Signal(str, bool)  # CopyForm, and whether the token itself is wanted

    def __init__(self, controller: Controller, current_account: CurrentAccount, formatter: Formatter) -> None:
        super().__init__()
        self._icons = formatter.icons
        self._call: CatalogueCall | None = None
        self.account_chooser = AccountChooser(controller, current_account, formatter)
        self._favourite_button = QPushButton(autoDefault=False)
        self._favourite_button.setCheckable(True)
        self._page_button = QPushButton(autoDefault=False)
        self._copy_button = QPushButton(autoDefault=False)
        self._copy_menu = CopyCallMenu(self._copy_button)
        self._copy_button.setMenu(self._copy_menu)
        self._method_combo = QComboBox()
        self._method_combo.addItems([method.value for method in Method])
        self.path_field = QLineEdit()
        self.path_field.setMinimumWidth(80)
        self.send_button = QPushButton(autoDefault=False)
        set_kind(self.send_button, ButtonKind.PRIMARY)
        self._tab_bar = QTabBar(drawBase=False, expanding=False)
        for _ in FormTab:
            self._tab_bar.addTab("")
        self._query_edit, self._body_edit = _make_editor(), _make_editor()
        self._file_field = QLineEdit()
        self._choose_button = QPushButton(autoDefault=False)
        self._stack = QStackedWidget()
        self._notice_view = MessageView(formatter.icons, "request-notice")
        self._lay_out()
        self._connect()
        self.apply_palette()
        self.retranslate()

    def _lay_out(self) -> None:
        file_panel = QWidget()
        file_row = make_row((self._file_field, 1), self._choose_button)
        file_panel.setLayout(make_column(file_row, STRETCH))
        for widget in (
            CodeFrame(self._query_edit, is_field=True),
            CodeFrame(self._body_edit, is_field=True),
            file_panel,
        ):
            self._stack.addWidget(widget)
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stack.setFixedHeight(EDITOR_LINES * self._body_edit.fontMetrics().lineSpacing() + _FRAME_HEIGHT)
        head = FlowLayout()
        self.account_chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (self.account_chooser, self._favourite_button, self._page_button, self._copy_button):
            head.addWidget(widget)
        address = make_row(self._method_combo, (self.path_field, 1), self.send_button)
        column = make_column(head, address, self._tab_bar, self._stack, self._notice_view, spacing=10, margin=16)
        self.setLayout(column)

    def _connect(self) -> None:
        self.path_field.textChanged.connect(self._on_path_changed)
        self.path_field.returnPressed.connect(self.submitted)
        self.send_button.clicked.connect(self.submitted)
        self._method_combo.currentIndexChanged.connect(self.edited)
        self._tab_bar.currentChanged.connect(self._stack.setCurrentIndex)
        self._query_edit.textChanged.connect(self.edited)
        self._body_edit.textChanged.connect(self.edited)
        self._file_field.textChanged.connect(self.edited)
        self._choose_button.clicked.connect(self._on_choose_clicked)
        self._page_button.clicked.connect(self._on_page_clicked)
        self._favourite_button.clicked.connect(self.favourite_toggled)
        self._copy_menu.copy_requested.connect(self.copy_requested)
        for edit in (self._query_edit, self._body_edit):
            edit.installEventFilter(self)

    def retranslate(self) -> None:
        self.account_chooser.setAccessibleName(self.tr("Account"))
        self.account_chooser.retranslate()
        self._method_combo.setAccessibleName(self.tr("Method"))
        self.path_field.setAccessibleName(self.tr("Path"))
        self.path_field.setPlaceholderText(self.tr("cgi-bin/menu/get, or an address from WeChat's page"))
        self.send_button.setText(self.tr("Send"))
        self.send_button.setToolTip("Ctrl+Enter")
        self._favourite_button.setText(self.tr("Favourite"))
        self._page_button.setText(self.tr("Docs"))
        self._page_button.setToolTip(self.tr("WeChat's page about this call"))
        self._copy_button.setText(self.tr("Copy as"))
        self._copy_menu.retranslate()
        for tab, text in zip(FormTab, (self.tr("Query"), self.tr("Body"), self.tr("File")), strict=True):
            self._tab_bar.setTabText(tab, text)
        self._tab_bar.setAccessibleName(self.tr("Parts of the request"))
        self._query_edit.setAccessibleName(self.tr("Query"))
        self._query_edit.setPlaceholderText(self.tr("name=value, one a line; the access_token is added"))
        self._body_edit.setAccessibleName(self.tr("Body"))
        self._body_edit.setPlaceholderText(self.tr("JSON of a POST"))
        self._file_field.setAccessibleName(self.tr("File"))
        self._file_field.setPlaceholderText(self.tr("File to upload in the form field “media”"))
        self._choose_button.setText(self.tr("Choose…"))

    # -- the request -------------------------------------------------------------------------------

    @property
    def method(self) -> str:
        return self._method_combo.currentText()

    def show_call(self, method: str, path: str, call: CatalogueCall | None, appid: str) -> None:
        """Fill in a call of the catalogue with its examples, or one that is not there with its path only."""
        with QSignalBlocker(self.path_field):
            self.path_field.setText(path)
            self.path_field.setCursorPosition(0)
        self._method_combo.setCurrentText(method)
        self._query_edit.setPlainText("" if call is None else "\n".join(f"{n}={v}" for n, v in call.query.items()))
        self._body_edit.setPlainText("" if call is None else call.body_text(appid))
        self._file_field.clear()
        tab = FormTab.BODY if method == Method.POST else FormTab.QUERY
        self._tab_bar.setCurrentIndex(FormTab.FILE if call is not None and call.upload else tab)
        self.edited.emit()

    def make_request(self, api_base: str) -> ApiRequest | RefusedInput:
        """Return the request that is entered, or why it cannot be sent."""
        query = parse_query_lines(self._query_edit.toPlainText())
        if isinstance(query, RefusedInput):
            return query
        file = self._file_field.text().strip()
        upload = Upload("media", file) if file else None
        return check_request(
            self.method, self.path_field.text(), query, self._body_edit.toPlainText(), upload=upload, api_base=api_base
        )

    def known_path(self, api_base: str) -> str:
        """Return the path as the catalogue writes it; empty if it cannot be sent."""
        path = split_path(self.path_field.text(), api_base)
        return "" if isinstance(path, RefusedInput) else path.path

    @Slot(str)
    def _on_path_changed(self, text: str) -> None:
        """Take the method over from a pasted line such as `POST https://api.weixin.qq.com/…`."""
        path = split_path(text)
        if not isinstance(path, RefusedInput) and path.method is not None:
            self._method_combo.setCurrentText(path.method.value)
        self.edited.emit()

    # -- what is shown about it --------------------------------------------------------------------

    def show_known_call(self, call: CatalogueCall | None, *, is_favourite: bool) -> None:
        self._call = call
        self._page_button.setVisible(call is not None)
        self._favourite_button.setChecked(is_favourite)
        self.apply_palette()

    def show_notice(self, make_message: Callable[[], Message], severity: Severity) -> None:
        """Show what is wrong with the request, again in another language; an empty message for nothing."""
        self._notice_view.show_message(make_message, severity)

    def set_sending(self, *, is_sending: bool) -> None:
        self.send_button.setEnabled(not is_sending)
        self.send_button.setText(self.tr("Sending…") if is_sending else self.tr("Send"))

    def apply_palette(self) -> None:
        self.path_field.setFont(code_font(self.font()))
        colours = colours_of(self.palette())
        ink = colours.accent if self._favourite_button.isChecked() else colours.dim
        self._favourite_button.setIcon(self._icons.action_icon("star", ink))

    @Slot()
    def _on_page_clicked(self) -> None:
        if self._call is not None:
            open_in_desktop(QUrl(self._call.help_url), self.window())

    @Slot()
    def _on_choose_clicked(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file to upload"))
        if path:
            self._file_field.setText(path)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTER_KEYS:
            is_submit = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if is_submit:
                self.submitted.emit()
            return is_submit
        return False


def _make_editor() -> QPlainTextEdit:
    return QPlainTextEdit(tabChangesFocus=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
