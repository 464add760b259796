"""Tests of the dialog with WeChat's report about a rid."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.fakes import error_reply
from tests.ui.accounts.query_driver import HOSTILE, RID, SECRET_IN_REPORT, QueryDriver, rid_report, shown_answer
from tests.ui.find import label


def test_a_report_shows_everything_but_the_secret(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report()
    dialog = driver.open_rid()
    text = shown_answer(dialog)
    assert "203.0.113.9" in text
    assert "30 ms" in text
    assert "secret=…" in text
    assert "invalid appsecret" in text
    assert SECRET_IN_REPORT not in text
    assert "Body" not in text  # there was none
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Close"]
    assert dict(driver.harness.transport.requests[-1].body or ()) == {"rid": RID}


def test_markup_in_a_report_is_shown_as_text(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report(request_body=HOSTILE, client_ip=HOSTILE)
    dialog = driver.open_rid()
    assert shown_answer(dialog).count(HOSTILE) == 2
    for each in dialog.findChildren(QLabel):
        if each.text():
            assert each.textFormat() is Qt.TextFormat.PlainText
    dialog.grab()


def test_an_expired_rid_is_explained(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = error_reply(76004, "rid expired")
    assert "(76004)" in shown_answer(driver.open_rid())


def test_a_report_can_be_selected_with_the_keyboard(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report()
    dialog = driver.open_rid()
    flags = label(dialog, "answer").textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert not flags & Qt.TextInteractionFlag.LinksAccessibleByMouse
