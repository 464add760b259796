"""Tests of the views of code: colours, lines that are never broken, and the height."""

import pytest
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.signing.sample_code import curl_sample, node_sample, php_sample
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours, make_palette
from guarddog_gui.ui.widgets.text.code_view import COLOURED_MAX, LINES_MAX, LINES_MIN, CodeFrame, CodeView

CONFIG = WxConfig("wx00000000000000a1", 1795157576, "Wm3WZYTPz0wzccnW", "a" * 40, ("scanQRCode",))


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    view = CodeView()
    qtbot.addWidget(view)
    view.setPalette(make_palette(LIGHT))
    view.apply_palette()
    return view


def colour_of(view: CodeView, part: str) -> str:
    """Return the colour of the first place with this text."""
    block: QTextBlock = view.document().begin()
    while block.isValid():
        at = block.text().find(part)
        if at >= 0:
            formats = block.layout().formats()
            found = [f for f in formats if f.start <= at < f.start + f.length]
            return found[0].format.foreground().color().name() if found else ""
        block = block.next()
    raise LookupError(part)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_strings_numbers_words_and_calls_have_colours_of_the_theme(view: CodeView, colours: Colours) -> None:
    view.setPalette(make_palette(colours))
    view.apply_palette()
    view.show_code(CONFIG.as_javascript)
    assert colour_of(view, '"wx000') == colours.ok.name()
    assert colour_of(view, "1795157576") == colours.warn.name()
    assert colour_of(view, "false") == colours.warn.name()
    assert colour_of(view, "config(") == colours.bad.name()
    assert colour_of(view, "nonceStr") == ""


def test_the_slashes_of_a_url_do_not_begin_a_comment(view: CodeView) -> None:
    view.show_code(curl_sample(CONFIG, "https://a.cn/p"))
    assert colour_of(view, "# Signs") == LIGHT.faint.name()
    assert colour_of(view, "//a.cn") == ""
    view.show_code(node_sample(CONFIG, "https://a.cn/p"))
    assert colour_of(view, "// Signs") == LIGHT.faint.name()
    assert colour_of(view, "//a.cn") == LIGHT.ok.name()
    view.show_code(php_sample(CONFIG, "https://a.cn/p"))
    assert colour_of(view, "<?php") == LIGHT.info.name()


def test_the_view_is_as_high_as_its_code_within_limits(view: CodeView) -> None:
    line = view.fontMetrics().lineSpacing()
    heights = []
    for lines in (1, LINES_MIN, LINES_MIN + 5, LINES_MAX, LINES_MAX + 50):
        view.show_code("\n".join("x" for _ in range(lines)))
        heights.append(view.sizeHint().height())
    assert heights[0] == heights[1]
    assert heights[2] == heights[1] + 5 * line
    assert heights[3] == heights[4]
    assert view.minimumSizeHint().height() == heights[0]


def test_the_same_code_keeps_the_selection(view: CodeView) -> None:
    view.show_code("abc")
    view.selectAll()
    view.show_code("abc")
    assert view.textCursor().selectedText() == "abc"


def test_the_frame_shows_the_keyboard_focus(qtbot: QtBot, qapp: QApplication) -> None:
    view = CodeView()
    frame = CodeFrame(view)
    qtbot.addWidget(frame)
    frame.show()
    frame.activateWindow()
    qapp.processEvents()
    frame.setFocus()
    view.clearFocus()
    before = frame.grab().toImage()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert frame.grab().toImage() != before


def test_a_long_text_has_no_colours_and_the_next_short_one_has(view: CodeView) -> None:
    view.show_code('{"a": "b"}\n' * COLOURED_MAX)
    QApplication.processEvents()
    assert colour_of(view, '"b"') == ""
    view.show_code('{"a": "b"}')
    QApplication.processEvents()
    assert colour_of(view, '"b"') == LIGHT.ok.name()
