"""The lanes: geometry, scrolling, and their reactions to clicks, keys, the mouse pointer and screen readers."""

import itertools

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Environment
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.refresh.timeline import BlockState, FailureCount, Timeline, TimelineMark, TimelineRow, TokenGap
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.item_texts import ItemTexts
from guarddog_gui.ui.history.lane_painting import block_colours
from guarddog_gui.ui.history.lanes import LANES_MAX, LanesCard, LanesView, Legend
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours, make_palette
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP
from tests.ui import find

HOUR = 3600.0
SINCE = NOW - 24 * HOUR
COLUMNS = 96  # a quarter of an hour each
REFUSED = FailureCount(AttemptResult.REFUSED, 3, 40164)
TIMEOUT = FailureCount(AttemptResult.NO_ANSWER, 1)
ASLEEP = TokenGap(SINCE + 20 * HOUR / 4, SINCE + 30 * HOUR / 4)
BUSY = TimelineRow(
    SHOP.appid,
    (
        TimelineMark(10, 2),
        TimelineMark(15, 0, (TIMEOUT,)),
        TimelineMark(16, 1),
        TimelineMark(50, 0, (REFUSED,)),
        TimelineMark(55, 1),
    ),
    (ASLEEP,),
    is_known_before=True,
)
QUIET = TimelineRow(CAFE.appid, (), (), is_known_before=True)


def of(*rows: TimelineRow) -> Timeline:
    return Timeline(SINCE, NOW, COLUMNS, rows)


@pytest.fixture
def view(formatter: Formatter, qtbot: QtBot) -> LanesView:
    texts = ItemTexts(formatter)
    texts.accounts = {SHOP.appid: SHOP, CAFE.appid: replace(CAFE, environment=Environment.PRODUCTION)}
    view = LanesView(formatter, texts)
    qtbot.addWidget(view)
    view.resize(1000, view.sizeHint().height())
    view.show()
    return view


def show(view: LanesView, *rows: TimelineRow) -> None:
    view.show_timeline(of(*rows))
    view.resize(view.width(), view.sizeHint().height())


def at(view: LanesView, column: int, lane: int = 0) -> QPoint:
    return view.block_rect(lane, column).center().toPoint()


def near(image: QImage, point: QPoint, colour: QColor, *, within: int = 2) -> bool:
    """Return whether a pixel near this point has this colour."""
    steps = range(-within, within + 1)
    return any(image.pixelColor(point.x() + x, point.y() + y).rgb() == colour.rgb() for x in steps for y in steps)


# -- painting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_blocks_are_painted_in_the_colour_of_their_state(view: LanesView, colours: Colours) -> None:
    view.setPalette(make_palette(colours))
    show(view, BUSY)
    image = view.grab().toImage()
    states = {
        5: BlockState.VALID,
        15: BlockState.TROUBLE,
        25: BlockState.ASLEEP,
        50: BlockState.NEEDS_USER,
        53: BlockState.NEEDS_USER,
        60: BlockState.VALID,
    }
    for column, state in states.items():
        assert near(image, at(view, column), block_colours(colours)[state], within=4), (column, state)


def test_names_do_not_reach_into_the_blocks(view: LanesView) -> None:
    show(view, replace(QUIET, appid=""))
    nameless = view.grab().toImage()
    for name in ("a" * 500, "中文\u202e\x07", "<b>Shop</b>"):
        show(view, replace(QUIET, appid=name))
        image = view.grab().toImage()
        left = round(view.block_rect(0, 0).left())
        assert image.copy(left, 0, 800, 24) == nameless.copy(left, 0, 800, 24)


def test_the_dates_are_inside_of_the_view(view: LanesView) -> None:
    show(view, BUSY)
    image = view.grab().toImage()
    background = image.pixelColor(image.width() - 1, 0)
    last_column = [image.pixelColor(image.width() - 1, y) for y in range(image.height())]
    assert all(colour == background for colour in last_column)


# -- geometry -------------------------------------------------------------------------------------


@pytest.mark.parametrize("accounts", [0, 1, 2, LANES_MAX, LANES_MAX + 1, 200])
def test_all_accounts_have_a_lane_and_more_than_eight_scroll(view: LanesView, accounts: int) -> None:
    show(view, *(replace(BUSY, appid=f"wx{number}") for number in range(accounts)))
    assert not view.grab().isNull()
    lanes = [view.lane_rect(lane) for lane in range(accounts)]
    assert all(above.bottom() < below.top() for above, below in itertools.pairwise(lanes))
    bar = view.verticalScrollBar()
    assert (bar.maximum() > 0) is (accounts > LANES_MAX)
    bar.setValue(bar.maximum())
    if accounts:
        last = at(view, 50, accounts - 1)
        assert view.block_at(last) == (accounts - 1, 50)
        assert last.y() < view.viewport().height() - 20  # above the dates


@pytest.mark.parametrize("width", [1, 120, 2000])
def test_any_width_can_be_painted(view: LanesView, width: int) -> None:
    view.resize(width, view.height())
    show(view, BUSY)
    view.grab()
    assert view.column_count_max() >= 24


def test_there_are_no_blocks_before_the_history_is_read(view: LanesView) -> None:
    assert not view.grab().isNull()
    assert view.block_at(QPoint(500, 5)) is None


def test_fewer_lanes_make_a_lower_view(view: LanesView) -> None:
    show(view, *(replace(BUSY, appid=f"wx{number}") for number in range(9)))
    high = view.sizeHint().height()
    view.set_lanes_max(4)
    assert view.sizeHint().height() == high - 4 * 24


# -- mouse and keyboard ---------------------------------------------------------------------------


@pytest.mark.parametrize("column", [0, 50, COLUMNS - 1])
def test_a_click_chooses_the_account_and_the_time_of_a_block(view: LanesView, qtbot: QtBot, column: int) -> None:
    show(view, BUSY, QUIET)
    with qtbot.waitSignal(view.block_chosen) as chosen:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, column, lane=1))
    start = SINCE + column * HOUR / 4
    assert chosen.args == [CAFE.appid, pytest.approx(start), pytest.approx(start + HOUR / 4)]


def test_a_click_beside_the_blocks_chooses_nothing(view: LanesView, qtbot: QtBot) -> None:
    show(view, BUSY)
    with qtbot.assertNotEmitted(view.block_chosen):
        for point in (QPoint(5, at(view, 1).y()), QPoint(at(view, 1).x(), view.height() - 2)):
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_arrow_keys_move_between_blocks_and_enter_chooses_one(view: LanesView, qtbot: QtBot) -> None:
    show(view, *(replace(BUSY, appid=f"wx{number}") for number in range(20)))
    view.setFocus()
    for key in (*[Qt.Key.Key_Down] * 19, *[Qt.Key.Key_Right] * 3, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
    with qtbot.waitSignal(view.block_chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == ["wx18", *view.block_span(2)]
    assert view.viewport().rect().contains(at(view, 2, 18))


def test_the_chosen_block_is_marked(view: LanesView) -> None:
    show(view, BUSY)
    before = view.grab().toImage()
    view.show_chosen((SHOP.appid, *view.block_span(40)))
    assert view.grab().toImage() != before
    view.show_chosen(None)
    assert view.grab().toImage() == before


def tooltip_at(view: LanesView, point: QPoint) -> str:
    QApplication.sendEvent(view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, point, view.mapToGlobal(point)))
    text: str = QToolTip.text()
    QToolTip.hideText()
    return text


def test_the_tooltip_tells_account_time_state_and_what_happened(view: LanesView, formatter: Formatter) -> None:
    show(view, BUSY, QUIET)
    texts = ItemTexts(formatter)
    assert view.block_text(0, 50).splitlines() == [
        "Shop",
        texts.span(*view.block_span(50)),
        "needs you",
        "IP not whitelisted 40164 · 3 tries",
    ]
    assert view.block_text(0, 15).splitlines()[2:] == ["trouble, token still valid", "WeChat did not answer · 1 try"]
    assert view.block_text(0, 10).splitlines()[2:] == ["token valid", "2 tokens renewed"]
    assert "computer asleep" in view.block_text(0, 25)
    assert tooltip_at(view, QPoint(5, view.height() - 3)) == ""
    assert "needs you" in tooltip_at(view, at(view, 50))
    assert CAFE.appid in tooltip_at(view, QPoint(5, at(view, 0, lane=1).y()))


# -- a screen reader ------------------------------------------------------------------------------


def test_screen_readers_get_the_number_of_blocks_in_each_state(view: LanesView) -> None:
    show(view, BUSY, QUIET)
    assert view.accessibleDescription() == "2 accounts; blocks: 176 valid, 1 with trouble, 5 that need you"


# -- the legend -----------------------------------------------------------------------------------


@pytest.fixture
def card(formatter: Formatter, qtbot: QtBot) -> LanesCard:
    card = LanesCard(LanesView(formatter, ItemTexts(formatter)))
    qtbot.addWidget(card)
    card.show()
    return card


def test_the_legend_names_every_state_in_words(card: LanesCard) -> None:
    words = "token valid, trouble, token still valid, needs you, computer asleep"
    assert find.widget(card, Legend).accessibleName() == words
    assert not card.grab().isNull()


def test_the_legend_does_not_widen_the_window(card: LanesCard) -> None:
    assert card.minimumSizeHint().width() < 320
