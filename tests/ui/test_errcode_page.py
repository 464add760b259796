"""The errcode page: errors are found by number, word and pasted message, and explained in both languages."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import LISTED_MAX, ErrcodeColumn, ErrcodeModel, ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from tests.errcode_catalogue import CATALOGUE
from tests.pasted_cases import REPLIES
from tests.runtime.harness import RuntimeHarness
from tests.ui import find
from tests.ui.conftest import make_formatter
from tests.ui.opened_urls import record_opened_urls

NOT_LISTED = 40164


@pytest.fixture
def page(formatter: Formatter, qtbot: QtBot) -> ErrcodePage:
    return shown(formatter, qtbot)


@pytest.fixture
def chinese(harness: RuntimeHarness, qtbot: QtBot) -> ErrcodePage:
    return shown(make_formatter(harness, "zh_CN"), qtbot)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that were opened in the browser."""
    return record_opened_urls(monkeypatch)


def shown(formatter: Formatter, qtbot: QtBot) -> ErrcodePage:
    page = ErrcodePage(formatter)
    qtbot.addWidget(page)
    page.resize(800, 500)
    page.show()
    return page


def table(page: ErrcodePage) -> QTableView:
    return find.widget(page, QTableView)


def search_field(page: ErrcodePage) -> QLineEdit:
    return find.widget(page, QLineEdit)


def meaning(page: ErrcodePage) -> str:
    return find.label(page, "errcode-meaning").text()


def fix(page: ErrcodePage) -> str:
    return find.label(page, "errcode-fix").text()


def reaction_label(page: ErrcodePage) -> QLabel:
    return find.label(page, "errcode-reaction")


def names(page: ErrcodePage) -> list[str]:
    return find.column(table(page), ErrcodeColumn.CODE)


def codes(page: ErrcodePage) -> list[int]:
    return [int(name) for name in names(page) if name.lstrip("-").isdigit()]


def search(page: ErrcodePage, text: str) -> list[int]:
    search_field(page).setText(text)
    return codes(page)


# -- the list -------------------------------------------------------------------------------------


def test_all_errcodes_are_listed_and_the_first_one_is_explained(page: ErrcodePage) -> None:
    assert codes(page) == list(CATALOGUE.codes())
    first = CATALOGUE.find(codes(page)[0])
    assert first is not None
    assert meaning(page) == f"{first.meaning_en} ({first.code})"


def test_the_model_passes_qts_tester(page: ErrcodePage, qtmodeltester: ModelTester) -> None:
    model = table(page).model()
    assert isinstance(model, ErrcodeModel)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # it stays attached
    for text in ("401", "", "zzz"):
        search_field(page).setText(text)
    model.retranslate()
    assert tester.model() is model


def test_invalid_indexes_and_other_roles_have_no_data(formatter: Formatter) -> None:
    model = ErrcodeModel(formatter)
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(0, 0), int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "errcode"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_errcode_is_found_and_explained(harness: RuntimeHarness, qtbot: QtBot, language: str) -> None:
    shown_page = shown(make_formatter(harness, language), qtbot)
    for code in CATALOGUE.codes():
        known = CATALOGUE.find(code)
        assert known is not None
        shown_page.show_errcode(code)
        assert meaning(shown_page) == f"{known.meaning(language)} ({code})"
        assert fix(shown_page).endswith(known.fix(language))
        assert ("1. " in fix(shown_page)) is (code in (40048, 40093, 80001))
        assert reaction_label(shown_page).isVisible() is (reaction_label(shown_page).text() != "") is (code != 0)
        assert find.button(shown_page, "Open WeChat console").isVisible() is (known.help_url is not None)


def test_errcode_0_is_explained_as_a_success(page: ErrcodePage) -> None:
    assert table(page).model().index(codes(page).index(0), ErrcodeColumn.KIND).data() == "success"
    page.show_errcode(0)
    assert meaning(page) == "The call succeeded. (0)"
    assert not reaction_label(page).isVisible()


# -- searching ------------------------------------------------------------------------------------


def test_a_search_finds_errcodes_that_contain_the_number(page: ErrcodePage) -> None:
    assert NOT_LISTED in search(page, "401")
    assert search(page, " 40164 ") == [NOT_LISTED]
    assert all("401" in str(code) or "401" in table(page).model().index(0, 0).data() for code in search(page, "401"))


def test_a_word_finds_common_errcodes_in_the_current_language_and_listed_ones_in_both(
    page: ErrcodePage, chinese: ErrcodePage
) -> None:
    assert search(page, "WHITELIST")[0] == NOT_LISTED
    assert search(chinese, "白名单")[0] == NOT_LISTED
    listed = search(page, "白名单")
    assert NOT_LISTED not in listed
    assert 301042 in listed


def test_clearing_the_search_shows_all_errors(page: ErrcodePage) -> None:
    search(page, "40164")
    assert search(page, "") == list(CATALOGUE.codes())


@pytest.mark.parametrize("text", ["[", "(", "*", "\\", "^$", ".*", "4016?"])
def test_characters_of_patterns_are_searched_literally(page: ErrcodePage, text: str) -> None:
    found = search(page, text)
    texts = [entry.search_text for entry in CATALOGUE.lists if text in entry.search_text]
    assert len(found) <= len(texts) + len(CATALOGUE.codes())
    for code in found:
        entries = (CATALOGUE.find(code), *CATALOGUE.lists.find(code))
        assert any(text in entry.search_text for entry in entries if entry is not None)


# -- the lists of all errcodes --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_errcode_of_the_lists_is_explained_with_its_host(
    harness: RuntimeHarness, qtbot: QtBot, language: str
) -> None:
    shown_page = shown(make_formatter(harness, language), qtbot)
    shown_page.show_errcode(93004)
    (entry,) = CATALOGUE.lists.find(93004)
    assert meaning(shown_page) == f"{entry.meaning(language)} (93004)"
    assert "qyapi.weixin.qq.com" in fix(shown_page)
    assert not reaction_label(shown_page).isVisible()


def test_a_doubtful_errcode_says_how_it_is_listed(page: ErrcodePage) -> None:
    page.show_errcode(40081)
    assert meaning(page).startswith("Listed as: ")
    assert "Only one public list has this number." in fix(page)


def test_a_number_with_two_meanings_shows_both(page: ErrcodePage) -> None:
    assert search(page, "40059") == [40059, 40059]
    kinds = find.column(table(page), ErrcodeColumn.KIND)
    assert ["WeCom" in kind for kind in kinds] == [False, True]
    page.show_errcode(40003)
    assert "On qyapi.weixin.qq.com this number means: The UserID is invalid." in fix(page)


def test_a_pasted_reply_of_wecom_is_explained_by_wecoms_list(page: ErrcodePage) -> None:
    url = "https://open.work.weixin.qq.com/devtool/query?e=40013"
    search(page, f'{{"errcode":40013,"errmsg":"invalid corpid, more info at {url}"}}')
    assert meaning(page) == "The CorpID is wrong. (40013)"


def test_the_words_of_an_errmsg_find_its_errcode(page: ErrcodePage) -> None:
    assert search(page, "menu version no exist") == [46002]
    search(page, "[error] errmsg=menu version no exist, hint: [x]")
    assert meaning(page).endswith("(46002)")


def test_a_search_for_a_letter_shows_a_part_of_the_lists_at_once(page: ErrcodePage) -> None:
    assert LISTED_MAX < len(search(page, "e")) <= LISTED_MAX + len(CATALOGUE.codes())
    facts = find.label(page, "errcode-facts")
    assert facts.text().endswith("more errcodes have these words: add a word.")
    search(page, "menu version")
    assert not facts.isVisible()


@pytest.mark.parametrize("text", ["123456", "<b>nothing</b>", "  987654 "])
def test_an_unknown_errcode_says_where_to_look_it_up(page: ErrcodePage, text: str) -> None:
    assert search(page, text) == []
    assert text.strip() in meaning(page)
    assert fix(page)
    assert reaction_label(page).text()
    assert not find.button(page, "Open WeChat console").isVisible()
    page.retranslate()
    assert text.strip() in meaning(page)
    search(page, "40164")
    assert "(40164)" in meaning(page)


def test_the_selected_row_stays_selected_in_another_language(page: ErrcodePage) -> None:
    table(page).selectRow(5)
    before = meaning(page)
    page.retranslate()
    assert table(page).currentIndex().row() == 5
    assert meaning(page) == before


# -- messages of the JS-SDK -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_jssdk_error_is_listed_found_and_explained(harness: RuntimeHarness, qtbot: QtBot, language: str) -> None:
    formatter = make_formatter(harness, language)
    shown_page = shown(formatter, qtbot)
    messages = [error.message for error in formatter.jssdk_errors]
    assert names(shown_page)[len(CATALOGUE.codes()) :] == messages
    for error in formatter.jssdk_errors:
        search_field(shown_page).setText(error.message)
        row = table(shown_page).currentIndex().row()
        cells = [table(shown_page).model().index(row, column).data() for column in ErrcodeColumn]
        assert cells == [error.message, "JS-SDK", error.meaning(language)]
        assert meaning(shown_page) == f"{error.meaning(language)} ({error.message})"
        assert all(cause in fix(shown_page) for cause in error.causes(language))
        assert fix(shown_page).endswith(error.fix(language))
        assert not reaction_label(shown_page).isVisible()
        assert find.button(shown_page, "Open WeChat console").isVisible() is (error.help_url is not None)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ('{"errMsg":"config:invalid signature"}', "invalid signature"),
        ("config:fail,Error: invalid url domain", "invalid url domain"),
        ("chooseImage:PERMISSION DENIED", "permission denied"),
        ("the permission value is offline verifying", "offline verifying"),
    ],
)
def test_a_jssdk_error_is_found_in_pasted_text(page: ErrcodePage, pasted: str, message: str) -> None:
    search_field(page).setText(pasted)
    assert names(page)[table(page).currentIndex().row()] == message
    assert meaning(page).endswith(f"({message})")


@pytest.mark.parametrize("case", REPLIES["cases"][::4], ids=lambda case: case["text"][:40])
def test_a_pasted_reply_is_explained(page: ErrcodePage, case: dict[str, object]) -> None:
    search_field(page).setText(str(case["text"]))
    if "errcode" in case:
        assert meaning(page).endswith(f"({case['errcode']})")
    else:
        assert case["message"] is True or meaning(page).endswith(f"({case['message']})")
        assert not reaction_label(page).isVisible()


def test_the_ip_and_rid_of_a_pasted_reply_are_shown_and_hidden_again(page: ErrcodePage) -> None:
    facts = find.label(page, "errcode-facts")
    search(page, '{"errcode":40164,"errmsg":"invalid ip 203.0.113.9, not in whitelist rid: 1a2b3c4d-1-2"}')
    assert facts.isVisible()
    assert facts.text().splitlines() == [
        "IP address that WeChat saw: 203.0.113.9",
        "rid of the call, for a question to WeChat: 1a2b3c4d-1-2",
    ]
    search(page, "40164")
    assert not facts.isVisible()


def test_a_number_without_a_name_is_said_to_be_one(page: ErrcodePage) -> None:
    line = find.label(page, "errcode-number")
    search(page, "took 40001 ms")
    assert meaning(page).endswith("(40001)")
    assert line.isVisible()
    assert line.y() < find.label(page, "errcode-meaning").y()
    assert line.text() == "This text names no errcode: 40001 only appears in it as a number."
    search(page, "error 40001")
    assert not line.isVisible()


def test_the_reaction_is_shown_again_after_a_jssdk_error(page: ErrcodePage) -> None:
    search_field(page).setText("invalid signature")
    search_field(page).setText("nobody knows that")
    assert reaction_label(page).isVisible()
    page.show_errcode(NOT_LISTED)
    assert reaction_label(page).isVisible()


def test_a_word_of_a_cause_finds_its_jssdk_error(page: ErrcodePage, chinese: ErrcodePage) -> None:
    search_field(page).setText("iframe")
    assert names(page) == ["invalid signature"]
    search_field(chinese).setText("首次进入")
    assert names(chinese) == ["invalid signature"]


def test_the_longest_jssdk_error_is_not_elided(page: ErrcodePage) -> None:
    metrics = table(page).fontMetrics()
    widest = max(metrics.horizontalAdvance(name) for name in names(page))
    assert table(page).columnWidth(ErrcodeColumn.CODE) > widest


# -- by hand --------------------------------------------------------------------------------------


def test_the_arrow_keys_select_and_explain_errors(page: ErrcodePage) -> None:
    table(page).setFocus()
    QTest.keyClick(table(page), Qt.Key.Key_Down)
    assert meaning(page).endswith(f"({codes(page)[1]})")


def test_the_console_page_of_the_selected_error_is_opened(page: ErrcodePage, opened: list[str]) -> None:
    page.show_errcode(NOT_LISTED)
    find.button(page, "Open WeChat console").click()
    known = CATALOGUE.find(NOT_LISTED)
    assert known is not None
    assert opened == [known.help_url]


def test_no_page_is_opened_for_an_unknown_errcode(page: ErrcodePage, opened: list[str]) -> None:
    page.show_errcode(NOT_LISTED)
    page.show_errcode(123456)
    find.button(page, "Open WeChat console").click()
    assert opened == []


def test_explanations_are_plain_text_and_controls_have_names(page: ErrcodePage) -> None:
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert search_field(page).accessibleName()
    assert table(page).accessibleName()


# -- other tokens ---------------------------------------------------------------------------------


def test_another_token_is_named_without_an_unknown_errcode(page: ErrcodePage) -> None:
    search(
        page, '{"access_token":"87_abcdefgh","expires_in":7200,"refresh_token":"87_ijklmnop","openid":"oLVPpjqs9Bh"}'
    )
    assert meaning(page).startswith("The access_token in this text is that of a web authorisation (OAuth)")
    assert fix(page) == ""
    assert not reaction_label(page).isVisible()
    search(page, "40164")
    assert "(40164)" in meaning(page)
