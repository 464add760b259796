"""Notes about the values of a page to sign: one strip each, with links that correct the value or show code."""

from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.widgets.controls.buttons import LinkButton
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity, Strip
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

SHOWN_MAX = 2  # notes that are shown at once; a link shows the others

_ORDER = tuple(Severity)


class Note(Struct, frozen=True):
    """Note about a value; `corrected` is the value without the flaw, None if the correct form is unknown."""

    severity: Severity
    text: str
    corrected: str | None = None
    has_sample: bool = False  # sample code shows how to do it right


class NoteList(QWidget):
    """Strips of notes, the gravest first; hidden while there is none."""

    correction_accepted = Signal(str)  # the corrected value of the field
    sample_requested = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._notes: tuple[Note, ...] = ()
        self._is_expanded = False
        self._rows = QWidget()
        self.setLayout(make_column(self._rows))
        # Tab stops at the links, not at the list. With NoFocus, QWidget.setTabOrder would ignore the list and the
        # links could not be placed after it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def show_notes(self, notes: tuple[Note, ...]) -> None:
        if notes != self._notes:
            self._notes = notes
            self._is_expanded = self._is_expanded and len(notes) > SHOWN_MAX
            self._rebuild()

    def retranslate(self) -> None:
        self._rebuild()

    def _rebuild(self) -> None:
        ordered = sorted(self._notes, key=lambda note: _ORDER.index(note.severity))
        shown = ordered if self._is_expanded else ordered[:SHOWN_MAX]
        rows = QWidget()
        column = make_column(*map(self._make_strip, shown), spacing=6)
        if len(ordered) > len(shown):
            more = LinkButton(self.tr("Show {count} more").format(count=len(ordered) - len(shown)))
            more.clicked.connect(self._on_more_clicked)
            column.addLayout(make_row(more, STRETCH))
        rows.setLayout(column)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.setParent(None)
        self._rows.deleteLater()
        self._rows = rows
        previous: QWidget = self
        for button in rows.findChildren(QPushButton):  # new widgets go to the end of the window's focus chain
            QWidget.setTabOrder(previous, button)
            previous = button
        self.setVisible(bool(self._notes))

    def _make_strip(self, note: Note) -> Strip:
        strip = Strip(self._icons)
        strip.show_notice(note.severity, note.text)
        if note.corrected is not None:
            fix = LinkButton(self.tr("Fix"))
            tooltip = self.tr("Put the corrected value into the field: {value}")
            fix.setToolTip(plain_tooltip(tooltip.format(value=note.corrected[:200])))
            fix.setAccessibleName(f"{fix.text()}: {note.text}")
            fix.clicked.connect(partial(self.correction_accepted.emit, note.corrected))
            strip.button_row.addWidget(fix)
        if note.has_sample:
            sample = LinkButton(self.tr("See sample code"))
            sample.clicked.connect(self.sample_requested)
            strip.button_row.addWidget(sample)
        return strip

    @Slot()
    def _on_more_clicked(self) -> None:
        self._is_expanded = True
        self._rebuild()
        links = self._rows.findChildren(QPushButton)
        if links:
            links[0].setFocus(Qt.FocusReason.OtherFocusReason)
