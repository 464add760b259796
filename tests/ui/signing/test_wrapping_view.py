"""Tests of the views that wrap everywhere: marked parts of URLs, and markup shown as text."""

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextFragment
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.signing.wrapping_view import MarkedUrl, MessageText, WrappingView
from guarddog_gui.ui.style.colours import LIGHT

URL = "https://shop.example.cn/a/b?id=7&from=timeline#top"
HOSTILE = [
    "</p></table><h1>loud</h1>",
    '<img src="file:///etc/passwd"><img src=http://127.0.0.1:9/x>',
    '<a href="http://a.cn/">here</a><style>*{color:red}</style>',
    "&lt;b&gt; &amp; &nbsp;",
    "\u202eright to left \u0590\u05d0",
]


@pytest.fixture
def url_view(qtbot: QtBot) -> MarkedUrl:
    view = MarkedUrl()
    qtbot.addWidget(view)
    view.resize(200, 20)
    view.show()
    return view


@pytest.fixture
def message_view(qtbot: QtBot) -> MessageText:
    view = MessageText()
    qtbot.addWidget(view)
    view.resize(300, 20)
    view.show()
    return view


def fragments(view: QTextBrowser) -> list[QTextFragment]:
    result = []
    block = view.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            result.append(at.fragment())
            at += 1
        block = block.next()
    return result


def lines(view: QTextBrowser) -> list[str]:
    """Return the lines as they are wrapped."""
    view.grab()
    layout = view.document().begin().layout()
    text = view.document().begin().text()
    spans = [(layout.lineAt(n).textStart(), layout.lineAt(n).textLength()) for n in range(layout.lineCount())]
    return [text[start : start + length].replace("\u200b", "") for start, length in spans]


def test_marked_parts_have_a_background_and_an_underline(url_view: MarkedUrl) -> None:
    begin = URL.index("&from")
    url_view.show_url(URL, ((begin, begin + len("&from=timeline")),), LIGHT.bad, LIGHT.bad_tint)
    (marked,) = [part for part in fragments(url_view) if part.charFormat().fontUnderline()]
    assert marked.text().replace("\u200b", "") == "&from=timeline"
    assert marked.charFormat().background().color() == LIGHT.bad_tint
    assert marked.charFormat().foreground().color() == LIGHT.bad


def test_a_url_is_wrapped_at_its_separators(url_view: MarkedUrl) -> None:
    url_view.show_url(URL, (), LIGHT.bad, LIGHT.bad_tint)
    shown = lines(url_view)
    assert len(shown) > 1
    assert "".join(shown) == URL
    for before, after in pairwise(shown):
        assert before.endswith("/") or after[0] in "?&#"
    assert not any(line.endswith("https:/") or line == "https://" for line in shown)


def test_the_view_is_as_high_as_its_lines(url_view: MarkedUrl) -> None:
    url_view.show_url("https://a.cn/", (), LIGHT.bad, LIGHT.bad_tint)
    low = url_view.height()
    url_view.show_url(URL * 3, (), LIGHT.bad, LIGHT.bad_tint)
    assert url_view.height() > 3 * low
    assert url_view.verticalScrollBar().maximum() == 0


def test_a_url_is_copied_without_extra_characters(url_view: MarkedUrl) -> None:
    url_view.show_url(URL, ((8, 12),), LIGHT.bad, LIGHT.bad_tint)
    url_view.selectAll()
    assert url_view.createMimeDataFromSelection().text() == URL
    assert url_view.accessibleDescription() == URL


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_shown_as_text_and_loads_nothing(
    message_view: MessageText, url_view: MarkedUrl, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(_view: WrappingView, _kind: int, name: QUrl) -> Any:
        loaded.append(name.toString())

    monkeypatch.setattr(WrappingView, "loadResource", load)
    message_view.show_messages((Message(f"One {text}", text), Message(text)))
    url_view.show_url(text, (), LIGHT.bad, LIGHT.bad_tint)
    for view, count in ((message_view, 3), (url_view, 1)):
        view.grab()
        assert view.toPlainText().replace("\xa0", " ").replace("\u200b", "").count(text) == count
        assert all(not part.charFormat().isAnchor() for part in fragments(view))
    message_view.show_text(text)
    assert message_view.toPlainText().replace("\xa0", " ") == text
    assert loaded == []


def test_several_messages_are_numbered_and_one_is_not(message_view: MessageText) -> None:
    message_view.show_messages((Message("One", "do one"), Message("Two")))
    assert message_view.document().begin().textList() is not None
    message_view.show_messages((Message("One"),))
    assert message_view.document().begin().textList() is None


def test_text_between_backticks_is_monospaced(message_view: MessageText) -> None:
    message_view.show_text("You signed `https://a.cn/<p>` here")
    (code,) = [part.text() for part in fragments(message_view) if part.charFormat().fontFamilies() == ["monospace"]]
    assert code == "https://a.cn/<p>"
