"""The pages of the window: their rows, names and titles, when they are made, and their filters."""

from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.window_pages import PageName, WindowPages
from tests.runtime.harness import RuntimeHarness


@pytest.fixture
def pages(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> WindowPages:
    pages = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(pages)
    pages.show_row(0)
    return pages


def test_each_page_has_a_row_a_name_and_a_title(pages: WindowPages) -> None:
    assert tuple(PageName) == ("tokens", "history", "sign", "diagnose", "errcodes", "api")
    assert pages.titles() == ("Tokens", "History", "Sign a page", "Diagnose", "Error codes", "API")
    assert pages.current_name is PageName.TOKENS
    for name in PageName:
        pages.show_row(name.row)
        assert pages.current_name is name
        assert pages.currentWidget() is pages.page(name)


def test_a_page_is_made_when_it_is_first_needed_and_only_once(pages: WindowPages) -> None:
    made: list[PageName] = []
    pages.page_made.connect(made.append)
    assert pages.count() == 1

    first = pages.diagnose
    pages.show_row(PageName.DIAGNOSE.row)

    assert made == [PageName.DIAGNOSE]
    assert pages.count() == 2
    assert pages.diagnose is first


def test_a_new_language_reaches_the_shown_page_at_once_and_the_others_one_by_one(
    pages: WindowPages, qtbot: QtBot
) -> None:
    done: list[Page] = []
    for name in PageName:
        page = pages.page(name)
        page.retranslate = partial(done.append, page)  # type: ignore[method-assign]

    pages.retranslate()
    assert done == [pages.tokens]
    pages.setCurrentWidget(pages.diagnose)
    assert done == [pages.tokens, pages.diagnose]
    qtbot.waitUntil(lambda: len(done) == 6)
    assert set(done) == {pages.page(name) for name in PageName}
    pages.setCurrentWidget(pages.sign)
    assert len(done) == 6


def test_filters_are_restored_by_the_names_of_their_pages(
    pages: WindowPages, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    assert pages.filters() == {}

    pages.history._filter_bar.text_field.setText("40164")
    filters = pages.filters()
    assert set(filters) == {"history"}

    other = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(other)
    other.restore_filters({**filters, "no such page": "x"})
    assert other.filters() == filters  # remembered for the page, which is not made for that
    assert other.count() == 0
    assert other.history._filter_bar.text_field.text() == "40164"
    assert other.filters() == filters

    pages.history._filter_bar.text_field.clear()
    pages.restore_filters(filters)
    assert pages.history._filter_bar.text_field.text() == "40164"
