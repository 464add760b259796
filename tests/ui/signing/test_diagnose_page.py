"""The page that finds the mistake: what it reads, what it says, and what it does meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha1

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.services.messages import mistakes
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.paste_field import CHARS_MAX
from tests.desktop.jssdk_mistakes import MISTAKES, SigningInputs, correct_config
from tests.fakes import NOW, OFFLINE_FAILURE
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter

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


class DiagnosePageSetup:
    """The page, and a person in front of it."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.page = DiagnosePage(harness.controller, harness.signing, make_formatter(harness))
        qtbot.addWidget(self.page)
        self.page.resize(800, 500)
        self.page.show()

    def value(self, kind: object = TICKET) -> str:
        value = self.harness.value(SHOP, kind)  # type: ignore[arg-type]  # one of the two kinds
        assert value is not None
        return value

    def have(self) -> SigningInputs:
        return SigningInputs(SHOP.appid, self.value(), OLD, self.value(TOKEN), NONCE, int(NOW), PAGE)

    def asked(self, pasted: str, url: str = PAGE) -> str:
        """The whole text of the verdict."""
        self.page.set_input(pasted, url)
        self.page._start_button.click()
        self.qtbot.waitUntil(self.page._start_button.isEnabled, timeout=20_000)
        return self.verdict

    @property
    def verdict(self) -> str:
        return self.page._diagnosis_view.toPlainText()

    @property
    def read(self) -> str:
        return self.page._parsed_values_label.text()


@pytest.fixture
def desk(harness: RuntimeHarness, qtbot: QtBot) -> DiagnosePageSetup:
    return DiagnosePageSetup(harness, qtbot)


def block(config: dict[str, object]) -> str:
    lines = ", ".join(f"{name}: {value!r}" for name, value in config.items())
    return f"wx.config({{ {lines} }});"


def signed(ticket: str, url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={NONCE}&timestamp={int(NOW)}&url={url}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def config_with(signature: str, appid: str = SHOP.appid) -> str:
    return block({"appId": appid, "timestamp": int(NOW), "nonceStr": NONCE, "signature": signature})


# -- what is pasted -------------------------------------------------------------------------------


def test_what_was_read_is_said_before_anybody_starts(desk: DiagnosePageSetup) -> None:
    desk.page.set_input(config_with("0" * 40), "")
    assert desk.read == f"appId {SHOP.appid} · nonceStr {NONCE} · timestamp {int(NOW)} · signature {'0' * 40}"
    desk.page.set_input("hello", "")
    assert "wx.config" in desk.read
    desk.page.set_input("", "")
    assert desk.read == ""


def test_what_is_typed_is_read_after_a_moment(desk: DiagnosePageSetup) -> None:
    QTest.keyClicks(desk.page._paste_field, "nonceStr: 'n1'")
    desk.qtbot.waitUntil(lambda: "signature" in desk.read)


def test_the_account_of_the_block_is_chosen(desk: DiagnosePageSetup) -> None:
    assert desk.page.account == SHOP
    desk.page.set_input(config_with("0" * 40, CAFE.appid), PAGE)
    assert desk.page.account == CAFE
    desk.page.set_input(config_with("0" * 40, "wxffffffffffffffff"), PAGE)
    assert desk.page.account == CAFE  # nobody here has that one: the choice stays
    assert "No account here has this appId" in desk.read
    said = desk.asked(config_with("0" * 40, "wxffffffffffffffff"))
    assert said.splitlines()[2].startswith("The appId")  # what to look at first


def test_who_chooses_another_account_than_that_of_the_block_keeps_it(desk: DiagnosePageSetup) -> None:
    desk.page.set_input(config_with("0" * 40, CAFE.appid), PAGE)
    desk.page._account_combo.select_account(SHOP.appid)
    desk.page.retranslate()
    desk.page._paste_field.appendPlainText("// a comment")
    desk.page._show_parsed_values()
    assert desk.page.account == SHOP


def test_a_block_that_was_pasted_a_moment_ago_is_read_before_the_search(desk: DiagnosePageSetup) -> None:
    desk.page._url_field.setText(PAGE)
    desk.page._paste_field.setPlainText(config_with("0" * 40, CAFE.appid))
    desk.page.start()
    assert desk.page.account == CAFE
    assert desk.page._search is not None


def test_without_an_address_that_in_the_block_is_taken_which_stands_there_in_grey(
    desk: DiagnosePageSetup,
) -> None:
    url = PAGE.partition("#")[0]
    said = desk.asked(config_with(signed(desk.value(), url)) + f"\nurl: {url}", "")
    assert desk.page._url_field.placeholderText() == url
    assert said.startswith("The signature is right for")
    desk.page.set_input("", "")
    assert desk.page._url_field.placeholderText().startswith("https://…")


def test_what_is_found_is_said_beside_what_is_missing(desk: DiagnosePageSetup) -> None:
    desk.page.set_input(f"nonceStr: {NONCE}", PAGE)
    assert desk.read.splitlines() == [
        f"nonceStr {NONCE}",
        "There is no signature to look into. Copy the signature that the page gives to wx.config.",
    ]


def test_an_endless_value_or_name_does_not_widen_the_window(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    usual = desk.page.minimumSizeHint().width()
    desk.page.set_input(
        config_with("0" * 40).replace(NONCE, "\u202en" * 9_000), "https://a.cn/" + "p" * 20_000
    )
    assert "\u202e" not in desk.read
    assert len(desk.read) < 400
    desk.page.start()
    harness.accounts.update(lambda known: tuple(replace(one, name="旗舰店" * 26) for one in known))
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    assert desk.page.minimumSizeHint().width() <= usual + 100
    assert "long" in desk.verdict


def test_of_a_megabyte_that_is_pasted_the_config_is_taken(desk: DiagnosePageSetup) -> None:
    data = QMimeData()
    data.setText("x" * 500_000 + config_with("0" * 40) + "y" * 500_000)
    desk.page._paste_field.insertFromMimeData(data)
    assert len(desk.page._paste_field.toPlainText()) == CHARS_MAX
    desk.qtbot.waitUntil(lambda: NONCE in desk.read)
    for _ in range(4):
        desk.page._paste_field.insertFromMimeData(data)
    assert len(desk.page._paste_field.toPlainText()) <= 2 * CHARS_MAX


# -- the verdict ----------------------------------------------------------------------------------

SAID = {
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
def test_each_of_the_commonest_mistakes_is_named(
    desk: DiagnosePageSetup, name: str, mistaken: object
) -> None:
    config = mistaken(desk.have())  # type: ignore[operator]  # it makes a config
    if name == "http and https swapped":  # made for a page of http
        config["signature"] = signed(desk.value(), PAGE.partition("#")[0].replace("https", "http"))
    said = desk.asked(block(config))
    assert SAID[name] in said
    assert "None of" not in said
    for value in (desk.value(), desk.value(TOKEN), OLD):
        assert value not in said


@pytest.mark.parametrize(("mistaken", "kind"), [(make, kind) for _, make, kind in MISTAKES])
def test_each_of_them_is_said_in_both_languages_without_a_secret(
    desk: DiagnosePageSetup, mistaken: Callable[[SigningInputs], dict[str, object]], kind: MistakeKind
) -> None:
    have = replace(desk.have(), url=PAGE.replace("https", "http"))
    desk.asked(block(mistaken(have)), have.url)
    for language in ("zh_CN", "en"):
        sentences = desk.page._formatter.messages = make_formatter(desk.harness, language).messages
        desk.page.retranslate()
        _, advice = mistakes.MISTAKES[kind]
        assert sentences.text(advice).replace("`", "") in desk.verdict
        for widget in (desk.page, *desk.page.findChildren(QWidget)):
            said = f"{widget.toolTip()} {widget.accessibleName()} {widget.accessibleDescription()}"
            said += "".join(str(widget.property(name) or "") for name in ("text", "plainText", "html"))
            for secret in (have.ticket, have.previous_ticket, have.access_token):
                assert secret not in said


def test_a_right_signature_is_said_to_be_right(desk: DiagnosePageSetup) -> None:
    assert desk.asked(block(correct_config(desk.have()))).startswith("The signature is right for")


def test_where_the_two_addresses_differ_is_marked_and_not_by_colour_alone(desk: DiagnosePageSetup) -> None:
    url = PAGE.partition("#")[0]
    desk.asked(config_with(signed(desk.value(), url.replace("&from=timeline", ""))), url)
    markup = desk.page._diagnosis_view.toHtml()
    marked = markup[markup.index("text-decoration: underline") :]
    assert "font-weight:700" in markup
    assert "from=" in marked.replace("\u200b", "")
    assert "signed" in desk.verdict
    assert "page" in desk.verdict


def test_where_nothing_matches_it_says_what_was_ruled_out_and_what_remains(desk: DiagnosePageSetup) -> None:
    said = desk.asked(config_with("0" * 40))
    assert said.startswith("None of ")
    assert "Tried and ruled out:" in said
    remains, _, ruled_out = said.partition("Tried and ruled out:")
    assert remains.index("ticket") < remains.index("domain")  # what is likelier comes first
    assert "URL" in ruled_out


@pytest.mark.parametrize(
    ("pasted", "url", "words"),
    [
        ("", PAGE, "wx.config"),
        ("hello", PAGE, "wx.config"),
        (block({"timestamp": int(NOW), "nonceStr": NONCE}), PAGE, "signature"),
        (config_with("0" * 39), PAGE, "signature"),
        (config_with("0" * 40), "", "address"),
        (config_with("0" * 40), "/relative", "http"),
        (config_with("0" * 40), "ftp://a.cn/", "http"),
    ],
)
def test_what_cannot_be_diagnosed_is_one_sentence(
    desk: DiagnosePageSetup, pasted: str, url: str, words: str
) -> None:
    said = desk.asked(pasted, url)
    assert words in said
    assert "Tried" not in said


def test_a_mini_program_has_no_ticket_to_sign_with(desk: DiagnosePageSetup) -> None:
    desk.page._account_combo.setCurrentIndex(desk.page._account_combo.findData(GAME.appid))
    said = desk.asked(block({"timestamp": int(NOW), "nonceStr": NONCE, "signature": "0" * 40}))
    assert "Game" in said
    assert desk.harness.transport.endpoints == []


@pytest.mark.parametrize("text", ["</table><img src=x>", "<b>bold</b>", "\u202e\x07&amp;", "a" * 2000])
def test_what_was_typed_is_shown_as_text(desk: DiagnosePageSetup, text: str) -> None:
    url = f"https://a.cn/p?q={text}"
    said = desk.asked(config_with(signed(desk.value(), url.replace("a.cn/p", "a.cn/p/"))), url)
    assert said
    assert "<img" not in desk.page._diagnosis_view.toHtml()


# -- while it works -------------------------------------------------------------------------------


def test_a_search_shows_how_far_it_is_and_can_be_cancelled(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    desk.page.set_input(config_with("0" * 40), PAGE)
    assert not desk.page._cancel_button.isVisible()
    desk.page.start()
    assert not desk.page._start_button.isEnabled()
    assert desk.page._progress_bar.isVisible()
    search = desk.page._search
    desk.page._cancel_button.click()
    assert search is not None
    assert search.is_cancelled()
    assert desk.page._start_button.isEnabled()
    assert not desk.page._progress_bar.isVisible()
    harness.wait_until_idle(desk.qtbot)
    assert desk.verdict == "The diagnosis was cancelled."
    assert harness.transport.endpoints == []


def test_escape_ends_the_search_and_only_then_leaves_the_window(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    window = QMainWindow()
    desk.qtbot.addWidget(window)
    window.setCentralWidget(desk.page)
    hide = QAction(window)
    hide.setShortcut(Qt.Key.Key_Escape)
    hide.triggered.connect(window.hide)
    window.addAction(hide)
    window.show()
    window.activateWindow()
    desk.qtbot.waitExposed(window)
    desk.page.set_input(config_with("0" * 40), PAGE)
    for part in (
        desk.page._paste_field,
        desk.page._url_field,
        desk.page._diagnosis_view,
        desk.page._account_combo,
    ):
        part.setFocus()
        desk.page.start()
        search = desk.page._search
        assert search is not None
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert search.is_cancelled()
        assert window.isVisible()
    harness.wait_until_idle(desk.qtbot)
    QTest.keyClick(desk.page._paste_field, Qt.Key.Key_Escape)
    assert not window.isVisible()
    desk.page.setParent(None)  # each is put away on its own


def test_the_keyboard_goes_from_the_start_to_cancel_and_on_to_the_verdict(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    desk.page.set_input(config_with("0" * 40), PAGE)
    desk.page.activateWindow()
    desk.page._start_button.setFocus()
    desk.page.start()
    assert desk.page.focusWidget() is desk.page._cancel_button
    harness.wait_until_idle(desk.qtbot)
    assert desk.page.focusWidget() is desk.page._diagnosis_view


def test_the_bar_moves_while_it_searches(desk: DiagnosePageSetup, harness: RuntimeHarness) -> None:
    desk.page.set_input(config_with("0" * 40), PAGE)
    moved: list[int] = []
    desk.page._progress_bar.valueChanged.connect(moved.append)
    desk.page._progress_timer.setInterval(1)
    desk.page.start()
    assert desk.page._progress_bar.maximum() == 0  # nobody knows yet how long it takes
    harness.wait_until_idle(desk.qtbot)
    assert len(moved) > 3
    assert moved == sorted(moved)


def test_a_second_start_ends_the_first(desk: DiagnosePageSetup, harness: RuntimeHarness) -> None:
    desk.page.set_input(config_with("0" * 40), PAGE)
    desk.page.start()
    first = desk.page._search
    desk.page.set_input(block(correct_config(desk.have())), PAGE)
    desk.page.start()
    assert first is not None
    assert first.is_cancelled()
    harness.wait_until_idle(desk.qtbot)
    assert "right" in desk.verdict


def test_ctrl_enter_in_the_block_and_enter_in_the_address_start(desk: DiagnosePageSetup) -> None:
    desk.page.set_input(block(correct_config(desk.have())), PAGE)
    QTest.keyClick(desk.page._paste_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: "right" in desk.verdict)
    desk.page._url_field.setText(PAGE.replace("id=7", "id=8"))
    QTest.keyClick(desk.page._url_field, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.verdict.startswith("None of"))


def test_an_account_that_is_removed_is_no_longer_offered(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    harness.accounts.update(lambda known: tuple(one for one in known if one != SHOP))
    harness.controller.on_config_folder_changed("")
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    assert desk.page.account == CAFE
    harness.accounts.update(lambda _: ())
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    desk.page.start()
    assert desk.page._search is None


def test_a_dead_ticket_is_fetched_once_before_the_search(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    dead = desk.value()
    harness.clock.advance(7200)
    said = desk.asked(config_with(signed(dead, PAGE.partition("#")[0])))
    assert harness.transport.endpoints == ["stable_token", "getticket"]
    assert "ticket" in said
    assert "None of" not in said


def test_what_is_no_address_is_refused_before_a_ticket_is_fetched(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    assert "http" in desk.asked(config_with("0" * 40), "/relative")
    assert harness.transport.endpoints == []


def test_while_a_ticket_is_fetched_another_account_can_be_chosen(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    """The search is still about the account and the block with which it began."""
    dead = desk.value()
    harness.clock.advance(7200)
    desk.page.set_input(config_with(signed(dead, PAGE.partition("#")[0])), PAGE)
    desk.page.start()
    assert desk.page._cancel_button.isVisible()
    desk.page.set_input("", "")
    desk.page._account_combo.select_account(CAFE.appid)
    desk.qtbot.waitUntil(desk.page._start_button.isEnabled, timeout=20_000)
    assert "earlier jsapi_ticket" in desk.verdict


def test_an_account_that_is_removed_while_its_ticket_is_fetched_is_waited_for_no_longer(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    harness.wechat.hanging_appids.add(SHOP.appid)
    desk.page.set_input(config_with("0" * 40), PAGE)
    desk.page.start()
    harness.accounts.update(lambda known: tuple(one for one in known if one != SHOP))
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    assert desk.page._start_button.isEnabled()
    assert desk.verdict == "The diagnosis was cancelled."
    harness.wechat.release()
    harness.wait_until_idle(desk.qtbot)
    assert desk.page._search is None


def test_an_account_that_is_removed_while_it_is_searched_for_still_gets_its_verdict(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    desk.page.set_input(config_with("0" * 40), PAGE)
    desk.page.start()
    harness.accounts.update(lambda _: ())
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    harness.wait_until_idle(desk.qtbot)
    assert desk.verdict.startswith("None of")


def test_a_fetch_of_the_ticket_can_be_cancelled(desk: DiagnosePageSetup, harness: RuntimeHarness) -> None:
    harness.clock.advance(7200)
    harness.wechat.hanging_appids.add(SHOP.appid)
    desk.page.set_input(config_with("0" * 40), PAGE)
    desk.page.start()
    assert desk.page._progress_bar.maximum() == 0
    desk.page._cancel_button.click()
    harness.wechat.release()
    harness.wait_until_idle(desk.qtbot)
    assert desk.page._search is None
    assert desk.verdict == "The diagnosis was cancelled."


def test_a_ticket_that_cannot_be_fetched_does_not_stop_the_search(
    desk: DiagnosePageSetup, harness: RuntimeHarness
) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    assert "ticket" in desk.asked(config_with(signed(OLD, PAGE.partition("#")[0])))
    harness.wait_until_idle(desk.qtbot)


def test_another_language_says_it_again(harness: RuntimeHarness, qtbot: QtBot) -> None:
    desk = DiagnosePageSetup(harness, qtbot)
    desk.asked(config_with("0" * 40))
    english = desk.verdict
    desk.page._formatter.messages = make_formatter(harness, "zh_CN").messages
    desk.page.retranslate()
    assert desk.verdict != english
    assert "Tried" in desk.verdict or "已" in desk.verdict


def test_a_renamed_account_keeps_being_chosen(desk: DiagnosePageSetup, harness: RuntimeHarness) -> None:
    harness.accounts.update(
        lambda known: tuple(replace(one, name="New name") if one == SHOP else one for one in known)
    )
    harness.controller.reload_from_disk()
    desk.page._on_overview_changed(harness.controller.overview())
    account = desk.page.account
    assert account is not None
    assert (account.appid, account.name) == (SHOP.appid, "New name")
