"""The playbook: errcodes and JS-SDK messages, found by number, word and paste, explained in both languages."""

import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodeColumn, ErrcodeModel, ErrcodePage
from guarddog_gui.ui.formatter import Voice
from tests.catalogue import CATALOGUE
from tests.runtime.stage import Stage
from tests.ui.conftest import voice_of

NOT_LISTED = 40164


@pytest.fixture
def page(voice: Voice, qtbot: QtBot) -> ErrcodePage:
    return shown(voice, qtbot)


@pytest.fixture
def chinese(stage: Stage, qtbot: QtBot) -> ErrcodePage:
    return shown(voice_of(stage, "zh_CN"), qtbot)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser would have been sent to."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    return opened


def shown(voice: Voice, qtbot: QtBot) -> ErrcodePage:
    page = ErrcodePage(voice)
    qtbot.addWidget(page)
    page.resize(800, 500)
    page.show()
    return page


def names(page: ErrcodePage) -> list[str]:
    return [page._found.index(row, ErrcodeColumn.CODE).data() for row in range(page._found.rowCount())]


def codes(page: ErrcodePage) -> list[int]:
    return [int(name) for name in names(page) if name.lstrip("-").isdigit()]


def look_for(page: ErrcodePage, text: str) -> list[int]:
    page._search.setText(text)
    return codes(page)


# -- the list -------------------------------------------------------------------------------------


def test_it_begins_with_all_of_them_in_order_and_the_first_explained(page: ErrcodePage) -> None:
    assert codes(page) == list(CATALOGUE.codes())
    first = CATALOGUE.find(codes(page)[0])
    assert first is not None
    assert page._meaning.text() == f"{first.meaning_en} ({first.code})"


def test_the_model_passes_qts_own_tests(page: ErrcodePage, qtmodeltester: ModelTester) -> None:
    tester = QAbstractItemModelTester(page._model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtmodeltester.check(page._found)  # type: ignore[no-untyped-call]  # it stays attached
    for text in ("401", "", "zzz"):
        page._search.setText(text)
    page._model.retranslate()
    assert tester.model() is page._model


def test_a_cell_of_nothing_and_a_role_that_is_not_ours_say_nothing(voice: Voice) -> None:
    model = ErrcodeModel(voice)
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(0, 0), int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "errcode"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_number_is_found_and_explained(stage: Stage, qtbot: QtBot, language: str) -> None:
    shown_page = shown(voice_of(stage, language), qtbot)
    for code in CATALOGUE.codes():
        known = CATALOGUE.find(code)
        assert known is not None
        shown_page.look_up(code)
        assert shown_page._meaning.text() == f"{known.meaning(language)} ({code})"
        assert shown_page._fix.text().endswith(known.fix(language))
        assert ("1. " in shown_page._fix.text()) is (code in (40048, 40093, 80001))
        assert shown_page._reaction.isVisible() is (shown_page._reaction.text() != "") is (code != 0)
        assert shown_page._open.isVisible() is (known.page is not None)


def test_a_call_that_succeeded_is_said_to_be_a_success(page: ErrcodePage) -> None:
    assert page._found.index(codes(page).index(0), ErrcodeColumn.KIND).data() == "success"
    page.look_up(0)
    assert page._meaning.text() == "The call succeeded. (0)"
    assert not page._reaction.isVisible()


# -- searching ------------------------------------------------------------------------------------


def test_a_number_finds_what_begins_with_it_too(page: ErrcodePage) -> None:
    assert NOT_LISTED in look_for(page, "401")
    assert look_for(page, " 40164 ") == [NOT_LISTED]
    assert all(
        "401" in str(code) or "401" in page._found.index(0, 0).data() for code in look_for(page, "401")
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
    assert text.strip() in page._meaning.text()
    assert page._fix.text()
    assert page._reaction.text()
    assert not page._open.isVisible()
    page.retranslate()
    assert text.strip() in page._meaning.text()
    look_for(page, "40164")
    assert "(40164)" in page._meaning.text()


def test_a_chosen_row_stays_chosen_in_another_language(page: ErrcodePage) -> None:
    page._table.selectRow(5)
    said = page._meaning.text()
    page.retranslate()
    assert page._table.currentIndex().row() == 5
    assert page._meaning.text() == said


# -- messages of the JS-SDK -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_message_stands_below_the_numbers_and_is_found_and_explained(
    stage: Stage, qtbot: QtBot, language: str
) -> None:
    voice = voice_of(stage, language)
    shown_page = shown(voice, qtbot)
    messages = [error.message for error in voice.jssdk]
    assert names(shown_page)[len(CATALOGUE.codes()) :] == messages
    for error in voice.jssdk:
        shown_page._search.setText(error.message)
        row = shown_page._table.currentIndex().row()
        cells = [shown_page._found.index(row, column).data() for column in ErrcodeColumn]
        assert cells == [error.message, "JS-SDK", error.meaning(language)]
        assert shown_page._meaning.text() == f"{error.meaning(language)} ({error.message})"
        assert all(cause in shown_page._fix.text() for cause in error.causes(language))
        assert shown_page._fix.text().endswith(error.fix(language))
        assert not shown_page._reaction.isVisible()
        assert shown_page._open.isVisible() is (error.page is not None)


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
    page._search.setText(pasted)
    assert names(page)[page._table.currentIndex().row()] == message
    assert page._meaning.text().endswith(f"({message})")


def test_what_guard_dog_does_is_said_again_after_a_message(page: ErrcodePage) -> None:
    page._search.setText("invalid signature")
    page._search.setText("nobody knows that")
    assert page._reaction.isVisible()
    page.look_up(NOT_LISTED)
    assert page._reaction.isVisible()


def test_a_word_of_a_cause_finds_its_message(page: ErrcodePage, chinese: ErrcodePage) -> None:
    page._search.setText("iframe")
    assert names(page) == ["invalid signature"]
    chinese._search.setText("首次进入")
    assert names(chinese) == ["invalid signature"]


def test_a_message_at_the_end_of_the_list_is_read_in_full(page: ErrcodePage) -> None:
    metrics = page._table.fontMetrics()
    widest = max(metrics.horizontalAdvance(name) for name in names(page))
    assert page._table.columnWidth(ErrcodeColumn.CODE) > widest


# -- by hand --------------------------------------------------------------------------------------


def test_the_arrow_keys_walk_through_the_explanations(page: ErrcodePage) -> None:
    page._table.setFocus()
    QTest.keyClick(page._table, Qt.Key.Key_Down)
    assert page._meaning.text().endswith(f"({codes(page)[1]})")


def test_the_page_of_the_chosen_one_is_opened(page: ErrcodePage, opened: list[str]) -> None:
    page.look_up(NOT_LISTED)
    page._open.click()
    known = CATALOGUE.find(NOT_LISTED)
    assert known is not None
    assert opened == [known.page]


def test_no_page_of_another_one_is_opened_for_an_unknown_number(page: ErrcodePage, opened: list[str]) -> None:
    page.look_up(NOT_LISTED)
    page.look_up(123456)
    page._on_open()
    assert opened == []


def test_everything_is_plain_text_and_has_a_name(page: ErrcodePage) -> None:
    for label in page._detail.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert page._search.accessibleName()
    assert page._table.accessibleName()
