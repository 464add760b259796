"""The pages of the window: their rows, names and titles, and their filters."""

from functools import partial

from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.window_pages import WindowPages
from tests.runtime.harness import RuntimeHarness


def test_each_page_has_a_row_a_name_and_a_title(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    pages = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(pages)

    assert pages.names == ("tokens", "history", "sign", "diagnose", "errcodes", "api")
    assert pages.titles() == ("Tokens", "History", "Sign a page", "Diagnose", "Error codes", "API")
    assert [pages.row_of(pages.page_in_row(row)) for row in range(pages.count())] == list(range(6))
    assert pages.page_in_row(2) is pages.sign
    assert pages.current_name == "tokens"
    pages.setCurrentWidget(pages.diagnose)
    assert pages.current_name == "diagnose"


def test_a_new_language_reaches_the_shown_page_at_once_and_the_others_one_by_one(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    pages = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(pages)
    done: list[Page] = []
    for row in range(pages.count()):
        page = pages.page_in_row(row)
        page.retranslate = partial(done.append, page)  # type: ignore[method-assign]

    pages.retranslate()
    assert done == [pages.tokens]
    pages.setCurrentWidget(pages.diagnose)
    assert done == [pages.tokens, pages.diagnose]
    qtbot.waitUntil(lambda: len(done) == 6)
    assert set(done) == {pages.page_in_row(row) for row in range(6)}
    pages.setCurrentWidget(pages.sign)
    assert len(done) == 6


def test_filters_are_restored_by_the_names_of_their_pages(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    pages = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(pages)
    assert pages.filters() == {}

    pages.history._filter_bar.text_field.setText("40164")
    filters = pages.filters()
    assert set(filters) == {"history"}

    other = WindowPages(harness.controller, harness.signing, formatter, CurrentAccount())
    qtbot.addWidget(other)
    other.restore_filters({**filters, "no such page": "x"})
    assert other.filters() == filters
