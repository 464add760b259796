"""Dialog in which the user picks the time that the history shows."""

from PySide6.QtCore import QDateTime, Slot
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QDialogButtonBox, QLabel, QPushButton, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.widgets.layouts import FormGrid, make_column

_FORMAT = "yyyy-MM-dd HH:mm"


class TimeSpanDialog(QDialog):
    """Dialog with a first and a last moment; Show stays disabled while the last one is before the first."""

    def __init__(self, since: float, until: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Pick a time"))
        self._since_edit = self._make_edit(since)
        self._until_edit = self._make_edit(until)
        self._error_label = QLabel(self.tr("The end is before the start. Choose a later end."))
        palette = self._error_label.palette()
        palette.setColor(self._error_label.foregroundRole(), colours_of(self.palette()).bad)
        self._error_label.setPalette(palette)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._show_button = QPushButton(self.tr("Show"), default=True)
        buttons.addButton(self._show_button, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel_button = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel_button.setText(self.tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        grid = FormGrid()
        for text, edit in ((self.tr("Start time"), self._since_edit), (self.tr("End time"), self._until_edit)):
            grid.add_row(QLabel(text), edit)
            edit.setAccessibleName(text)
            edit.dateTimeChanged.connect(self._update_error)
        grid.add_below_field(self._error_label)
        self.setLayout(make_column(grid, buttons, spacing=16, margin=24))
        self._update_error()

    def _make_edit(self, at: float) -> QDateTimeEdit:
        edit = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(int(at)))
        edit.setDisplayFormat(_FORMAT)
        edit.setCalendarPopup(True)
        edit.setMinimumWidth(190)
        return edit

    @property
    def time_span(self) -> tuple[float, float]:
        """Return both moments in Unix seconds; the last minute is included."""
        since, until = (edit.dateTime().toSecsSinceEpoch() for edit in (self._since_edit, self._until_edit))
        return float(since // 60 * 60), float(until // 60 * 60 + 60)

    @Slot()
    def _update_error(self) -> None:
        is_valid = self._since_edit.dateTime() <= self._until_edit.dateTime()
        self._show_button.setEnabled(is_valid)
        self._error_label.setVisible(not is_valid)
