"""Combo boxes for names that the user has given: long ones are elided and do not widen the window."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

LETTERS_MAX = 24  # preferred width, in letters of average width
LETTERS_MIN = 12
_FRAME_WIDTH = 32  # pixels of the arrow and the border
_TEXT_INSET = 4  # pixels between the text and the border


def make_choice_combo(values: tuple[str, ...], current: str | None = None) -> QComboBox:
    """Return a combo box with these values as its data; `set_item_texts` sets what it shows."""
    combo = QComboBox()
    for value in values:
        combo.addItem("", str(value))
    combo.setCurrentIndex(values.index(current) if current is not None else 0)
    return combo


def set_item_texts(combo: QComboBox, texts: Iterable[str]) -> None:
    for index, text in enumerate(texts):
        combo.setItemText(index, text)


class ElidedComboBox(QComboBox):
    """Combo box that elides long names in the middle and shows them in full in tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def add_item_with_tooltip(self, text: str, user_data: object) -> None:
        self.addItem(text, user_data)
        self.setItemData(self.count() - 1, plain_tooltip(text), Qt.ItemDataRole.ToolTipRole)

    def sizeHint(self) -> QSize:
        return self._limit_width(super().sizeHint(), LETTERS_MAX)

    def minimumSizeHint(self) -> QSize:
        return self._limit_width(super().minimumSizeHint(), LETTERS_MIN)

    def _limit_width(self, size: QSize, letters: int) -> QSize:
        width_max = letters * self.fontMetrics().averageCharWidth() + _FRAME_WIDTH
        return QSize(min(size.width(), width_max), size.height())

    def elided_text(self) -> str:
        """Return the current text as it fits, elided in the middle: similar names often differ at the end."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        rect = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        width = rect.width() - _TEXT_INSET
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, width)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # WORKAROUND: QComboBox cuts off a long text without an ellipsis
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.elided_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            self.setToolTip(plain_tooltip(self.currentText()))
        return super().event(event)


class AccountComboBox(ElidedComboBox):
    """Combo box of accounts that emits `currentIndexChanged` only when the user selects another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts: dict[str, Account] = {}

    @property
    def account(self) -> Account | None:
        """Return the selected account with its current settings, or None if there is no account."""
        appid: str | None = self.currentData()
        return self._accounts.get(appid) if appid is not None else None

    def select_account(self, appid: str) -> None:
        """Select this account; keep the selection if it does not exist."""
        row = self.findData(appid)
        if row >= 0:
            self.setCurrentIndex(row)

    def update_accounts(self, overview: Overview) -> None:
        accounts = {status.account.appid: status.account for status in overview.accounts}
        if accounts == self._accounts:
            return
        selected_appid = self.currentData()
        self._accounts = accounts
        with QSignalBlocker(self):
            self.clear()
            for appid, account in accounts.items():
                self.add_item_with_tooltip(f"{account.name} · {account.short_appid}", appid)
            self.setCurrentIndex(max(0, self.findData(selected_appid)))
