"""Filters above the history: account, key, trigger, time, only failures, and text."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, HistoryFilter, Trigger
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.buttons import make_button
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.combo_boxes import ElidedComboBox, set_item_texts
from guarddog_gui.ui.widgets.layouts import make_row
from guarddog_gui.ui.widgets.page import SearchField

TIME_SPANS_S = (24.0 * HOUR_S, 7 * 24.0 * HOUR_S, 30 * 24.0 * HOUR_S)  # that the timeline can show
TYPING_DEBOUNCE_MS = 250
TEXT_FIELD_WIDTH_MIN = 72


class HistoryFilterBar(QWidget):
    """Bar of filters; a time span selected in the timeline is shown as a button that removes it."""

    filter_changed = Signal()

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._time_span: tuple[float, float] | None = None
        self._account_combo = ElidedComboBox()
        self._key_combo = QComboBox()
        self._trigger_combo = QComboBox()
        self._time_span_combo = QComboBox()
        self._only_failures_check_box = CheckBox()
        self.text_field = SearchField()  # for a text in errmsg
        self.text_field.setMinimumWidth(TEXT_FIELD_WIDTH_MIN)
        self._time_span_button = make_button(self._on_time_span_clicked)
        self._time_span_button.hide()
        self._time_span_button.setObjectName("time-span-button")
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._typing_timer.setObjectName("typing-timer")
        self._fill_combos()
        combos = (self._account_combo, self._key_combo, self._trigger_combo, self._time_span_combo)
        others = (self._only_failures_check_box, (self.text_field, 1), self._time_span_button)
        self.setLayout(make_row(*combos, *others))
        for combo in combos:
            combo.currentIndexChanged.connect(self.filter_changed)
        self._only_failures_check_box.toggled.connect(self.filter_changed)
        self.text_field.textChanged.connect(self._typing_timer.start)
        self._typing_timer.timeout.connect(self.filter_changed)
        self.retranslate()

    def _fill_combos(self) -> None:
        self._account_combo.addItem("", None)
        self._key_combo.addItem("", None)
        for kind in TokenKind:
            self._key_combo.addItem(kind.value, kind.value)
        self._key_combo.addItem(CLEAR_QUOTA_KEY, CLEAR_QUOTA_KEY)
        self._trigger_combo.addItem("", None)
        for trigger in Trigger:
            self._trigger_combo.addItem("", trigger.value)
        for seconds in TIME_SPANS_S:
            self._time_span_combo.addItem("", seconds)
        self._time_span_combo.addItem("", None)
        self._time_span_combo.setCurrentIndex(TIME_SPANS_S.index(7 * 24 * HOUR_S))

    def retranslate(self) -> None:
        self._account_combo.setItemText(0, self.tr("All accounts"))
        self._key_combo.setItemText(0, self.tr("All keys"))
        triggers = map(self._formatter.messages.trigger_name, Trigger)
        set_item_texts(self._trigger_combo, (self.tr("All triggers"), *triggers))
        spans = (self.tr("24 hours"), self.tr("7 days"), self.tr("30 days"), self.tr("All time"))
        set_item_texts(self._time_span_combo, spans)
        self._only_failures_check_box.setText(self.tr("Only failures"))
        self.text_field.setPlaceholderText(self.tr("Text in errmsg"))
        for field, name in (
            (self._account_combo, self.tr("Account")),
            (self._key_combo, self.tr("Key")),
            (self._trigger_combo, self.tr("Trigger")),
            (self._time_span_combo, self.tr("Time")),
            (self.text_field, self.tr("Text in errmsg")),
        ):
            field.setAccessibleName(name)
        self._update_time_span_button()

    @property
    def appid(self) -> str | None:
        appid: str | None = self._account_combo.currentData()
        return appid

    @property
    def timeline_span_s(self) -> float:
        """Return how many seconds the timeline reaches back."""
        span_s: float | None = self._time_span_combo.currentData()
        return span_s if span_s is not None else TIME_SPANS_S[-1]

    def current_filter(self) -> HistoryFilter:
        since, until = self._time_span or (None, None)
        if since is None and self._time_span_combo.currentData() is not None:
            since = self._formatter.clock() - self.timeline_span_s
        return HistoryFilter(
            appid=self.appid,
            key=self._key_combo.currentData(),
            trigger=self._trigger_combo.currentData(),
            only_failures=self._only_failures_check_box.isChecked(),
            since=since,
            until=until,
            text=self.text_field.text().strip(),
        )

    def set_account_names(self, names: dict[str, str]) -> None:
        """Offer these accounts, given as names by AppID, and keep the selected one if it still exists."""
        selected_appid = self.appid
        with QSignalBlocker(self._account_combo):
            while self._account_combo.count() > 1:
                self._account_combo.removeItem(1)
            for appid, name in names.items():
                self._account_combo.add_item_with_tooltip(name, appid)
            self.select_account(selected_appid)
        if selected_appid is not None and selected_appid not in names:
            self.filter_changed.emit()

    def select_account(self, appid: str | None) -> None:
        """Select an account; None or an unknown one selects all accounts."""
        self._account_combo.setCurrentIndex(max(0, self._account_combo.findData(appid)))

    def select_time_span(self, appid: str, since: float, until: float) -> None:
        """Select an account and a time span, in Unix seconds."""
        self._time_span = (since, until)
        self._update_time_span_button()
        with QSignalBlocker(self._account_combo):
            self.select_account(appid)
        self.filter_changed.emit()

    def _update_time_span_button(self) -> None:
        self._time_span_button.setVisible(self._time_span is not None)
        if self._time_span is not None:
            since, until = (self._formatter.format_time(at) for at in self._time_span)
            self._time_span_button.setText(f"{since} – {until} ✕")
            self._time_span_button.setAccessibleName(self.tr("Show all times again"))

    @Slot()
    def _on_time_span_clicked(self) -> None:
        self._time_span = None
        self._update_time_span_button()
        self.filter_changed.emit()
