"""Filters above the history: text, account, only problems, and time."""

from msgspec import Struct
from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QPushButton, QSizePolicy, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.services.messages.texts import to_local_datetime
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.text_search import find_matches
from guarddog_gui.ui.history.time_span_dialog import TimeSpanDialog
from guarddog_gui.ui.widgets.controls.chips import ChipBar
from guarddog_gui.ui.widgets.controls.combo_boxes import ElidedComboBox
from guarddog_gui.ui.widgets.layouts import STRETCH, make_row
from guarddog_gui.ui.widgets.page import SearchField

TIME_SPANS_S = {"24h": float(DAY_S), "7d": 7.0 * DAY_S, "30d": 30.0 * DAY_S}
DEFAULT_SPAN = "7d"
PICKED_SPAN = "picked"
TYPING_DEBOUNCE_MS = 250
GAP = 8
TEXT_FIELD_WIDTH_MIN = 168
ACCOUNT_WIDTH_MAX = 168
TEXT_FIELD_WIDTH_MAX = 280


class Block(Struct, frozen=True):
    """Account and time (Unix seconds) of a block of the lanes."""

    appid: str
    since: float
    until: float


class HistoryFilterBar(QWidget):
    """Bar of filters.

    A block of the lanes narrows the filter in addition, as long as it is chosen: the filters themselves stay as they
    are, and so they apply again when that ends. Changing one of them ends it, too.
    """

    filter_changed = Signal()

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._accounts: dict[str, Account] = {}
        self.block: Block | None = None
        self._picked_span: tuple[float, float] | None = None
        self._span = DEFAULT_SPAN
        self.text_field = SearchField()
        self.text_field.setMinimumWidth(TEXT_FIELD_WIDTH_MIN)
        self.text_field.setMaximumWidth(TEXT_FIELD_WIDTH_MAX)
        self._account_combo = ElidedComboBox()
        self._account_combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._account_combo.setMaximumWidth(ACCOUNT_WIDTH_MAX)
        self._account_combo.addItem("", None)
        self._problems_button = QPushButton()
        self._problems_button.setCheckable(True)
        self._span_chips = ChipBar((*TIME_SPANS_S, PICKED_SPAN))
        self._span_chips.set_value(DEFAULT_SPAN)
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._typing_timer.setObjectName("typing-timer")
        self._field_row = make_row((self.text_field, 1), self._account_combo, self._problems_button, STRETCH)
        self._chip_row = make_row(self._span_chips)
        self._box = make_row((self._field_row, 1), self._chip_row)
        self.setLayout(self._box)
        self._account_combo.currentIndexChanged.connect(self._on_changed)
        self._problems_button.toggled.connect(self._on_changed)
        self.text_field.textChanged.connect(self._typing_timer.start)
        self._typing_timer.timeout.connect(self._on_changed)
        self._span_chips.value_changed.connect(self._on_span_chosen)
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        """Return the size of two rows, so that the bar can become narrow enough to use them."""
        rows = [item.minimumSize() for item in (self._field_row, self._chip_row)]
        return QSize(max(size.width() for size in rows), self._box.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._field_row.minimumSize().width() + self._chip_row.minimumSize().width() + 2 * GAP
        directions, is_wide = QBoxLayout.Direction, event.size().width() >= needed
        self._box.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._box.setAlignment(self._chip_row, Qt.AlignmentFlag.AlignRight if is_wide else Qt.AlignmentFlag.AlignLeft)

    def retranslate(self) -> None:
        self._account_combo.setItemText(0, self.tr("All accounts"))
        self._account_combo.setAccessibleName(self.tr("Account"))
        self._problems_button.setText(self.tr("Problems only"))
        self.text_field.setPlaceholderText(self.tr("account, errcode, rid, word…"))
        self.text_field.setAccessibleName(self.tr("Search the history"))
        self._span_chips.setAccessibleName(self.tr("Time"))
        self._update_chip_texts()

    def _update_chip_texts(self) -> None:
        picked = self.tr("Pick a time…")
        if self._picked_span is not None:
            since, until = (to_local_datetime(at) for at in self._picked_span)
            picked = f"{since:%m-%d} – {until:%m-%d}" if since is not None and until is not None else picked
        self._span_chips.set_texts((self.tr("24 h"), self.tr("7 days"), self.tr("30 days"), picked))

    # -- what is chosen ------------------------------------------------------------------------------

    @property
    def appid(self) -> str | None:
        appid: str | None = self._account_combo.currentData()
        return appid

    @property
    def only_problems(self) -> bool:
        return self._problems_button.isChecked()

    @property
    def is_default(self) -> bool:
        """Return True if only the time limits what is shown."""
        return self.appid is None and not self.only_problems and not self._text and self.block is None

    @property
    def is_initial(self) -> bool:
        """Return True while the filters are those of a new window."""
        return self.appid is None and not self.only_problems and not self._text and self._span == DEFAULT_SPAN

    @property
    def can_be_longer(self) -> bool:
        return self._span != "30d"

    @property
    def _text(self) -> str:
        return self.text_field.text().strip()

    def time_span(self) -> tuple[float, float]:
        """Return the time that the lanes show (Unix seconds)."""
        if self._span == PICKED_SPAN and self._picked_span is not None:
            return self._picked_span
        now = self._formatter.clock()
        return now - TIME_SPANS_S[self._span], now

    def current_filter(self) -> HistoryFilter:
        since, until = self.time_span()
        appid = self.appid
        if self.block is not None:
            appid, since, until = self.block.appid, self.block.since, self.block.until
        is_open = self.block is None and self._span != PICKED_SPAN  # attempts yet to come belong to it
        return HistoryFilter(
            appid=appid,
            only_failures=self.only_problems,
            since=since,
            until=None if is_open else until,
            text=self._text,
            text_matches=find_matches(self._text, self._accounts, self._formatter.messages),
        )

    def filters(self) -> dict[str, object]:
        """Return the filters for `set_filters`, in values that JSON knows."""
        since, until = self._picked_span or (None, None)
        return {
            "text": self._text,
            "account": self.appid,
            "problems_only": self.only_problems,
            "span": self._span,
            "since": since,
            "until": until,
        }

    def set_filters(self, filters: dict[str, object]) -> None:
        """Apply filters from `filters()`; what is missing or unusable, such as an unknown account, is the default."""
        since, until = filters.get("since"), filters.get("until")
        is_span = isinstance(since, int | float) and isinstance(until, int | float) and since < until
        span = filters.get("span")
        is_usable = isinstance(span, str) and (span in TIME_SPANS_S or (span == PICKED_SPAN and is_span))
        text, appid = filters.get("text"), filters.get("account")
        self._picked_span = (float(since), float(until)) if is_span else None  # type: ignore[arg-type]  # both are numbers
        with (
            QSignalBlocker(self._account_combo),
            QSignalBlocker(self._problems_button),
            QSignalBlocker(self.text_field),
        ):
            self.text_field.setText(text if isinstance(text, str) else "")
            self._select_account(appid if isinstance(appid, str) else None)
            self._problems_button.setChecked(filters.get("problems_only") is True)
        self._span = str(span) if is_usable else DEFAULT_SPAN
        self._span_chips.set_value(self._span)
        self._update_chip_texts()
        self._on_changed()

    def clear(self) -> None:
        """Show the attempts of all accounts, of the chosen time."""
        self.set_filters({**self.filters(), "text": "", "account": None, "problems_only": False})

    def show_longest_span(self) -> None:
        self.set_filters({**self.filters(), "span": "30d"})

    # -- accounts and blocks -------------------------------------------------------------------------

    def set_accounts(self, accounts: dict[str, Account]) -> None:
        """Offer these accounts by AppID, and keep the selected one if it still exists."""
        selected_appid = self.appid
        self._accounts = accounts
        with QSignalBlocker(self._account_combo):
            while self._account_combo.count() > 1:
                self._account_combo.removeItem(1)
            for appid, account in accounts.items():
                self._account_combo.add_item_with_tooltip(account.name, appid)
            self._select_account(selected_appid)
        if selected_appid is not None and selected_appid not in accounts:
            self._on_changed()

    def select_account(self, appid: str | None) -> None:
        """Select an account; None or an unknown one selects all accounts."""
        had_block, self.block = self.block is not None, None
        with QSignalBlocker(self._account_combo):
            has_changed = self._select_account(appid)
        if has_changed or had_block:
            self._on_changed()

    def _select_account(self, appid: str | None) -> bool:
        """Return True if another one was selected before."""
        before = self._account_combo.currentIndex()
        self._account_combo.setCurrentIndex(max(0, self._account_combo.findData(appid)))
        return self._account_combo.currentIndex() != before

    def choose_block(self, block: Block | None) -> None:
        """Narrow the filter to a block, or end that."""
        self.block = block
        self.filter_changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self._typing_timer.stop()
        self.block = None
        self.filter_changed.emit()

    @Slot(str)
    def _on_span_chosen(self, span: str) -> None:
        if span != PICKED_SPAN:
            self._span = span
            self._on_changed()
            return
        dialog = TimeSpanDialog(*self.time_span(), self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._picked_span, self._span = dialog.time_span, PICKED_SPAN
            self._update_chip_texts()
            self._on_changed()
        self._span_chips.set_value(self._span)
        dialog.deleteLater()
