"""Card with the list of the history, the block that it is limited to, and what it says while it is empty."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.filter_bar import Block
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.model import HistoryModel
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity, Strip
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label


class ListCard(Card):
    """Card that shows the list, or a sentence and the next step."""

    block_ended = Signal()
    clear_requested = Signal()  # all filters but the time
    longer_requested = Signal()  # a longer time

    def __init__(self, model: HistoryModel, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._has_filters = False
        self.list = HistoryList(model, formatter)
        self._block_strip = Strip(formatter.icons, Severity.INFO)
        self._end_block_button = make_button(self.block_ended)
        self._block_strip.button_row.addWidget(self._end_block_button)
        self._block_strip.hide()
        self._block: Block | None = None
        self._more_button = make_button(self._on_more_clicked)
        set_kind(self._more_button, ButtonKind.LINK)
        self._more_button.hide()
        self._title_label = make_plain_label("empty-title")
        self._hint_label = make_plain_label("empty-hint")
        self._clear_button = make_button(self.clear_requested)
        self._longer_button = make_button(self.longer_requested)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._make_empty_page())
        self.setLayout(make_column(self._block_strip, (self._stack, 1), self._more_button, spacing=0, margin=(1, 6)))
        model.loaded.connect(self.update_state)

    def _make_empty_page(self) -> QWidget:
        page = QWidget()
        for label in (self._title_label, self._hint_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title_label.setFont(scaled_font(self.font(), CARD_TITLE, self.font().Weight.DemiBold))
        buttons: list[QPushButton] = [self._clear_button, self._longer_button]
        row = make_row(STRETCH, *buttons, STRETCH)
        page.setLayout(make_column(STRETCH, self._title_label, self._hint_label, row, STRETCH, margin=24))
        return page

    def retranslate(self) -> None:
        self.list.setAccessibleName(self.tr("History"))
        self._more_button.setText(self.tr("Load older attempts"))
        self._clear_button.setText(self.tr("Clear the filters"))
        self._longer_button.setText(self.tr("Show 30 days"))
        self._end_block_button.setText(self.tr("Show everything again"))
        self.show_block(self._block)
        self.update_state()

    def show_block(self, block: Block | None) -> None:
        """Say which block the list is limited to."""
        self._block = block
        self._block_strip.setVisible(block is not None)
        if block is not None:
            texts = self._model.texts
            self._block_strip.show_notice(
                Severity.INFO, texts.account_name(block.appid), texts.span(block.since, block.until)
            )

    def show_filters(self, *, has_filters: bool, can_be_longer: bool) -> None:
        """Set which next steps an empty list offers."""
        self._has_filters = has_filters
        self._clear_button.setVisible(has_filters)
        self._longer_button.setVisible(can_be_longer)

    @Slot()
    def update_state(self) -> None:
        is_empty = self._model.rowCount() == 0 and not self._model.is_loading
        self._stack.setCurrentIndex(1 if is_empty else 0)
        self._more_button.setVisible(self._model.waits_for_user)
        if self._has_filters:
            self._title_label.setText(self.tr("Nothing matches these filters"))
            self._hint_label.setText(self.tr("Clear the filters, or choose a longer time."))
        else:
            self._title_label.setText(self.tr("Nothing happened in this time"))
            self._hint_label.setText(self.tr("Each renewal and each failure will stand here. Choose a longer time."))

    @Slot()
    def _on_more_clicked(self) -> None:
        self._model.allow_more()
        self._more_button.hide()
        self.list.load_more()
