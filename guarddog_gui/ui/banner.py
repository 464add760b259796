"""Banner below the headline, shown while there is a problem that the user can fix, with its buttons."""

from functools import partial

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Overview, worst_accounts_first
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.buttons import ConsolePageButton, make_button
from guarddog_gui.ui.widgets.layouts import make_row
from guarddog_gui.ui.widgets.plain_text import make_plain_label

TEXT_WIDTH_MIN = 160
STATES_NEEDING_USER = (KeyState.FAILED, KeyState.KEYRING_LOCKED)


class Banner(ThemedMixin, QFrame):
    """Banner about one problem at a time, in this order.

    1. A failure that only the user can fix, of the account in the worst state.
    2. A list of accounts that cannot be read or changed.
    3. A token that another program has superseded on the classic endpoint.
    4. Another program that refreshes the .dog files.
    5. A wrong clock of this computer.
    """

    copy_requested = Signal(str)
    errcode_help_requested = Signal(int)  # errcode
    retry_requested = Signal(str)  # appid
    stable_token_requested = Signal(object)  # Account to switch to stable_token
    superseded_dismissed = Signal(str)  # appid
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to read
    foreign_writes_dismissed = Signal(str)  # appid

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._account: Account | None = None
        self._entry: HistoryEntry | None = None
        self._state = KeyState.DUE_SOON  # state whose colour the text has
        self._foreign_kind: TokenKind | None = None  # value that another program refreshes
        self._icon_label = QLabel()
        self._text_label = make_plain_label("banner-text")
        self._text_label.setMinimumWidth(TEXT_WIDTH_MIN)  # a long name must not widen the window
        self._copy_ip_button = make_button(self._on_copy_ip_clicked)
        self._errcode_help_button = make_button(self._on_errcode_help_clicked)
        self._console_page_button = ConsolePageButton()
        self._retry_button = make_button(partial(self._emit_appid, self.retry_requested))
        self._stable_token_button = make_button(self._on_stable_token_clicked)
        self._fetch_button = make_button(partial(self._emit_appid, self.superseded_dismissed, self.retry_requested))
        self._dismiss_button = make_button(self._on_dismiss_clicked)
        self._node_loader_button = make_button(self._on_node_loader_clicked)
        failure_buttons = (
            self._copy_ip_button,
            self._errcode_help_button,
            self._console_page_button,
            self._retry_button,
        )
        token_buttons = (self._stable_token_button, self._fetch_button, self._node_loader_button, self._dismiss_button)
        buttons = (*failure_buttons, *token_buttons)
        self.setLayout(make_row(self._icon_label, (self._text_label, 1), *buttons, margin=(16, 8)))
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self._copy_ip_button.setText(self.tr("Copy IP"))
        self._errcode_help_button.setText(self.tr("How to fix"))
        self._console_page_button.setText(self.tr("Open the page"))
        self._retry_button.setText(self.tr("Try again"))
        self._stable_token_button.setText(self.tr("Use stable_token"))
        self._fetch_button.setText(self.tr("Fetch a new one"))
        self._dismiss_button.setText(self.tr("I know"))
        self._node_loader_button.setText(self.tr("Copy the loader for Node"))

    def show_overview(self, overview: Overview) -> None:
        """Show the most urgent problem of all accounts, or hide the banner if there is none."""
        ranked = worst_accounts_first(overview)
        failed = next((s for s in ranked if s.first_failure and s.state in STATES_NEEDING_USER), None)
        list_error = overview.list_error if failed is None else None
        ranked = () if list_error is not None else ranked
        superseded = next((s for s in ranked if s.superseded_entry), None) if failed is None else None
        foreign = next((s for s in ranked if s.foreign_refreshed_key), None)
        shown = failed or superseded or foreign
        self.setVisible(shown is not None or list_error is not None or overview.clock_skew_minutes != 0)
        self._account = shown.account if shown is not None else None
        self._entry = self._foreign_kind = None
        self._state = failed.state if failed is not None else KeyState.DUE_SOON
        text = ""
        if failed is not None and failed.first_failure is not None:
            self._entry = failed.first_failure
            error = self._formatter.messages.for_entry(self._entry)
            text = f"{error.summary} ({error.code})" if error.code else error.text
            retry_at = failed.retry_at(overview.at)
            if retry_at is not None:
                text = f"{text} · {self._formatter.retry_text(retry_at)}"
        elif list_error is not None:
            text = self._formatter.messages.for_file_error(list_error).text
        elif superseded is not None and superseded.superseded_entry is not None:
            self._entry = superseded.superseded_entry
            text = self._formatter.messages.for_superseded_token(self._entry, superseded.account).text
        elif foreign is not None and foreign.foreign_refreshed_key is not None:
            key = foreign.foreign_refreshed_key
            self._foreign_kind = key.kind
            text = self._formatter.messages.for_foreign_writes(key.kind, key.foreign_refresh_count).text
        elif overview.clock_skew_minutes:
            text = self._formatter.messages.for_clock_skew(overview.clock_skew_minutes).text
        self._text_label.setText(self._formatter.prefix_with_account(shown.account, text) if shown else text)
        self.apply_palette()
        self._update_buttons(is_failure=failed is not None, superseded=superseded)

    def _update_buttons(self, *, is_failure: bool, superseded: AccountStatus | None) -> None:
        failure = self._entry if is_failure else None
        self._copy_ip_button.setVisible(failure is not None and failure.ip is not None)
        self._errcode_help_button.setVisible(failure is not None and failure.errcode is not None)
        self._console_page_button.set_url(self._formatter.console_page_url(failure) if failure is not None else None)
        self._retry_button.setVisible(is_failure)
        self._stable_token_button.setVisible(superseded is not None and superseded.account.endpoint is Endpoint.CLASSIC)
        self._fetch_button.setVisible(superseded is not None)
        self._node_loader_button.setVisible(self._foreign_kind is not None)
        self._dismiss_button.setVisible(self._account is not None and not is_failure)

    def apply_palette(self) -> None:
        dark = is_dark(self.palette())
        self._icon_label.setPixmap(self._formatter.icons.state_icon(self._state, dark=dark).pixmap(16, 16))
        palette = self._text_label.palette()
        palette.setColor(palette.ColorRole.WindowText, state_colour(self._state, dark=dark))
        self._text_label.setPalette(palette)

    @Slot()
    def _on_copy_ip_clicked(self) -> None:
        if self._entry is not None and self._entry.ip is not None:
            self.copy_requested.emit(self._entry.ip)

    @Slot()
    def _on_errcode_help_clicked(self) -> None:
        if self._entry is not None and self._entry.errcode is not None:
            self.errcode_help_requested.emit(self._entry.errcode)

    def _emit_appid(self, *signals: SignalInstance) -> None:
        if self._account is not None:
            for signal in signals:
                signal.emit(self._account.appid)

    @Slot()
    def _on_stable_token_clicked(self) -> None:
        if self._account is not None:
            self.stable_token_requested.emit(self._account)

    @Slot()
    def _on_node_loader_clicked(self) -> None:
        if self._account is not None and self._foreign_kind is not None:
            self.node_loader_requested.emit(self._account, self._foreign_kind)

    @Slot()
    def _on_dismiss_clicked(self) -> None:
        is_foreign = self._foreign_kind is not None
        self._emit_appid(self.foreign_writes_dismissed if is_foreign else self.superseded_dismissed)
