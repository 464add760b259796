"""The window as a whole: its pages, its status bar, its dialogs, and how it is closed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import Locked
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.main_window import NEWS_MS, MainWindow, first_size
from tests.fakes import FakeClock, refusal
from tests.runtime.stage import GAME, SECRET, SHOP, TICKET, TOKEN, Stage
from tests.ui.questions import Answering


class Desk:
    """A window with a clipboard, joined as the program joins them."""

    def __init__(self, stage: Stage, voice: Voice, qtbot: QtBot) -> None:
        self.stage = stage
        self.qtbot = qtbot
        self.steady = FakeClock()
        self.clipboard = Clipboard(self.steady)
        self.window = MainWindow(stage.controller, stage.signing, self.clipboard, voice)
        stage.controller.copy_ready.connect(lambda _a, _k, value: self.clipboard.put(value, 30))
        qtbot.addWidget(self.window)

    @property
    def status(self) -> str:
        return self.window.statusBar().currentMessage()

    def show(self) -> None:
        self.window.appear()
        self.qtbot.waitExposed(self.window)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def dialog(self) -> AccountDialog:
        self.qtbot.waitUntil(lambda: bool(self.window.findChildren(AccountDialog)))
        return self.window.findChildren(AccountDialog)[-1]


CTRL = Qt.KeyboardModifier.ControlModifier
MakeDesk = Callable[[], Desk]


@pytest.fixture
def make_desk(stage: Stage, voice: Voice, qtbot: QtBot) -> MakeDesk:
    return lambda: Desk(stage, voice, qtbot)


@pytest.fixture
def desk(make_desk: MakeDesk, stage: Stage, qtbot: QtBot) -> Desk:
    """With one account whose values are fresh."""
    stage.put_fresh(SHOP)
    stage.controller.start()
    stage.settle(qtbot)
    desk = make_desk()
    desk.show()
    return desk


def test_without_an_account_it_says_how_to_begin_and_with_one_it_shows_it(
    make_desk: MakeDesk, stage: Stage, qtbot: QtBot
) -> None:
    stage.accounts.known = ()
    stage.controller.start()
    desk = make_desk()
    desk.show()
    assert desk.window._first_run.isVisible()
    stage.secrets.stored[GAME.appid] = Secret(SECRET)
    stage.controller.save(GAME, Secret(SECRET))
    qtbot.waitUntil(desk.window._tokens.isVisible)
    stage.settle(qtbot)
    assert desk.window._headline.text().startswith("1 of 1 fresh")


def test_a_copy_is_said_and_counted_down_until_it_is_cleared(desk: Desk) -> None:
    desk.stage.controller.copy(SHOP.appid, TICKET)
    assert desk.status == "Copied JSAPI_TICKET of Shop · cleared in 0:30"
    desk.steady.advance(1)
    desk.clipboard._on_second()
    assert desk.status == "Copied JSAPI_TICKET of Shop · cleared in 0:29"
    desk.steady.advance(29)
    desk.clipboard._on_second()
    assert desk.status == ""
    assert QGuiApplication.clipboard().text() == ""


def test_a_copy_that_is_never_cleared_is_said_too(make_desk: MakeDesk, stage: Stage, qtbot: QtBot) -> None:
    stage.put_fresh(SHOP)
    stage.controller.start()
    stage.settle(qtbot)
    desk = make_desk()
    desk.stage.controller.copy_ready.disconnect()
    stage.controller.copy_ready.connect(desk.window._on_copy_ready)
    stage.controller.copy_ready.connect(lambda _a, _k, value: desk.clipboard.put(value, 0))
    stage.controller.copy(SHOP.appid, TOKEN)
    assert desk.status == "Copied ACCESS_TOKEN of Shop"
    desk.clipboard.clear()


def test_a_copy_that_failed_says_why(desk: Desk) -> None:
    desk.stage.wechat.refuses = refusal(40125)
    desk.stage.clock.advance(8000)
    desk.stage.controller.copy(SHOP.appid, TOKEN)
    desk.stage.settle(desk.qtbot)
    assert "AppSecret" in desk.status
    assert "(40125)" in desk.status
    assert desk.status.startswith("Shop: ")


def test_what_a_person_asked_for_is_answered_and_what_the_timer_did_is_not(desk: Desk) -> None:
    desk.stage.later(7000)
    desk.stage.settle(desk.qtbot)
    assert desk.status == ""
    desk.stage.controller.refresh(SHOP.appid)
    desk.stage.settle(desk.qtbot)
    assert desk.status.startswith("Shop: WeChat gave a new jsapi_ticket, good until")


def test_a_question_to_wechat_is_answered_with_the_name_of_the_account(desk: Desk) -> None:
    desk.window._tokens.check_wanted.emit(SHOP)
    desk.qtbot.waitUntil(lambda: desk.window._checking is None)
    assert desk.status.startswith("Shop: ")


def test_what_came_of_an_attempt_is_said_only_while_it_is_news(desk: Desk) -> None:
    def clocks() -> list[int]:
        return [clock.interval() for clock in desk.window._status.findChildren(QTimer) if clock.isActive()]

    desk.stage.controller.refresh(SHOP.appid)
    desk.stage.settle(desk.qtbot)
    assert clocks() == [NEWS_MS]
    desk.window.copy_plain("203.0.113.9")
    assert clocks() == []


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1920, 1080), (960, 640)), ((800, 480), (800, 440)), ((1024, 600), (960, 560))],
)
def test_the_window_begins_no_larger_than_the_screen(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)) == QSize(*size)


def test_and_so_it_does_on_the_screen_that_there_is(desk: Desk) -> None:
    room = desk.window.screen().availableGeometry()
    assert desk.window.width() <= max(room.width(), desk.window.minimumSizeHint().width())
    assert desk.window.height() <= room.height()


def test_an_ip_is_copied_without_a_time_and_does_not_stop_the_clearing_of_a_token(desk: Desk) -> None:
    desk.window.copy_plain("203.0.113.9")
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert desk.status == "Copied 203.0.113.9"
    desk.stage.controller.copy(SHOP.appid, TOKEN)
    desk.window.copy_plain("203.0.113.9")
    desk.steady.advance(60)
    desk.clipboard._on_second()
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert desk.status == "Copied 203.0.113.9"


# -- pages and dialogs ----------------------------------------------------------------------------


def test_the_history_of_one_account_opens_on_its_page(desk: Desk) -> None:
    desk.window._tokens.history_wanted.emit(SHOP.appid)
    assert desk.window._history.isVisible()
    assert desk.window._history._filters._account.currentData() == SHOP.appid


def test_ctrl_n_opens_an_empty_dialog(desk: Desk) -> None:
    desk.press(Qt.Key.Key_N, CTRL)
    dialog = desk.dialog()
    assert dialog.isVisible()
    assert dialog._form.account().appid == ""
    dialog.reject()


def test_f2_opens_the_dialog_of_the_account(desk: Desk) -> None:
    desk.window._tokens.edit_wanted.emit(SHOP)
    dialog = desk.dialog()
    assert dialog._form.account() == SHOP
    dialog.reject()
    desk.qtbot.waitUntil(lambda: not desk.window.findChildren(AccountDialog))  # nothing stays in memory


def test_removing_asks_first_and_says_what_stays(desk: Desk) -> None:
    answering = Answering("Cancel")
    desk.window._tokens.remove_wanted.emit(SHOP)
    (question,) = answering.asked
    assert question.text == "Remove Shop?"
    assert "The .dog files stay" in question.informative
    desk.stage.settle(desk.qtbot)
    assert desk.stage.accounts.known == (SHOP,)


def test_a_name_that_looks_like_html_is_a_name(desk: Desk) -> None:
    account = replace(SHOP, name="<img src=x>")
    answering = Answering(None)
    desk.window._tokens.remove_wanted.emit(account)
    assert answering.asked[0].text == "Remove <img src=x>?"
    assert answering.asked[0].is_plain


def test_a_removal_is_said(desk: Desk) -> None:
    answering = Answering("Remove")
    desk.window._tokens.remove_wanted.emit(SHOP)
    desk.qtbot.waitUntil(desk.window._first_run.isVisible)
    assert len(answering.asked) == 1
    assert desk.status == "Shop is removed."
    assert desk.stage.secrets.stored == {}


def test_what_a_removal_left_behind_is_said(desk: Desk) -> None:
    desk.stage.secrets.keeps = Locked()
    desk.stage.controller.remove(SHOP, purge=False)
    desk.qtbot.waitUntil(lambda: bool(desk.stage.jobs_done))
    assert "Its AppSecret is still in the keyring." in desk.status


def test_a_removal_that_did_not_happen_is_said(desk: Desk) -> None:
    desk.stage.accounts.full = True
    desk.stage.controller.remove(SHOP, purge=False)
    desk.qtbot.waitUntil(lambda: bool(desk.stage.jobs_done))
    assert "no space left on device" in desk.status


def test_forcing_is_asked_about_by_name(desk: Desk) -> None:
    answering = Answering("Cancel")
    desk.window.force(SHOP.appid)
    desk.window.force("wx-nobody")
    assert len(answering.asked) == 1
    assert "Shop" in answering.asked[0].text


def test_the_banner_tries_again_for_its_account(desk: Desk) -> None:
    desk.stage.wechat.refuses = refusal(40164, "invalid ip 203.0.113.9, not in whitelist")
    desk.stage.later(7200)
    desk.stage.settle(desk.qtbot)
    assert desk.window._banner.isVisible()
    desk.stage.wechat.refuses = None
    desk.window._banner._retry.click()
    desk.stage.settle(desk.qtbot)
    assert not desk.window._banner.isVisible()


# -- signing --------------------------------------------------------------------------------------

URL = "https://shop.example.com/p?id=1"


@pytest.fixture
def clipboard() -> Iterator[QClipboard]:
    """What other programs see; empty before and after."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


def test_an_address_on_the_clipboard_is_signed_with_two_keys_less(desk: Desk, clipboard: QClipboard) -> None:
    clipboard.setText(f"{URL}\n")
    desk.window.sign()
    page = desk.window._sign
    assert page.isVisible()
    desk.qtbot.waitUntil(page._url.hasFocus)
    assert page._url.selectedText() == URL
    QTest.keyClick(page._url, Qt.Key.Key_Return)
    assert clipboard.text().startswith("wx.config({")
    assert page._page is not None
    assert page._page.signable.url == URL
    assert desk.status == "Copied wx.config"


def test_other_text_on_the_clipboard_is_left_where_it_is(desk: Desk, clipboard: QClipboard) -> None:
    desk.window._sign._url.setText(URL)
    for text in ("kgt8ON7yVITDhtdwci0qeS", f"see {URL}", f"{URL}\n{URL}", "ftp://a.cn/", ""):
        clipboard.setText(text)
        desk.window.sign()
        assert desk.window._sign._url.text() == URL


def test_a_signed_string_is_cleared_in_time_and_a_config_stays(desk: Desk, clipboard: QClipboard) -> None:
    desk.window.secret_copied.connect(lambda text: desk.clipboard.put(text, 30))
    desk.window.sign()
    page = desk.window._sign
    page.take_url(URL)
    page.sign()
    page._result._copy_signed.click()
    assert clipboard.text().startswith("jsapi_ticket=FRESH-JSAPI_TICKET")
    assert desk.status == "Copied the signed string · cleared in 0:30"
    desk.steady.advance(30)
    desk.clipboard._on_second()
    assert (clipboard.text(), desk.status) == ("", "")
    page._result._copy_signed.click()
    page._result._copy_signature.click()
    assert desk.status == "Copied the signature"
    desk.steady.advance(30)
    desk.clipboard._on_second()
    assert page._page is not None
    assert clipboard.text() == page._page.signable.signature


def test_a_test_page_is_asked_of_the_program(desk: Desk) -> None:
    desk.window.sign()
    desk.window._sign.take_url(URL)
    desk.window._sign.sign()
    with desk.qtbot.waitSignal(desk.window.test_page_wanted) as wanted:
        desk.window._sign._result._open.click()
    assert wanted.args is not None
    assert wanted.args[:2] == [SHOP, URL]


def test_addresses_that_could_not_be_forgotten_are_said(desk: Desk) -> None:
    desk.window.sign()
    page = desk.window._sign
    page.take_url(URL)
    page.sign()
    page._result._copy.click()
    desk.stage.settle(desk.qtbot)
    desk.stage.recent_urls.full = True
    page._forget.click()
    desk.stage.settle(desk.qtbot)
    assert "no space left on device" in desk.status


# -- closing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier"), [(Qt.Key.Key_W, CTRL), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)]
)
def test_with_a_tray_closing_hides_and_says_where_to(
    desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    desk.window.set_has_tray(there=True)
    with desk.qtbot.waitSignal(desk.window.closed_to_tray):
        desk.press(key, modifier)
    assert not desk.window.isVisible()
    desk.window.appear()
    assert desk.window.isVisible()


def test_without_a_tray_closing_is_just_closing(desk: Desk) -> None:
    with desk.qtbot.assertNotEmitted(desk.window.closed_to_tray):
        assert desk.window.close()  # never refused: a refused close would block the end of the session


def test_without_a_tray_escape_leaves_the_window_where_it_is(desk: Desk) -> None:
    desk.window.set_has_tray(there=False)
    desk.press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert desk.window.isVisible()
    desk.press(Qt.Key.Key_W, CTRL)
    assert not desk.window.isVisible()


def test_escape_first_empties_the_field_that_filters(desk: Desk) -> None:
    desk.window.set_has_tray(there=True)
    desk.window.activateWindow()
    for page, field in (
        (0, desk.window._tokens._filter),
        (1, desk.window._history._filters._text),
        (2, desk.window._sign._names.search),
        (4, desk.window._errcodes._search),
    ):
        desk.window._list.go_to(page)
        field.setFocus()
        desk.qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "40164")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == ""
        assert desk.window.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not desk.window.isVisible()


def test_ctrl_q_quits(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.window.quit_wanted):
        desk.press(Qt.Key.Key_Q, CTRL)


def test_a_minimised_window_comes_back_to_its_size(desk: Desk) -> None:
    desk.window.showMinimized()
    desk.window.appear()
    assert not desk.window.isMinimized()


def test_everything_can_be_said_again_in_another_language(desk: Desk) -> None:
    from PySide6.QtCore import QEvent

    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.LanguageChange))
    assert desk.window.windowTitle() == "Guard Dog"
    assert [desk.window._list.item(row).text() for row in range(2)] == ["Tokens", "History"]


def test_no_page_keeps_the_window_from_being_made_narrow(
    make_desk: MakeDesk, stage: Stage, qtbot: QtBot
) -> None:
    with_cards = replace(SHOP, card_ticket=True)
    stage.accounts.known = (with_cards,)
    stage.put_fresh(with_cards)
    stage.controller.start()
    stage.settle(qtbot)
    desk = make_desk()
    desk.show()
    for page in range(desk.window._list.count()):
        desk.window._list.setCurrentRow(page)
        QApplication.processEvents()
    desk.window._sign.take_url(URL)
    desk.window._sign.sign()
    QApplication.processEvents()
    assert desk.window._sign._card.isVisibleTo(desk.window._sign)
    assert desk.window.minimumSizeHint().width() <= 840  # the window begins with 960
