"""The playbook: every errcode that Guard Dog knows, what it means, what happens, and what to do."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    QUrl,
    Slot,
)
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.errcodes import Errcode
from guarddog_gui.ui.page import Page
from guarddog_gui.ui.row_table import row_table
from guarddog_gui.ui.voice import Voice

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
FilterRole = int(Qt.ItemDataRole.UserRole) + 1


class ErrcodeColumn(IntEnum):
    """The columns of the list."""

    CODE = 0
    KIND = 1
    MEANING = 2


class ErrcodeModel(QAbstractTableModel):
    """The catalogue in the order of its numbers."""

    def __init__(self, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        codes = (voice.catalogue.find(code) for code in voice.catalogue.codes())
        self._entries = [entry for entry in codes if entry is not None]

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.beginResetModel()
        self.endResetModel()

    def entry_at(self, row: int) -> Errcode:
        """The entry of a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(ErrcodeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY:
            return None
        return (self.tr("errcode"), self.tr("Kind"), self.tr("Meaning"))[section]

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == _DISPLAY:
            match index.column():
                case ErrcodeColumn.CODE:
                    return str(entry.code)
                case ErrcodeColumn.KIND:
                    return self._voice.sentences.kind(entry.kind)
                case _:
                    return entry.meaning(self._language)
        if role == FilterRole:
            return f"{entry.code} {entry.meaning(self._language)} {entry.fix(self._language)}"
        return None

    @property
    def _language(self) -> str:
        return self._voice.sentences.words.language


class ErrcodePage(Page):
    """A field to type a number or a word into, the list, and the chosen one explained."""

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._page: str | None = None
        self._model = ErrcodeModel(voice, self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._model)
        self._found.setFilterRole(FilterRole)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_search)
        self._table = row_table(self._found, ErrcodeColumn.MEANING)
        self._table.selectionModel().currentRowChanged.connect(self._on_row)
        self._detail = QFrame()
        self._detail.setFrameShape(QFrame.Shape.StyledPanel)
        self._meaning = _text(bold=True)
        self._reaction = _text()
        self._fix = _text()
        self._open = QPushButton()
        self._open.clicked.connect(self._on_open)
        inner = QVBoxLayout(self._detail)
        inner.setContentsMargins(16, 8, 16, 8)
        inner.setSpacing(8)
        for label in (self._meaning, self._fix, self._reaction):
            inner.addWidget(label)
        inner.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._search)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._detail)
        self.lead(self._table, self._search)
        self.retranslate()
        self._table.selectRow(0)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._search.setPlaceholderText(self.tr("Number or word"))
        self._search.setAccessibleName(self.tr("Search the errcodes"))
        self._table.setAccessibleName(self.tr("errcodes"))
        self._open.setText(self.tr("Open the page"))
        row = max(0, self._table.currentIndex().row())
        self._model.retranslate()
        self._table.selectRow(row)
        if self._found.rowCount() == 0:
            self._on_search(self._search.text())

    def look_up(self, code: int) -> None:
        """Show this number."""
        self._search.setText(str(code))

    @Slot(str)
    def _on_search(self, text: str) -> None:
        wanted = text.strip()
        self._found.setFilterFixedString(wanted)
        codes = [self._found.index(row, ErrcodeColumn.CODE).data() for row in range(self._found.rowCount())]
        self._table.selectRow(codes.index(wanted) if wanted in codes else 0)  # -1 is in -1000, too
        if self._found.rowCount() == 0:
            told = self._voice.sentences
            self._page = None
            self._meaning.setText(told.say("no-such-errcode", code=wanted))
            self._fix.setText(told.say("no-such-errcode-todo"))
            self._reaction.setText(told.say("reaction-unknown"))
            self._open.hide()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not current.isValid():
            return
        entry = self._model.entry_at(self._found.mapToSource(current).row())
        language = self._voice.sentences.words.language
        self._meaning.setText(f"{entry.meaning(language)} ({entry.code})")
        self._fix.setText(entry.fix(language))
        self._reaction.setText(self._voice.sentences.reaction(entry))
        self._page = entry.page
        self._open.setVisible(entry.page is not None)
        QTimer.singleShot(0, self, self._keep_in_sight)

    @Slot()
    def _keep_in_sight(self) -> None:
        """The explanation below may just have taken the place of the row."""
        self._table.scrollTo(self._table.currentIndex())

    @Slot()
    def _on_open(self) -> None:
        if self._page is not None:
            QDesktopServices.openUrl(QUrl(self._page))


def _text(*, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label
