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
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.row_table import make_row_table
from guarddog_gui.ui.widgets.search_field import SearchField

Index = QModelIndex | QPersistentModelIndex
KnownError = Errcode | JssdkError
_DISPLAY_ROLE = int(Qt.ItemDataRole.DisplayRole)
SearchTextRole = int(Qt.ItemDataRole.UserRole) + 1


class ErrcodeColumn(IntEnum):
    """The columns of the list."""

    CODE = 0
    KIND = 1
    MEANING = 2


class ErrcodeModel(QAbstractTableModel):
    """The catalogue in the order of its numbers, and below it the messages of the JS-SDK."""

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        codes = (formatter.errcode_catalog.find(code) for code in formatter.errcode_catalog.codes())
        self._entries: list[KnownError] = [entry for entry in codes if entry is not None]
        self._entries += formatter.jssdk_errors

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.beginResetModel()
        self.endResetModel()

    def entry_at(self, row: int) -> KnownError:
        """The entry of a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(ErrcodeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY_ROLE) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != _DISPLAY_ROLE:
            return None
        return (self.tr("errcode"), self.tr("Kind"), self.tr("Meaning"))[section]

    def data(self, index: Index, role: int = _DISPLAY_ROLE) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == _DISPLAY_ROLE:
            match index.column():
                case ErrcodeColumn.CODE:
                    return _error_name(entry)
                case ErrcodeColumn.KIND:
                    return self._kind_text(entry)
                case _:
                    return entry.meaning(self._language)
        if role == SearchTextRole:
            return " ".join(
                (_error_name(entry), entry.meaning(self._language), *self._extra_search_texts(entry))
            )
        return None

    def _extra_search_texts(self, entry: KnownError) -> tuple[str, ...]:
        """What else finds an entry: what to do, and of a message its other spellings and its causes."""
        if isinstance(entry, Errcode):
            return (entry.fix(self._language),)
        return (*entry.aliases, *entry.causes(self._language), entry.fix(self._language))

    def _kind_text(self, entry: KnownError) -> str:
        return (
            "JS-SDK" if isinstance(entry, JssdkError) else self._formatter.messages.errcode_kind_name(entry)
        )

    @property
    def _language(self) -> str:
        return self._formatter.messages.message_catalog.language


class ErrcodePage(Page):
    """A field to type a number or a word or paste a message into, the list, and the chosen one explained."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._console_page_url: str | None = None
        self._model = ErrcodeModel(formatter, self)
        self._proxy_model = QSortFilterProxyModel(self)
        self._proxy_model.setSourceModel(self._model)
        self._proxy_model.setFilterRole(SearchTextRole)
        self._proxy_model.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search_field = SearchField()
        self._search_field.textChanged.connect(self._on_search_text_changed)
        self._table = make_row_table(self._proxy_model, ErrcodeColumn.MEANING)
        # the messages, which are the widest, stand at the end
        self._table.horizontalHeader().setResizeContentsPrecision(-1)
        self._table.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self._detail_panel = QFrame()
        self._detail_panel.setFrameShape(QFrame.Shape.StyledPanel)
        self._meaning_label = _make_text_label(bold=True)
        self._reaction_label = _make_text_label()
        self._fix_label = _make_text_label()
        self._console_page_button = QPushButton()
        self._console_page_button.clicked.connect(self._on_console_page_clicked)
        inner = QVBoxLayout(self._detail_panel)
        inner.setContentsMargins(16, 8, 16, 8)
        inner.setSpacing(8)
        for label in (self._meaning_label, self._fix_label, self._reaction_label):
            inner.addWidget(label)
        inner.addWidget(self._console_page_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._search_field)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._detail_panel)
        self.set_focus_widgets(self._table, self._search_field)
        self.retranslate()
        self._table.selectRow(0)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._search_field.setPlaceholderText(self.tr("Number or word"))
        self._search_field.setAccessibleName(self.tr("Search the errcodes"))
        self._table.setAccessibleName(self.tr("errcodes"))
        self._console_page_button.setText(self.tr("Open the page"))
        row = max(0, self._table.currentIndex().row())
        self._model.retranslate()
        self._table.selectRow(row)
        if self._proxy_model.rowCount() == 0:
            self._on_search_text_changed(self._search_field.text())

    def show_errcode(self, code: int) -> None:
        """Show this number."""
        self._search_field.setText(str(code))

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        wanted = text.strip()
        self._proxy_model.setFilterFixedString(wanted)
        if (
            self._proxy_model.rowCount() == 0
            and (error := self._formatter.jssdk_errors.find(wanted)) is not None
        ):
            wanted = error.message  # it was pasted with what stood around it
            self._proxy_model.setFilterFixedString(wanted)
        codes = [
            self._proxy_model.index(row, ErrcodeColumn.CODE).data()
            for row in range(self._proxy_model.rowCount())
        ]
        self._table.selectRow(codes.index(wanted) if wanted in codes else 0)  # -1 is in -1000, too
        if self._proxy_model.rowCount() == 0:
            told = self._formatter.messages
            self._console_page_url = None
            self._meaning_label.setText(told.text("Guard Dog does not know the errcode {code}.", code=wanted))
            self._fix_label.setText(told.text("Look it up in WeChat's list of return codes."))
            self._reaction_label.setText(
                told.text("Guard Dog shows it as it came and tries again with long pauses.")
            )
            self._reaction_label.show()
            self._console_page_button.hide()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        entry = self._model.entry_at(self._proxy_model.mapToSource(current).row())
        told = self._formatter.messages
        language = told.message_catalog.language
        if isinstance(entry, Errcode):
            checked = self._formatter.jssdk_errors.find_by_code(entry.code)
            reaction = told.errcode_reaction(entry)
        else:
            checked, reaction = entry, ""  # the JS-SDK runs where we cannot react
        self._reaction_label.setText(reaction)
        self._reaction_label.setVisible(bool(reaction))
        self._meaning_label.setText(f"{entry.meaning(language)} ({_error_name(entry)})")
        checks = "\n".join(told.jssdk_checks(checked)) + "\n\n" if checked else ""
        self._fix_label.setText(checks + entry.fix(language))
        self._console_page_url = entry.help_url
        self._console_page_button.setVisible(entry.help_url is not None)
        QTimer.singleShot(0, self, self._scroll_to_current_row)

    @Slot()
    def _scroll_to_current_row(self) -> None:
        """The explanation below may just have taken the place of the row."""
        self._table.scrollTo(self._table.currentIndex())

    @Slot()
    def _on_console_page_clicked(self) -> None:
        if self._console_page_url is not None:
            QDesktopServices.openUrl(QUrl(self._console_page_url))


def _error_name(entry: KnownError) -> str:
    """What WeChat calls it: the number, or the message itself."""
    return entry.message if isinstance(entry, JssdkError) else str(entry.code)


def _make_text_label(*, bold: bool = False) -> QLabel:
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
