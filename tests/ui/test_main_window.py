"""The main window as a whole: pages, status bar, dialogs, and closing."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.settings import WindowState
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import KeySubject, SignedStringSubject
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.main_window import MainWindow, initial_size
from guarddog_gui.ui.shell.account_list import StatusRole
from guarddog_gui.ui.shell.navigation import BadgeRole, NavigationList
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.widgets.screen_geometry import available_geometry
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.fakes import FakeClock, error_reply
from tests.runtime.harness import CAFE, GAME, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.message_boxes import MessageBoxAnswerer
from tests.ui.tokens.tokens_page_setup import add_accounts

PageKind = TypeVar("PageKind", bound=QWidget)


class MainWindowSetup:
    """A window with a clipboard, connected as the program connects them."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.monotonic = FakeClock()
        self.clipboard = Clipboard(self.monotonic)
        self.clear_after_s = 30
        self.window = MainWindow(harness.controller, harness.signing, self.clipboard, formatter)
        harness.controller.copies.copy_ready.connect(
            lambda _, kind, value: self.clipboard.copy_secret(value, KeySubject(kind, SHOP.name), self.clear_after_s)
        )
        qtbot.addWidget(self.window)

    @property
    def status(self) -> str:
        return find.toast(self.window)

    def show(self) -> None:
        self.window.show_and_activate()
        self.qtbot.waitExposed(self.window)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def page(self, kind: type[PageKind]) -> PageKind:
        return find.page(self.window, kind)

    def pass_seconds(self, seconds: float) -> None:
        self.monotonic.advance(seconds)
        self.clipboard.update_countdown()

    def account_dialog(self) -> AccountDialog:
        self.qtbot.waitUntil(lambda: bool(self.window.findChildren(AccountDialog)))
        return find.dialog(self.window, AccountDialog)


CTRL = Qt.KeyboardModifier.ControlModifier
MakeMainWindow = Callable[[], MainWindowSetup]


@pytest.fixture
def make_setup(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> MakeMainWindow:
    return lambda: MainWindowSetup(harness, formatter, qtbot)


@pytest.fixture
def setup(make_setup: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot) -> MainWindowSetup:
    """A shown window with one account whose values are fresh."""
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    setup = make_setup()
    setup.show()
    return setup


def test_the_welcome_page_is_shown_until_there_is_an_account(
    make_setup: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.accounts.stored = ()
    harness.controller.start()
    setup = make_setup()
    setup.show()
    assert setup.page(WelcomePage).isVisible()
    harness.secrets.stored[GAME.appid] = Secret(SECRET)
    harness.controller.account_jobs.save_account(GAME, Secret(SECRET))
    qtbot.waitUntil(setup.page(TokensPage).isVisible)
    harness.wait_until_idle(qtbot)
    assert find.widget(setup.window, ElidedLabel, "headline").text().startswith("1 of 1 usable")


def test_the_window_counts_a_copy_down_until_it_is_cleared(setup: MainWindowSetup) -> None:
    setup.harness.controller.copies.request(SHOP.appid, TICKET)
    assert setup.status == "Copied jsapi_ticket of Shop · cleared in 0:30"
    setup.pass_seconds(1)
    assert setup.status == "Copied jsapi_ticket of Shop · cleared in 0:29"
    setup.pass_seconds(29)
    assert setup.status == ""
    assert QGuiApplication.clipboard().text() == ""


def test_a_copy_that_is_never_cleared_is_reported_without_a_countdown(
    make_setup: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    setup = make_setup()
    setup.clear_after_s = 0
    harness.controller.copies.request(SHOP.appid, TOKEN)
    assert setup.status == "Copied access_token of Shop"
    setup.clipboard.clear()


def test_a_failed_copy_is_reported_with_its_reason(setup: MainWindowSetup) -> None:
    setup.harness.wechat.forced_token_reply = error_reply(40125)
    setup.harness.clock.advance(8000)
    setup.harness.controller.copies.request(SHOP.appid, TOKEN)
    setup.harness.wait_until_idle(setup.qtbot)
    assert "AppSecret" in setup.status
    assert "(40125, rid: " in setup.status
    assert setup.status.startswith("Shop: ")


def test_the_result_of_a_token_check_names_its_account(setup: MainWindowSetup) -> None:
    setup.page(TokensPage).token_check_requested.emit(SHOP)
    setup.qtbot.waitUntil(lambda: setup.status not in ("", "Asking WeChat…"))
    assert setup.status.startswith("Shop: ")


@pytest.mark.parametrize(
    ("screen", "size"), [((1920, 1080), (1080, 720)), ((800, 480), (800, 440)), ((1024, 600), (1024, 560))]
)
def test_the_initial_size_is_no_larger_than_the_screen(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert initial_size(QSize(*screen)) == QSize(*size)


def test_the_window_fits_on_the_actual_screen(setup: MainWindowSetup) -> None:
    room = available_geometry(setup.window)
    assert setup.window.width() <= max(room.width(), setup.window.minimumSizeHint().width())
    assert setup.window.height() <= room.height()


def test_a_copied_ip_is_not_cleared_with_the_token_that_it_replaced(setup: MainWindowSetup) -> None:
    setup.window.copy_text("203.0.113.9")
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert setup.status == "Copied 203.0.113.9"
    setup.harness.controller.copies.request(SHOP.appid, TOKEN)
    setup.window.copy_text("203.0.113.9")
    setup.pass_seconds(60)
    assert QGuiApplication.clipboard().text() == "203.0.113.9"
    assert setup.status == "Copied 203.0.113.9"


# -- pages and dialogs ----------------------------------------------------------------------------


def test_the_history_of_one_account_opens_on_its_page(setup: MainWindowSetup) -> None:
    setup.page(TokensPage).history_requested.emit(SHOP.appid)
    assert setup.page(HistoryPage).isVisible()
    assert find.combo(setup.page(HistoryPage), "Account").currentData() == SHOP.appid


def test_ctrl_n_opens_an_empty_dialog(setup: MainWindowSetup) -> None:
    setup.press(Qt.Key.Key_N, CTRL)
    dialog = setup.account_dialog()
    assert dialog.isVisible()
    assert find.field(dialog, "AppID").text() == ""
    dialog.reject()


def test_f2_opens_the_dialog_of_the_account(setup: MainWindowSetup) -> None:
    setup.page(TokensPage).edit_requested.emit(SHOP)
    dialog = setup.account_dialog()
    assert find.widget(dialog, AccountForm).entered_account() == SHOP
    dialog.reject()
    setup.qtbot.waitUntil(lambda: not setup.window.findChildren(AccountDialog))  # nothing stays in memory


def test_the_keys_of_the_cards_work_on_the_account_in_the_rail(setup: MainWindowSetup) -> None:
    accounts = setup.window.rail.account_list
    accounts.setFocus()
    QTest.keySequence(accounts, QKeySequence(QKeySequence.StandardKey.Copy))
    setup.qtbot.waitUntil(lambda: "access_token" in setup.status)
    assert QGuiApplication.clipboard().text().startswith("FRESH-ACCESS_TOKEN")
    answering = MessageBoxAnswerer("Cancel")
    QTest.keyClick(accounts, Qt.Key.Key_Delete)
    assert [question.text for question in answering.shown] == ["Remove Shop?"]
    QTest.keyClick(accounts, Qt.Key.Key_F2)
    dialog = setup.account_dialog()
    assert find.widget(dialog, AccountForm).entered_account() == SHOP
    dialog.reject()


def test_removing_asks_for_confirmation_and_names_what_is_kept(setup: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Cancel")
    setup.page(TokensPage).remove_requested.emit(SHOP)
    (question,) = answering.shown
    assert question.text == "Remove Shop?"
    assert "The .dog files stay" in question.informative_text
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.harness.accounts.stored == (SHOP,)


def test_after_a_removal_one_account_is_marked(setup: MainWindowSetup) -> None:
    add_accounts(setup.harness, setup.qtbot, CAFE, GAME)
    answering = MessageBoxAnswerer("Remove")
    setup.window.current_account.choose(CAFE.appid)
    setup.window.activate_page(0)
    QTest.keyClick(setup.window.focusWidget(), Qt.Key.Key_Delete)
    setup.qtbot.waitUntil(lambda: len(setup.harness.controller.overview().accounts) == 2)
    assert len(answering.shown) == 1
    setup.harness.wait_until_idle(setup.qtbot)
    chosen = setup.window.rail.account_list.currentIndex().data(StatusRole).account
    assert setup.window.current_account.appid == chosen.appid
    assert find.widget(setup.window, CardList).focused_appid == chosen.appid


def test_an_account_name_that_looks_like_html_is_shown_as_text(setup: MainWindowSetup) -> None:
    account = replace(SHOP, name="<img src=x>")
    answering = MessageBoxAnswerer(None)
    setup.page(TokensPage).remove_requested.emit(account)
    assert answering.shown[0].text == "Remove <img src=x>?"
    assert answering.shown[0].is_plain_text


def test_a_removal_is_undone_in_the_news_about_it(setup: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Remove")
    setup.page(TokensPage).remove_requested.emit(SHOP)
    setup.qtbot.waitUntil(setup.page(WelcomePage).isVisible)
    assert len(answering.shown) == 1
    assert setup.status == "Shop is removed."
    assert setup.harness.secrets.stored.keys() == {SHOP.appid}
    find.button(setup.window, "Undo").click()
    setup.qtbot.waitUntil(lambda: setup.status == "Shop is back.")
    assert setup.harness.accounts.stored == (SHOP,)


def test_ending_a_removal_reports_an_appsecret_that_stays_in_the_keyring(setup: MainWindowSetup) -> None:
    setup.harness.secrets.store_result = KeyringIsLocked()
    setup.window.account_actions.remove_for_good(SHOP)
    setup.qtbot.waitUntil(lambda: "could not be removed from the keyring" in setup.status)


def test_a_failed_removal_is_reported(setup: MainWindowSetup) -> None:
    setup.harness.accounts.is_disk_full = True
    answering = MessageBoxAnswerer("Remove")
    setup.page(TokensPage).remove_requested.emit(SHOP)
    setup.qtbot.waitUntil(lambda: "no space left on device" in setup.status)
    assert len(answering.shown) == 1


def test_forcing_asks_for_confirmation_with_the_account_name(setup: MainWindowSetup) -> None:
    answering = MessageBoxAnswerer("Cancel")
    setup.window.account_actions.force_new_token(SHOP.appid)
    setup.window.account_actions.force_new_token("wx-nobody")
    setup.qtbot.waitUntil(lambda: len(answering.shown) == 1)
    assert "Shop" in answering.shown[0].text


def test_a_failing_account_has_its_trouble_in_its_card_and_a_badge_on_each_page(setup: MainWindowSetup) -> None:
    setup.harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    setup.harness.advance(7200)
    setup.harness.wait_until_idle(setup.qtbot)
    assert not setup.page(Banner).isVisible()
    item = setup.window.rail.navigation.item(0)
    assert item.data(BadgeRole) == "1"
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Tokens, 1 account needs you"
    setup.harness.wechat.forced_token_reply = None
    find.button(setup.window, "Retry: Shop").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert item.data(BadgeRole) == ""
    assert not find.has(setup.window, "Retry: Shop")


def test_how_to_fix_opens_the_explanation_of_the_errcode(setup: MainWindowSetup) -> None:
    setup.harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    setup.harness.advance(7200)
    setup.harness.wait_until_idle(setup.qtbot)
    find.button(setup.window, "How to fix: Shop").click()
    assert setup.page(ErrcodePage).isVisible()
    assert "(40164)" in find.label(setup.window, "errcode-meaning").text()
    assert find.label(setup.window, "errcode-fix").text()


def test_a_copied_value_is_confirmed_on_its_button(setup: MainWindowSetup) -> None:
    button = find.button(setup.window, "Copy access_token of Shop")
    setup.clipboard.copied.emit(KeySubject(TOKEN, SHOP.name, SHOP.appid))
    assert button.text() == "Copied ✓"


# -- signing --------------------------------------------------------------------------------------

URL = "https://shop.example.com/p?id=1"


@pytest.fixture
def clipboard() -> Iterator[QClipboard]:
    """The system clipboard, empty before and after the test."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


def test_a_url_on_the_clipboard_is_filled_in_ready_to_sign(setup: MainWindowSetup, clipboard: QClipboard) -> None:
    clipboard.setText(f"{URL}\n")
    setup.window.open_sign_page()
    page = setup.page(SignPage)
    assert page.isVisible()
    url_field = find.field(page, "Page's URL")
    setup.qtbot.waitUntil(url_field.hasFocus)
    assert url_field.selectedText() == URL
    QTest.keyClick(url_field, Qt.Key.Key_Return)
    assert clipboard.text().startswith("wx.config({")
    assert page._signed_page is not None
    assert page._signed_page.signature_input.url == URL
    assert setup.status.startswith("Copied wx.config · Shop · valid until ")


def test_the_url_of_a_diagnosis_is_signed_on_the_sign_page(setup: MainWindowSetup) -> None:
    setup.page(DiagnosePage).sign_requested.emit(URL)
    page = setup.page(SignPage)
    assert page.isVisible()
    assert find.field(page, "Page's URL").text() == URL
    assert find.button(page, "Copy wx.config").isEnabled()


def test_the_fix_of_a_diagnosis_is_copied(setup: MainWindowSetup, clipboard: QClipboard) -> None:
    setup.page(DiagnosePage).copy_requested.emit("Sign location.href", "the fix")
    assert (clipboard.text(), setup.status) == ("Sign location.href", "Copied the fix")


def test_other_text_on_the_clipboard_is_not_filled_in(setup: MainWindowSetup, clipboard: QClipboard) -> None:
    url_field = find.field(setup.page(SignPage), "Page's URL")
    url_field.setText(URL)
    for text in ("kgt8ON7yVITDhtdwci0qeS", f"see {URL}", f"{URL}\n{URL}", "ftp://a.cn/", ""):
        clipboard.setText(text)
        setup.window.open_sign_page()
        assert url_field.text() == URL


def test_a_copied_signed_string_is_cleared_and_a_signature_is_not(
    setup: MainWindowSetup, clipboard: QClipboard
) -> None:
    setup.window.secret_copy_requested.connect(
        lambda text: setup.clipboard.copy_secret(text, SignedStringSubject(), 30)
    )
    setup.window.open_sign_page()
    page = setup.page(SignPage)
    page.set_url(URL)
    page.sign()
    find.button(page, "Copy string1").click()
    assert clipboard.text().startswith("jsapi_ticket=FRESH-JSAPI_TICKET")
    assert setup.status == "Copied the signed string · cleared in 0:30"
    setup.pass_seconds(30)
    assert (clipboard.text(), setup.status) == ("", "")
    find.button(page, "Copy string1").click()
    find.button(page, "Copy the signature").click()
    assert setup.status.startswith("Copied the signature · Shop · valid until ")
    setup.pass_seconds(30)
    assert page._signed_page is not None
    assert clipboard.text() == page._signed_page.signature_input.signature


def test_the_test_page_is_requested_with_account_and_url(setup: MainWindowSetup) -> None:
    setup.window.open_sign_page()
    setup.page(SignPage).set_url(URL)
    setup.page(SignPage).sign()
    with setup.qtbot.waitSignal(setup.window.test_page_requested) as wanted:
        find.button(setup.page(SignPage), "Verify in the browser").click()
    assert wanted.args is not None
    assert wanted.args[:2] == [SHOP, URL]


def test_recent_urls_that_could_not_be_deleted_are_reported(setup: MainWindowSetup) -> None:
    setup.window.open_sign_page()
    page = setup.page(SignPage)
    page.set_url(URL)
    page.sign()
    find.button(page, "Copy wx.config").click()
    setup.harness.wait_until_idle(setup.qtbot)
    setup.harness.recent_urls.is_disk_full = True
    find.button(page, "Forget recent URLs").click()
    setup.harness.wait_until_idle(setup.qtbot)
    assert "no space left on device" in setup.status


# -- closing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier"), [(Qt.Key.Key_W, CTRL), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)]
)
def test_with_a_tray_closing_hides_the_window(
    setup: MainWindowSetup, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    setup.window.set_tray_available(available=True)
    with setup.qtbot.waitSignal(setup.window.closed_to_tray):
        setup.press(key, modifier)
    assert not setup.window.isVisible()
    setup.window.show_and_activate()
    assert setup.window.isVisible()


def test_without_a_tray_closing_closes_the_window(setup: MainWindowSetup) -> None:
    with setup.qtbot.assertNotEmitted(setup.window.closed_to_tray):
        assert setup.window.close()  # never refused: a refused close would block the end of the session


def test_without_a_tray_escape_does_not_close_the_window(setup: MainWindowSetup) -> None:
    setup.window.set_tray_available(available=False)
    setup.press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert setup.window.isVisible()
    setup.press(Qt.Key.Key_W, CTRL)
    assert not setup.window.isVisible()


def test_escape_clears_a_search_field_before_it_closes_the_window(setup: MainWindowSetup) -> None:
    setup.window.set_tray_available(available=True)
    setup.window.activateWindow()
    for page, field in (
        (0, find.field(setup.window, "Filter accounts")),
        (1, find.field(setup.page(HistoryPage), "Search the history")),
        (4, find.field(setup.page(ErrcodePage), "Search the errcodes")),
    ):
        setup.window.activate_page(page)
        field.setFocus()
        setup.qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "40164")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == ""
        assert setup.window.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not setup.window.isVisible()


def test_ctrl_q_quits(setup: MainWindowSetup) -> None:
    with setup.qtbot.waitSignal(setup.window.quit_requested):
        setup.press(Qt.Key.Key_Q, CTRL)


def test_a_minimised_window_is_restored(setup: MainWindowSetup) -> None:
    setup.window.showMinimized()
    setup.window.show_and_activate()
    assert not setup.window.isMinimized()


def test_the_window_survives_a_change_of_language(setup: MainWindowSetup) -> None:
    from PySide6.QtCore import QEvent

    QApplication.sendEvent(setup.window, QEvent(QEvent.Type.LanguageChange))
    assert setup.window.windowTitle() == "Guard Dog"
    assert [setup.page(NavigationList).item(row).text() for row in range(2)] == ["Tokens", "History"]


def test_no_page_prevents_a_narrow_window(make_setup: MakeMainWindow, harness: RuntimeHarness, qtbot: QtBot) -> None:
    with_cards = replace(SHOP, card_ticket=True)
    harness.accounts.stored = (with_cards,)
    harness.put_fresh_values(with_cards)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    setup = make_setup()
    setup.show()
    navigation = setup.page(NavigationList)
    for page in range(navigation.count()):
        navigation.setCurrentRow(page)
        QApplication.processEvents()
    setup.page(SignPage).set_url(URL)
    setup.page(SignPage).sign()
    QApplication.processEvents()
    assert find.button(setup.page(SignPage), "Sign a card…").isVisibleTo(setup.page(SignPage))
    assert setup.window.minimumSizeHint().width() <= 840


def test_the_window_comes_back_as_it_was_closed(setup: MainWindowSetup, make_setup: MakeMainWindow) -> None:
    setup.show()
    setup.window.resize(780, 560)
    setup.window.activate_page(1)
    with setup.qtbot.waitSignal(setup.window.state_changed) as closed:
        setup.window.close()
    state = closed.args[0]
    assert state.current_account == SHOP.appid

    again = make_setup()
    again.window.restore_state(state)
    again.show()
    assert again.window.size() == QSize(780, 560)
    assert again.page(HistoryPage).isVisible()


def test_a_remembered_state_that_no_longer_fits_is_left_out(setup: MainWindowSetup) -> None:
    setup.window.restore_state(WindowState("bm9uc2Vuc2U=", "no such page", "wx0000000000000000", {"tokens": "?"}))
    setup.show()
    assert setup.page(TokensPage).isVisible()
    assert setup.window.current_account.appid == SHOP.appid


def test_without_accounts_other_pages_than_the_tokens_can_be_visited(
    make_setup: MakeMainWindow, harness: RuntimeHarness
) -> None:
    harness.accounts.stored = ()
    harness.controller.start()
    setup = make_setup()
    setup.show()
    setup.qtbot.waitUntil(setup.window.isActiveWindow)
    welcome = setup.page(WelcomePage)
    setup.press(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert setup.page(ErrcodePage).isVisible()
    assert not welcome.isVisible()
    setup.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert welcome.isVisible()
    setup.window.show_errcode(40164)
    assert setup.page(ErrcodePage).isVisible()


def test_the_welcome_page_comes_when_the_last_account_is_removed_whatever_page_is_shown(setup: MainWindowSetup) -> None:
    setup.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert setup.page(SignPage).isVisible()
    setup.harness.accounts.update(lambda _: ())
    setup.harness.controller.tick()
    setup.qtbot.waitUntil(setup.page(WelcomePage).isVisible)
