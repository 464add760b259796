"""Tests of the diagnose page: running, cancelling and showing a diagnosis."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.services.messages.signing.diagnosis_mistakes import MISTAKES as MISTAKE_TEXTS
from guarddog_gui.ui.signing.wrapping_view import MessageText, WrappingView
from tests.desktop.jssdk_mistakes import MISTAKES, SigningInputs, correct_config
from tests.fakes import NOW, OFFLINE_FAILURE
from tests.runtime.harness import CAFE, GAME, SHOP, TOKEN, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, combo, field, widget
from tests.ui.signing.diagnose_page_driver import (
    NONCE,
    OLD,
    PAGE,
    DiagnosePageDriver,
    config_with,
    diagnose_harness,
    signed,
    wx_config,
)


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with diagnose_harness() as harness:
        yield harness


# -- what is pasted -------------------------------------------------------------------------------


def test_the_account_of_the_pasted_config_is_selected(driver: DiagnosePageDriver) -> None:
    assert driver.page.account == SHOP
    driver.page.set_input(config_with("0" * 40, CAFE.appid), PAGE)
    assert driver.page.account == CAFE
    driver.page.set_input(config_with("0" * 40, "wxffffffffffffffff"), PAGE)
    assert driver.page.account == CAFE  # no such account: the selection stays
    assert "No account here has this appId" in driver.parsed_values
    text = driver.diagnose(config_with("0" * 40, "wxffffffffffffffff"))
    assert text.splitlines()[2].startswith("The appId")  # the first thing to check


def test_a_just_pasted_config_is_parsed_before_the_search(driver: DiagnosePageDriver) -> None:
    field(driver.page, "Page's URL").setText(PAGE)
    driver.paste_field.setPlainText(config_with("0" * 40, CAFE.appid))
    driver.page.start()
    assert driver.page.account == CAFE
    assert driver.page.is_running


def test_the_url_in_the_pasted_text_is_the_default_and_the_placeholder(driver: DiagnosePageDriver) -> None:
    url = PAGE.partition("#")[0]
    text = driver.diagnose(config_with(signed(driver.value(), url)) + f"\nurl: {url}", "")
    assert field(driver.page, "Page's URL").placeholderText() == url
    assert text.startswith("The signature is right for")
    driver.page.set_input("", "")
    assert field(driver.page, "Page's URL").placeholderText().startswith("https://…")


def test_a_very_long_value_or_name_does_not_widen_the_window(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    usual = driver.page.minimumSizeHint().width()
    driver.page.set_input(config_with("0" * 40).replace(NONCE, "\u202en" * 9_000), "https://a.cn/" + "p" * 20_000)
    assert "\u202e" not in driver.parsed_values
    assert len(driver.parsed_values) < 400
    driver.page.start()
    harness.accounts.update(lambda known: tuple(replace(one, name="旗舰店" * 26) for one in known))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    assert driver.page.minimumSizeHint().width() <= usual + 100
    assert "long" in driver.verdict


# -- the verdict ----------------------------------------------------------------------------------

EXPECTED_WORDS = {
    "fragment signed": "#top",
    "slash missing": "shop?id=7",
    "http and https swapped": "http",
    "URL encoded with encodeURIComponent": "%3A%2F%2F",
    "share parameter left out": "from=timeline",
    "timestamp in milliseconds": "millisecond",
    "nonce under the wrong name": "noncestr",
    "×tamp": "×tamp",
    "previous ticket": "ticket",
    "access token instead of the ticket": "access_token",
}


@pytest.mark.parametrize(("name", "mistaken"), [(name, make) for name, make, _ in MISTAKES])
def test_each_common_mistake_is_named(driver: DiagnosePageDriver, name: str, mistaken: object) -> None:
    config = mistaken(driver.signing_inputs())  # type: ignore[operator]  # it makes a config
    if name == "http and https swapped":  # the page itself is http
        config["signature"] = signed(driver.value(), PAGE.partition("#")[0].replace("https", "http"))
    text = driver.diagnose(wx_config(config))
    assert EXPECTED_WORDS[name] in text
    assert "None of" not in text
    for value in (driver.value(), driver.value(TOKEN), OLD):
        assert value not in text


@pytest.mark.parametrize(("mistaken", "kind"), [(make, kind) for _, make, kind in MISTAKES])
def test_each_common_mistake_is_named_in_both_languages_without_secrets(
    driver: DiagnosePageDriver, mistaken: Callable[[SigningInputs], dict[str, object]], kind: MistakeKind
) -> None:
    inputs = replace(driver.signing_inputs(), url=PAGE.replace("https", "http"))
    driver.diagnose(wx_config(mistaken(inputs)), inputs.url)
    for language in ("zh_CN", "en"):
        messages = driver.formatter.messages = make_formatter(driver.harness, language).messages
        driver.page.retranslate()
        _, advice = MISTAKE_TEXTS[kind]
        assert messages.text(advice).replace("`", "") in driver.verdict
        for each in (driver.page, *driver.page.findChildren(QWidget)):
            text = f"{each.toolTip()} {each.accessibleName()} {each.accessibleDescription()}"
            text += "".join(str(each.property(name) or "") for name in ("text", "plainText", "html"))
            for secret in (inputs.ticket, inputs.previous_ticket, inputs.access_token):
                assert secret not in text


def test_a_correct_signature_is_confirmed(driver: DiagnosePageDriver) -> None:
    assert driver.diagnose(wx_config(correct_config(driver.signing_inputs()))).startswith("The signature is right for")


def test_differences_of_the_urls_are_marked_not_by_colour_alone(driver: DiagnosePageDriver) -> None:
    url = PAGE.partition("#")[0]
    driver.diagnose(config_with(signed(driver.value(), url.replace("&from=timeline", ""))), url)
    assert url.replace("&from=timeline", "") in driver.verdict.splitlines()
    assert url.replace("&from=timeline", "[&from=timeline]") in driver.verdict


def test_without_a_match_it_lists_the_likely_causes_and_the_ruled_out_ones(driver: DiagnosePageDriver) -> None:
    text = driver.diagnose(config_with("0" * 40))
    assert text.startswith("None of ")
    remains, _, ruled_out = text.partition("other forms of the URL")
    assert remains.index("ticket") < remains.index("domain")  # more likely causes come first
    assert "combinations of two mistakes" in ruled_out
    hidden = widget(driver.card, MessageText, "What was ruled out")
    assert not hidden.isVisible()
    button(driver.card, "What was ruled out").click()
    assert hidden.isVisible()


@pytest.mark.parametrize(
    ("pasted", "url", "words"),
    [
        ("", PAGE, "wx.config"),
        ("hello", PAGE, "wx.config"),
        (wx_config({"timestamp": int(NOW), "nonceStr": NONCE}), PAGE, "signature"),
        (config_with("0" * 39), PAGE, "signature"),
        (config_with("0" * 40), "", "address"),
        (config_with("0" * 40), "/relative", "http"),
        (config_with("0" * 40), "ftp://a.cn/", "http"),
    ],
)
def test_invalid_input_is_explained_in_one_sentence(
    driver: DiagnosePageDriver, pasted: str, url: str, words: str
) -> None:
    text = driver.diagnose(pasted, url)
    assert words in text
    assert not button(driver.card, "What was ruled out").isVisible()


def test_a_mini_program_has_no_ticket_to_diagnose_with(driver: DiagnosePageDriver) -> None:
    driver.select_account(GAME.appid)
    text = driver.diagnose(wx_config({"timestamp": int(NOW), "nonceStr": NONCE, "signature": "0" * 40}))
    assert "Game" in text
    assert driver.harness.transport.endpoints == []


@pytest.mark.parametrize("text", ["</table><img src=x>", "<b>bold</b>", "\u202e\x07&amp;", "a" * 2000])
def test_markup_in_a_url_is_shown_as_text(driver: DiagnosePageDriver, text: str) -> None:
    url = f"https://a.cn/p?q={text}"
    text = driver.diagnose(config_with(signed(driver.value(), url.replace("a.cn/p", "a.cn/p/"))), url)
    assert text
    assert all("<img" not in view.toHtml() for view in driver.card.findChildren(WrappingView))


# -- while it works -------------------------------------------------------------------------------


def test_a_search_shows_its_progress_and_can_be_cancelled(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    assert driver.progress_bar.isVisible()
    search = driver.search
    button(driver.page, "Cancel").click()
    assert search.is_cancelled()
    assert not button(driver.page, "Cancel").isVisible()
    assert not driver.progress_bar.isVisible()
    harness.wait_until_idle(driver.qtbot)
    assert driver.verdict == "The diagnosis was cancelled."
    assert harness.transport.endpoints == []
    button(driver.page, "Diagnose again").click()
    driver.wait()
    assert driver.verdict.startswith("None of")


def test_escape_cancels_a_running_search_before_it_hides_the_window(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    window = QMainWindow()
    driver.qtbot.addWidget(window)
    window.setCentralWidget(driver.page)
    hide = QAction(window)
    hide.setShortcut(Qt.Key.Key_Escape)
    hide.triggered.connect(window.hide)
    window.addAction(hide)
    window.show()
    window.activateWindow()
    driver.qtbot.waitExposed(window)
    driver.page.set_input(config_with("0" * 40), PAGE)
    for focused in (driver.paste_field, field(driver.page, "Page's URL"), combo(driver.page, "Account")):
        focused.setFocus()
        driver.page.start()
        search = driver.search
        QTest.keyClick(focused, Qt.Key.Key_Escape)
        assert search.is_cancelled()
        assert window.isVisible()
    harness.wait_until_idle(driver.qtbot)
    QTest.keyClick(driver.paste_field, Qt.Key.Key_Escape)
    assert not window.isVisible()
    driver.page.setParent(None)  # qtbot closes the page and the window separately


def test_the_progress_bar_advances_during_a_search(driver: DiagnosePageDriver) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    moved: list[int] = []
    driver.progress_bar.valueChanged.connect(moved.append)
    driver.page.findChildren(QTimer, "progress-timer")[0].setInterval(1)
    driver.page.start()
    assert driver.progress_bar.maximum() == 0  # the total is not known yet
    driver.wait()
    assert len(moved) > 3
    assert moved == sorted(moved)


def test_a_second_start_cancels_the_first_search(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    first = driver.search
    driver.page.set_input(wx_config(correct_config(driver.signing_inputs())), PAGE)
    assert first.is_cancelled()
    harness.wait_until_idle(driver.qtbot)
    assert "right" in driver.verdict


def test_ctrl_enter_in_the_config_and_enter_in_the_url_start(driver: DiagnosePageDriver) -> None:
    driver.paste_field.setPlainText(wx_config(correct_config(driver.signing_inputs())))
    field(driver.page, "Page's URL").setText(PAGE)
    QTest.keyClick(driver.paste_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert driver.page.is_running  # without the pause after typing
    driver.wait()
    assert "right" in driver.verdict
    field(driver.page, "Page's URL").setText(PAGE.replace("id=7", "id=8"))
    QTest.keyClick(field(driver.page, "Page's URL"), Qt.Key.Key_Return)
    driver.wait()
    assert driver.verdict.startswith("None of")


def test_a_removed_account_is_no_longer_offered(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: tuple(one for one in known if one != SHOP))
    harness.controller.tick()
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    assert driver.page.account == CAFE
    harness.accounts.update(lambda _: ())
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    driver.page.start()
    assert not driver.page.is_running


def test_an_expired_ticket_is_fetched_once_before_the_search(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    dead = driver.value()
    harness.clock.advance(7200)
    text = driver.diagnose(config_with(signed(dead, PAGE.partition("#")[0])))
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert "ticket" in text
    assert "None of" not in text


def test_an_invalid_url_is_refused_before_a_ticket_is_fetched(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    assert "http" in driver.diagnose(config_with("0" * 40), "/relative")
    assert harness.transport.endpoints == []


def test_another_account_chosen_while_a_ticket_is_fetched_is_searched_for(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    dead = driver.value()
    harness.clock.advance(7200)
    driver.page.set_input(config_with(signed(dead, PAGE.partition("#")[0])), PAGE)
    driver.page.start()
    assert button(driver.page, "Cancel").isVisible()
    driver.select_account(CAFE.appid)
    driver.wait()
    harness.wait_until_idle(driver.qtbot)
    assert driver.verdict.startswith("A value of another account was signed with: Shop")


def test_removing_the_account_while_its_ticket_is_fetched_cancels(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    harness.wechat.hanging_appids.add(SHOP.appid)
    driver.page.set_input(config_with("0" * 40), PAGE)
    awaited = driver.page._awaiting_ticket
    assert awaited is not None
    harness.accounts.update(lambda known: tuple(one for one in known if one != SHOP))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    assert driver.page._awaiting_ticket is None or driver.page._awaiting_ticket[0] != SHOP
    harness.wechat.release()
    harness.wait_until_idle(driver.qtbot)
    driver.wait()


def test_removing_the_account_during_the_search_keeps_the_result(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    harness.accounts.update(lambda _: ())
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    harness.wait_until_idle(driver.qtbot)
    assert driver.verdict.startswith("None of")


def test_fetching_the_ticket_can_be_cancelled(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.clock.advance(7200)
    harness.wechat.hanging_appids.add(SHOP.appid)
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    assert driver.progress_bar.maximum() == 0
    button(driver.page, "Cancel").click()
    harness.wechat.release()
    harness.wait_until_idle(driver.qtbot)
    assert not driver.page.is_running
    assert driver.verdict == "The diagnosis was cancelled."


def test_a_failed_ticket_fetch_does_not_stop_the_search(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    assert "ticket" in driver.diagnose(config_with(signed(OLD, PAGE.partition("#")[0])))
    harness.wait_until_idle(driver.qtbot)


def test_the_result_is_translated_when_the_language_changes(harness: RuntimeHarness, qtbot: QtBot) -> None:
    driver = DiagnosePageDriver(harness, qtbot)
    driver.diagnose(config_with("0" * 40))
    english = driver.verdict
    driver.formatter.messages = make_formatter(harness, "zh_CN").messages
    driver.page.retranslate()
    assert driver.verdict != english


def test_a_renamed_account_stays_selected(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: tuple(replace(one, name="New name") if one == SHOP else one for one in known))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    account = driver.page.account
    assert account is not None
    assert (account.appid, account.name) == (SHOP.appid, "New name")
