"""The playbook: every errcode and JS-SDK message that Guard Dog knows, what it means, and what to do."""

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
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.row_table import row_table
from guarddog_gui.ui.widgets.search_field import SearchField

Index = QModelIndex | QPersistentModelIndex
Explained = Errcode | JssdkError
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
FilterRole = int(Qt.ItemDataRole.UserRole) + 1


class ErrcodeColumn(IntEnum):
    """The columns of the list."""

    CODE = 0
    KIND = 1
    MEANING = 2


class ErrcodeModel(QAbstractTableModel):
    """The catalogue in the order of its numbers, and below it the messages of the JS-SDK."""

    def __init__(self, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        codes = (voice.catalogue.find(code) for code in voice.catalogue.codes())
        self._entries: list[Explained] = [entry for entry in codes if entry is not None]
        self._entries += voice.jssdk

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.beginResetModel()
        self.endResetModel()

    def entry_at(self, row: int) -> Explained:
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
                    return _name(entry)
                case ErrcodeColumn.KIND:
                    return self._kind(entry)
                case _:
                    return entry.meaning(self._language)
        if role == FilterRole:
            return " ".join((_name(entry), entry.meaning(self._language), *self._further(entry)))
        return None

    def _further(self, entry: Explained) -> tuple[str, ...]:
        """What else finds an entry: what to do, and of a message its other spellings and its causes."""
        if isinstance(entry, Errcode):
            return (entry.fix(self._language),)
        return (*entry.also, *entry.causes(self._language), entry.fix(self._language))

    def _kind(self, entry: Explained) -> str:
        return "JS-SDK" if isinstance(entry, JssdkError) else self._voice.sentences.kind_of(entry)

    @property
    def _language(self) -> str:
        return self._voice.sentences.words.language


class ErrcodePage(Page):
    """A field to type a number or a word or paste a message into, the list, and the chosen one explained."""

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._page: str | None = None
        self._model = ErrcodeModel(voice, self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._model)
        self._found.setFilterRole(FilterRole)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = SearchField()
        self._search.textChanged.connect(self._on_search)
        self._table = row_table(self._found, ErrcodeColumn.MEANING)
        # the messages, which are the widest, stand at the end
        self._table.horizontalHeader().setResizeContentsPrecision(-1)
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
        if self._found.rowCount() == 0 and (error := self._voice.jssdk.find(wanted)) is not None:
            wanted = error.message  # it was pasted with what stood around it
            self._found.setFilterFixedString(wanted)
        codes = [self._found.index(row, ErrcodeColumn.CODE).data() for row in range(self._found.rowCount())]
        self._table.selectRow(codes.index(wanted) if wanted in codes else 0)  # -1 is in -1000, too
        if self._found.rowCount() == 0:
            told = self._voice.sentences
            self._page = None
            self._meaning.setText(told.say("no-such-errcode", code=wanted))
            self._fix.setText(told.say("no-such-errcode-todo"))
            self._reaction.setText(told.say("reaction-unknown"))
            self._reaction.show()
            self._open.hide()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not current.isValid():
            return
        entry = self._model.entry_at(self._found.mapToSource(current).row())
        told = self._voice.sentences
        language = told.words.language
        if isinstance(entry, Errcode):
            checked = self._voice.jssdk.with_code(entry.code)
            reaction = told.reaction(entry)
        else:
            checked, reaction = entry, ""  # the JS-SDK runs where we cannot react
        self._reaction.setText(reaction)
        self._reaction.setVisible(bool(reaction))
        self._meaning.setText(f"{entry.meaning(language)} ({_name(entry)})")
        checks = "\n".join(told.checks(checked)) + "\n\n" if checked else ""
        self._fix.setText(checks + entry.fix(language))
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


def _name(entry: Explained) -> str:
    """What WeChat calls it: the number, or the message itself."""
    return entry.message if isinstance(entry, JssdkError) else str(entry.code)


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
