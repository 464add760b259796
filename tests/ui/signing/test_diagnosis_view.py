"""Tests of the view of a diagnosis: its order, the highlighted differences, and markup shown as text."""

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QPalette, QTextFragment
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.text_diff import diff_spans
from guarddog_gui.domain.settings import Theme
from guarddog_gui.services.messages.diagnosis import DiagnosisText, UrlDifference
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.signing.diagnosis_view import DiagnosisView
from tests.ui.palettes import palette_of

SIGNED = "https://a.cn/p?x=1"
PAGE = "https://a.cn/p/?x=1&from=timeline"
HOSTILE = [
    "</p></table><h1>loud</h1>",
    '<img src="file:///etc/passwd"><img src=http://127.0.0.1:9/x>',
    '<a href="http://a.cn/">here</a><style>*{color:red}</style>',
    "&lt;b&gt; &amp; &nbsp;",
    "\u202eright to left \u0590\u05d0",
]


@pytest.fixture
def view(qtbot: QtBot) -> DiagnosisView:
    view = DiagnosisView()
    qtbot.addWidget(view)
    view.resize(300, 400)
    view.set_labels("signed", "page", "Tried:")
    view.show()
    return view


def difference_of(signed: str, page: str) -> DiagnosisText:
    return DiagnosisText(
        Message(f"You signed `{signed}`"),
        (Message("The / is missing.", "Put it there."), Message("from is missing.")),
        difference=UrlDifference(signed, page, *diff_spans(signed, page)),
    )


def fragments(view: DiagnosisView) -> list[QTextFragment]:
    result = []
    block = view.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            result.append(at.fragment())
            at += 1
        block = block.next()
    return result


def highlighted(view: DiagnosisView) -> list[QTextFragment]:
    return [fragment for fragment in fragments(view) if fragment.charFormat().fontUnderline()]


def test_the_result_comes_first_and_the_rest_in_order(view: DiagnosisView) -> None:
    view.show_diagnosis(
        DiagnosisText(Message("None.", "Check:"), (Message("One", "do one"), Message("Two")), ("3 URLs",))
    )
    lines = view.toPlainText().replace("\u2028", "\n").splitlines()
    assert lines == ["None.", "Check:", "One", "do one", "Two", "Tried:", "3 URLs"]
    view.show_diagnosis(None)
    assert view.toPlainText() == ""


def test_differences_are_bold_underlined_and_coloured(view: DiagnosisView) -> None:
    view.show_diagnosis(difference_of(SIGNED, PAGE))
    assert [fragment.text() for fragment in highlighted(view)] == ["/", "&from=timeline"]
    for fragment in highlighted(view):
        assert fragment.charFormat().fontWeight() >= 700
        assert fragment.charFormat().foreground().color() != view.palette().color(QPalette.ColorRole.Text)


def test_the_highlight_colour_follows_the_theme(view: DiagnosisView) -> None:
    view.show_diagnosis(difference_of(SIGNED, PAGE))
    colours = set()
    for theme in (Theme.LIGHT, Theme.DARK):
        view.setPalette(palette_of(theme))
        colours.add(highlighted(view)[0].charFormat().foreground().color().name())
    assert len(colours) == 2


def test_a_url_is_copied_without_extra_characters(view: DiagnosisView) -> None:
    view.show_diagnosis(difference_of(SIGNED, PAGE))
    view.selectAll()
    copied = view.createMimeDataFromSelection().text()
    assert SIGNED in copied
    assert PAGE in copied
    assert "\u200b" not in copied


@pytest.mark.parametrize("length", [30, 300, 8000])
def test_a_very_long_word_is_wrapped_and_not_cut_off(view: DiagnosisView, length: int) -> None:
    view.show_diagnosis(difference_of("https://a.cn/" + "a" * length, "https://a.cn/" + "b" * length))
    view.grab()
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_url_is_shown_as_text_and_loads_nothing(
    view: DiagnosisView, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(_view: DiagnosisView, _kind: int, name: QUrl) -> Any:
        loaded.append(name.toString())

    monkeypatch.setattr(DiagnosisView, "loadResource", load)
    view.show_diagnosis(
        DiagnosisText(
            Message(f"What {text}", f"todo {text}"),
            (Message(f"One {text}", text), Message(text)),
            (text,),
            UrlDifference(text, text + "x", (), ((len(text), len(text) + 1),)),
        )
    )
    view.grab()
    assert view.toPlainText().replace("\xa0", " ").count(text) == 8
    assert loaded == []
    assert all(not fragment.charFormat().isAnchor() for fragment in fragments(view))


def test_text_between_backticks_is_monospaced(view: DiagnosisView) -> None:
    view.show_diagnosis(DiagnosisText(Message("You signed `https://a.cn/<p>` here")))
    (code,) = [part.text() for part in fragments(view) if part.charFormat().fontFamilies() == ["monospace"]]
    assert code == "https://a.cn/<p>"


def test_every_line_of_the_placeholder_is_painted(view: DiagnosisView) -> None:
    images = []
    for ends in ("first", "second"):
        view.setPlaceholderText(f"{'words of which it is made ' * 5} {ends}")
        images.append(view.grab().toImage())
    assert images[0] != images[1]
