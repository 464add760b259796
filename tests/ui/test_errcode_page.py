"""The playbook: errcodes and JS-SDK messages, found by number, word and paste, explained in both languages."""

import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodeColumn, ErrcodeModel, ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from tests.errcode_catalogue import CATALOGUE
from tests.runtime.harness import RuntimeHarness
from tests.ui.conftest import make_formatter

NOT_LISTED = 40164


@pytest.fixture
def page(formatter: Formatter, qtbot: QtBot) -> ErrcodePage:
    return shown(formatter, qtbot)


@pytest.fixture
def chinese(harness: RuntimeHarness, qtbot: QtBot) -> ErrcodePage:
    return shown(make_formatter(harness, "zh_CN"), qtbot)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def shown(formatter: Formatter, qtbot: QtBot) -> ErrcodePage:
    page = ErrcodePage(formatter)
    qtbot.addWidget(page)
    page.resize(800, 500)
    page.show()
    return page


def names(page: ErrcodePage) -> list[str]:
    return [
        page._proxy_model.index(row, ErrcodeColumn.CODE).data() for row in range(page._proxy_model.rowCount())
    ]


def codes(page: ErrcodePage) -> list[int]:
    return [int(name) for name in names(page) if name.lstrip("-").isdigit()]


def look_for(page: ErrcodePage, text: str) -> list[int]:
    page._search_field.setText(text)
    return codes(page)


# -- the list -------------------------------------------------------------------------------------


def test_it_begins_with_all_of_them_in_order_and_the_first_explained(page: ErrcodePage) -> None:
    assert codes(page) == list(CATALOGUE.codes())
    first = CATALOGUE.find(codes(page)[0])
    assert first is not None
    assert page._meaning_label.text() == f"{first.meaning_en} ({first.code})"


def test_the_model_passes_qts_own_tests(page: ErrcodePage, qtmodeltester: ModelTester) -> None:
    tester = QAbstractItemModelTester(page._model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtmodeltester.check(page._proxy_model)  # type: ignore[no-untyped-call]  # it stays attached
    for text in ("401", "", "zzz"):
        page._search_field.setText(text)
    page._model.retranslate()
    assert tester.model() is page._model


def test_a_cell_of_nothing_and_a_role_that_is_not_ours_say_nothing(formatter: Formatter) -> None:
    model = ErrcodeModel(formatter)
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(0, 0), int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "errcode"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_number_is_found_and_explained(harness: RuntimeHarness, qtbot: QtBot, language: str) -> None:
    shown_page = shown(make_formatter(harness, language), qtbot)
    for code in CATALOGUE.codes():
        known = CATALOGUE.find(code)
        assert known is not None
        shown_page.show_errcode(code)
        assert shown_page._meaning_label.text() == f"{known.meaning(language)} ({code})"
        assert shown_page._fix_label.text().endswith(known.fix(language))
        assert ("1. " in shown_page._fix_label.text()) is (code in (40048, 40093, 80001))
        assert (
            shown_page._reaction_label.isVisible() is (shown_page._reaction_label.text() != "") is (code != 0)
        )
        assert shown_page._console_page_button.isVisible() is (known.help_url is not None)


def test_a_call_that_succeeded_is_said_to_be_a_success(page: ErrcodePage) -> None:
    assert page._proxy_model.index(codes(page).index(0), ErrcodeColumn.KIND).data() == "success"
    page.show_errcode(0)
    assert page._meaning_label.text() == "The call succeeded. (0)"
    assert not page._reaction_label.isVisible()


# -- searching ------------------------------------------------------------------------------------


def test_a_number_finds_what_begins_with_it_too(page: ErrcodePage) -> None:
    assert NOT_LISTED in look_for(page, "401")
    assert look_for(page, " 40164 ") == [NOT_LISTED]
    assert all(
        "401" in str(code) or "401" in page._proxy_model.index(0, 0).data() for code in look_for(page, "401")
    )


def test_a_word_finds_its_codes_in_the_language_of_the_window(
    page: ErrcodePage, chinese: ErrcodePage
) -> None:
    assert NOT_LISTED in look_for(page, "WHITELIST")
    assert NOT_LISTED in look_for(chinese, "白名单")
    assert look_for(page, "白名单") == []
    assert set(look_for(chinese, "白名单")) < set(CATALOGUE.codes())


def test_clearing_the_search_brings_all_back(page: ErrcodePage) -> None:
    look_for(page, "40164")
    assert look_for(page, "") == list(CATALOGUE.codes())


@pytest.mark.parametrize("text", ["[", "(", "*", "\\", "^$", ".*", "4016?"])
def test_signs_of_a_pattern_are_letters(page: ErrcodePage, text: str) -> None:
    for code in look_for(page, text):
        known = CATALOGUE.find(code)
        assert known is not None
        assert text in f"{code} {known.meaning_en} {known.fix_en}"


@pytest.mark.parametrize("text", ["123456", "<b>nothing</b>", "  987654 "])
def test_a_number_that_nobody_knows_says_where_to_look(page: ErrcodePage, text: str) -> None:
    assert look_for(page, text) == []
    assert text.strip() in page._meaning_label.text()
    assert page._fix_label.text()
    assert page._reaction_label.text()
    assert not page._console_page_button.isVisible()
    page.retranslate()
    assert text.strip() in page._meaning_label.text()
    look_for(page, "40164")
    assert "(40164)" in page._meaning_label.text()


def test_a_chosen_row_stays_chosen_in_another_language(page: ErrcodePage) -> None:
    page._table.selectRow(5)
    said = page._meaning_label.text()
    page.retranslate()
    assert page._table.currentIndex().row() == 5
    assert page._meaning_label.text() == said


# -- messages of the JS-SDK -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_message_stands_below_the_numbers_and_is_found_and_explained(
    harness: RuntimeHarness, qtbot: QtBot, language: str
) -> None:
    formatter = make_formatter(harness, language)
    shown_page = shown(formatter, qtbot)
    messages = [error.message for error in formatter.jssdk_errors]
    assert names(shown_page)[len(CATALOGUE.codes()) :] == messages
    for error in formatter.jssdk_errors:
        shown_page._search_field.setText(error.message)
        row = shown_page._table.currentIndex().row()
        cells = [shown_page._proxy_model.index(row, column).data() for column in ErrcodeColumn]
        assert cells == [error.message, "JS-SDK", error.meaning(language)]
        assert shown_page._meaning_label.text() == f"{error.meaning(language)} ({error.message})"
        assert all(cause in shown_page._fix_label.text() for cause in error.causes(language))
        assert shown_page._fix_label.text().endswith(error.fix(language))
        assert not shown_page._reaction_label.isVisible()
        assert shown_page._console_page_button.isVisible() is (error.help_url is not None)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ('{"errMsg":"config:invalid signature"}', "invalid signature"),
        ("config:fail,Error: invalid url domain", "invalid url domain"),
        ("chooseImage:PERMISSION DENIED", "permission denied"),
        ("the permission value is offline verifying", "offline verifying"),
    ],
)
def test_a_message_is_found_by_what_was_pasted(page: ErrcodePage, pasted: str, message: str) -> None:
    page._search_field.setText(pasted)
    assert names(page)[page._table.currentIndex().row()] == message
    assert page._meaning_label.text().endswith(f"({message})")


def test_what_guard_dog_does_is_said_again_after_a_message(page: ErrcodePage) -> None:
    page._search_field.setText("invalid signature")
    page._search_field.setText("nobody knows that")
    assert page._reaction_label.isVisible()
    page.show_errcode(NOT_LISTED)
    assert page._reaction_label.isVisible()


def test_a_word_of_a_cause_finds_its_message(page: ErrcodePage, chinese: ErrcodePage) -> None:
    page._search_field.setText("iframe")
    assert names(page) == ["invalid signature"]
    chinese._search_field.setText("首次进入")
    assert names(chinese) == ["invalid signature"]


def test_a_message_at_the_end_of_the_list_is_read_in_full(page: ErrcodePage) -> None:
    metrics = page._table.fontMetrics()
    widest = max(metrics.horizontalAdvance(name) for name in names(page))
    assert page._table.columnWidth(ErrcodeColumn.CODE) > widest


# -- by hand --------------------------------------------------------------------------------------


def test_the_arrow_keys_walk_through_the_explanations(page: ErrcodePage) -> None:
    page._table.setFocus()
    QTest.keyClick(page._table, Qt.Key.Key_Down)
    assert page._meaning_label.text().endswith(f"({codes(page)[1]})")


def test_the_page_of_the_chosen_one_is_opened(page: ErrcodePage, opened: list[str]) -> None:
    page.show_errcode(NOT_LISTED)
    page._console_page_button.click()
    known = CATALOGUE.find(NOT_LISTED)
    assert known is not None
    assert opened == [known.help_url]


def test_no_page_of_another_one_is_opened_for_an_unknown_number(page: ErrcodePage, opened: list[str]) -> None:
    page.show_errcode(NOT_LISTED)
    page.show_errcode(123456)
    page._on_console_page_clicked()
    assert opened == []


def test_everything_is_plain_text_and_has_a_name(page: ErrcodePage) -> None:
    for label in page._detail_panel.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert page._search_field.accessibleName()
    assert page._table.accessibleName()
