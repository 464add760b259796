"""A diagnosis to read: in its order, marked where the addresses differ, and as text whatever is in it."""

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
from guarddog_gui.ui.theme import make_palette

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


def compared(signed: str, page: str) -> DiagnosisText:
    return DiagnosisText(
        Message(f"You signed `{signed}`"),
        (Message("The / is missing.", "Put it there."), Message("from is missing.")),
        difference=UrlDifference(signed, page, *diff_spans(signed, page)),
    )


def fragments(view: DiagnosisView) -> list[QTextFragment]:
    found = []
    block = view.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            found.append(at.fragment())
            at += 1
        block = block.next()
    return found


def marked(view: DiagnosisView) -> list[QTextFragment]:
    return [fragment for fragment in fragments(view) if fragment.charFormat().fontUnderline()]


def test_the_verdict_is_first_and_the_rest_in_its_order(view: DiagnosisView) -> None:
    view.show_diagnosis(
        DiagnosisText(Message("None.", "Check:"), (Message("One", "do one"), Message("Two")), ("3 URLs",))
    )
    lines = view.toPlainText().replace("\u2028", "\n").splitlines()
    assert lines == ["None.", "Check:", "One", "do one", "Two", "Tried:", "3 URLs"]
    view.show_diagnosis(None)
    assert view.toPlainText() == ""


def test_what_differs_is_marked_in_bold_underlined_and_in_colour(view: DiagnosisView) -> None:
    view.show_diagnosis(compared(SIGNED, PAGE))
    assert [fragment.text() for fragment in marked(view)] == ["/", "&from=timeline"]
    for fragment in marked(view):
        assert fragment.charFormat().fontWeight() >= 700
        assert fragment.charFormat().foreground().color() != view.palette().color(QPalette.ColorRole.Text)


def test_the_colour_of_the_marks_goes_with_the_theme(view: DiagnosisView) -> None:
    view.show_diagnosis(compared(SIGNED, PAGE))
    seen = set()
    for theme in (Theme.LIGHT, Theme.DARK):
        view.setPalette(make_palette(theme))
        seen.add(marked(view)[0].charFormat().foreground().color().name())
    assert len(seen) == 2


def test_an_address_is_copied_to_the_character(view: DiagnosisView) -> None:
    view.show_diagnosis(compared(SIGNED, PAGE))
    view.selectAll()
    copied = view.createMimeDataFromSelection().text()
    assert SIGNED in copied
    assert PAGE in copied
    assert "\u200b" not in copied


@pytest.mark.parametrize("length", [30, 300, 8000])
def test_a_word_without_end_is_broken_and_not_cut_off(view: DiagnosisView, length: int) -> None:
    view.show_diagnosis(compared("https://a.cn/" + "a" * length, "https://a.cn/" + "b" * length))
    view.grab()
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_in_an_address_is_shown_letter_by_letter_and_loads_nothing(
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


def test_what_stands_between_backticks_is_in_the_letters_of_code(view: DiagnosisView) -> None:
    view.show_diagnosis(DiagnosisText(Message("You signed `https://a.cn/<p>` here")))
    (code,) = [part.text() for part in fragments(view) if part.charFormat().fontFamilies() == ["monospace"]]
    assert code == "https://a.cn/<p>"


def test_of_what_it_says_before_there_is_a_verdict_every_line_is_there(view: DiagnosisView) -> None:
    pictures = []
    for ends in ("first", "second"):
        view.setPlaceholderText(f"{'words of which it is made ' * 5} {ends}")
        pictures.append(view.grab().toImage())
    assert pictures[0] != pictures[1]
