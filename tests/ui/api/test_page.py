"""The page makes its console when it is shown, follows the account and the language."""

from pytestqt.qtbot import QtBot

from guarddog_gui.ui.api.console import ApiConsoleView
from guarddog_gui.ui.api.page import ApiPage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from tests.runtime.harness import CAFE, GAME, SHOP, RuntimeHarness, runtime_harness
from tests.ui import find
from tests.ui.api.api_page_driver import ApiPageDriver
from tests.ui.conftest import make_formatter


def test_a_page_that_is_not_shown_has_no_console(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    page = ApiPage(harness.controller, formatter)
    qtbot.addWidget(page)
    page.retranslate()
    assert page.findChildren(ApiConsoleView) == []
    page.focus()
    assert len(page.findChildren(ApiConsoleView)) == 1


def test_the_page_works_with_the_current_account(formatter: Formatter, qtbot: QtBot) -> None:
    with runtime_harness(SHOP, CAFE, GAME) as harness:
        harness.controller.reload_from_disk()
        current = CurrentAccount()
        page = ApiPage(harness.controller, formatter, current)
        qtbot.addWidget(page)
        page.show()
        current.choose(GAME.appid)
        console = find.widget(page, ApiConsoleView)
        qtbot.waitUntil(lambda: any("/wxa/getwxacodeunlimit" in row for row in find.column(console.call_list.view)))
        assert console.account == GAME
        assert not any("/cgi-bin/menu/get" in row for row in find.column(console.call_list.view))


def test_the_page_speaks_chinese(harness: RuntimeHarness, qtbot: QtBot) -> None:
    page = ApiPageDriver(harness, make_formatter(harness, "zh_CN"), qtbot)
    assert any("创建菜单" in row for row in page.rows)


def test_the_page_fits_into_the_smallest_window(page: ApiPageDriver) -> None:
    page.page.resize(page.page.minimumSizeHint())
    assert page.page.minimumSizeHint().width() <= 600


def test_without_an_account_nothing_can_be_sent_and_the_page_says_why(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.accounts.stored = ()
    harness.controller.start()
    page = ApiPage(harness.controller, formatter)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: find.shows(page, "Add an account first: a call needs its token."))
    assert not find.button(page, "Send").isEnabled()

    harness.accounts.update(lambda _: (SHOP,))
    harness.controller.tick()
    qtbot.waitUntil(find.button(page, "Send").isEnabled)
    qtbot.waitUntil(lambda: not find.shows(page, "Add an account first: a call needs its token."))
