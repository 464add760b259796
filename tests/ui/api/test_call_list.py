"""The list of calls: search in every source, headings that cannot be chosen, what an empty list says."""

from PySide6.QtCore import Qt

from guarddog_gui.ui.api.call_list import CallListModel, CallRow, CallSource, RowRole
from tests.api_fakes import api_reply
from tests.ui import find
from tests.ui.api.api_page_driver import ApiPageDriver


def test_headings_cannot_be_chosen() -> None:
    model = CallListModel()
    model.set_rows((CallRow("Menu"), CallRow("All menus", "GET", "/cgi-bin/menu/get")))
    heading, call = model.index(0), model.index(1)
    assert not model.flags(heading) & Qt.ItemFlag.ItemIsSelectable
    assert model.flags(call) & Qt.ItemFlag.ItemIsSelectable
    assert call.data(RowRole).path == "/cgi-bin/menu/get"
    assert "GET /cgi-bin/menu/get" in call.data()


def test_search_keeps_the_headings_of_what_it_finds(page: ApiPageDriver) -> None:
    page.search("menu create")
    assert len(page.rows) == 2
    assert page.rows[0] == "Menu"


def test_a_search_without_a_match_says_that_any_call_works(page: ApiPageDriver) -> None:
    page.search("no such call")
    assert page.rows == []
    assert find.shows(page.page, "any call works")
    page.search("")
    assert not find.shows(page.page, "any call works")


def test_search_finds_in_the_history_too(page: ApiPageDriver) -> None:
    for path in ("cgi-bin/menu/get", "cgi-bin/user/get"):
        page.enter(path)
        page.answer_with(api_reply())
        page.send()
    page.console.call_list.show_source(CallSource.HISTORY)
    page.qtbot.waitUntil(lambda: len(page.rows) == 2)
    page.search("user")
    assert len(page.rows) == 1


def test_a_heading_that_is_clicked_changes_nothing(page: ApiPageDriver) -> None:
    page.enter("cgi-bin/x")
    page.choose("Access and quota")
    assert page.path == "cgi-bin/x"


def test_empty_favourites_say_how_to_keep_one(page: ApiPageDriver) -> None:
    page.show_list("Favourites")
    assert find.shows(page.page, "No favourites yet")
    assert not page.is_shown("Forget these calls")
