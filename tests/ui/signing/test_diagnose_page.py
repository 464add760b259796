"""Tests of the diagnose page: running, cancelling and showing a diagnosis."""

from collections.abc import Callable, Iterator
from hashlib import sha1

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.runtime.jobs import DiagnosisProgress
from guarddog_gui.services.messages.diagnosis_mistakes import MISTAKES as MISTAKE_TEXTS
from guarddog_gui.ui.signing.diagnose_form import PasteField
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.diagnosis_view import DiagnosisView
from tests.desktop.jssdk_mistakes import MISTAKES, SigningInputs, correct_config
from tests.fakes import NOW, OFFLINE_FAILURE
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, combo, field, label, widget

PAGE = "https://shop.example.cn/shop/?id=7&from=timeline#top"
NONCE = "Wm3WZYTPz0wzccnW"
OLD = "o" * 86


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with runtime_harness(SHOP, CAFE, GAME) as harness:
        harness.put_fresh_values(SHOP, CAFE, GAME)
        harness.tickets.add(SHOP, OLD, NOW - 3600)
        harness.controller.reload_from_disk()
        yield harness


class DiagnosePageDriver:
    """Use the diagnose page as a user does."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.formatter = make_formatter(harness)
        self.page = DiagnosePage(harness.controller, harness.signing, self.formatter)
        qtbot.addWidget(self.page)
        self.page.resize(800, 500)
        self.page.show()

    def value(self, kind: object = TICKET) -> str:
        value = self.harness.value(SHOP, kind)  # type: ignore[arg-type]  # one of the two kinds
        assert value is not None
        return value

    def signing_inputs(self) -> SigningInputs:
        return SigningInputs(SHOP.appid, self.value(), OLD, self.value(TOKEN), NONCE, int(NOW), PAGE)

    def diagnose(self, pasted: str, url: str = PAGE) -> str:
        """Run a diagnosis and return the whole text of its result."""
        self.page.set_input(pasted, url)
        button(self.page, "Diagnose").click()
        self.qtbot.waitUntil(button(self.page, "Diagnose").isEnabled, timeout=20_000)
        return self.result_text

    def select_account(self, appid: str) -> None:
        accounts = combo(self.page, "Account")
        accounts.setCurrentIndex(accounts.findData(appid))

    @property
    def paste_field(self) -> PasteField:
        return widget(self.page, PasteField)

    @property
    def progress_bar(self) -> QProgressBar:
        return widget(self.page, QProgressBar)

    @property
    def search(self) -> DiagnosisProgress:
        """Return the running search."""
        assert self.page._search is not None
        return self.page._search

    @property
    def view(self) -> DiagnosisView:
        return widget(self.page, DiagnosisView)

    @property
    def result_text(self) -> str:
        return self.view.toPlainText()

    @property
    def parsed_values(self) -> str:
        return label(self.page, "parsed-values").text()


@pytest.fixture
def driver(harness: RuntimeHarness, qtbot: QtBot) -> DiagnosePageDriver:
    return DiagnosePageDriver(harness, qtbot)


def wx_config(config: dict[str, object]) -> str:
    lines = ", ".join(f"{name}: {value!r}" for name, value in config.items())
    return f"wx.config({{ {lines} }});"


def signed(ticket: str, url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={NONCE}&timestamp={int(NOW)}&url={url}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def config_with(signature: str, appid: str = SHOP.appid) -> str:
    return wx_config({"appId": appid, "timestamp": int(NOW), "nonceStr": NONCE, "signature": signature})


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
    assert "long" in driver.result_text


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
        assert messages.text(advice).replace("`", "") in driver.result_text
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
    markup = driver.view.toHtml()
    marked = markup[markup.index("text-decoration: underline") :]
    assert "font-weight:700" in markup
    assert "from=" in marked.replace("\u200b", "")
    assert "signed" in driver.result_text
    assert "page" in driver.result_text


def test_without_a_match_it_lists_the_likely_causes_and_the_ruled_out_ones(driver: DiagnosePageDriver) -> None:
    text = driver.diagnose(config_with("0" * 40))
    assert text.startswith("None of ")
    assert "Tried and ruled out:" in text
    remains, _, ruled_out = text.partition("Tried and ruled out:")
    assert remains.index("ticket") < remains.index("domain")  # more likely causes come first
    assert "URL" in ruled_out


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
    assert "Tried" not in text


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
    assert "<img" not in driver.view.toHtml()


# -- while it works -------------------------------------------------------------------------------


def test_a_search_shows_its_progress_and_can_be_cancelled(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    assert not button(driver.page, "Cancel").isVisible()
    driver.page.start()
    assert not button(driver.page, "Diagnose").isEnabled()
    assert driver.progress_bar.isVisible()
    search = driver.search
    button(driver.page, "Cancel").click()
    assert search.is_cancelled()
    assert button(driver.page, "Diagnose").isEnabled()
    assert not driver.progress_bar.isVisible()
    harness.wait_until_idle(driver.qtbot)
    assert driver.result_text == "The diagnosis was cancelled."
    assert harness.transport.endpoints == []


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
    for focused in (driver.paste_field, field(driver.page, "Page's URL"), driver.view, combo(driver.page, "Account")):
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


def test_the_focus_moves_from_diagnose_to_cancel_and_then_to_the_result(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.activateWindow()
    button(driver.page, "Diagnose").setFocus()
    driver.page.start()
    assert driver.page.focusWidget() is button(driver.page, "Cancel")
    harness.wait_until_idle(driver.qtbot)
    assert driver.page.focusWidget() is driver.view


def test_the_progress_bar_advances_during_a_search(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    moved: list[int] = []
    driver.progress_bar.valueChanged.connect(moved.append)
    driver.page.findChildren(QTimer, "progress-timer")[0].setInterval(1)
    driver.page.start()
    assert driver.progress_bar.maximum() == 0  # the total is not known yet
    harness.wait_until_idle(driver.qtbot)
    assert len(moved) > 3
    assert moved == sorted(moved)


def test_a_second_start_cancels_the_first_search(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    first = driver.search
    driver.page.set_input(wx_config(correct_config(driver.signing_inputs())), PAGE)
    driver.page.start()
    assert first.is_cancelled()
    harness.wait_until_idle(driver.qtbot)
    assert "right" in driver.result_text


def test_ctrl_enter_in_the_config_and_enter_in_the_url_start(driver: DiagnosePageDriver) -> None:
    driver.page.set_input(wx_config(correct_config(driver.signing_inputs())), PAGE)
    QTest.keyClick(driver.paste_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    driver.qtbot.waitUntil(lambda: "right" in driver.result_text)
    field(driver.page, "Page's URL").setText(PAGE.replace("id=7", "id=8"))
    QTest.keyClick(field(driver.page, "Page's URL"), Qt.Key.Key_Return)
    driver.qtbot.waitUntil(lambda: driver.result_text.startswith("None of"))


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


def test_another_account_can_be_selected_while_a_ticket_is_fetched(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    """The search still uses the account and the config with which it was started."""
    dead = driver.value()
    harness.clock.advance(7200)
    driver.page.set_input(config_with(signed(dead, PAGE.partition("#")[0])), PAGE)
    driver.page.start()
    assert button(driver.page, "Cancel").isVisible()
    driver.page.set_input("", "")
    driver.select_account(CAFE.appid)
    driver.qtbot.waitUntil(button(driver.page, "Diagnose").isEnabled, timeout=20_000)
    assert "earlier jsapi_ticket" in driver.result_text


def test_removing_the_account_while_its_ticket_is_fetched_cancels(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    harness.wechat.hanging_appids.add(SHOP.appid)
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    harness.accounts.update(lambda known: tuple(one for one in known if one != SHOP))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    assert button(driver.page, "Diagnose").isEnabled()
    assert driver.result_text == "The diagnosis was cancelled."
    harness.wechat.release()
    harness.wait_until_idle(driver.qtbot)
    assert not driver.page.is_running


def test_removing_the_account_during_the_search_keeps_the_result(
    driver: DiagnosePageDriver, harness: RuntimeHarness
) -> None:
    driver.page.set_input(config_with("0" * 40), PAGE)
    driver.page.start()
    harness.accounts.update(lambda _: ())
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    harness.wait_until_idle(driver.qtbot)
    assert driver.result_text.startswith("None of")


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
    assert driver.result_text == "The diagnosis was cancelled."


def test_a_failed_ticket_fetch_does_not_stop_the_search(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    assert "ticket" in driver.diagnose(config_with(signed(OLD, PAGE.partition("#")[0])))
    harness.wait_until_idle(driver.qtbot)


def test_the_result_is_translated_when_the_language_changes(harness: RuntimeHarness, qtbot: QtBot) -> None:
    driver = DiagnosePageDriver(harness, qtbot)
    driver.diagnose(config_with("0" * 40))
    english = driver.result_text
    driver.formatter.messages = make_formatter(harness, "zh_CN").messages
    driver.page.retranslate()
    assert driver.result_text != english
    assert "Tried" in driver.result_text or "已" in driver.result_text


def test_a_renamed_account_stays_selected(driver: DiagnosePageDriver, harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: tuple(replace(one, name="New name") if one == SHOP else one for one in known))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
    account = driver.page.account
    assert account is not None
    assert (account.appid, account.name) == (SHOP.appid, "New name")
