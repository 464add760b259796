"""Tests of the view of the signed string, in the page that shows it."""

import re

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.style.colours import DARK, make_palette
from tests.ui.find import check_box
from tests.ui.signing.sign_page_driver import TICKET_VALUE, URL, signed_string, type_url


def test_the_ticket_is_masked_by_default_and_again_after_hiding_the_page(page: SignPage) -> None:
    type_url(page, URL)
    assert signed_string(page).toPlainText().startswith("jsapi_ticket=kgt8…xxxx&noncestr=")
    check_box(page, "Show the ticket").click()
    assert signed_string(page).toPlainText().startswith(f"jsapi_ticket={TICKET_VALUE}&noncestr=")
    page.hide()
    page.show()
    assert not check_box(page, "Show the ticket").isChecked()
    assert TICKET_VALUE not in signed_string(page).toPlainText()


def test_the_four_parts_have_four_colours_of_the_theme(page: SignPage, qapp: QApplication) -> None:
    def colours() -> set[str]:
        return set(re.findall(r"color:(#[0-9a-f]{6})", signed_string(page).toHtml()))

    type_url(page, URL)
    light = colours()
    assert len(light) == 4
    page.setPalette(make_palette(DARK))
    qapp.processEvents()
    assert signed_string(page).palette().color(QPalette.ColorRole.Base).lightness() < 128
    assert len(colours()) == 4
    assert not colours() & light
