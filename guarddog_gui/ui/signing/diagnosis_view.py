"""A diagnosis to read: the verdict in large type, what to do, and the two addresses below each other."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QTextBrowser, QWidget

from guarddog_gui.domain.diagnosis.text_diff import Span
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.services.messages.diagnosis import Diagnosed, Difference
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.themed import OwnColours

_CODE = re.compile("`([^`]*)`")


class VerdictView(OwnColours, QTextBrowser):
    """Read-only, to be selected and copied; what is in it is our own markup around escaped text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(12)
        self.document().setIndentWidth(20)
        self._diagnosed: Diagnosed | None = None
        self._names = ("", "", "")

    def name_parts(self, signed: str, page: str, ruled_out: str) -> None:
        """What stands before the two addresses and before the list of what was tried."""
        self._names = (signed, page, ruled_out)
        self.take_colours()

    def show_diagnosed(self, diagnosed: Diagnosed | None) -> None:
        """Show this, or nothing."""
        self._diagnosed = diagnosed
        self.take_colours()

    def take_colours(self) -> None:
        """The text again, with its parts in the colours of the palette."""
        told = self._diagnosed
        if told is None:
            self.clear()
            return
        parts = [_paragraph(told.verdict.what, "font-size:large; font-weight:600")]
        if told.verdict.todo:
            parts.append(_paragraph(told.verdict.todo))
        if told.difference is not None:
            parts.append(self._compared(told.difference))
        details = tuple(map(_sentence, told.details))
        parts.append(_list(details, ordered=True) if len(details) > 1 else "".join(map(_block, details)))
        if told.ruled_out:
            parts += [_paragraph(self._names[2]), _list(tuple(map(escape, told.ruled_out)), ordered=False)]
        self.setHtml("".join(parts))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._diagnosed is not None:
            super().paintEvent(event)
            return
        # WORKAROUND: Qt 6.11 paints the first line of a placeholder and no more
        margin = round(self.document().documentMargin())
        place = self.viewport().rect().adjusted(margin, margin, -margin, -margin)
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.placeholderText())
        painter.end()

    def _compared(self, difference: Difference) -> str:
        """No table: its cells do not break a long word."""
        base = self.palette().color(QPalette.ColorRole.Base)
        ink = state_colour(State.FAILED, dark=base.lightness() < 128)
        rows = (
            (self._names[0], difference.signed, difference.signed_spans),
            (self._names[1], difference.page, difference.page_spans),
        )
        return "".join(
            _block(f"{escape(name)}<br><code>{_marked(text, spans, ink)}</code>")
            for name, text, spans in rows
        )


def _marked(text: str, spans: tuple[Span, ...], ink: QColor) -> str:
    """The text with its differing parts in colour, bold and underlined: not by colour alone."""
    parts, at = [], 0
    for begin, end in spans:
        style = f"color:{ink.name()}; font-weight:700; text-decoration:underline"
        parts.append(escape(text[at:begin]))
        parts.append(f'<span style="{style}">{escape(text[begin:end])}</span>')
        at = end
    return "".join((*parts, escape(text[at:])))


def _paragraph(text: str, style: str = "") -> str:
    return _block(_quoted(text), style)


def _block(markup: str, style: str = "") -> str:
    return f'<p style="{style}">{markup}</p>'


def _sentence(said: Sentence) -> str:
    return f"<b>{_quoted(said.what)}</b><br>{_quoted(said.todo)}" if said.todo else _quoted(said.what)


def _quoted(text: str) -> str:
    """Escaped, with what stands between backticks in the letters of code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _list(lines: tuple[str, ...], *, ordered: bool) -> str:
    kind = "ol" if ordered else "ul"
    items = "".join(f'<li style="margin-bottom:4px">{line}</li>' for line in lines)
    return f"<{kind}>{items}</{kind}>"
