"""Page that shows every attempt to refresh with its result, and explains failures."""

from PySide6.QtCore import QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CallCount, HistoryRow
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobFailure, JobHandle
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.filter_bar import HistoryFilterBar
from guarddog_gui.ui.history.model import HistoryColumn, HistoryModel
from guarddog_gui.ui.history.timeline import ROWS_MAX, TimelineView
from guarddog_gui.ui.widgets.buttons import make_button
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.plain_text import make_plain_label
from guarddog_gui.ui.widgets.tables import RowTable

LABEL_WIDTH_MIN = 160
UPDATE_DELAY_MS = 100  # attempts within this time after one are loaded together
REDRAW_DELAY_MS = 400  # attempts and resizes within this time cause one update of the timeline


class HistoryPage(Page):
    """Page with timeline, filters, table and details; it reads the history only while it is visible."""

    copy_requested = Signal(str)  # an IP or a rid
    rid_query_requested = Signal(object)  # HistoryEntry
    quota_query_requested = Signal(object)  # appid, or None if there is no account
    export_requested = Signal(object)  # HistoryFilter

    def __init__(self, controller: Controller, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account_names: dict[str, str] = {}
        self._pending_timeline: JobHandle[Timeline] | None = None
        self._model = HistoryModel(formatter, self)
        self._timeline_view = TimelineView(formatter)
        self._filter_bar = HistoryFilterBar(formatter)
        self._table = RowTable(self._model, HistoryColumn.RESULT, HistoryColumn.ACCOUNT)
        self._table.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self._entry_details = EntryDetails(formatter)
        self._calls_today_label = make_plain_label("calls-today")
        self._calls_today_label.setMinimumWidth(LABEL_WIDTH_MIN)  # a long name must not widen the window
        self._quota_button = make_button(self._on_quota_clicked)
        self._export_button = make_button(self._on_export_clicked)
        self._redraw_timer = QTimer(self, singleShot=True, interval=REDRAW_DELAY_MS)
        self._update_timer = QTimer(self, singleShot=True, interval=UPDATE_DELAY_MS)
        self._has_missed_attempts = False
        footer = make_row((self._calls_today_label, 1), self._quota_button, self._export_button)
        parts = (self._timeline_view, self._filter_bar, (self._table, 1), self._entry_details, footer)
        self.setLayout(make_column(*parts, margin=16))
        self._connect()
        self.retranslate()
        self._on_overview_changed(controller.overview())

    def _connect(self) -> None:
        self._filter_bar.filter_changed.connect(self._on_filter_changed)
        self._timeline_view.time_span_selected.connect(self._filter_bar.select_time_span)
        self._entry_details.copy_requested.connect(self.copy_requested)
        self._entry_details.rid_query_requested.connect(self.rid_query_requested)
        self._redraw_timer.timeout.connect(self._request_timeline)
        self._update_timer.timeout.connect(self._on_update_timeout)
        self._controller.refresh_attempted.connect(self._on_refresh_attempted)
        self._controller.overview_changed.connect(self._on_overview_changed)
        self._model.rows_requested.connect(self._on_rows_requested)
        self.set_focus_widgets(self._table, self._filter_bar.text_field)

    def retranslate(self) -> None:
        self._timeline_view.setAccessibleName(self.tr("Timeline"))
        self._table.setAccessibleName(self.tr("History"))
        self._quota_button.setText(self.tr("Quota…"))
        self._export_button.setText(self.tr("Export…"))
        self._filter_bar.retranslate()
        if self.isVisible():
            self._model.reload()
            self._show_calls_today()
        self._entry_details.retranslate()
        self._timeline_view.retranslate()

    def filter_by_account(self, appid: str) -> None:
        self._filter_bar.select_account(appid)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.load_newer()
        self._show_calls_today()
        self._request_timeline()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._redraw_timer.start()

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        names = {status.account.appid: status.account.name for status in overview.accounts}
        if names != self._account_names:
            self._account_names = names
            self._model.set_account_names(names)
            self._filter_bar.set_account_names(names)

    @Slot(object)
    def _on_refresh_attempted(self, _result: object) -> None:
        if not self.isVisible():
            return
        if not self._redraw_timer.isActive():  # not started anew: attempts may follow each other without an end
            self._redraw_timer.start()
        if self._update_timer.isActive():
            self._has_missed_attempts = True
        else:
            self._load_newer()

    @Slot()
    def _on_update_timeout(self) -> None:
        if self._has_missed_attempts:
            self._load_newer()

    def _load_newer(self) -> None:
        """Load the attempts; those of the next moment are loaded together."""
        self._has_missed_attempts = False
        self._update_timer.start()
        self._model.load_newer()
        self._show_calls_today()

    @Slot()
    def _on_filter_changed(self) -> None:
        self._model.set_filter(self._filter_bar.current_filter())
        self._entry_details.show_entry(None)
        self._show_calls_today()
        self._request_timeline()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._entry_details.show_entry(self._model.entry_at(current))

    def _show_calls_today(self) -> None:
        """Show today's calls of the selected account, or of the one with the most automatic calls."""
        appids = [self._filter_bar.appid] if self._filter_bar.appid else list(self._account_names)
        self._quota_button.setVisible(bool(self._account_names))
        self._controller.history_queries.load_calls_today(appids[:ROWS_MAX], self._on_calls_today_loaded)

    def _on_calls_today_loaded(self, counts: tuple[tuple[str, CallCount], ...]) -> None:
        if not counts:
            self._calls_today_label.clear()
            return
        appid, count = max(counts, key=lambda item: item[1].automatic)
        text = self._formatter.messages.text
        self._calls_today_label.setText(
            text(
                "{name} today: {calls} · {automatic} of {budget} automatic · {left} of {most} forced refreshes left",
                name=self._account_names.get(appid, appid),
                calls=" · ".join(f"{key} {calls}" for key, calls in count.by_key) or text("none"),
                automatic=count.automatic,
                budget=policy.DAILY_CALL_BUDGET,
                most=policy.DAILY_FORCED_MAX,
                left=max(0, policy.DAILY_FORCED_MAX - count.forced),
            )
        )

    @Slot()
    def _request_timeline(self) -> None:
        appids = (self._filter_bar.appid,) if self._filter_bar.appid else tuple(self._account_names)[:ROWS_MAX]
        now = self._formatter.clock()
        since = now - self._filter_bar.timeline_span_s
        if self._pending_timeline is not None:
            self._pending_timeline.disconnect(self)
        columns = self._timeline_view.column_count()
        self._pending_timeline = self._controller.history_queries.load_timeline(appids, since, now, columns)
        self._pending_timeline.finished.connect(self._on_timeline_loaded)

    @Slot(object)
    def _on_timeline_loaded(self, timeline: Timeline) -> None:
        self._pending_timeline = None
        self._timeline_view.show_timeline(timeline, self._account_names)

    @Slot(object)
    def _on_rows_requested(self, query: HistoryPageQuery) -> None:
        handle = self._controller.history_queries.load_page(query)
        handle.notify(self._on_query_ended, self._on_query_ended)

    @Slot(object, object)
    def _on_query_ended(self, rows: tuple[HistoryRow, ...] | JobFailure, query: HistoryPageQuery) -> None:
        self._model.apply_rows(query, rows if isinstance(rows, tuple) else ())

    @Slot()
    def _on_quota_clicked(self) -> None:
        self.quota_query_requested.emit(self._filter_bar.appid or next(iter(self._account_names), None))

    @Slot()
    def _on_export_clicked(self) -> None:
        self.export_requested.emit(self._filter_bar.current_filter())
