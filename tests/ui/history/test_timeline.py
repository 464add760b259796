"""The timeline: what it paints, and its reactions to clicks, the mouse pointer and screen readers."""

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.refresh.timeline import Timeline, TimelineMark, TimelineRow, TokenGap
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.timeline import NAME_COLUMN_WIDTH, ROWS_MAX, TimelineView
from guarddog_gui.ui.state_colours import state_colour
from tests.fakes import NOW
from tests.ui.palettes import palette_of

HOUR = 3600.0
SINCE = NOW - 24 * HOUR
COLUMNS = 96  # a quarter of an hour each
NAMES = {"wx1": "Shop", "wx2": "Café"}
BUSY = TimelineRow(
    "wx1", (TimelineMark(10, 2, 0), TimelineMark(50, 1, 3, 40164)), (TokenGap(SINCE + 6 * HOUR, SINCE + 9 * HOUR),)
)


def of(*rows: TimelineRow) -> Timeline:
    return Timeline(SINCE, NOW, COLUMNS, rows)


@pytest.fixture
def view(formatter: Formatter, qtbot: QtBot) -> TimelineView:
    view = TimelineView(formatter)
    qtbot.addWidget(view)
    view.resize(NAME_COLUMN_WIDTH + 8 + 10 * COLUMNS, view.height())  # ten pixels a column
    view.show()
    return view


def at(view: TimelineView, column: float, row: int = 0) -> QPoint:
    """Return the vertical middle of a row, so many columns from the left."""
    rect = view.row_rect(row)
    return QPoint(round(rect.left() + column * rect.width() / COLUMNS), round(rect.center().y()))


def near(image: QImage, point: QPoint, colour: QColor, *, within: int = 4) -> bool:
    """Return whether a pixel near this point has this colour."""
    return any(
        image.pixelColor(point.x() + dx, point.y() + dy).rgb() == colour.rgb()
        for dx in range(-within, within + 1)
        for dy in range(-within, within + 1)
    )


# -- painting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_successes_failures_and_gaps_are_painted_where_they_happened(view: TimelineView, theme: Theme) -> None:
    view.setPalette(palette_of(theme))
    view.show_timeline(of(BUSY), NAMES)
    image = view.grab().toImage()
    dark = theme is Theme.DARK
    good, bad = state_colour(KeyState.FRESH, dark=dark), state_colour(KeyState.FAILED, dark=dark)
    assert near(image, at(view, 10.5), good)
    assert not near(image, at(view, 10.5), bad)
    assert near(image, at(view, 50.5), good)
    assert near(image, at(view, 50.5), bad)
    assert near(image, at(view, 30), bad)  # in the gap
    assert not near(image, at(view, 20), bad)
    assert not near(image, at(view, 40), bad)
    assert image.pixelColor(image.width() - 4, 4).rgb() == palette_of(theme).color(QPalette.ColorRole.Base).rgb()


def test_failures_differ_from_successes_also_in_their_shape(view: TimelineView) -> None:
    """A success is a vertical line, a failure a cross."""

    def shape(mark: TimelineMark) -> set[tuple[int, int]]:
        view.show_timeline(of(TimelineRow("wx1", (), ())), NAMES)
        empty = view.grab().toImage()
        view.show_timeline(of(TimelineRow("wx1", (mark,), ())), NAMES)
        image = view.grab().toImage()
        middle = at(view, 50.5)
        return {
            (dx, dy)
            for dx in range(-6, 7)
            for dy in range(-6, 7)
            if image.pixelColor(middle.x() + dx, middle.y() + dy) != empty.pixelColor(middle.x() + dx, middle.y() + dy)
        }

    good, bad = shape(TimelineMark(50, 1, 0)), shape(TimelineMark(50, 0, 1))
    assert good
    assert max(dx for dx, _ in bad) - min(dx for dx, _ in bad) > max(dx for dx, _ in good) - min(dx for dx, _ in good)


@pytest.mark.parametrize("accounts", [0, 1, 2, ROWS_MAX, ROWS_MAX + 1, 200])
@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_any_number_of_accounts_can_be_painted(view: TimelineView, accounts: int, theme: Theme) -> None:
    view.setPalette(palette_of(theme))
    timeline_rows = tuple(TimelineRow(f"wx{number}", BUSY.marks, BUSY.gaps) for number in range(accounts))
    view.show_timeline(of(*timeline_rows), {})
    assert not view.grab().isNull()
    rows = [view.row_rect(row) for row in range(min(accounts, ROWS_MAX))]
    assert all(above.bottom() <= below.top() + 0.01 for above, below in itertools.pairwise(rows))
    assert all(rect.bottom() < view.height() for rect in rows)


@pytest.mark.parametrize("width", [1, NAME_COLUMN_WIDTH, NAME_COLUMN_WIDTH + 1, 2000])
def test_any_width_can_be_painted(view: TimelineView, width: int) -> None:
    view.resize(width, view.height())
    view.show_timeline(of(BUSY), NAMES)
    view.grab()
    assert view.column_count() >= 24


def test_the_timeline_is_empty_before_the_history_is_read(view: TimelineView) -> None:
    assert not view.grab().isNull()
    assert view.row_and_column_at(at(view, 5).toPointF()) is None


@pytest.mark.parametrize("name", ["<b>Shop</b>", "a" * 500, "中文\u202e\x07", ""])
def test_a_name_is_painted_as_plain_text_within_its_column(view: TimelineView, name: str) -> None:
    view.show_timeline(of(TimelineRow("wx1", (), ())), {"wx1": ""})
    nameless = view.grab().toImage()
    view.show_timeline(of(TimelineRow("wx1", (), ())), {"wx1": name})
    image = view.grab().toImage()
    right = nameless.copy(NAME_COLUMN_WIDTH, 0, nameless.width() - NAME_COLUMN_WIDTH, nameless.height())
    assert image.copy(NAME_COLUMN_WIDTH, 0, image.width() - NAME_COLUMN_WIDTH, image.height()) == right


# -- the mouse ------------------------------------------------------------------------------------


def test_a_click_selects_the_account_and_the_time_around_it(view: TimelineView, qtbot: QtBot) -> None:
    view.show_timeline(of(BUSY, TimelineRow("wx2", (), ())), NAMES)
    with qtbot.waitSignal(view.time_span_selected) as chosen:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 50.5, row=1))
    appid, since, until = chosen.args or ("", 0.0, 0.0)
    middle = SINCE + 50.5 * HOUR / 4
    assert appid == "wx2"
    assert since < middle < until
    assert (since + until) / 2 == pytest.approx(middle, abs=HOUR / 4)
    assert until - since == pytest.approx(2 * HOUR)  # eight columns


@pytest.mark.parametrize("column", [0.1, COLUMNS - 0.1])
def test_a_click_at_an_edge_selects_a_time_span_that_contains_it(
    view: TimelineView, qtbot: QtBot, column: float
) -> None:
    view.show_timeline(of(BUSY), NAMES)
    with qtbot.waitSignal(view.time_span_selected) as chosen:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, column))
    _, since, until = chosen.args or ("", 0.0, 0.0)
    assert since < SINCE + column * HOUR / 4 < until


def test_a_click_beside_the_rows_selects_nothing(view: TimelineView, qtbot: QtBot) -> None:
    view.show_timeline(of(BUSY), NAMES)
    with qtbot.assertNotEmitted(view.time_span_selected):
        for point in (QPoint(5, at(view, 1).y()), QPoint(at(view, 1).x(), 1), QPoint(200, view.height() - 2)):
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)


def tooltip_at(view: TimelineView, point: QPoint) -> str:
    where = view.mapToGlobal(point)
    QApplication.sendEvent(view, QHelpEvent(QHelpEvent.Type.ToolTip, point, where))
    text: str = QToolTip.text()
    QToolTip.hideText()
    return text


def test_the_tooltip_shows_the_time_and_the_results(view: TimelineView, formatter: Formatter) -> None:
    view.show_timeline(of(BUSY), NAMES)
    first, second = tooltip_at(view, at(view, 50.5)).splitlines()
    assert first == formatter.format_time(SINCE + 50 * HOUR / 4)
    assert second == "1 went well, 3 failed · 40164"
    assert tooltip_at(view, at(view, 80)).count("\n") == 0


# -- a screen reader ------------------------------------------------------------------------------


def test_screen_readers_get_the_number_of_successes_and_failures(view: TimelineView) -> None:
    view.show_timeline(of(BUSY, TimelineRow("wx2", (TimelineMark(3, 4, 1),), ())), NAMES)
    assert view.accessibleDescription() == "7 went well, 4 failed"
    view.show_timeline(of(), NAMES)
    assert view.accessibleDescription() == "0 went well, 0 failed"
