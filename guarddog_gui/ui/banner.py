"""One line below the headline, only while a person can mend something: what it is, and the click for it."""

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import KeyState, Overview, worst_accounts_first
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.themed import ThemedMixin

TEXT_WIDTH_MIN = 160
STATES_NEEDING_USER = (KeyState.FAILED, KeyState.KEYRING_LOCKED)


class Banner(ThemedMixin, QFrame):
    """About the account that is worst off; hidden while none needs anybody."""

    copy_requested = Signal(str)
    errcode_help_requested = Signal(int)  # errcode
    retry_requested = Signal(str)  # appid
    stable_token_requested = Signal(object)  # Account that is to use stable_token
    superseded_dismissed = Signal(str)  # appid: the person knows that somebody took the token
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to follow
    foreign_writes_dismissed = Signal(str)  # appid: the person knows that another program refreshes

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._account: Account | None = None
        self._entry: HistoryEntry | None = None
        self._state = KeyState.DUE_SOON  # in whose colour it speaks
        self._foreign_kind: TokenKind | None = None  # the key that another program refreshes
        self._icon_label = QLabel()
        self._text_label = QLabel()
        self._text_label.setTextFormat(Qt.TextFormat.PlainText)
        self._text_label.setWordWrap(True)
        self._text_label.setMinimumWidth(TEXT_WIDTH_MIN)  # else a name without a space widens the window
        self._copy_ip_button = QPushButton()
        self._copy_ip_button.clicked.connect(self._on_copy_ip_clicked)
        self._errcode_help_button = QPushButton()
        self._errcode_help_button.clicked.connect(self._on_errcode_help_clicked)
        self._console_page_button = QPushButton()
        self._console_page_button.clicked.connect(self._on_console_page_clicked)
        self._retry_button = QPushButton()
        self._retry_button.clicked.connect(self._on_retry_clicked)
        self._stable_token_button = QPushButton()
        self._stable_token_button.clicked.connect(self._on_stable_token_clicked)
        self._fetch_button = QPushButton()
        self._fetch_button.clicked.connect(self._on_fetch_clicked)
        self._dismiss_button = QPushButton()
        self._dismiss_button.clicked.connect(self._on_dismiss_clicked)
        self._node_loader_button = QPushButton()
        self._node_loader_button.clicked.connect(self._on_node_loader_clicked)
        self._buttons = (
            self._copy_ip_button,
            self._errcode_help_button,
            self._console_page_button,
            self._retry_button,
            self._stable_token_button,
            self._fetch_button,
            self._node_loader_button,
            self._dismiss_button,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon_label)
        layout.addWidget(self._text_label, 1)
        for button in self._buttons:
            layout.addWidget(button)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._copy_ip_button.setText(self.tr("Copy IP"))
        self._errcode_help_button.setText(self.tr("How to fix"))
        self._console_page_button.setText(self.tr("Open the page"))
        self._retry_button.setText(self.tr("Try again"))
        self._stable_token_button.setText(self.tr("Use stable_token"))
        self._fetch_button.setText(self.tr("Fetch a new one"))
        self._dismiss_button.setText(self.tr("I know"))
        self._node_loader_button.setText(self.tr("Copy the loader for Node"))

    def show_overview(self, overview: Overview) -> None:
        """Follow the state of the app."""
        ranked = worst_accounts_first(overview)
        worst = next(
            (s for s in ranked if s.first_failure is not None and s.state in STATES_NEEDING_USER), None
        )
        taken = next((s for s in ranked if s.superseded_entry is not None), None) if worst is None else None
        foreign = next((s for s in ranked if s.foreign_refreshed_key is not None), None)
        shown = worst or taken or foreign
        self.setVisible(shown is not None or overview.clock_skew_minutes != 0)
        if shown is None:
            self._account = self._entry = self._foreign_kind = None
            for button in self._buttons:
                button.hide()
            if overview.clock_skew_minutes:
                self._show_message(
                    self._formatter.messages.for_clock_skew(overview.clock_skew_minutes).text,
                    KeyState.DUE_SOON,
                )
            return
        self._account, self._foreign_kind = shown.account, None
        if worst is not None and worst.first_failure is not None:
            self._entry = worst.first_failure
            told = self._formatter.error_message(worst.first_failure)
            text = f"{told.summary} ({told.code})" if told.code else told.text
            self._show_account_message(worst.account, text, worst.state)
        elif taken is not None and taken.superseded_entry is not None:
            self._entry = taken.superseded_entry
            told = self._formatter.messages.for_superseded_token(taken.superseded_entry, taken.account)
            self._show_account_message(taken.account, told.text, KeyState.DUE_SOON)
        elif shown.foreign_refreshed_key is not None:
            self._entry, self._foreign_kind = None, shown.foreign_refreshed_key.kind
            told = self._formatter.messages.for_foreign_writes(
                shown.foreign_refreshed_key.kind, shown.foreign_refreshed_key.foreign_refresh_count
            )
            self._show_account_message(shown.account, told.text, KeyState.DUE_SOON)
        self._node_loader_button.setVisible(self._foreign_kind is not None)
        self._copy_ip_button.setVisible(
            worst is not None and self._entry is not None and self._entry.ip is not None
        )
        self._console_page_button.setVisible(
            worst is not None
            and self._entry is not None
            and self._formatter.console_page_url(self._entry) is not None
        )
        self._errcode_help_button.setVisible(
            worst is not None and self._entry is not None and self._entry.errcode is not None
        )
        self._retry_button.setVisible(worst is not None)
        self._stable_token_button.setVisible(taken is not None and taken.account.endpoint is Endpoint.CLASSIC)
        self._fetch_button.setVisible(taken is not None)
        self._dismiss_button.setVisible(worst is None)

    def _show_account_message(self, account: Account, text: str, state: KeyState) -> None:
        self._show_message(self._formatter.prefix_with_account(account, text), state)

    def _show_message(self, text: str, state: KeyState) -> None:
        self._text_label.setText(text)
        self._state = state
        self.apply_palette()

    def apply_palette(self) -> None:
        """Icon and text in the colour of the state."""
        state = self._state
        dark = self.palette().window().color().lightness() < 128
        self._icon_label.setPixmap(self._formatter.icons.state_icon(state, dark=dark, size=16).pixmap(16, 16))
        palette = self._text_label.palette()
        palette.setColor(palette.ColorRole.WindowText, state_colour(state, dark=dark))
        self._text_label.setPalette(palette)

    @Slot()
    def _on_copy_ip_clicked(self) -> None:
        if self._entry is not None and self._entry.ip is not None:
            self.copy_requested.emit(self._entry.ip)

    @Slot()
    def _on_errcode_help_clicked(self) -> None:
        if self._entry is not None and self._entry.errcode is not None:
            self.errcode_help_requested.emit(self._entry.errcode)

    @Slot()
    def _on_console_page_clicked(self) -> None:
        page = self._formatter.console_page_url(self._entry) if self._entry is not None else None
        if page is not None:
            QDesktopServices.openUrl(QUrl(page))

    @Slot()
    def _on_retry_clicked(self) -> None:
        if self._account is not None:
            self.retry_requested.emit(self._account.appid)

    @Slot()
    def _on_stable_token_clicked(self) -> None:
        if self._account is not None:
            self.stable_token_requested.emit(self._account)

    @Slot()
    def _on_fetch_clicked(self) -> None:
        if self._account is not None:
            self.superseded_dismissed.emit(self._account.appid)
            self.retry_requested.emit(self._account.appid)

    @Slot()
    def _on_node_loader_clicked(self) -> None:
        if self._account is not None and self._foreign_kind is not None:
            self.node_loader_requested.emit(self._account, self._foreign_kind)

    @Slot()
    def _on_dismiss_clicked(self) -> None:
        if self._account is not None:
            known = self.superseded_dismissed if self._foreign_kind is None else self.foreign_writes_dismissed
            known.emit(self._account.appid)
