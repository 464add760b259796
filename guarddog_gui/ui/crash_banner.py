"""Banner about a crash report: what happened, and buttons to copy the report and to open its file."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import make_row
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

TEXT_WIDTH_MIN = 160


class CrashBanner(ThemedMixin, QFrame):
    """Banner that shows the newest crash report until the user dismisses it."""

    copy_requested = Signal(str, str)  # text of the report, its name for the status bar
    file_requested = Signal(object)  # Path of the report

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._report_text = ""
        self._path: Path | None = None
        self._is_of_earlier_run = False
        self._icon_label = QLabel()
        self._text_label = make_plain_label("crash-text")
        self._text_label.setMinimumWidth(TEXT_WIDTH_MIN)
        self._copy_button = make_button(self._on_copy_clicked)
        self._file_button = make_button(self._on_file_clicked)
        self._dismiss_button = make_button(self.hide)
        buttons = (self._copy_button, self._file_button, self._dismiss_button)
        self.setLayout(make_row(self._icon_label, (self._text_label, 1), *buttons, margin=(16, 8)))
        self.retranslate()
        self.hide()

    def show_report(self, text: str, path: Path | None, *, is_of_earlier_run: bool) -> None:
        """Show that there is a report; `path` is None if it could not be written."""
        self._report_text, self._path, self._is_of_earlier_run = text, path, is_of_earlier_run
        self._file_button.setVisible(path is not None)
        self.retranslate()
        self.apply_palette()
        self.show()

    def retranslate(self) -> None:
        message = self._formatter.messages.for_crash_report(is_of_earlier_run=self._is_of_earlier_run)
        self._text_label.setText(message.text)
        self._copy_button.setText(self.tr("Copy report"))
        self._file_button.setText(self.tr("Show file"))
        self._dismiss_button.setText(self.tr("Close"))

    def apply_palette(self) -> None:
        dark = is_dark(self.palette())
        self._icon_label.setPixmap(self._formatter.icons.state_icon(KeyState.FAILED, dark=dark).pixmap(16, 16))
        palette = self._text_label.palette()
        palette.setColor(palette.ColorRole.WindowText, state_colour(KeyState.FAILED, dark=dark))
        self._text_label.setPalette(palette)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(self._report_text, self.tr("crash report"))

    @Slot()
    def _on_file_clicked(self) -> None:
        if self._path is not None:
            self.file_requested.emit(self._path)
