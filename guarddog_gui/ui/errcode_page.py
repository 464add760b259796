"""Page that explains every errcode and JS-SDK error that Guard Dog knows: its meaning and what to do."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError
from guarddog_gui.domain.wechat.pasted_error import find_pasted_error
from guarddog_gui.services.messages.replies import reply_facts
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.widgets.buttons import ConsolePageButton
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import Page, SearchField
from guarddog_gui.ui.widgets.page_head import PageHead
from guarddog_gui.ui.widgets.plain_text import make_selectable_label
from guarddog_gui.ui.widgets.tables import RowTable

KnownError = Errcode | JssdkError
SearchTextRole = FIRST_CUSTOM_ROLE


class ErrcodeColumn(IntEnum):
    """Columns of the list."""

    CODE = 0
    KIND = 1
    MEANING = 2


class ErrcodeModel(QAbstractTableModel):
    """Model of all errcodes, sorted by number, followed by the errors of the JS-SDK."""

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        catalog = formatter.messages.errcode_catalog
        errcodes = filter(None, map(catalog.find, catalog.codes()))
        self._entries: tuple[KnownError, ...] = (*errcodes, *formatter.jssdk_errors)

    def retranslate(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def entry_at(self, row: int) -> KnownError:
        return self._entries[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(ErrcodeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY_ROLE) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != DISPLAY_ROLE:
            return None
        return (self.tr("errcode"), self.tr("Kind"), self.tr("Meaning"))[section]

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        language = self._formatter.messages.message_catalog.language
        if role == DISPLAY_ROLE:
            match index.column():
                case ErrcodeColumn.CODE:
                    return _error_name(entry)
                case ErrcodeColumn.KIND:
                    if isinstance(entry, JssdkError):
                        return "JS-SDK"
                    return self._formatter.messages.errcode_kind_name(entry)
                case _:
                    return entry.meaning(language)
        if role == SearchTextRole:
            more = (*entry.aliases, *entry.causes(language)) if isinstance(entry, JssdkError) else ()
            return " ".join((_error_name(entry), entry.meaning(language), *more, entry.fix(language)))
        return None


class ErrcodePage(Page):
    """Page with a field to search for a number, a word or an error message, the list, and an explanation."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._model = ErrcodeModel(formatter, self)
        self._proxy_model = QSortFilterProxyModel(self)
        self._proxy_model.setSourceModel(self._model)
        self._proxy_model.setFilterRole(SearchTextRole)
        self._proxy_model.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search_field = SearchField()
        self._search_field.textChanged.connect(self._on_search_text_changed)
        self._table = RowTable(self._proxy_model, ErrcodeColumn.MEANING)
        # measure all rows: the widest texts are those of the JS-SDK errors at the end
        self._table.horizontalHeader().setResizeContentsPrecision(-1)
        self._table.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self._head = PageHead()
        self._detail_panel = Card()
        self._meaning_label = make_selectable_label("errcode-meaning", bold=True)
        self._reaction_label = make_selectable_label("errcode-reaction")
        self._fix_label = make_selectable_label("errcode-fix")
        self._facts_label = make_selectable_label("errcode-facts")
        self._facts_label.hide()
        self._console_page_button = ConsolePageButton()
        labels = (self._meaning_label, self._facts_label, self._fix_label, self._reaction_label)
        details = make_column(*labels, margin=16)
        details.addWidget(self._console_page_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._detail_panel.setLayout(details)
        page = make_column(self._head, self._search_field, (self._table, 1), self._detail_panel, spacing=14, margin=24)
        self.setLayout(page)
        self.set_focus_widgets(self._table, self._search_field)
        self.retranslate()
        self._table.selectRow(0)

    def retranslate(self) -> None:
        self._head.set_texts(
            self.tr("Error codes"), self.tr("Paste a reply of WeChat, or search for a number or a word.")
        )
        self._search_field.setPlaceholderText(self.tr("Number, word or pasted reply"))
        self._search_field.setAccessibleName(self.tr("Search the errcodes"))
        self._table.setAccessibleName(self.tr("errcodes"))
        self._console_page_button.setText(self.tr("Open WeChat console"))
        row = max(0, self._table.currentIndex().row())
        self._model.retranslate()
        self._table.selectRow(row)
        if self._proxy_model.rowCount() == 0:
            self._on_search_text_changed(self._search_field.text())

    def show_errcode(self, code: int) -> None:
        self._search_field.setText(str(code))

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        query = text.strip()
        self._proxy_model.setFilterFixedString(query)
        facts: tuple[str, ...] = ()
        if self._proxy_model.rowCount() == 0:  # the user has pasted a reply, or a message with other text around it
            query, facts = self._read_pasted(query)
            self._proxy_model.setFilterFixedString(query)
        self._facts_label.setText("\n".join(facts))
        self._facts_label.setVisible(bool(facts))
        codes = [self._proxy_model.index(row, ErrcodeColumn.CODE).data() for row in range(self._proxy_model.rowCount())]
        # prefer the exact errcode: a search for -1 finds -1000, too
        self._table.selectRow(codes.index(query) if query in codes else 0)
        if self._proxy_model.rowCount() == 0:
            self._explain_unknown(query)

    def _read_pasted(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the number or message that a pasted text is about, and what else the text says."""
        messages = self._formatter.messages
        pasted = find_pasted_error(text, messages.errcode_catalog, self._formatter.jssdk_errors)
        facts = reply_facts(pasted.reply, messages)
        if pasted.jssdk_error is not None:
            return pasted.jssdk_error.message, facts
        code = pasted.reply.errcode if pasted.errcode is None else pasted.errcode.code
        return text if code is None else str(code), facts

    def _explain_unknown(self, query: str) -> None:
        messages = self._formatter.messages
        self._meaning_label.setText(messages.text("Guard Dog does not know the errcode {code}.", code=query))
        self._fix_label.setText(messages.text("Look it up in WeChat's list of return codes."))
        self._reaction_label.setText(messages.text("Guard Dog shows it as it came and tries again with long pauses."))
        self._reaction_label.show()
        self._console_page_button.set_url(None)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        entry = self._model.entry_at(self._proxy_model.mapToSource(current).row())
        messages = self._formatter.messages
        language = messages.message_catalog.language
        if isinstance(entry, Errcode):
            jssdk_error = self._formatter.jssdk_errors.find_by_code(entry.code)
            reaction = messages.errcode_reaction(entry)
        else:
            jssdk_error, reaction = entry, ""  # Guard Dog cannot react to an error in the browser
        self._reaction_label.setText(reaction)
        self._reaction_label.setVisible(bool(reaction))
        self._meaning_label.setText(f"{entry.meaning(language)} ({_error_name(entry)})")
        checks = "\n".join(messages.jssdk_checks(jssdk_error)) + "\n\n" if jssdk_error else ""
        self._fix_label.setText(checks + entry.fix(language))
        self._console_page_button.set_url(entry.help_url)


def _error_name(entry: KnownError) -> str:
    return entry.message if isinstance(entry, JssdkError) else str(entry.code)
