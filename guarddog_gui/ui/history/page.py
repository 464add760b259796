"""The history page: what was tried, what came of it, and for a failure what it means and what to do."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, HistoryFilter
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Done, Draw, Leaf, Rows
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.history.entry_details import EntryDetail
from guarddog_gui.ui.history.filter_bar import HistoryFilters
from guarddog_gui.ui.history.model import HistoryColumn, HistoryModel
from guarddog_gui.ui.history.timeline import LANES_MAX, TimelineView
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.row_table import row_table

TEXT_WIDTH_MIN = 160
REDRAW_MS = 400  # attempts and resizes that come together are one new picture


class HistoryPage(Page):
    """Reads only while it is visible."""

    copy_wanted = Signal(str)  # an IP or a rid
    rid_wanted = Signal(object)  # Entry
    quota_wanted = Signal(object)  # appid, or None for the first account
    export_wanted = Signal(object)  # HistoryFilter

    def __init__(self, controller: Controller, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._voice = voice
        self._names: dict[str, str] = {}
        self._drawing: Draw | None = None
        self._model = HistoryModel(voice, self)
        self._timeline = TimelineView(voice)
        self._filters = HistoryFilters(voice)
        self._table = row_table(self._model, HistoryColumn.RESULT, HistoryColumn.ACCOUNT)
        self._table.selectionModel().currentRowChanged.connect(self._on_row)
        self._detail = EntryDetail(voice)
        self._today = QLabel()
        self._today.setTextFormat(Qt.TextFormat.PlainText)
        self._today.setWordWrap(True)
        self._today.setMinimumWidth(TEXT_WIDTH_MIN)  # else a name without a space widens the window
        self._quota = QPushButton()
        self._export = QPushButton()
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAW_MS)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._on_changed(controller.overview())

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._today, 1)
        foot.addWidget(self._quota)
        foot.addWidget(self._export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._timeline)
        layout.addWidget(self._filters)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._detail)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._filters.changed.connect(self._on_filter)
        self._timeline.chosen.connect(self._filters.choose_span)
        self._detail.copy_wanted.connect(self.copy_wanted)
        self._detail.rid_wanted.connect(self.rid_wanted)
        self._quota.clicked.connect(self._on_quota)
        self._export.clicked.connect(self._on_export)
        self._redraw.timeout.connect(self._on_redraw)
        self._controller.attempted.connect(self._on_attempted)
        self._controller.changed.connect(self._on_changed)
        self._controller.job_done.connect(self._on_job_done)
        self._model.wanted.connect(self._controller.read_leaf)
        self.lead(self._table, self._filters.text_field)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._timeline.setAccessibleName(self.tr("Timeline"))
        self._table.setAccessibleName(self.tr("History"))
        self._quota.setText(self.tr("Quota…"))
        self._export.setText(self.tr("Export…"))
        self._filters.retranslate()
        if self.isVisible():
            self._model.reload()
            self._show_today()
        self._detail.retranslate()
        self._timeline.retranslate()

    def show_account(self, appid: str) -> None:
        """Filter for one account."""
        self._filters.choose_account(appid)

    # -- showing ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.catch_up()
        self._show_today()
        self._on_redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._redraw.start()

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        names = {status.account.appid: status.account.name for status in overview.accounts}
        if names != self._names:
            self._names = names
            self._model.name_accounts(names)
            self._filters.name_accounts(names)

    @Slot(object)
    def _on_attempted(self, _outcome: object) -> None:
        if self.isVisible():
            self._model.catch_up()
            self._show_today()
            self._redraw.start()

    @Slot()
    def _on_filter(self) -> None:
        self._model.choose(self._filters.filter())
        self._detail.show_entry(None)
        self._show_today()
        self._on_redraw()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._detail.show_entry(self._model.entry_at(current))
        QTimer.singleShot(0, self, self._keep_in_sight)

    @Slot()
    def _keep_in_sight(self) -> None:
        """The explanation below may just have taken the place of the row."""
        self._table.scrollTo(self._table.currentIndex())

    def entry(self) -> Entry | None:
        """The line that is chosen."""
        return self._model.entry_at(self._table.currentIndex())

    def filter(self) -> HistoryFilter:
        """What is shown."""
        return self._filters.filter()

    def _show_today(self) -> None:
        """The calls of today: those of the chosen account, or of the one that made most."""
        appids = [self._filters.appid] if self._filters.appid else list(self._names)
        counts = [(appid, self._controller.calls_today(appid)) for appid in appids[:LANES_MAX]]
        self._quota.setVisible(bool(self._names))
        if not counts:
            self._today.clear()
            return
        appid, count = max(counts, key=lambda counted: counted[1].automatic)
        say = self._voice.sentences.say
        self._today.setText(
            say(
                "calls-today",
                name=self._names.get(appid, appid),
                calls=" · ".join(f"{key} {calls}" for key, calls in count.by_key) or say("no-calls-today"),
                automatic=count.automatic,
                budget=policy.BUDGET_A_DAY,
                most=policy.FORCED_A_DAY,
                left=max(0, policy.FORCED_A_DAY - count.forced),
            )
        )

    # -- the timeline -----------------------------------------------------------------------------

    @Slot()
    def _on_redraw(self) -> None:
        appids = (self._filters.appid,) if self._filters.appid else tuple(self._names)[:LANES_MAX]
        now = self._voice.clock()
        since = now - self._filters.seconds
        self._drawing = self._controller.draw(appids, since, now, self._timeline.columns())

    @Slot(object, object)
    def _on_job_done(self, job: object, done: Done) -> None:
        if job is self._drawing and isinstance(done, Timeline):
            self._drawing = None
            self._timeline.show_timeline(done, self._names)
        elif isinstance(job, Leaf):
            self._model.take(job, done.rows if isinstance(done, Rows) else ())

    @Slot()
    def _on_quota(self) -> None:
        self.quota_wanted.emit(self._filters.appid or next(iter(self._names), None))

    @Slot()
    def _on_export(self) -> None:
        self.export_wanted.emit(self._filters.filter())
