"""The card about the last 24 hours: its blocks, its sentence, and when it reads the history."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.timeline import FailureCount, Timeline, TimelineMark, TimelineRow, TokenGap
from guarddog_gui.runtime.jobs import HistoryPageQuery, TimelineQuery
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import LIGHT
from guarddog_gui.ui.tokens.last_day import Block, DayBar, LastDayCard, blocks_of, day_sentence
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui import find

DAY = 86400.0
BUSY = HistoryEntry(NOW - 3600, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=-1, calls=1)
REFRESHES = tuple(TimelineMark(column, 1) for column in range(0, 24, 2))


def timeline(*marks: TimelineMark, gaps: tuple[TokenGap, ...] = ()) -> Timeline:
    return Timeline(NOW - DAY, NOW, 24, (TimelineRow(SHOP.appid, marks, gaps),))


def blocks(day: Timeline) -> str:
    return "".join(block.value[0] for block in blocks_of(day, day.rows[0]))


def sentence(day: Timeline, formatter: Formatter, *failures: HistoryEntry) -> str:
    return day_sentence(day, day.rows[0], failures, formatter)


def test_each_block_shows_the_worst_of_its_time() -> None:
    assert blocks(timeline(*REFRESHES)) == "v" * 24
    assert (
        blocks(timeline(*REFRESHES, TimelineMark(5, 0, (FailureCount(AttemptResult.REFUSED, 2, -1),))))
        == "v" * 5 + "t" + "v" * 18
    )
    gap = TokenGap(NOW - DAY + 3 * 3600 + 60, NOW - DAY + 5 * 3600 - 60)
    assert blocks(timeline(*REFRESHES, gaps=(gap,))) == "vvvnn" + "v" * 19


def test_the_time_before_a_new_account_is_unknown() -> None:
    assert blocks(timeline(TimelineMark(20, 1))) == "u" * 20 + "v" * 4
    assert blocks(timeline()) == "u" * 24
    assert blocks(timeline(TimelineMark(2, 1))) == "v" * 24  # the token of the day before was still valid


def test_the_sentence_says_whether_a_token_was_valid_all_the_time(formatter: Formatter) -> None:
    assert sentence(timeline(*REFRESHES), formatter) == "A valid token the whole day."
    gap = TokenGap(NOW - 7200, NOW - 6600)
    time = formatter.format_time(gap.start)
    assert sentence(timeline(*REFRESHES, gaps=(gap,)), formatter) == f"No valid token for 10 minutes, since {time}."
    assert sentence(timeline(TimelineMark(20, 1)), formatter) == "A valid token since the first refresh."
    assert sentence(timeline(), formatter) == "No history yet."
    trouble = TimelineMark(23, 1, (FailureCount(AttemptResult.REFUSED, 2, -1),))
    assert sentence(timeline(trouble), formatter) == "A valid token since the first refresh."


def test_the_sentence_names_the_last_failure(formatter: Formatter) -> None:
    at = formatter.format_time(BUSY.at)
    one = sentence(timeline(*REFRESHES), formatter, BUSY)
    assert one.startswith(f"A valid token the whole day. One attempt failed, at {at}: ")
    assert one.endswith(" (-1).")
    assert f"3 attempts failed, the last at {at}: " in sentence(timeline(*REFRESHES), formatter, BUSY, BUSY, BUSY)


def test_a_block_without_a_token_differs_not_only_by_its_colour(qtbot: QtBot) -> None:
    bar = DayBar()
    qtbot.addWidget(bar)
    bar.resize(100, 28)
    bar.show_blocks((Block.VALID, Block.NO_TOKEN))
    image = bar.grab().toImage()
    assert image.pixelColor(25, 5) == LIGHT.ok
    assert image.pixelColor(75, 5) not in (LIGHT.ok, LIGHT.bad)
    assert image.pixelColor(75, 22) == LIGHT.bad


@pytest.fixture
def card(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Iterator[LastDayCard]:
    card = LastDayCard(harness.controller, formatter)
    qtbot.addWidget(card)
    card.resize(700, 160)
    yield card
    card.hide()


def queries(harness: RuntimeHarness) -> list[object]:
    return [job for job, _ in harness.job_results if isinstance(job, TimelineQuery | HistoryPageQuery)]


def test_the_history_is_read_when_the_card_is_shown(card: LastDayCard, harness: RuntimeHarness, qtbot: QtBot) -> None:
    card.set_account(SHOP.appid)
    assert queries(harness) == []
    card.show()
    qtbot.waitUntil(lambda: len(queries(harness)) == 2)
    query = next(job for job in queries(harness) if isinstance(job, TimelineQuery))
    assert (query.appids, query.until - query.since, query.columns) == ((SHOP.appid,), DAY, 48)


def test_an_attempt_of_the_account_reads_it_again(card: LastDayCard, harness: RuntimeHarness, qtbot: QtBot) -> None:
    card.set_account(SHOP.appid)
    card.show()
    qtbot.waitUntil(lambda: len(queries(harness)) == 2)
    harness.controller.start()
    harness.controller.refresh(SHOP.appid)
    qtbot.waitUntil(lambda: len(queries(harness)) >= 4)


def test_what_was_read_is_shown_with_its_sentence(card: LastDayCard, qtbot: QtBot) -> None:
    card.show()
    qtbot.waitExposed(card)
    card._on_timeline_loaded(timeline(*REFRESHES))
    card._on_failures_loaded(())
    QApplication.processEvents()
    assert find.label(card, "last-day-sentence").text() == "A valid token the whole day."
    assert card.bar.accessibleName() == "Last 24 hours"
    assert card.bar.accessibleDescription() == "A valid token the whole day."
    assert set(card.bar.blocks) == {Block.VALID}
