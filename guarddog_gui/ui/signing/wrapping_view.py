"""Read-only views of text that wrap everywhere and are as high as their text: messages, and URLs with marks."""

import re
from html import escape

from PySide6.QtCore import QMimeData, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QPalette, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from guarddog_gui.domain.diagnosis.text_diff import Span
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.style.fonts import code_font
from guarddog_gui.ui.style.theme import ThemedMixin

_BACKTICK_CODE = re.compile("`([^`]*)`")
_BREAK = "\u200b"  # zero-width space: a line may end here
_BREAK_AFTER = re.compile(r"(?<=[/,;])(?=[^/])|(?=[?&#])(?<=.)")  # behind a slash, in front of a parameter


class WrappingView(QTextBrowser):
    """View without a frame whose height follows its text; unlike a label it breaks words that are too long."""

    def __init__(self) -> None:
        super().__init__(openLinks=False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # only to select its text
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._on_document_size_changed)

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    @Slot(QSizeF)
    def _on_document_size_changed(self, size: QSizeF) -> None:
        self.setFixedHeight(max(self.fontMetrics().height(), round(size.height() + 0.5)))

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText().replace(_BREAK, ""))
        return data


class MessageText(WrappingView):
    """Messages below each other, numbered if there are several. Its HTML consists of our markup around escaped text."""

    def show_text(self, text: str) -> None:
        """Show lines of text."""
        self.setHtml("".join(f'<p style="margin:0">{_escaped_html(line)}</p>' for line in text.splitlines()))

    def show_messages(self, messages: tuple[Message, ...]) -> None:
        items = tuple(map(_message_html, messages))
        if len(items) > 1:
            lines = "".join(f'<li style="margin-bottom:6px">{item}</li>' for item in items)
            self.document().setIndentWidth(20)
            self.setHtml(f'<ol style="margin:0">{lines}</ol>')
        else:
            self.setHtml("".join(f'<p style="margin:0">{item}</p>' for item in items))


class MarkedUrl(ThemedMixin, WrappingView):
    """URL in a monospace font, broken at its separators, with marked parts."""

    def __init__(self) -> None:
        super().__init__()
        self._url = ""
        self._spans: tuple[Span, ...] = ()
        self._ink, self._tint = QColor(), QColor()

    def show_url(self, url: str, spans: tuple[Span, ...], ink: QColor, tint: QColor) -> None:
        """Show the URL with these parts in a colour on another, underlined: never marked by colour alone."""
        self._url, self._spans, self._ink, self._tint = url, spans, ink, tint
        self.apply_palette()

    def apply_palette(self) -> None:
        self.setFont(code_font(self.font(), 1.0))
        plain, marked = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(self.palette().color(QPalette.ColorRole.Text))
        marked.setForeground(self._ink)
        marked.setBackground(self._tint)
        marked.setFontUnderline(True)
        marked.setFontWeight(700)
        self.clear()
        cursor = QTextCursor(self.document())
        position = 0
        for begin, end in self._spans:
            cursor.insertText(_breakable(self._url[position:begin]), plain)
            cursor.insertText(_breakable(self._url[begin:end]), marked)
            position = end
        cursor.insertText(_breakable(self._url[position:]), plain)
        self.setAccessibleDescription(self._url)


def _breakable(url: str) -> str:
    return _BREAK_AFTER.sub(_BREAK, url)


def _message_html(message: Message) -> str:
    summary = f"<b>{_escaped_html(message.summary)}</b>"
    return f"{summary}<br>{_escaped_html(message.advice)}" if message.advice else summary


def _escaped_html(text: str) -> str:
    """Escape `text` and turn its `…` parts into code elements."""
    return _BACKTICK_CODE.sub(r"<code>\1</code>", escape(text))
