"""Page that shows how the tokens of all accounts were, and every incident with its explanation."""

import json

from PySide6.QtCore import QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from guarddog_gui.domain.refresh.history import HistoryRow
from guarddog_gui.domain.refresh.incidents import Renewals
from guarddog_gui.domain.refresh.status import STATES_WORST_FIRST, Overview
from guarddog_gui.domain.refresh.timeline import Timeline, choose_blocks
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobFailure, JobHandle
from guarddog_gui.services.messages.texts import to_local_datetime
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.calls_dialog import CallsDialog
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.filter_bar import Block, HistoryFilterBar
from guarddog_gui.ui.history.lanes import LANES_MAX, LanesCard, LanesView
from guarddog_gui.ui.history.list_card import ListCard
from guarddog_gui.ui.history.model import HistoryModel
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import CARD_GAP, MARGIN, Page
from guarddog_gui.ui.widgets.page_head import PageHead

UPDATE_DELAY_MS = 100  # attempts within this time after one are loaded together
REDRAW_DELAY_MS = 400  # attempts and resizes within this time cause one update of the lanes
DETAILS_BESIDE_FROM = 1000  # pixels of page width from which the details have room beside the list
DETAILS_SHARE = 0.42  # of the height of the page that the details may take below the list
DETAILS_SHARE_LOW = 0.36  # the same in a low page, whose list would have no room else
LOW_HEIGHT = 680  # below this height of the page fewer lanes are visible
HIGH_HEIGHT = 900  # from this height on all lanes are visible also with the details below the list
LANES_IN_LOW_PAGE = 4
LANES_BESIDE_DETAILS = 2  # in a low page that also shows details below the list


class HistoryPage(Page):
    """Page with filters, lanes, list and details; it reads the history only while it is visible."""

    copy_requested = Signal(str)  # an IP or a rid
    rid_query_requested = Signal(object)  # HistoryEntry
    quota_query_requested = Signal(object)  # appid, or None if there is no account
    export_requested = Signal(object)  # HistoryFilter

    def __init__(self, controller: Controller, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._lane_appids: tuple[str, ...] = ()
        self._pending_timeline: JobHandle[Timeline] | None = None
        self._model = HistoryModel(formatter, self)
        self._head = PageHead()
        self._quota_button = make_button(self._on_quota_clicked)
        self._export_button = make_button(self._on_export_clicked)
        self._filter_bar = HistoryFilterBar(formatter)
        self._lanes_view = LanesView(formatter, self._model.texts)
        self._lanes_card = LanesCard(self._lanes_view)
        self._list_card = ListCard(self._model, formatter)
        self._entry_details = EntryDetails(formatter)
        self._redraw_timer = QTimer(self, singleShot=True, interval=REDRAW_DELAY_MS)
        self._update_timer = QTimer(self, singleShot=True, interval=UPDATE_DELAY_MS)
        self._has_missed_attempts = False
        head = make_row((self._head, 1), self._quota_button, self._export_button)
        self._body = make_row((self._list_card, 1), self._entry_details, spacing=CARD_GAP)
        column = make_column(head, self._filter_bar, self._lanes_card, (self._body, 1), spacing=CARD_GAP, margin=MARGIN)
        self.setLayout(column)
        self._arrange(self.size().width(), self.size().height())
        self._connect()
        self.retranslate()
        self._offer_next_steps()
        self._on_overview_changed(controller.overview())

    def _connect(self) -> None:
        self._filter_bar.filter_changed.connect(self._on_filter_changed)
        self._lanes_view.block_chosen.connect(self._on_block_chosen)
        self._list_card.block_ended.connect(self._on_block_ended)
        self._list_card.clear_requested.connect(self._filter_bar.clear)
        self._list_card.longer_requested.connect(self._filter_bar.show_longest_span)
        self._list_card.list.current_changed.connect(self._on_current_changed)
        self._entry_details.copy_requested.connect(self.copy_requested)
        self._entry_details.rid_query_requested.connect(self.rid_query_requested)
        self._entry_details.closed.connect(self._on_details_closed)
        self._redraw_timer.timeout.connect(self._request_timeline)
        self._update_timer.timeout.connect(self._on_update_timeout)
        self._controller.refresh_attempted.connect(self._on_refresh_attempted)
        self._controller.overview_changed.connect(self._on_overview_changed)
        self._model.rows_requested.connect(self._on_rows_requested)
        self._model.loaded.connect(self._on_rows_loaded)
        self.set_focus_widgets(self._list_card.list, self._filter_bar.text_field)

    def retranslate(self) -> None:
        self._head.set_texts(self.tr("History"), "")
        self._lanes_view.setAccessibleName(self.tr("Timeline"))
        self._quota_button.setText(self.tr("API quota"))
        self._export_button.setText(self.tr("Export…"))
        self._filter_bar.retranslate()
        self._list_card.retranslate()
        if self.isVisible():
            self._model.reload()
        self._entry_details.retranslate()
        if not self._entry_details.isHidden():
            self._on_current_changed(self._list_card.list.currentIndex())
        self._lanes_card.retranslate()
        self._lanes_view.retranslate()

    # -- filters -------------------------------------------------------------------------------------

    def filter_by_account(self, appid: str) -> None:
        self._filter_bar.select_account(appid)

    def filters(self) -> str:
        return "" if self._filter_bar.is_initial else json.dumps(self._filter_bar.filters(), ensure_ascii=False)

    def set_filters(self, text: str) -> None:
        try:
            filters = json.loads(text)
        except ValueError:
            return
        if isinstance(filters, dict):
            self._filter_bar.set_filters(filters)

    @Slot()
    def _on_filter_changed(self) -> None:
        self._entry_details.show_entry(None)
        self._arrange(self.width(), self.height())
        block = self._filter_bar.block
        self._list_card.show_block(block)
        self._lanes_view.show_chosen(None if block is None else (block.appid, block.since, block.until))
        self._offer_next_steps()
        self._model.set_filter(self._filter_bar.current_filter())
        if block is None:
            self._request_timeline()

    def _offer_next_steps(self) -> None:
        has_filters, can_be_longer = not self._filter_bar.is_default, self._filter_bar.can_be_longer
        self._list_card.show_filters(has_filters=has_filters, can_be_longer=can_be_longer)

    @Slot(str, float, float)
    def _on_block_chosen(self, appid: str, since: float, until: float) -> None:
        block = Block(appid, since, until)
        self._filter_bar.choose_block(None if block == self._filter_bar.block else block)

    @Slot()
    def _on_block_ended(self) -> None:
        self._filter_bar.choose_block(None)
        self._lanes_view.setFocus()

    # -- layout --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._model.is_loading:  # for the first time
            self._model.set_filter(self._filter_bar.current_filter())
        else:
            self._model.load_newer()
        self._request_timeline()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width(), event.size().height())
        if self.isVisible():
            self._redraw_timer.start()

    def _arrange(self, width: int, height: int) -> None:
        """Put the details beside the list or below it, and show fewer lanes in a low window."""
        is_beside = width >= DETAILS_BESIDE_FROM
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if is_beside else directions.TopToBottom)
        share = DETAILS_SHARE if height >= LOW_HEIGHT else DETAILS_SHARE_LOW
        self._entry_details.set_place(beside=is_beside, height_max=round(height * share))
        has_details_below = not is_beside and not self._entry_details.isHidden()
        if height < LOW_HEIGHT:
            lanes = LANES_BESIDE_DETAILS if has_details_below else LANES_IN_LOW_PAGE
        else:
            lanes = LANES_IN_LOW_PAGE if has_details_below and height < HIGH_HEIGHT else LANES_MAX
        self._lanes_view.set_lanes_max(lanes)

    # -- content -------------------------------------------------------------------------------------

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        accounts = {status.account.appid: status.account for status in overview.accounts}
        if accounts != self._model.texts.accounts:
            self._model.set_accounts(accounts)
            self._filter_bar.set_accounts(accounts)
            if not self._entry_details.isHidden():  # names its account, and the console of its platform
                self._on_current_changed(self._list_card.list.currentIndex())
            self._quota_button.setVisible(bool(accounts))
        worst_first = sorted(
            overview.accounts,
            key=lambda status: STATES_WORST_FIRST.index(self._formatter.account_display_state(status)),
        )
        appids = tuple(status.account.appid for status in worst_first)
        if appids != self._lane_appids:
            self._lane_appids = appids
            if self.isVisible():
                self._redraw_timer.start()

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

    @Slot(QModelIndex)
    def _on_current_changed(self, current: QModelIndex) -> None:
        self._show_details(current)
        QTimer.singleShot(0, self._list_card.list, self._list_card.list.scroll_to_current)

    @Slot()
    def _on_rows_loaded(self) -> None:
        """Follow the selected item while attempts are added to it."""
        current = self._list_card.list.currentIndex()
        if current.isValid() and self._entry_details.isVisible():  # while all is loaded again, nothing is selected
            self._show_details(current)

    def _show_details(self, current: QModelIndex) -> None:
        row = self._model.row_at(current)
        entry = row.entry if row is not None else None
        subject, platform, summary = "", None, ""
        if row is not None and row.item is not None and entry is not None:
            texts = self._model.texts
            when = texts.attempt(entry)[0] if row.attempt is not None else texts.time(row.item)
            outcome = "" if row.attempt is not None else texts.outcome(row.item)
            name = texts.account_name(entry.appid) if row.attempt is not None else texts.subject(row.item)
            subject = " · ".join(filter(None, (name, when, outcome)))
            account = texts.accounts.get(entry.appid)
            platform = account.platform if account is not None else None
            is_group = row.attempt is None and isinstance(row.item, Renewals) and len(row.item.rows) > 1
            summary = texts.title(row.item) if is_group else ""
        self._entry_details.show_entry(entry, subject, platform, summary)
        self._arrange(self.width(), self.height())

    @Slot()
    def _on_details_closed(self) -> None:
        self._list_card.list.setCurrentIndex(QModelIndex())
        self._list_card.list.setFocus()

    @Slot()
    def _request_timeline(self) -> None:
        appid = self._filter_bar.appid
        appids = (appid,) if appid else self._lane_appids
        since, until = self._filter_bar.time_span()
        moment = to_local_datetime(until)
        offset = moment.utcoffset() if moment is not None else None
        offset_s = offset.total_seconds() if offset is not None else 0.0
        blocks = choose_blocks(since, until, self._lanes_view.column_count_max(), offset_s)
        if self._pending_timeline is not None:
            self._pending_timeline.disconnect(self)
        self._pending_timeline = self._controller.history_queries.load_timeline(appids, *blocks)
        self._pending_timeline.finished.connect(self._on_timeline_loaded)

    @Slot(object)
    def _on_timeline_loaded(self, timeline: Timeline) -> None:
        self._pending_timeline = None
        self._lanes_view.show_timeline(timeline)

    @Slot(object)
    def _on_rows_requested(self, query: HistoryPageQuery) -> None:
        handle = self._controller.history_queries.load_page(query)
        handle.notify(self._on_query_ended, self._on_query_ended)

    @Slot(object, object)
    def _on_query_ended(self, rows: tuple[HistoryRow, ...] | JobFailure, query: HistoryPageQuery) -> None:
        self._model.apply_rows(query, rows if isinstance(rows, tuple) else ())

    @Slot()
    def _on_quota_clicked(self) -> None:
        accounts = dict(self._model.texts.accounts)
        selected = self._filter_bar.appid
        if selected is not None:  # the selected account first
            accounts = {selected: accounts[selected], **accounts}
        dialog = CallsDialog(self._controller, self._formatter, accounts, self)
        dialog.quota_query_requested.connect(self.quota_query_requested)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_export_clicked(self) -> None:
        self.export_requested.emit(self._filter_bar.current_filter())
