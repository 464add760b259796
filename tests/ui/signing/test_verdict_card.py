"""Tests of the card with the verdict: its order, its buttons, and the two URLs with their differences."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.text_diff import diff_spans
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing.diagnosis import DiagnosisText, UrlDifference
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.verdict_card import Verdict, VerdictCard
from guarddog_gui.ui.signing.wrapping_view import MarkedUrl, WrappingView
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.widgets.strip import Severity
from tests.ui.find import button, widget
from tests.ui.signing.test_wrapping_view import fragments

SIGNED = "https://a.cn/p?x=1"
PAGE = "https://a.cn/p/?x=1&from=timeline"


@pytest.fixture
def card(formatter: Formatter, qtbot: QtBot) -> VerdictCard:
    card = VerdictCard(formatter.icons)
    qtbot.addWidget(card)
    card.resize(700, 400)
    card.retranslate()
    card.show()
    return card


def verdict_texts(card: VerdictCard) -> str:
    """Return all texts of the card, each on a line, folded ones too; the URLs with marked parts in brackets."""
    texts = []
    for view in card.findChildren(WrappingView):
        if isinstance(view, MarkedUrl):
            if view.isVisibleTo(card):
                parts = fragments(view)
                texts.append("".join(f"[{p.text()}]" if p.charFormat().fontUnderline() else p.text() for p in parts))
        elif view.isVisibleTo(card) or view.accessibleName():
            texts.append(view.toPlainText())
    return "\n".join(filter(None, texts)).replace("\u2028", "\n").replace("\u200b", "")


def difference_of(signed: str, page: str) -> DiagnosisText:
    return DiagnosisText(
        Message(f"You signed `{signed}`"),
        (Message("The / is missing.", "Put it there."), Message("from is missing.")),
        difference=UrlDifference(signed, page, *diff_spans(signed, page)),
    )


def test_the_mistake_is_the_big_sentence_and_the_urls_stand_below_it(card: VerdictCard) -> None:
    card.show_verdict(Verdict(Severity.BAD, difference_of(SIGNED, PAGE), is_signable=True))
    assert verdict_texts(card).splitlines() == [
        "The / is missing.",
        "Put it there.",
        "https://a.cn/p?x=1",
        "https://a.cn/p[/]?x=1[&from=timeline]",
        "from is missing.",
    ]
    assert card.accessibleName() == "The / is missing. Put it there."


def test_without_a_difference_the_causes_follow_the_summary(card: VerdictCard) -> None:
    text = DiagnosisText(Message("None.", "Check:"), (Message("One", "do one"), Message("Two")), ("3 URLs", "4 names"))
    card.show_verdict(Verdict(Severity.WARN, text))
    assert verdict_texts(card).splitlines() == ["None.", "Check:", "One", "do one", "Two", "3 URLs", "4 names"]
    assert not any(view.isVisible() for view in card.findChildren(MarkedUrl))


def test_only_useful_buttons_are_shown(card: VerdictCard) -> None:
    names = ("Sign the right URL", "Copy the fix", "Diagnose again", "What was ruled out")

    def shown(verdict: Verdict) -> list[str]:
        card.show_verdict(verdict)
        return [name for name in names if button(card, name).isVisible()]

    plain = DiagnosisText(Message("Text"))
    assert shown(Verdict(Severity.INFO, plain)) == []
    assert shown(Verdict(Severity.BAD, plain, is_signable=True)) == list(names[:2])
    assert shown(Verdict(Severity.INFO, plain, is_repeatable=True)) == [names[2]]
    assert shown(Verdict(Severity.WARN, DiagnosisText(Message("Text"), (), ("3 URLs",)))) == [names[3]]


def test_what_was_ruled_out_stays_unfolded(card: VerdictCard) -> None:
    verdict = Verdict(Severity.WARN, DiagnosisText(Message("None"), (), ("3 URLs",)))
    card.show_verdict(verdict)
    ruled_out = widget(card, WrappingView, "What was ruled out")
    assert not ruled_out.isVisible()
    button(card, "What was ruled out").click()
    card.show_verdict(verdict)
    assert ruled_out.isVisible()


@pytest.mark.parametrize("severity", Severity)
def test_each_severity_and_theme_looks_different(card: VerdictCard, severity: Severity) -> None:
    images = []
    for colours in (LIGHT, DARK):
        card.setPalette(make_palette(colours))
        for each in {severity, Severity.INFO}:
            card.show_verdict(Verdict(each, DiagnosisText(Message("Text"))))
            images.append(card.grab().toImage())
    assert all(a != b for number, a in enumerate(images) for b in images[:number])


@pytest.mark.parametrize("length", [30, 300, 8000])
def test_a_very_long_word_neither_widens_the_card_nor_is_cut_off(card: VerdictCard, length: int) -> None:
    usual = card.minimumSizeHint().width()
    word = "a" * length
    text = difference_of(f"https://a.cn/{word}", f"https://a.cn/{word}b")
    card.show_verdict(Verdict(Severity.BAD, DiagnosisText(text.summary, (Message(word, word),), (), text.difference)))
    card.grab()
    assert card.minimumSizeHint().width() <= usual
    for view in card.findChildren(WrappingView):
        assert view.verticalScrollBar().maximum() == view.horizontalScrollBar().maximum() == 0
