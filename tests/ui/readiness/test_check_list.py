"""Rows of the checks: what was found, what to do, and the same as plain text."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.readiness.checks import CheckedItem, PageCheck, Reason, Tick
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.readiness.check_list import CheckList
from tests.runtime.harness import RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import label

ITEMS = (
    CheckedItem(PageCheck.DOMAIN, Tick.OK, Reason.DOMAIN_OK, (("domain", "a.cn"),)),
    CheckedItem(
        PageCheck.VERIFY_FILE, Tick.FAILED, Reason.FILE_MISSING, (("file", "MP_verify_x.txt"), ("status", 404))
    ),
)


def test_each_check_is_a_row_with_its_advice(formatter: Formatter, qtbot: QtBot) -> None:
    rows = CheckList(formatter.icons, formatter.messages)
    qtbot.addWidget(rows)
    assert rows.as_text() == ""
    rows.show_items(ITEMS, formatter.messages)
    assert label(rows, "domain-summary").text() == "a.cn can be a JS-safe domain."
    assert label(rows, "verify-file-summary").text() == "MP_verify_x.txt is not there (HTTP 404)."
    assert label(rows, "verify-file-advice").text().startswith("Put the file")
    assert label(rows, "verify-file-summary").accessibleName().startswith("[bad] MP_verify file:")
    assert rows.as_text().splitlines()[0] == "[ok] domain: a.cn can be a JS-safe domain."


def test_the_rows_follow_the_language(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    rows = CheckList(formatter.icons, formatter.messages)
    qtbot.addWidget(rows)
    rows.show_items(ITEMS, make_formatter(harness, "zh_CN").messages)
    assert rows.as_text().startswith("[正常] 域名")
