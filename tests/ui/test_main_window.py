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
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.main_window import RESULT_TIMEOUT_MS, MainWindow, initial_size
from tests.fakes import FakeClock, error_reply
from tests.runtime.harness import GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui.message_boxes import MessageBoxAnswerer


class MainWindowSetup:
    """A window with a clipboard, joined as the program joins them."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.steady = FakeClock()
        self.clipboard = Clipboard(self.steady)
        self.window = MainWindow(harness.controller, harness.signing, self.clipboard, formatter)
        harness.controller.copies.copy_ready.connect(lambda _a, _k, value: self.clipboard.copy(value, 30))
        qtbot.addWidget(self.window)

    @property
    def status(self) -> str:
        return self.window.statusBar().currentMessage()

    def show(self) -> None:
        self.window.show_and_activate()
        self.qtbot.waitExposed(self.window)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def dialog(self) -> AccountDialog:
        self.qtbot.waitUntil(lambda: bool(self.window.findChildren(AccountDialog)))
        return self.window.findChildren(AccountDialog)[-1]


CTRL = Qt.KeyboardModifier.ControlModifier
MakeMainWindow = Callable[[], MainWindowSetup]


@pytest.fixture
def make_desk(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> MakeMainWindow:
    return lambda: MainWindowSetup(harness, formatter, qtbot)


@pytest.fixture
def desk(make_desk: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot) -> MainWindowSetup:
    """With one account whose values are fresh."""
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    desk = make_desk()
    desk.show()
    return desk


def test_without_an_account_it_says_how_to_begin_and_with_one_it_shows_it(
    make_desk: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.accounts.stored = ()
    harness.controller.start()
    desk = make_desk()
    desk.show()
    assert desk.window._welcome_page.isVisible()
    harness.secrets.stored[GAME.appid] = Secret(SECRET)
    harness.controller.account_jobs.save_account(GAME, Secret(SECRET))
    qtbot.waitUntil(desk.window._tokens_page.isVisible)
    harness.wait_until_idle(qtbot)
    assert desk.window._headline_label.text().startswith("1 of 1 fresh")


def test_a_copy_is_said_and_counted_down_until_it_is_cleared(desk: MainWindowSetup) -> None:
    desk.harness.controller.copies.request(SHOP.appid, TICKET)
    assert desk.status == "Copied JSAPI_TICKET of Shop · cleared in 0:30"
    desk.steady.advance(1)
    desk.clipboard._on_timeout()
    assert desk.status == "Copied JSAPI_TICKET of Shop · cleared in 0:29"
    desk.steady.advance(29)
    desk.clipboard._on_timeout()
    assert desk.status == ""
    assert QGuiApplication.clipboard().text() == ""


def test_a_copy_that_is_never_cleared_is_said_too(
    make_desk: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    desk = make_desk()
    desk.harness.controller.copies.copy_ready.disconnect()
    harness.controller.copies.copy_ready.connect(desk.window._on_copy_ready)
    harness.controller.copies.copy_ready.connect(lambda _a, _k, value: desk.clipboard.copy(value, 0))
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert desk.status == "Copied ACCESS_TOKEN of Shop"
    desk.clipboard.clear()


def test_a_copy_that_failed_says_why(desk: MainWindowSetup) -> None:
    desk.harness.wechat.forced_token_reply = error_reply(40125)
    desk.harness.clock.advance(8000)
    desk.harness.controller.copies.request(SHOP.appid, TOKEN)
    desk.harness.wait_until_idle(desk.qtbot)
    assert "AppSecret" in desk.status
    assert "(40125)" in desk.status
    assert desk.status.startswith("Shop: ")


def test_what_a_person_asked_for_is_answered_and_what_the_timer_did_is_not(desk: MainWindowSetup) -> None:
    desk.harness.advance(7000)
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.status == ""
    desk.harness.controller.refresh(SHOP.appid)
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.status.startswith("Shop: WeChat gave a new jsapi_ticket, good until")


def test_a_question_to_wechat_is_answered_with_the_name_of_the_account(desk: MainWindowSetup) -> None:
    desk.window._tokens_page.token_check_requested.emit(SHOP)
    desk.qtbot.waitUntil(lambda: desk.window._token_check_job is None)
    assert desk.status.startswith("Shop: ")


def test_what_came_of_an_attempt_is_said_only_while_it_is_news(desk: MainWindowSetup) -> None:
    def clocks() -> list[int]:
        return [
            clock.interval() for clock in desk.window._status_bar.findChildren(QTimer) if clock.isActive()
        ]

    desk.harness.controller.refresh(SHOP.appid)
    desk.harness.wait_until_idle(desk.qtbot)
    assert clocks() == [RESULT_TIMEOUT_MS]
    desk.window.copy_text("203.0.113.9")
    assert clocks() == []


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1920, 1080), (960, 640)), ((800, 480), (800, 440)), ((1024, 600), (960, 560))],
)
def test_the_window_begins_no_larger_than_the_screen(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert initial_size(QSize(*screen)) == QSize(*size)


def test_and_so_it_does_on_the_screen_that_there_is(desk: MainWindowSetup) -> None:
    room = desk.window.screen().availableGeometry()
    assert desk.window.width() <= max(room.width(), desk.window.minimumSizeHint().width())
    assert desk.window.height() <= room.height()


def test_an_ip_is_copied_without_a_time_and_does_not_stop_the_clearing_of_a_token(
    desk: MainWindowSetup,
) -> None:
    desk.window.copy_text("203.0.113.9")
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert desk.status == "Copied 203.0.113.9"
    desk.harness.controller.copies.request(SHOP.appid, TOKEN)
    desk.window.copy_text("203.0.113.9")
    desk.steady.advance(60)
    desk.clipboard._on_timeout()
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert desk.status == "Copied 203.0.113.9"


# -- pages and dialogs ----------------------------------------------------------------------------


def test_the_history_of_one_account_opens_on_its_page(desk: MainWindowSetup) -> None:
    desk.window._tokens_page.history_requested.emit(SHOP.appid)
    assert desk.window._history_page.isVisible()
    assert desk.window._history_page._filter_bar._account_combo.currentData() == SHOP.appid


def test_ctrl_n_opens_an_empty_dialog(desk: MainWindowSetup) -> None:
    desk.press(Qt.Key.Key_N, CTRL)
    dialog = desk.dialog()
    assert dialog.isVisible()
    assert dialog._form.entered_account().appid == ""
    dialog.reject()


def test_f2_opens_the_dialog_of_the_account(desk: MainWindowSetup) -> None:
    desk.window._tokens_page.edit_requested.emit(SHOP)
    dialog = desk.dialog()
    assert dialog._form.entered_account() == SHOP
    dialog.reject()
    desk.qtbot.waitUntil(lambda: not desk.window.findChildren(AccountDialog))  # nothing stays in memory


def test_removing_asks_first_and_says_what_stays(desk: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Cancel")
    desk.window._tokens_page.remove_requested.emit(SHOP)
    (question,) = answering.shown
    assert question.text == "Remove Shop?"
    assert "The .dog files stay" in question.informative_text
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.harness.accounts.stored == (SHOP,)


def test_a_name_that_looks_like_html_is_a_name(desk: MainWindowSetup) -> None:
    account = replace(SHOP, name="<img src=x>")
    answering = MessageBoxAnswerer(None)
    desk.window._tokens_page.remove_requested.emit(account)
    assert answering.shown[0].text == "Remove <img src=x>?"
    assert answering.shown[0].is_plain_text


def test_a_removal_is_said(desk: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Remove")
    desk.window._tokens_page.remove_requested.emit(SHOP)
    desk.qtbot.waitUntil(desk.window._welcome_page.isVisible)
    assert len(answering.shown) == 1
    assert desk.status == "Shop is removed."
    assert desk.harness.secrets.stored == {}


def test_what_a_removal_left_behind_is_said(desk: MainWindowSetup) -> None:
    desk.harness.secrets.store_result = KeyringIsLocked()
    desk.window.remove_account(SHOP)
    desk.qtbot.waitUntil(lambda: bool(desk.harness.job_results))
    assert "Its AppSecret is still in the keyring." in desk.status


def test_a_removal_that_did_not_happen_is_said(desk: MainWindowSetup) -> None:
    desk.harness.accounts.is_disk_full = True
    desk.window.remove_account(SHOP)
    desk.qtbot.waitUntil(lambda: bool(desk.harness.job_results))
    assert "no space left on device" in desk.status


def test_forcing_is_asked_about_by_name(desk: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Cancel")
    desk.window.confirm_force_new_token(SHOP.appid)
    desk.window.confirm_force_new_token("wx-nobody")
    assert len(answering.shown) == 1
    assert "Shop" in answering.shown[0].text


def test_the_banner_tries_again_for_its_account(desk: MainWindowSetup) -> None:
    desk.harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    desk.harness.advance(7200)
    desk.harness.wait_until_idle(desk.qtbot)
    assert desk.window._banner.isVisible()
    desk.harness.wechat.forced_token_reply = None
    desk.window._banner._retry_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
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


def test_an_address_on_the_clipboard_is_signed_with_two_keys_less(
    desk: MainWindowSetup, clipboard: QClipboard
) -> None:
    clipboard.setText(f"{URL}\n")
    desk.window.open_sign_page()
    page = desk.window._sign_page
    assert page.isVisible()
    desk.qtbot.waitUntil(page._url_field.hasFocus)
    assert page._url_field.selectedText() == URL
    QTest.keyClick(page._url_field, Qt.Key.Key_Return)
    assert clipboard.text().startswith("wx.config({")
    assert page._signed_page is not None
    assert page._signed_page.signature_input.url == URL
    assert desk.status == "Copied wx.config"


def test_other_text_on_the_clipboard_is_left_where_it_is(
    desk: MainWindowSetup, clipboard: QClipboard
) -> None:
    desk.window._sign_page._url_field.setText(URL)
    for text in ("kgt8ON7yVITDhtdwci0qeS", f"see {URL}", f"{URL}\n{URL}", "ftp://a.cn/", ""):
        clipboard.setText(text)
        desk.window.open_sign_page()
        assert desk.window._sign_page._url_field.text() == URL


def test_a_signed_string_is_cleared_in_time_and_a_config_stays(
    desk: MainWindowSetup, clipboard: QClipboard
) -> None:
    desk.window.secret_copy_requested.connect(lambda text: desk.clipboard.copy(text, 30))
    desk.window.open_sign_page()
    page = desk.window._sign_page
    page.set_url(URL)
    page.sign()
    page._result_view._copy_string_button.click()
    assert clipboard.text().startswith("jsapi_ticket=FRESH-JSAPI_TICKET")
    assert desk.status == "Copied the signed string · cleared in 0:30"
    desk.steady.advance(30)
    desk.clipboard._on_timeout()
    assert (clipboard.text(), desk.status) == ("", "")
    page._result_view._copy_string_button.click()
    page._result_view._copy_signature_button.click()
    assert desk.status == "Copied the signature"
    desk.steady.advance(30)
    desk.clipboard._on_timeout()
    assert page._signed_page is not None
    assert clipboard.text() == page._signed_page.signature_input.signature


def test_a_test_page_is_asked_of_the_program(desk: MainWindowSetup) -> None:
    desk.window.open_sign_page()
    desk.window._sign_page.set_url(URL)
    desk.window._sign_page.sign()
    with desk.qtbot.waitSignal(desk.window.test_page_requested) as wanted:
        desk.window._sign_page._result_view._test_page_button.click()
    assert wanted.args is not None
    assert wanted.args[:2] == [SHOP, URL]


def test_addresses_that_could_not_be_forgotten_are_said(desk: MainWindowSetup) -> None:
    desk.window.open_sign_page()
    page = desk.window._sign_page
    page.set_url(URL)
    page.sign()
    page._result_view._copy_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    desk.harness.recent_urls.is_disk_full = True
    page._forget_urls_button.click()
    desk.harness.wait_until_idle(desk.qtbot)
    assert "no space left on device" in desk.status


# -- closing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier"), [(Qt.Key.Key_W, CTRL), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)]
)
def test_with_a_tray_closing_hides_and_says_where_to(
    desk: MainWindowSetup, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    desk.window.set_tray_available(available=True)
    with desk.qtbot.waitSignal(desk.window.closed_to_tray):
        desk.press(key, modifier)
    assert not desk.window.isVisible()
    desk.window.show_and_activate()
    assert desk.window.isVisible()


def test_without_a_tray_closing_is_just_closing(desk: MainWindowSetup) -> None:
    with desk.qtbot.assertNotEmitted(desk.window.closed_to_tray):
        assert desk.window.close()  # never refused: a refused close would block the end of the session


def test_without_a_tray_escape_leaves_the_window_where_it_is(desk: MainWindowSetup) -> None:
    desk.window.set_tray_available(available=False)
    desk.press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert desk.window.isVisible()
    desk.press(Qt.Key.Key_W, CTRL)
    assert not desk.window.isVisible()


def test_escape_first_empties_the_field_that_filters(desk: MainWindowSetup) -> None:
    desk.window.set_tray_available(available=True)
    desk.window.activateWindow()
    for page, field in (
        (0, desk.window._tokens_page._filter_field),
        (1, desk.window._history_page._filter_bar._text_field),
        (2, desk.window._sign_page._api_list.search_field),
        (4, desk.window._errcode_page._search_field),
    ):
        desk.window._sidebar.activate_row(page)
        field.setFocus()
        desk.qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "40164")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == ""
        assert desk.window.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not desk.window.isVisible()


def test_ctrl_q_quits(desk: MainWindowSetup) -> None:
    with desk.qtbot.waitSignal(desk.window.quit_requested):
        desk.press(Qt.Key.Key_Q, CTRL)


def test_a_minimised_window_comes_back_to_its_size(desk: MainWindowSetup) -> None:
    desk.window.showMinimized()
    desk.window.show_and_activate()
    assert not desk.window.isMinimized()


def test_everything_can_be_said_again_in_another_language(desk: MainWindowSetup) -> None:
    from PySide6.QtCore import QEvent

    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.LanguageChange))
    assert desk.window.windowTitle() == "Guard Dog"
    assert [desk.window._sidebar.item(row).text() for row in range(2)] == ["Tokens", "History"]


def test_no_page_keeps_the_window_from_being_made_narrow(
    make_desk: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    with_cards = replace(SHOP, card_ticket=True)
    harness.accounts.stored = (with_cards,)
    harness.put_fresh_values(with_cards)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    desk = make_desk()
    desk.show()
    for page in range(desk.window._sidebar.count()):
        desk.window._sidebar.setCurrentRow(page)
        QApplication.processEvents()
    desk.window._sign_page.set_url(URL)
    desk.window._sign_page.sign()
    QApplication.processEvents()
    assert desk.window._sign_page._card_button.isVisibleTo(desk.window._sign_page)
    assert desk.window.minimumSizeHint().width() <= 840  # the window begins with 960
