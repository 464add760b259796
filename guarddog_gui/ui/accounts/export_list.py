"""List of the export targets of an account: the files and commands that also receive its values."""

import shlex

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QInputDialog, QListWidget, QListWidgetItem, QMenu, QPushButton, QWidget

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget, split_command, validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.messages.exports import export_status_message, target_label
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label, plain_tooltip

VISIBLE_ROWS_MAX = 3
VISIBLE_LINES_MAX = 8  # lines of text, which limits rows that wrap


class ExportTargetList(ThemedMixin, QWidget):
    """Editable list with a row for each export target, or a hint while there is none."""

    edited = Signal()

    def __init__(self, formatter: Formatter, statuses: tuple[ExportStatus, ...] = ()) -> None:
        super().__init__()
        self._formatter = formatter
        self._statuses = list(statuses)
        self._hint_label = make_plain_label("export-hint")
        self._list_widget = _AutoHeightList()
        self._list_widget.itemDoubleClicked.connect(self._on_edit_requested)
        self._add_menu = QMenu(self)
        self._format_actions = {export_format: self._add_menu.addAction("") for export_format in ExportFormat}
        self._add_menu.triggered.connect(self._on_add_triggered)
        self.add_button = QPushButton()
        self.add_button.setMenu(self._add_menu)
        self._edit_button = QPushButton()
        self._edit_button.clicked.connect(self._on_edit_requested)
        self._remove_button = QPushButton()
        self._remove_button.clicked.connect(self._on_remove_requested)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._list_widget)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._on_remove_requested)
        buttons = make_row(self.add_button, self._edit_button, self._remove_button, STRETCH)
        self.setLayout(make_column(self._hint_label, (self._list_widget, 1), buttons, STRETCH, spacing=4))
        self.retranslate()

    def targets(self) -> tuple[ExportTarget, ...]:
        """Return the targets in the list; they may be invalid, see `validate_targets`."""
        return tuple(status.target for status in self._statuses)

    def update_statuses(self, statuses: tuple[ExportStatus, ...]) -> None:
        """Update the status of each target in the list; unsaved targets keep theirs."""
        new_statuses = {status.target: status for status in statuses}
        merged = [new_statuses.get(status.target, status) for status in self._statuses]
        if merged != self._statuses:
            self._statuses = merged
            self.apply_palette()

    def apply_palette(self) -> None:
        self._rebuild_list(self._list_widget.currentRow())

    def retranslate(self) -> None:
        self._hint_label.setText(self.tr("After every refresh, for programs that do not read .dog files."))
        self._list_widget.setAccessibleName(self.tr("Also write to"))
        self.add_button.setText(self.tr("Add"))
        self._edit_button.setText(self.tr("Edit…"))
        self._remove_button.setText(self.tr("Remove"))
        texts = {
            ExportFormat.PHP_JSON: self.tr("Folder of the official PHP sample…"),
            ExportFormat.INTERACTION_JSON: self.tr("Folder of wechat_interaction_jsapi…"),
            ExportFormat.ENV: self.tr(".env file…"),
            ExportFormat.COMMAND: self.tr("Command…"),
        }
        for export_format, action in self._format_actions.items():
            action.setText(texts[export_format])
        self._rebuild_list(max(0, self._list_widget.currentRow()))

    def _rebuild_list(self, current_row: int) -> None:
        self._list_widget.clear()
        dark = is_dark(self.palette())
        for status in self._statuses:
            line = self._status_text(status)
            item = QListWidgetItem(line, self._list_widget)
            item.setToolTip(plain_tooltip(line))  # the list elides a long path
            if status.error is not None:
                item.setIcon(self._formatter.icons.state_icon(KeyState.FAILED, dark=dark))
                item.setForeground(state_colour(KeyState.FAILED, dark=dark))
        has_targets = bool(self._statuses)
        self._hint_label.setVisible(not has_targets)
        for widget in (self._list_widget, self._edit_button, self._remove_button):
            widget.setVisible(has_targets)
        self._list_widget.setCurrentRow(min(current_row, len(self._statuses) - 1))
        self._list_widget.updateGeometry()

    def _status_text(self, status: ExportStatus) -> str:
        """Return the target and when it was last written, and below it the error since then."""
        messages = self._formatter.messages
        if status.written_at is None:
            line = target_label(status.target, messages)  # possibly not saved yet
        else:
            line = export_status_message(replace(status, error=None), messages).text
        return line if status.error is None else f"{line}\n{export_status_message(status, messages).text}"

    @Slot(object)
    def _on_add_triggered(self, action: object) -> None:
        export_format = next(each for each, added in self._format_actions.items() if added is action)
        target = self._prompt_for_target(ExportTarget(export_format))
        if target is not None:
            self._statuses.append(ExportStatus(target))
            self._rebuild_list(len(self._statuses) - 1)
            self.edited.emit()

    @Slot()
    def _on_edit_requested(self) -> None:
        row = self._list_widget.currentRow()
        old = self._statuses[row].target
        new = self._prompt_for_target(old)
        if new is not None and new != old:
            self._statuses[row] = ExportStatus(new)
            self._rebuild_list(row)
            self.edited.emit()

    @Slot()
    def _on_remove_requested(self) -> None:
        row = self._list_widget.currentRow()
        if row >= 0:
            del self._statuses[row]
            self._rebuild_list(row)
            (self._list_widget if self._statuses else self.add_button).setFocus()
            self.edited.emit()

    def _prompt_for_target(self, current: ExportTarget) -> ExportTarget | None:
        title = self._format_actions[current.export_format].text().removesuffix("…")
        if current.export_format is ExportFormat.COMMAND:
            return self._prompt_for_command(title, shlex.join(current.command))
        if current.export_format is ExportFormat.ENV:
            # Do not ask before overwriting: the export changes only its own lines in the file.
            option = QFileDialog.Option.DontConfirmOverwrite
            path, _ = QFileDialog.getSaveFileName(self, title, current.path, options=option)
        else:
            path = QFileDialog.getExistingDirectory(self, title, current.path)
        return ExportTarget(current.export_format, path) if path else None

    def _prompt_for_command(self, title: str, text: str) -> ExportTarget | None:
        prompt = self.tr("It runs without a shell, for 10 seconds at most, with WECHAT_ACCESS_TOKEN and the like set.")
        while True:
            text, is_accepted = QInputDialog.getText(self, title, prompt, text=text)
            if not is_accepted or not text.strip():
                return None
            command = ExportTarget(ExportFormat.COMMAND, command=split_command(text))
            error = validate_targets((command,)) if command.command else BadInput(InputProblem.UNCLOSED_QUOTE)
            if error is None:
                return command
            prompt = self._formatter.messages.for_bad_input(error.problem).text


class _AutoHeightList(QListWidget):
    """List that is as high as its first rows, including wrapped lines, and scrolls the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        rows = range(min(self.count(), VISIBLE_ROWS_MAX))
        height = sum(self.visualItemRect(self.item(row)).height() for row in rows)
        height = min(height, VISIBLE_LINES_MAX * self.fontMetrics().lineSpacing())
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # another width wraps the texts differently, which changes the height

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
