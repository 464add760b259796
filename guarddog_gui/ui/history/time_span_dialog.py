"""Dialog in which the user picks the time that the history shows."""

from PySide6.QtCore import QDateTime, Slot
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QLabel, QPushButton, QWidget

from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.widgets.layouts import STRETCH, FormGrid, make_column, make_row

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
        self._show_button = QPushButton(self.tr("Show"))
        cancel_button = QPushButton(self.tr("Cancel"))
        set_kind(cancel_button, ButtonKind.PLAIN)
        set_kind(self._show_button, ButtonKind.PRIMARY)
        self._show_button.clicked.connect(self.accept)
        cancel_button.clicked.connect(self.reject)
        buttons = make_row(STRETCH, cancel_button, self._show_button)
        grid = FormGrid()
        for text, edit in ((self.tr("Start time"), self._since_edit), (self.tr("End time"), self._until_edit)):
            grid.add_row(QLabel(text), edit)
            edit.setAccessibleName(text)
            edit.dateTimeChanged.connect(self._update_error)
        grid.add_below_field(self._error_label)
        self.setLayout(make_column(grid, buttons, spacing=16, margin=24))
        self._show_button.setDefault(True)  # only once it is in the dialog
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
