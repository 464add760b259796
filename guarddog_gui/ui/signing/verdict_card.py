"""Card with the verdict of a diagnosis: one big sentence, what to do, the two URLs, and what was ruled out."""

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing.diagnosis import DiagnosisText, UrlDifference
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.signing.wrapping_view import MarkedUrl, MessageText
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, CARD_TITLE, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import FoldButton
from guarddog_gui.ui.widgets.layouts import STRETCH, FormGrid, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity, severity_colours

_ICONS = {Severity.BAD: "warning", Severity.WARN: "warning", Severity.INFO: "info", Severity.OK: "check"}


class Verdict(Struct, frozen=True):
    """Result of a diagnosis as the card shows it, and which of its buttons are useful."""

    severity: Severity
    text: DiagnosisText
    is_signable: bool = False  # there is a URL that would be right
    is_repeatable: bool = False


class VerdictHead(ThemedMixin, QWidget):
    """Sentence in large type, and the advice below it, on an area in the colour of its severity."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._severity = Severity.INFO
        self._message = Message("")
        self._icon_label = QLabel()
        self._icon_label.setFixedSize(16, 20)
        self.sentence_view, self.advice_view = MessageText(), MessageText()
        texts = make_column(self.sentence_view, self.advice_view, spacing=6)
        row = make_row(self._icon_label, (texts, 1), spacing=10, margin=(14, 12))
        row.setAlignment(self._icon_label, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def show_message(self, severity: Severity, message: Message) -> None:
        self._severity, self._message = severity, message
        self.setAccessibleName(message.text.replace("`", ""))
        self.advice_view.setVisible(bool(message.advice))
        self.apply_palette()

    def apply_palette(self) -> None:
        ink, _ = severity_colours(self._severity, colours_of(self.palette()))
        self._icon_label.setPixmap(self._icons.action_icon(_ICONS[self._severity], ink).pixmap(16, 16))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, ink)
        self.sentence_view.setPalette(palette)
        self.sentence_view.setFont(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        self.sentence_view.show_text(self._message.summary)
        self.advice_view.show_text(self._message.advice)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        _, tint = severity_colours(self._severity, colours_of(self.palette()))
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, tint)


class UrlComparison(ThemedMixin, QWidget):
    """Two URLs, one above the other, with their differences marked."""

    def __init__(self) -> None:
        super().__init__()
        self._difference: UrlDifference | None = None
        self._signed_label, self._page_label = QLabel(), QLabel()
        self._signed_url, self._page_url = MarkedUrl(), MarkedUrl()
        rows = FormGrid()
        for label, url in ((self._signed_label, self._signed_url), (self._page_label, self._page_url)):
            label.setFont(scaled_font(self.font(), CAPTION, QFont.Weight.DemiBold))
            rows.add_row(label, url)
            rows.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        rows.setContentsMargins(14, 12, 14, 12)
        self.setLayout(rows)

    def retranslate(self) -> None:
        for label, url, name in (
            (self._signed_label, self._signed_url, self.tr("SIGNED")),
            (self._page_label, self._page_url, self.tr("PAGE")),
        ):
            label.setText(name)
            url.setAccessibleName(name)

    def show_difference(self, difference: UrlDifference) -> None:
        self._difference = difference
        self.apply_palette()

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, colours.dim)
        for label in (self._signed_label, self._page_label):
            label.setPalette(palette)
        if self._difference is not None:
            signed, page = self._difference.signed_spans, self._difference.page_spans
            self._signed_url.show_url(self._difference.signed_url, signed, colours.bad, colours.bad_tint)
            self._page_url.show_url(self._difference.page_url, page, colours.ok, colours.accent_tint)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, colours.background, colours.line)


class VerdictCard(Card):
    """Card that shows a verdict, with buttons that `DiagnosePage` connects."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._head = VerdictHead(icons)
        self._comparison = UrlComparison()
        self._details = MessageText()
        self.sign_button = QPushButton(autoDefault=False)
        set_kind(self.sign_button, ButtonKind.PRIMARY)
        self.copy_button = QPushButton(autoDefault=False)
        self.again_button = QPushButton(autoDefault=False)
        self._ruled_out = MessageText()
        self._ruled_out_button = FoldButton(self._ruled_out)
        self._buttons = QWidget()
        self._buttons.setLayout(make_row(self.sign_button, self.copy_button, self.again_button, STRETCH))
        fold = make_row(self._ruled_out_button, STRETCH)
        parts = (self._head, self._comparison, self._details, self._buttons, fold, self._ruled_out)
        self.setLayout(make_column(*parts, spacing=12, margin=16))

    def retranslate(self) -> None:
        self._comparison.retranslate()
        self._details.setAccessibleName(self.tr("Details"))
        self._ruled_out.setAccessibleName(self.tr("What was ruled out"))
        self._ruled_out_button.setText(self.tr("What was ruled out"))
        self.sign_button.setText(self.tr("Sign the right URL"))
        self.copy_button.setText(self.tr("Copy the fix"))
        self.again_button.setText(self.tr("Diagnose again"))

    def show_verdict(self, verdict: Verdict) -> None:
        text = verdict.text
        message, details = split_diagnosis(text)
        self.setAccessibleName(message.text.replace("`", ""))
        self._head.show_message(verdict.severity, message)
        self._comparison.setVisible(text.difference is not None)
        if text.difference is not None:
            self._comparison.show_difference(text.difference)
        self._details.show_messages(details)
        self._details.setVisible(bool(details))
        self.sign_button.setVisible(verdict.is_signable)
        self.copy_button.setVisible(verdict.is_signable)
        self.again_button.setVisible(verdict.is_repeatable)
        self._buttons.setVisible(verdict.is_signable or verdict.is_repeatable)
        self._ruled_out.show_text("\n".join(text.ruled_out))
        self._ruled_out_button.setVisible(bool(text.ruled_out))
        self._ruled_out.setVisible(bool(text.ruled_out) and self._ruled_out_button.isChecked())


def split_diagnosis(text: DiagnosisText) -> tuple[Message, tuple[Message, ...]]:
    """Return the message for the big sentence, and the others; the two URLs are shown below it, not in it."""
    if text.difference is not None and text.details:
        return text.details[0], text.details[1:]
    return text.summary, text.details
