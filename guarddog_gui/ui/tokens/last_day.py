"""Card about the last 24 hours of one account: a bar of blocks, and a sentence about what happened."""

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineRow
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobHandle
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

BLOCK_COUNT = 48  # of half an hour each
FAILURES_MAX = 50  # failed attempts that the sentence counts
RELOAD_INTERVAL_MS = 5 * 60_000
RELOAD_DELAY_MS = 300  # attempts within this time cause one update
_KNOWN_BLOCKS = 5  # a token lives for two hours: later than that, a first refresh means that there was none before
_BAR_HEIGHT = 28


class Block(StrEnum):
    """State of half an hour."""

    VALID = "valid"
    TROUBLE = "trouble"  # some attempt failed, but a token was valid all the time
    NO_TOKEN = "no token"  # noqa: S105 - a state
    UNKNOWN = "unknown"  # from before the first refresh


def blocks_of(timeline: Timeline, row: TimelineRow) -> tuple[Block, ...]:
    """Return the state of each column of the timeline."""
    width = (timeline.until - timeline.since) / timeline.column_count
    failures = {mark.column for mark in row.marks if mark.failure_count}
    first_success = min((mark.column for mark in row.marks if mark.success_count), default=timeline.column_count)
    blocks: list[Block] = []
    for column in range(timeline.column_count):
        start, end = timeline.since + column * width, timeline.since + (column + 1) * width
        if any(gap.start < end and gap.end > start for gap in row.gaps):
            blocks.append(Block.NO_TOKEN)
        elif column < first_success and first_success > _KNOWN_BLOCKS:
            blocks.append(Block.UNKNOWN)
        else:
            blocks.append(Block.TROUBLE if column in failures else Block.VALID)
    return tuple(blocks)


class DayBar(QWidget):
    """Bar of blocks, from the left to the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks: tuple[Block, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, _BAR_HEIGHT)

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.blocks:
            return
        colours, step = colours_of(self.palette()), self.width() / len(self.blocks)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for number, block in enumerate(self.blocks):
                painter.setBrush(_block_colour(block, colours))
                is_full = block is not Block.NO_TOKEN  # a lower block differs not only by its colour
                top, height = (0, self.height()) if is_full else (self.height() / 2, self.height() / 2)
                painter.drawRoundedRect(QRectF(number * step + 1, top, step - 2, height), 3, 3)


def _block_colour(block: Block, colours: Colours) -> QColor:
    return {
        Block.VALID: colours.ok,
        Block.TROUBLE: colours.warn,
        Block.NO_TOKEN: colours.bad,
        Block.UNKNOWN: colours.line,
    }[block]


class LastDayCard(ThemedMixin, Card):
    """Card that reads the history in another thread whenever it is visible and something happens."""

    history_requested = Signal()

    def __init__(self, controller: Controller, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._appid = ""
        self._timeline: Timeline | None = None
        self._failures: tuple[HistoryEntry, ...] = ()
        self._pending_timeline: JobHandle[Timeline] | None = None
        self._pending_failures: JobHandle[tuple[HistoryRow, ...]] | None = None
        self._title_label = ElidedLabel()
        self._history_button = QPushButton()
        set_kind(self._history_button, ButtonKind.LINK)
        self._history_button.setFlat(True)
        self._history_button.clicked.connect(self.history_requested)
        self.bar = DayBar()
        self._since_label, self._until_label = ElidedLabel(), ElidedLabel()
        self._sentence_label = WrappedLabel("last-day-sentence")
        title = make_row((self._title_label, 1), None, self._history_button)
        axis = make_row(self._since_label, None, self._until_label)
        self.setLayout(make_column(title, self.bar, axis, self._sentence_label, spacing=6, margin=(20, 16)))
        self._delay_timer = QTimer(self, singleShot=True, interval=RELOAD_DELAY_MS)
        self._delay_timer.timeout.connect(self._reload)
        self._interval_timer = QTimer(self, interval=RELOAD_INTERVAL_MS)
        self._interval_timer.timeout.connect(self._reload)
        controller.refresh_attempted.connect(self._on_refresh_attempted)
        self.apply_palette()
        self.retranslate()

    def set_account(self, appid: str) -> None:
        if appid != self._appid:
            self._appid, self._timeline, self._failures = appid, None, ()
            self._show()
            self._reload()

    def retranslate(self) -> None:
        self._title_label.set_text(self.tr("Last 24 hours"))
        self._history_button.setText(self.tr("All history"))
        self._until_label.set_text(self.tr("now"))
        self.bar.setAccessibleName(self.tr("Last 24 hours"))
        self._show()

    def apply_palette(self) -> None:
        self._title_label.set_text_font(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        dim = colours_of(self.palette()).dim
        for label in (self._since_label, self._until_label, self._sentence_label):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), dim)
            label.setPalette(palette)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._interval_timer.start()
        self._reload()

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        if result.appid == self._appid and self.isVisible():
            self._delay_timer.start()

    @Slot()
    def _reload(self) -> None:
        if not self.isVisible():
            self._interval_timer.stop()
            return
        if not self._appid:
            return
        now, queries = self._formatter.clock(), self._controller.history_queries
        for pending in (self._pending_timeline, self._pending_failures):
            if pending is not None:
                pending.disconnect(self)
        self._pending_timeline = queries.load_timeline((self._appid,), now - DAY_S, now, BLOCK_COUNT)
        self._pending_timeline.finished.connect(self._on_timeline_loaded)
        failures = HistoryFilter(appid=self._appid, only_failures=True, since=now - DAY_S)
        self._pending_failures = queries.load_page(HistoryPageQuery(failures, None, FAILURES_MAX))
        self._pending_failures.finished.connect(self._on_failures_loaded)

    @Slot(object)
    def _on_timeline_loaded(self, timeline: Timeline) -> None:
        self._pending_timeline, self._timeline = None, timeline
        self._show()

    @Slot(object)
    def _on_failures_loaded(self, rows: tuple[HistoryRow, ...]) -> None:
        self._pending_failures, self._failures = None, tuple(row.entry for row in rows)
        self._show()

    def _show(self) -> None:
        timeline = self._timeline
        rows = timeline.rows if timeline is not None else ()
        if timeline is None or not rows:
            self.bar.show_blocks((Block.UNKNOWN,) * BLOCK_COUNT)
            self._since_label.set_text("")
            self._sentence_label.setText(
                self.tr("Reading the history…") if timeline is None else self.tr("No history yet.")
            )
            return
        self.bar.show_blocks(blocks_of(timeline, rows[0]))
        self._since_label.set_text(self.tr("yesterday {time}").format(time=self._clock_time(timeline.since)))
        sentence = day_sentence(timeline, rows[0], self._failures, self._formatter)
        self._sentence_label.setText(sentence)
        self.bar.setAccessibleDescription(sentence)

    def _clock_time(self, at: float) -> str:
        return self._formatter.format_time(at).rpartition(" ")[2]


def day_sentence(timeline: Timeline, row: TimelineRow, failures: tuple[HistoryEntry, ...], formatter: Formatter) -> str:
    """Return `A valid token the whole day. One attempt failed, at 01:32: The system is busy (-1)`."""
    messages = formatter.messages
    blocks = blocks_of(timeline, row)
    if row.gaps:
        minutes = max(1, round(sum(gap.end - gap.start for gap in row.gaps) / 60))
        text = messages.plural(
            "No valid token for {count} minute, since {time}.", "No valid token for {count} minutes, since {time}.",
            minutes, count=minutes, time=messages.format_time(row.gaps[0].start),
        )  # fmt: skip
    elif Block.UNKNOWN in blocks:
        text = (
            messages.text("A valid token since the first refresh.")
            if set(blocks) != {Block.UNKNOWN}  # a block with trouble had a token, too
            else messages.text("No history yet.")
        )
    else:
        text = messages.text("A valid token the whole day.")
    if not failures:
        return text
    message = messages.for_entry(failures[0])
    reason, code = message.summary.rstrip("。."), failures[0].errcode
    reason = reason if code is None else messages.text("{reason} ({code})", reason=reason, code=code)
    failed = messages.plural(
        "One attempt failed, at {time}: {reason}.", "{count} attempts failed, the last at {time}: {reason}.",
        len(failures), count=len(failures), time=messages.format_time(failures[0].at), reason=reason,
    )  # fmt: skip
    gap = "" if messages.language.startswith("zh") else " "
    return f"{text}{gap}{failed}"
