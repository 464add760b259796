"""Card with the answer to a call: status, time and size, the text pretty and raw, or the picture."""

from enum import IntEnum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QSizePolicy, QStackedWidget, QTabBar

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.answer import ApiAnswer, Content
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.wechat.api_calls import content_name, format_size
from guarddog_gui.ui.api.refusal_view import RefusalView
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.code_view import CodeFrame, CodeView

SHOWN_MAX = 32 * 1024  # characters: laying out more takes the main thread too long
PICTURE_PIXELS_MAX = 4_000_000  # decoding more takes too long, and a small file may claim any size
_PREVIEW = QSize(480, 360)
_LINES_MIN = 5
_FORMATS = {
    Content.PNG: b"png", Content.JPEG: b"jpeg", Content.GIF: b"gif", Content.WEBP: b"webp", Content.BMP: b"bmp"
}  # fmt: skip


class AnswerTab(IntEnum):
    """Form in which a text is shown."""

    PRETTY = 0
    RAW = 1


class AnswerView(ThemedMixin, Card):
    """Card with the last answer."""

    copy_requested = Signal(str, str)  # text of the answer, and its name
    save_requested = Signal(str, bytes)  # path of the file, and its content

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._outcome: ApiOutcome | None = None
        self._account: Account | None = None
        self._at = 0.0
        self._status_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._status_label.setObjectName("answer-status")
        self._status_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._copy_button, self._save_button = QPushButton(autoDefault=False), QPushButton(autoDefault=False)
        self.refusal_view = RefusalView(formatter)
        self._tab_bar = QTabBar(drawBase=False, expanding=False)
        for _ in AnswerTab:
            self._tab_bar.addTab("")
        self._code_view = CodeView()
        self._code_view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._code_view.setMinimumHeight(_LINES_MIN * self._code_view.fontMetrics().lineSpacing())
        self._picture_label = QLabel()
        self._picture_label.setObjectName("answer-picture")
        self._picture_label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._note_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._note_label.setObjectName("answer-note")
        self._stack = QStackedWidget()
        code = CodeFrame(self._code_view)
        code.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stack.addWidget(code)
        self._stack.addWidget(self._picture_label)
        head = FlowLayout()
        self._tab_bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (self._tab_bar, self._copy_button, self._save_button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)  # "Save…" stays where it is when a picture follows a text
            widget.setSizePolicy(policy)
            head.addWidget(widget)
        parts = (head, self._status_label, self.refusal_view, self._note_label, (self._stack, 1))
        self.setLayout(make_column(*parts, spacing=10, margin=16))
        self._tab_bar.currentChanged.connect(self._show_text)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._save_button.clicked.connect(self._on_save_clicked)
        self.apply_palette()
        self.retranslate()

    def retranslate(self) -> None:
        self._tab_bar.setTabText(AnswerTab.PRETTY, self.tr("Pretty"))
        self._tab_bar.setTabText(AnswerTab.RAW, self.tr("Raw"))
        self._tab_bar.setAccessibleName(self.tr("Form of the answer"))
        self._copy_button.setText(self.tr("Copy"))
        self._save_button.setText(self.tr("Save…"))
        self._code_view.setAccessibleName(self.tr("Answer"))
        self._code_view.setPlaceholderText(self.tr("The answer appears here. The token is added when you send."))
        self.refusal_view.retranslate()
        self._show()

    def apply_palette(self) -> None:
        palette = self.palette()
        for widget in (self._status_label, self._note_label):
            own = widget.palette()
            own.setColor(widget.foregroundRole(), colours_of(palette).dim)
            widget.setPalette(own)

    def show_outcome(self, outcome: ApiOutcome, account: Account) -> None:
        self._outcome, self._account, self._at = outcome, account, self._formatter.clock()
        self.refusal_view.show_outcome(outcome, account)
        self._show()

    @property
    def answer(self) -> ApiAnswer | None:
        return None if self._outcome is None else self._outcome.answer

    def _show(self) -> None:
        answer = self.answer
        is_text = answer is None or answer.content.is_text
        self._tab_bar.setVisible(is_text)
        self._copy_button.setVisible(is_text)
        self._copy_button.setEnabled(answer is not None and bool(answer.text))
        self._save_button.setEnabled(answer is not None and answer.size > 0)
        self._status_label.set_text(self._status_text())
        self._status_label.setVisible(bool(self._status_label.text()))
        self._stack.setCurrentIndex(0 if is_text else 1)
        self._note_label.hide()
        if is_text:
            self._show_text()
        elif answer is not None:
            self._show_file(answer)

    def _status_text(self) -> str:
        outcome, account = self._outcome, self._account
        if outcome is None or account is None:
            return ""
        parts = [account.name]
        if outcome.answer is not None:
            answer = outcome.answer
            parts = [str(answer.status), f"{outcome.took_ms} ms", format_size(answer.size)]
            parts += [content_name(answer, self._formatter.messages), account.name]
            parts += [f"rid: {answer.rid}"] if answer.rid else []
        return " · ".join((*parts, self._formatter.format_time(self._at)))

    @Slot()
    def _show_text(self) -> None:
        answer = self.answer
        is_pretty = self._tab_bar.currentIndex() == AnswerTab.PRETTY
        text = "" if answer is None else answer.pretty if is_pretty else answer.text
        self._code_view.show_code(text[:SHOWN_MAX])
        if len(text) > SHOWN_MAX:
            self._show_note(self.tr("The beginning is shown; Copy and Save take all of it."))

    def _show_note(self, text: str) -> None:
        self._note_label.setText(text)
        self._note_label.show()

    def _show_file(self, answer: ApiAnswer) -> None:
        image = _decode_picture(answer)
        if image is None:
            self._picture_label.clear()
            kind = content_name(answer, self._formatter.messages)
            self._show_note(self.tr("The answer is a file ({kind}) that is not shown here. Save it.").format(kind=kind))
            return
        shown = image
        if image.width() > _PREVIEW.width() or image.height() > _PREVIEW.height():
            shown = image.scaled(
                _PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._picture_label.setPixmap(QPixmap.fromImage(shown))
        self._picture_label.setAccessibleName(
            self.tr("Picture, {width} × {height} pixels").format(width=image.width(), height=image.height())
        )
        self._show_note(self._picture_label.accessibleName())

    @Slot()
    def _on_copy_clicked(self) -> None:
        answer = self.answer
        if answer is not None and self._outcome is not None:
            text = answer.pretty if self._tab_bar.currentIndex() == AnswerTab.PRETTY else answer.text
            self.copy_requested.emit(text, self.tr("the answer to {path}").format(path=self._outcome.request.path))

    @Slot()
    def _on_save_clicked(self) -> None:
        answer = self.answer
        if answer is None or self._outcome is None:
            return
        name = self._outcome.request.path.rpartition("/")[2]
        suffix = f".{answer.content.value}" if answer.content.value else ""
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the answer"), f"{name}{suffix}")
        if path:
            self.save_requested.emit(path, answer.data or answer.text.encode())


def _decode_picture(answer: ApiAnswer) -> QImage | None:
    """Return the picture; None for another file, and for one that is damaged or too large to decode here.

    Only the decoder of the kind that the first bytes show is asked.
    """
    name = _FORMATS.get(answer.content)
    if name is None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(answer.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > PICTURE_PIXELS_MAX:
        return None
    image = reader.read()
    return None if image.isNull() else image
