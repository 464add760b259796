"""Views of code: a rounded frame around a text, and coloured code whose lines are never broken."""

import re

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import code_font
from guarddog_gui.ui.style.scroll_bars import SCROLL_BAR_WIDTH
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column

LINES_MIN = 8  # of a code view: those of a wx.config
LINES_MAX = 40
COLOURED_MAX = 16 * 1024  # characters
_FRAME_MARGIN = 8  # pixels; the document adds four more

# the first group that matches names the colour; a string before a comment, because URLs contain //
_TOKEN = re.compile(
    r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)"
    r"|(?P<comment>(?<!\S)(?://|#).*)"
    r"|(?P<keyword>\b(?:true|false|null|const|let|var|function|return|require|new|echo|printf|array|string|int)\b)"
    r"|(?P<number>(?<![\w.\"$-])\d+(?:\.\d+)?\b)"
    r"|(?P<call>\b[A-Za-z_]\w*(?=\())"
    r"|(?P<tag></?[A-Za-z][\w-]*|<\?php|(?<=[\w\"'\s])/?>|<![A-Z]+)"
)


class CodeHighlighter(QSyntaxHighlighter):
    """Highlighter for the few languages of the sign page; it knows strings, numbers, calls, tags and comments."""

    def __init__(self, document: QTextDocument, colours: Colours) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_colours(colours)

    def set_colours(self, colours: Colours) -> None:
        inks = {
            "string": colours.ok,
            "comment": colours.faint,
            "keyword": colours.warn,
            "number": colours.warn,
            "call": colours.bad,
            "tag": colours.info,
        }
        for name, ink in inks.items():
            self._formats[name] = QTextCharFormat()
            self._formats[name].setForeground(ink)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for match in _TOKEN.finditer(text):
            if match.lastgroup is not None:
                self.setFormat(match.start(), match.end() - match.start(), self._formats[match.lastgroup])


class CodeFrame(ThemedMixin, QWidget):
    """Rounded area with a text view or a text field in it, and the focus ring around both."""

    def __init__(self, edit: QPlainTextEdit | QTextEdit, *, is_field: bool = False) -> None:
        super().__init__()
        self._edit = edit
        self._is_field = is_field
        edit.setFrameShape(QFrame.Shape.NoFrame)
        edit.viewport().setAutoFillBackground(False)
        edit.installEventFilter(self)
        self.setLayout(make_column(edit, margin=_FRAME_MARGIN))
        self.setSizePolicy(edit.sizePolicy())
        self.apply_palette()

    def apply_palette(self) -> None:
        self._edit.setFont(code_font(self.font()))
        self.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        fill, line = (colours.card, colours.field_border) if self._is_field else (colours.background, colours.line)
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, fill, line)
            if self._edit.hasFocus():
                draw_focus_ring(painter, self.rect(), CONTROL_RADIUS, colours.accent)


class CodeView(ThemedMixin, QPlainTextEdit):
    """Read-only view that is as high as its code, and scrolls where there is no room.

    Long lines are never broken: a signature in two lines would be copied as two.
    """

    def __init__(self) -> None:
        super().__init__(readOnly=True, tabChangesFocus=True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._highlighter = CodeHighlighter(self.document(), colours_of(self.palette()))

    def show_code(self, text: str) -> None:
        """Show a text; a long one has no colours, which would take the main thread too long."""
        if text != self.toPlainText():  # keep the selection of an equal text
            is_coloured = len(text) <= COLOURED_MAX
            if is_coloured != (self._highlighter.document() is not None):
                self._highlighter.setDocument(self.document() if is_coloured else None)
            self.setPlainText(text)
            self.updateGeometry()

    def apply_palette(self) -> None:
        self._highlighter.set_colours(colours_of(self.palette()))

    def sizeHint(self) -> QSize:
        return QSize(240, self._height_of(max(LINES_MIN, min(self.blockCount(), LINES_MAX))))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._height_of(LINES_MIN))

    def _height_of(self, lines: int) -> int:
        margins = round(2 * self.document().documentMargin())
        return lines * self.fontMetrics().lineSpacing() + margins + SCROLL_BAR_WIDTH
