"""The row of one key: its words, its buttons, and what of it is seen when."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import PreviousToken
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import LIGHT
from guarddog_gui.ui.tokens.key_row import KeyRow, key_state_texts
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TICKET, TOKEN
from tests.ui import find
from tests.ui.account_statuses import VALUE, make_account_status

KEY, TICKET_KEY = make_account_status(SHOP).keys
EXPIRED = make_account_status(SHOP, left=-10).keys[0]
REFUSED = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164)
PREVIOUS = PreviousToken("91_" + "p" * 60, NOW + 200)


@pytest.fixture
def requests() -> TokenRequests:
    return TokenRequests()


@pytest.fixture
def row(formatter: Formatter, requests: TokenRequests, qtbot: QtBot) -> KeyRow:
    row = KeyRow(formatter, requests)
    qtbot.addWidget(row)
    row.setGeometry(400, 400, 800, 40)  # not under the mouse pointer
    row.show_key(SHOP, KEY, NOW)
    row.show()
    qtbot.waitExposed(row)
    row.activateWindow()
    return row


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (KEY, "until {until}"),
        (replace(KEY, state=KeyState.REFRESHING), "refreshing…"),
        (replace(KEY, renewal=Renewal.FAILING), "works until {until} · renewal failing"),
        (replace(KEY, renewal=Renewal.FAILING, failure=REFUSED), "works until {until} · renewal failing (40164)"),
        (replace(KEY, renewal=Renewal.STOPPED, failure=REFUSED), "works until {until} · renewal stopped (40164)"),
        (replace(KEY, is_refused=True, next_attempt_at=None), "replaced by another program"),
        (replace(EXPIRED, state=KeyState.FAILED, next_attempt_at=None), "failed"),
        (replace(EXPIRED, state=KeyState.OFFLINE, next_attempt_at=NOW + 60), "offline · again at {again}"),
        (replace(EXPIRED, state=KeyState.PAUSED, next_attempt_at=None), "paused"),
    ],
)
def test_the_state_of_a_key_in_words(formatter: Formatter, key: KeyStatus, text: str) -> None:
    times = {"until": formatter.format_time(NOW + 3600), "again": formatter.format_time(NOW + 60)}
    assert key_state_texts(key, formatter, NOW)[0] == text.format(**times)


def test_a_narrow_row_has_a_shorter_text_and_no_masked_value(row: KeyRow) -> None:
    row.show_key(SHOP, replace(KEY, renewal=Renewal.STOPPED, failure=REFUSED), NOW)
    assert row.value_button.isVisible()
    row.resize(470, 40)
    assert not row.value_button.isVisible()
    row.resize(560, 40)
    assert row._fitting_state_text().startswith("works until ")
    assert "renewal" not in row._fitting_state_text()


def test_every_button_is_named_after_its_key_and_account(row: KeyRow) -> None:
    names = [button.accessibleName() for button in row.findChildren(QAbstractButton) if button.isVisible()]
    assert names == [
        "Value of access_token of Shop", "Refresh access_token of Shop", "More for access_token of Shop",
        "Copy access_token of Shop",
    ]  # fmt: skip
    row.show_key(SHOP, TICKET_KEY, NOW)
    assert find.has(row, "Sign a page with Shop")
    assert find.has(row, "Copy jsapi_ticket of Shop")


def test_the_buttons_request_their_actions(row: KeyRow, requests: TokenRequests, qtbot: QtBot) -> None:
    row.show_key(SHOP, TICKET_KEY, NOW)
    for name, action in (
        ("Sign a page with Shop", AccountAction.SIGN),
        ("Refresh jsapi_ticket of Shop", AccountAction.REFRESH),
        ("Copy jsapi_ticket of Shop", AccountAction.COPY),
    ):
        with qtbot.waitSignal(requests.action_requested) as requested:
            find.button(row, name).click()
        assert requested.args == [Target(SHOP.appid, TICKET), action]
    with qtbot.waitSignal(requests.menu_requested) as opened:
        find.button(row, "More for jsapi_ticket of Shop").click()
    assert opened.args is not None
    assert opened.args[0] == Target(SHOP.appid, TICKET)


def test_without_a_value_there_is_nothing_to_copy_or_show(row: KeyRow) -> None:
    row.show_key(SHOP, replace(EXPIRED, state=KeyState.FAILED), NOW)
    assert row.countdown_text == "–"
    assert not row.copy_button.isEnabled()
    assert not row.value_button.isEnabled()
    assert row.value_button.text() == ""


def test_the_icons_are_seen_while_the_mouse_is_over_the_row(row: KeyRow) -> None:
    def is_icon_painted() -> bool:
        image = row.grab(row.more_button.geometry()).toImage()
        return len({image.pixel(x, y) for x in range(image.width()) for y in range(2, image.height())}) > 1

    assert not is_icon_painted()
    QApplication.sendEvent(row, enter_event())
    assert is_icon_painted()
    assert row.grab().toImage().pixelColor(300, 35) == LIGHT.hover


def enter_event() -> QEnterEvent:
    return QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5))


def test_the_icons_are_seen_while_one_of_them_has_the_focus(row: KeyRow) -> None:
    row.refresh_button.setFocus()
    assert row.more_button.is_shown
    row.copy_button.setFocus()
    assert not row.more_button.is_shown


def test_the_tab_key_reaches_all_buttons_from_the_left(row: KeyRow) -> None:
    row.show_key(SHOP, TICKET_KEY, NOW)
    places = [widget.x() for widget in row.focus_widgets]
    assert len(places) == 5
    assert places == sorted(places)
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in row.focus_widgets)


def test_the_token_before_is_shown_below_the_row(row: KeyRow, formatter: Formatter) -> None:
    key = replace(KEY, previous_token=PREVIOUS)
    assert KeyRow.height_for(key, row.fontMetrics()) > KeyRow.height_for(KEY, row.fontMetrics())
    plain = row.grab().toImage()
    row.resize(800, KeyRow.height_for(key, row.fontMetrics()))
    row.show_key(SHOP, key, NOW)
    assert row.grab().toImage() != plain
    assert PREVIOUS.value not in formatter.previous_token_text(PREVIOUS)


def test_a_second_changes_the_countdown_and_no_name(row: KeyRow, monkeypatch: pytest.MonkeyPatch) -> None:
    updated: list[object] = []
    monkeypatch.setattr(row, "update", lambda *rect: updated.append(rect))
    before, name = row.countdown_text, row.accessibleName()
    row.update_countdown(NOW + 1)
    assert row.countdown_text != before
    assert row.accessibleName() == name
    assert updated == [(row._columns.countdown,)]  # not the ring, and not the rest of the row


def test_no_text_of_a_row_contains_the_value(row: KeyRow) -> None:
    texts = f"{row.accessibleName()} {row.toolTip()} {row.state_text} {row.value_button.text()} {row.target!r}"
    assert VALUE not in texts


def test_an_errmsg_is_escaped_in_the_tooltip(row: KeyRow) -> None:
    hostile = replace(REFUSED, errcode=12345, errmsg='<img src="file:///etc/passwd"> & "more"')
    row.show_key(SHOP, replace(KEY, state=KeyState.FAILED, failure=hostile), NOW)
    assert "&lt;img src=" in row.toolTip()
    assert "<img" not in row.toolTip()


def test_a_right_click_opens_the_menu_of_the_key(row: KeyRow, requests: TokenRequests, qtbot: QtBot) -> None:
    with qtbot.waitSignal(requests.menu_requested) as opened:
        QApplication.sendEvent(row, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5)))
    assert opened.args is not None
    assert opened.args[0] == Target(SHOP.appid, TOKEN)
