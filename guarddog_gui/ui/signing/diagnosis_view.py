"""View of a diagnosis: the result in large type, what to do, and the two URLs below each other."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QTextBrowser

from guarddog_gui.domain.diagnosis.text_diff import Span
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.messages.diagnosis import DiagnosisText, UrlDifference
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import ThemedMixin, is_dark

_BACKTICK_CODE = re.compile("`([^`]*)`")


class DiagnosisView(ThemedMixin, QTextBrowser):
    """Read-only view whose text can be selected. Its HTML consists of our markup around escaped text."""

    def __init__(self) -> None:
        super().__init__(openLinks=False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(12)
        self.document().setIndentWidth(20)
        self._diagnosis: DiagnosisText | None = None
        self._labels = ("", "", "")

    def set_labels(self, signed: str, page: str, ruled_out: str) -> None:
        self._labels = (signed, page, ruled_out)
        self.apply_palette()

    def show_diagnosis(self, diagnosis: DiagnosisText | None) -> None:
        self._diagnosis = diagnosis
        self.apply_palette()

    def apply_palette(self) -> None:
        diagnosis = self._diagnosis
        if diagnosis is None:
            self.clear()
            return
        parts = [_paragraph_html(diagnosis.summary.summary, "font-size:large; font-weight:600")]
        if diagnosis.summary.advice:
            parts.append(_paragraph_html(diagnosis.summary.advice))
        if diagnosis.difference is not None:
            parts.append(self._difference_html(diagnosis.difference))
        details = tuple(map(_message_html, diagnosis.details))
        parts.append(_list_html(details, ordered=True) if len(details) > 1 else "".join(map(_block_html, details)))
        if diagnosis.ruled_out:
            parts += [
                _paragraph_html(self._labels[2]),
                _list_html(tuple(map(escape, diagnosis.ruled_out)), ordered=False),
            ]
        self.setHtml("".join(parts))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._diagnosis is not None:
            super().paintEvent(event)
            return
        # WORKAROUND: Qt 6.11 paints only the first line of a placeholder text
        margin = round(self.document().documentMargin())
        area = self.viewport().rect().adjusted(margin, margin, -margin, -margin)
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.placeholderText())
        painter.end()

    def _difference_html(self, difference: UrlDifference) -> str:
        """Return the two URLs as paragraphs; cells of a table would not break a long word."""
        dark = is_dark(self.palette(), QPalette.ColorRole.Base)
        colour = state_colour(KeyState.FAILED, dark=dark)
        rows = (
            (self._labels[0], difference.signed_url, difference.signed_spans),
            (self._labels[1], difference.page_url, difference.page_spans),
        )
        return "".join(
            _block_html(f"{escape(name)}<br><code>{_highlighted_html(text, spans, colour)}</code>")
            for name, text, spans in rows
        )


def _highlighted_html(text: str, spans: tuple[Span, ...], colour: QColor) -> str:
    """Return `text` with `spans` highlighted in bold and underlined, so not by colour alone."""
    parts, position = [], 0
    for begin, end in spans:
        style = f"color:{colour.name()}; font-weight:700; text-decoration:underline"
        parts.append(escape(text[position:begin]))
        parts.append(f'<span style="{style}">{escape(text[begin:end])}</span>')
        position = end
    return "".join((*parts, escape(text[position:])))


def _paragraph_html(text: str, style: str = "") -> str:
    return _block_html(_escaped_html(text), style)


def _block_html(markup: str, style: str = "") -> str:
    return f'<p style="{style}">{markup}</p>'


def _message_html(message: Message) -> str:
    return (
        f"<b>{_escaped_html(message.summary)}</b><br>{_escaped_html(message.advice)}"
        if message.advice
        else _escaped_html(message.summary)
    )


def _escaped_html(text: str) -> str:
    """Escape `text` and turn its `…` parts into code elements."""
    return _BACKTICK_CODE.sub(r"<code>\1</code>", escape(text))


def _list_html(lines: tuple[str, ...], *, ordered: bool) -> str:
    kind = "ol" if ordered else "ul"
    items = "".join(f'<li style="margin-bottom:4px">{line}</li>' for line in lines)
    return f"<{kind}>{items}</{kind}>"
