"""The line above the history: account, key, trigger, time, failures and text; what it says is a filter."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA, HistoryFilter, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.check_box import TickBox
from guarddog_gui.ui.widgets.elided_combo import NameBox
from guarddog_gui.ui.widgets.search_field import SearchField

HOUR = 3600.0
SPANS = (24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR)  # what the timeline can show
TYPING_MS = 250
TEXT_WIDTH_MIN = 72


class HistoryFilters(QWidget):
    """Says `changed` with every choice; a span chosen in the timeline is shown as a button that ends it."""

    changed = Signal()

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._span: tuple[float, float] | None = None
        self._account = NameBox()
        self._key = QComboBox()
        self._trigger = QComboBox()
        self._days = QComboBox()
        self._failures = TickBox()
        self._text = SearchField()
        self._text.setMinimumWidth(TEXT_WIDTH_MIN)
        self._chosen_span = QPushButton()
        self._chosen_span.hide()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._fill()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._account, self._key, self._trigger, self._days, self._failures):
            layout.addWidget(widget)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._chosen_span)
        for box in (self._account, self._key, self._trigger, self._days):
            box.currentIndexChanged.connect(self.changed)
        self._failures.toggled.connect(self.changed)
        self._text.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self.changed)
        self._chosen_span.clicked.connect(self._on_end_span)
        self.retranslate()

    def _fill(self) -> None:
        self._account.addItem("", None)
        self._key.addItem("", None)
        for kind in TokenKind:
            self._key.addItem(kind.value, kind.value)
        self._key.addItem(CLEAR_QUOTA, CLEAR_QUOTA)
        self._trigger.addItem("", None)
        for trigger in Trigger:
            self._trigger.addItem("", trigger.value)
        for seconds in SPANS:
            self._days.addItem("", seconds)
        self._days.addItem("", None)
        self._days.setCurrentIndex(SPANS.index(7 * 24 * HOUR))

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._account.setItemText(0, self.tr("All accounts"))
        self._key.setItemText(0, self.tr("All keys"))
        self._trigger.setItemText(0, self.tr("All triggers"))
        for row, trigger in enumerate(Trigger, start=1):
            self._trigger.setItemText(row, self._voice.sentences.trigger(trigger))
        days = (self.tr("24 hours"), self.tr("7 days"), self.tr("30 days"), self.tr("All time"))
        for row, text in enumerate(days):
            self._days.setItemText(row, text)
        self._failures.setText(self.tr("Only failures"))
        self._text.setPlaceholderText(self.tr("Text in errmsg"))
        for field, name in (
            (self._account, self.tr("Account")),
            (self._key, self.tr("Key")),
            (self._trigger, self.tr("Trigger")),
            (self._days, self.tr("Time")),
            (self._text, self.tr("Text in errmsg")),
        ):
            field.setAccessibleName(name)
        self._show_span()

    # -- what is chosen ---------------------------------------------------------------------------

    @property
    def appid(self) -> str | None:
        """The account, if one is chosen."""
        chosen: str | None = self._account.currentData()
        return chosen

    @property
    def seconds(self) -> float:
        """How long the timeline reaches back."""
        chosen: float | None = self._days.currentData()
        return chosen if chosen is not None else SPANS[-1]

    def filter(self) -> HistoryFilter:
        """What the line says now."""
        since: float | None = None
        until: float | None = None
        if self._span is not None:
            since, until = self._span
        elif self._days.currentData() is not None:
            since = self._voice.clock() - self.seconds
        return HistoryFilter(
            appid=self.appid,
            key=self._key.currentData(),
            trigger=self._trigger.currentData(),
            only_failures=self._failures.isChecked(),
            since=since,
            until=until,
            text=self._text.text().strip(),
        )

    def name_accounts(self, names: dict[str, str]) -> None:
        """Names by appid; the choice stays if its account does."""
        chosen = self.appid
        with QSignalBlocker(self._account):
            while self._account.count() > 1:
                self._account.removeItem(1)
            for appid, name in names.items():
                self._account.add_name(name, appid)
            self._account.setCurrentIndex(max(0, self._account.findData(chosen)))
        if chosen is not None and chosen not in names:
            self.changed.emit()

    def choose_account(self, appid: str | None) -> None:
        """Show this account."""
        self._account.setCurrentIndex(max(0, self._account.findData(appid)))

    def choose_span(self, appid: str, since: float, until: float) -> None:
        """Show what a click into the timeline meant."""
        self._span = (since, until)
        self._show_span()
        with QSignalBlocker(self._account):
            self.choose_account(appid)
        self.changed.emit()

    @property
    def text_field(self) -> QLineEdit:
        """Where a text can be typed."""
        return self._text

    def _show_span(self) -> None:
        self._chosen_span.setVisible(self._span is not None)
        if self._span is not None:
            since, until = (self._voice.when(at) for at in self._span)
            self._chosen_span.setText(f"{since} – {until} ✕")
            self._chosen_span.setAccessibleName(self.tr("Show all times again"))

    @Slot()
    def _on_end_span(self) -> None:
        self._span = None
        self._show_span()
        self.changed.emit()
