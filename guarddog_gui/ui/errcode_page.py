"""Page that explains every errcode and JS-SDK error: its meaning and what to do."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcode_lists import ListedErrcode
from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError
from guarddog_gui.domain.wechat.pasted_error import PastedError, find_pasted_error
from guarddog_gui.services.messages.wechat.listed_errcodes import (
    left_out_text,
    listed_details,
    listed_heading,
    topic_name,
)
from guarddog_gui.services.messages.wechat.replies import bare_number_lines, other_host_meaning, reply_facts
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, Index
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import ConsolePageButton
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import Page, SearchField
from guarddog_gui.ui.widgets.page_head import PageHead
from guarddog_gui.ui.widgets.tables import RowTable
from guarddog_gui.ui.widgets.text.plain_text import make_selectable_label

KnownError = Errcode | JssdkError | ListedErrcode
LISTED_MAX = 150  # entries of the lists in one search: more are read by nobody, and take long to show


class ErrcodeColumn(IntEnum):
    """Columns of the list."""

    CODE = 0
    KIND = 1
    MEANING = 2


class ErrcodeModel(QAbstractTableModel):
    """Model of the errors that match a search: the common errcodes, those of the JS-SDK, and those of the lists.

    Without a search it has the common errcodes, sorted by number, and the errors of the JS-SDK.
    """

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._catalog = formatter.messages.errcode_catalog
        errcodes = tuple(filter(None, map(self._catalog.find, self._catalog.codes())))
        self._common: tuple[KnownError, ...] = (*errcodes, *formatter.jssdk_errors)
        self._entries = self._common
        self.left_out = 0  # matching entries of the lists that are not shown

    def search(self, text: str) -> None:
        """Show the errors that have the text; in the lists, all its words."""
        self.beginResetModel()
        searched = text.casefold()
        common = (entry for entry in self._common if searched in self._search_text(entry))
        listed = self._listed(text)
        self.left_out = max(0, len(listed) - LISTED_MAX)
        self._entries = (*common, *listed[:LISTED_MAX]) if text else self._common
        self.endResetModel()

    def show_entries(self, entries: tuple[KnownError, ...]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def retranslate(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def entry_at(self, row: int) -> KnownError:
        return self._entries[row]

    def row_of(self, name: str) -> int:
        """Return the row of an errcode or message; of the first one if there is no such row."""
        return next((row for row, entry in enumerate(self._entries) if _error_name(entry) == name), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(ErrcodeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY_ROLE) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != DISPLAY_ROLE:
            return None
        return (self.tr("errcode"), self.tr("Kind"), self.tr("Meaning"))[section]

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        if not index.isValid() or role != DISPLAY_ROLE:
            return None
        entry = self._entries[index.row()]
        match index.column():
            case ErrcodeColumn.CODE:
                return _error_name(entry)
            case ErrcodeColumn.KIND:
                return self._kind_name(entry)
            case _:
                return self.meaning(entry)

    def meaning(self, entry: KnownError) -> str:
        messages = self._formatter.messages
        if isinstance(entry, ListedErrcode):
            return messages.listed_meaning(entry)
        return entry.meaning(messages.message_catalog.language)

    def _kind_name(self, entry: KnownError) -> str:
        messages = self._formatter.messages
        if isinstance(entry, JssdkError):
            return "JS-SDK"
        if isinstance(entry, Errcode):
            return messages.errcode_kind_name(entry)
        name = topic_name(entry, messages)
        return f"{name} · {messages.text('WeCom')}" if entry.host is ErrcodeHost.WORK else name

    def _listed(self, text: str) -> tuple[ListedErrcode, ...]:
        found = self._catalog.lists.search(text)
        return tuple(entry for entry in found if not self._catalog.explains(entry.code, entry.host))

    def _search_text(self, entry: KnownError) -> str:
        language = self._formatter.messages.message_catalog.language
        more = (*entry.aliases, *entry.causes(language)) if isinstance(entry, JssdkError) else ()
        return " ".join((_error_name(entry), entry.meaning(language), *more, entry.fix(language))).casefold()


class ErrcodePage(Page):
    """Page with a field to search for a number, a word or an error message, the list, and an explanation."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._model = ErrcodeModel(formatter, self)
        self._search_field = SearchField()
        self._search_field.textChanged.connect(self._on_search_text_changed)
        self._table = RowTable(self._model, ErrcodeColumn.MEANING)
        # measure all rows: the widest texts are those of the JS-SDK errors at the end
        self._table.horizontalHeader().setResizeContentsPrecision(-1)
        self._table.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self._head = PageHead()
        self._detail_panel = Card()
        self._meaning_label = make_selectable_label("errcode-meaning", bold=True)
        self._reaction_label = make_selectable_label("errcode-reaction")
        self._fix_label = make_selectable_label("errcode-fix")
        self._number_label = make_selectable_label("errcode-number")
        self._number_label.hide()
        self._facts_label = make_selectable_label("errcode-facts")
        self._facts_label.hide()
        self._console_page_button = ConsolePageButton()
        explanation_labels = (self._meaning_label, self._facts_label, self._fix_label, self._reaction_label)
        labels = (self._number_label, *explanation_labels)
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
            self.tr("Error codes"), self.tr("Paste a reply of WeChat, or search all errcodes for a number or words.")
        )
        self._search_field.setPlaceholderText(self.tr("Number, word or pasted reply"))
        self._search_field.setAccessibleName(self.tr("Search the errcodes"))
        self._table.setAccessibleName(self.tr("errcodes"))
        self._console_page_button.setText(self.tr("Open WeChat console"))
        row = max(0, self._table.currentIndex().row())
        self._on_search_text_changed(self._search_field.text())  # what it finds is in the other language, too
        if row < self._model.rowCount():
            self._table.selectRow(row)

    def show_errcode(self, code: int) -> None:
        self._search_field.setText(str(code))

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        query = text.strip()
        self._model.search(query)
        facts: tuple[str, ...] = ()
        number_lines: tuple[str, ...] = ()
        other_token: InputProblem | None = None
        if self._model.rowCount() == 0:  # the user has pasted a reply, or a message with other text around it
            messages = self._formatter.messages
            pasted = find_pasted_error(query, messages.errcode_catalog, self._formatter.jssdk_errors)
            facts, other_token = reply_facts(pasted.reply, messages), pasted.reply.other_token
            number_lines = bare_number_lines(pasted.reply, messages)
            query = self._show_pasted(pasted, query)
        is_found = self._model.rowCount() > 0
        if not is_found and other_token is not None:
            sentence, *facts_left = facts
            self._explain(sentence)
            facts = tuple(facts_left)
        elif not is_found:
            self._explain_unknown(query)
        if is_found and self._model.left_out:
            facts = (*facts, left_out_text(self._model.left_out, self._formatter.messages))
        _show_lines(self._number_label, number_lines)
        _show_lines(self._facts_label, facts)
        # prefer the exact errcode: a search for -1 finds -1000, too
        self._table.selectRow(self._model.row_of(query))

    def _show_pasted(self, pasted: PastedError, text: str) -> str:
        """Show what a pasted text is about, and return the number or message to select."""
        if pasted.listed:
            self._model.show_entries(pasted.listed)
            return str(pasted.listed[0].code)
        if pasted.jssdk_error is not None:
            query = pasted.jssdk_error.message
        else:
            code = pasted.reply.errcode if pasted.errcode is None else pasted.errcode.code
            query = text if code is None else str(code)
        self._model.search(query)
        return query

    def _explain(self, meaning: str, fix: str = "", reaction: str = "", url: str | None = None) -> None:
        self._meaning_label.setText(meaning)
        self._fix_label.setText(fix)
        self._reaction_label.setText(reaction)
        self._reaction_label.setVisible(bool(reaction))
        self._console_page_button.set_url(url)

    def _explain_unknown(self, query: str) -> None:
        text = self._formatter.messages.text
        self._explain(
            text("Guard Dog does not know the errcode {code}.", code=query),
            text("Look it up in WeChat's list of return codes."),
            text("Guard Dog shows it as it came and tries again with long pauses."),
        )

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        entry = self._model.entry_at(current.row())
        messages = self._formatter.messages
        reaction = ""
        lines: tuple[str, ...]
        if isinstance(entry, Errcode):
            reaction = messages.errcode_reaction(entry)
            lines = self._errcode_lines(entry)
        elif isinstance(entry, JssdkError):  # Guard Dog cannot react to an error in the browser
            lines = ("\n".join(messages.jssdk_checks(entry)) + "\n", entry.fix(messages.message_catalog.language))
        else:
            lines = (listed_heading(entry, messages), *listed_details(entry, messages))
        meaning = f"{self._model.meaning(entry)} ({_error_name(entry)})"
        self._explain(meaning, "\n".join(lines), reaction, entry.help_url)

    def _errcode_lines(self, entry: Errcode) -> tuple[str, ...]:
        """Return what to check, the meaning on the other host, and the remedy."""
        messages = self._formatter.messages
        language = messages.message_catalog.language
        jssdk_error = self._formatter.jssdk_errors.find_by_code(entry.code)
        checks = ("\n".join(messages.jssdk_checks(jssdk_error)) + "\n",) if jssdk_error else ()
        elsewhere = entry.elsewhere(language)
        other = (other_host_meaning(elsewhere, entry.host, messages),) if elsewhere else ()
        return (*other, *checks, entry.fix(language))


def _show_lines(label: QLabel, lines: tuple[str, ...]) -> None:
    label.setText("\n".join(lines))
    label.setVisible(bool(lines))


def _error_name(entry: KnownError) -> str:
    return entry.message if isinstance(entry, JssdkError) else str(entry.code)
