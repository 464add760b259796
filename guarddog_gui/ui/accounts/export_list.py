"""The part of an account's dialog that says where else its values are written."""

import shlex
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import OutletReport
from guarddog_gui.domain.exports.targets import Outlet, OutletForm, command_in, outlets_refusal
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.services.messages.exports import place, standing
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.plain_text import plain_tooltip

ROWS_SHOWN = 3
LINES_SHOWN = 8  # of text, however long the rows are


class OutletList(QWidget):
    """A line for each outlet, which says what went wrong; without any, a hint and a button."""

    edited = Signal()

    def __init__(
        self, voice: Voice, reports: tuple[OutletReport, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._voice = voice
        self._reports = list(reports)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._list = _ShortList()
        self._list.itemDoubleClicked.connect(self._on_edit)
        self._menu = QMenu(self)
        self._forms = {form: self._menu.addAction("") for form in OutletForm}
        self._menu.triggered.connect(self._on_add)
        self.add_button = QPushButton()
        self.add_button.setMenu(self._menu)
        self._edit = QPushButton()
        self._edit.clicked.connect(self._on_edit)
        self._remove = QPushButton()
        self._remove.clicked.connect(self._on_remove)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._on_remove)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add_button, self._edit, self._remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._hint)
        layout.addWidget(self._list, 1)
        layout.addLayout(buttons)
        layout.addStretch()
        self.retranslate()

    def outlets(self) -> tuple[Outlet, ...]:
        """What the list says; it may still be wrong, see `outlets_problem`."""
        return tuple(report.outlet for report in self._reports)

    def take(self, reports: tuple[OutletReport, ...]) -> None:
        """How they stand by now; what was added here and is not saved yet has nothing to tell."""
        known = {report.outlet: report for report in reports}
        taken = [known.get(report.outlet, report) for report in self._reports]
        if taken != self._reports:
            self._reports = taken
            self._show(self._list.currentRow())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._show(self._list.currentRow())

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._hint.setText(self.tr("After every refresh, for programs that do not read .dog files."))
        self._list.setAccessibleName(self.tr("Also write to"))
        self.add_button.setText(self.tr("Add"))
        self._edit.setText(self.tr("Edit…"))
        self._remove.setText(self.tr("Remove"))
        texts = {
            OutletForm.PHP_JSON: self.tr("Folder of the official PHP sample…"),
            OutletForm.INTERACTION_JSON: self.tr("Folder of wechat_interaction_jsapi…"),
            OutletForm.ENV: self.tr(".env file…"),
            OutletForm.COMMAND: self.tr("Command…"),
        }
        for form, action in self._forms.items():
            action.setText(texts[form])
        self._show(max(0, self._list.currentRow()))

    def _show(self, row: int) -> None:
        self._list.clear()
        dark = self.palette().window().color().lightness() < 128
        for report in self._reports:
            line = self._line(report)
            item = QListWidgetItem(line, self._list)
            item.setToolTip(plain_tooltip(line))  # a long path is cut short
            if report.trouble is not None:
                item.setIcon(self._voice.icons.state_icon(State.FAILED, dark=dark))
                item.setForeground(state_colour(State.FAILED, dark=dark))
        has_some = bool(self._reports)
        self._hint.setVisible(not has_some)
        for widget in (self._list, self._edit, self._remove):
            widget.setVisible(has_some)
        self._list.setCurrentRow(min(row, len(self._reports) - 1))
        self._list.updateGeometry()

    def _line(self, report: OutletReport) -> str:
        """The place, when it last got something, and below it what went wrong since."""
        sentences = self._voice.sentences
        if report.written_at is None:
            line = place(report.outlet, sentences)  # it may not even be saved yet
        else:
            line = standing(replace(report, trouble=None), sentences).text
        return line if report.trouble is None else f"{line}\n{standing(report, sentences).text}"

    @Slot(object)
    def _on_add(self, action: object) -> None:
        form = next(form for form, added in self._forms.items() if added is action)
        outlet = self._asked(Outlet(form))
        if outlet is not None:
            self._reports.append(OutletReport(outlet))
            self._show(len(self._reports) - 1)
            self.edited.emit()

    @Slot()
    def _on_edit(self) -> None:
        row = self._list.currentRow()
        old = self._reports[row].outlet
        outlet = self._asked(old)
        if outlet is not None and outlet != old:
            self._reports[row] = OutletReport(outlet)
            self._show(row)
            self.edited.emit()

    @Slot()
    def _on_remove(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            del self._reports[row]
            self._show(row)
            (self._list if self._reports else self.add_button).setFocus()
            self.edited.emit()

    def _asked(self, old: Outlet) -> Outlet | None:
        """What the person chooses in its place; None for nothing."""
        title = self._forms[old.form].text().removesuffix("…")
        if old.form is OutletForm.COMMAND:
            return self._asked_command(title, shlex.join(old.command))
        if old.form is OutletForm.ENV:
            keep = QFileDialog.Option.DontConfirmOverwrite  # only our lines of it are changed
            path, _ = QFileDialog.getSaveFileName(self, title, old.path, options=keep)
        else:
            path = QFileDialog.getExistingDirectory(self, title, old.path)
        return Outlet(old.form, path) if path else None

    def _asked_command(self, title: str, text: str) -> Outlet | None:
        how = self.tr(
            "It runs without a shell, for 10 seconds at most, with WECHAT_ACCESS_TOKEN and the like set."
        )
        while True:
            text, is_given = QInputDialog.getText(self, title, how, text=text)
            if not is_given or not text.strip():
                return None
            command = Outlet(OutletForm.COMMAND, command=command_in(text))
            refusal = outlets_refusal((command,)) if command.command else BadInput("bad-outlet-quote")
            if refusal is None:
                return command
            how = self._voice.sentences.bad_input(str(refusal)).text


class _ShortList(QListWidget):
    """As high as its first rows, wrapped texts and all; it scrolls beyond that."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        rows = range(min(self.count(), ROWS_SHOWN))
        height = sum(self.visualItemRect(self.item(row)).height() for row in rows)
        height = min(height, LINES_SHOWN * self.fontMetrics().lineSpacing())
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # texts wrap at another place, and rows are higher or lower

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
