"""List of cards of which only those near the visible part exist, so that a thousand accounts scroll smoothly."""

from bisect import bisect_right
from itertools import accumulate, pairwise

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.account_card import AccountCard, CardContent
from guarddog_gui.ui.tokens.requests import TokenRequests
from guarddog_gui.ui.widgets.focus_changes import follow_focus
from guarddog_gui.ui.widgets.toast import END_ROOM

GAP = 14
END_GAP = 24  # below the last card
SCROLL_BAR_GAP = 4  # between the cards and the scroll bar
EXTRA_CARDS = 1  # above and below the visible ones: the Tab key moves to them, and the list scrolls


class CardList(QScrollArea):
    """Scroll area with a card for each account; cards that leave the visible part show other accounts.

    The card with the keyboard focus is never reused, wherever the list is scrolled to.
    """

    def __init__(self, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._requests = requests
        self._contents: tuple[CardContent, ...] = ()
        self._rows: dict[str, int] = {}  # position in the list by AppID
        self._current_appid = ""
        self._now = 0.0
        self._heights: list[int] = []
        self._tops: list[int] = [0]  # of each card, and of the end
        self._measured: dict[str, tuple[int, CardContent, int]] = {}  # width, content and height by AppID
        self.cards: dict[str, AccountCard] = {}  # by AppID
        self._free_cards: list[AccountCard] = []
        self._is_updating = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # unseen without a need, in the margin
        self.setViewportMargins(0, 0, SCROLL_BAR_GAP, 0)
        self._area = QWidget()
        self.setWidget(self._area)
        self.viewport().setAutoFillBackground(False)
        self._area.setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._update_cards)
        follow_focus(self._on_focus_changed)

    # -- content -----------------------------------------------------------------------------------

    def show_contents(self, contents: tuple[CardContent, ...], current_appid: str, now: float) -> None:
        """Show these accounts at a time in Unix seconds; what is at the top of the visible part stays there."""
        anchor, focused = self._anchor(), self.focused_appid
        self._contents, self._current_appid, self._now = contents, current_appid, now
        self._rows = {content.appid: row for row, content in enumerate(contents)}
        self._measured = {appid: entry for appid, entry in self._measured.items() if appid in self._rows}
        self._lay_out()
        self._restore(anchor)
        self._update_cards()
        if focused and focused not in self._rows:
            # Qt gives the keyboard to any card that is left, or the focused card is reused for another account
            self.focus_row(self._rows.get(current_appid, 0))

    @property
    def focused_appid(self) -> str:
        """Return the account whose card has the keyboard, or gets it with the window; empty if it is elsewhere."""
        return self._appid_of(self.window().focusWidget())

    def set_current(self, appid: str) -> None:
        self._current_appid = appid
        self._update_cards()

    def scroll_to(self, appid: str) -> None:
        """Scroll as little as needed to show the whole card of this account."""
        row = self._rows.get(appid)
        if row is None:
            return
        top, bottom = self._tops[row], self._tops[row] + self._heights[row]
        bar = self.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    def update_countdowns(self, now: float) -> None:
        """Update the countdowns of the visible cards."""
        self._now = now
        top, bottom = self._visible_span()
        for card in self.cards.values():
            if card.y() < bottom and card.y() + card.height() > top:
                card.update_countdowns(now)

    def retranslate(self) -> None:
        for card in (*self.cards.values(), *self._free_cards):
            card.retranslate(self._now)
        self._measured.clear()
        self._lay_out()
        self._update_cards()

    @property
    def appids(self) -> tuple[str, ...]:
        return tuple(content.appid for content in self._contents)

    # -- places ------------------------------------------------------------------------------------

    def _anchor(self) -> tuple[str, int]:
        """Return the account at the top of the visible part, and how far its card is above it."""
        value = self.verticalScrollBar().value()
        if not value or not self._contents:
            return "", 0
        row = self._row_at(value)
        return self._contents[row].appid, value - self._tops[row]

    def _restore(self, anchor: tuple[str, int]) -> None:
        appid, offset = anchor
        if appid in self._rows:
            self.verticalScrollBar().setValue(self._tops[self._rows[appid]] + offset)

    def _row_at(self, y: int) -> int:
        return max(0, min(len(self._contents) - 1, bisect_right(self._tops, y) - 1))

    def _visible_span(self) -> tuple[int, int]:
        top = self.verticalScrollBar().value()
        return top, top + self.viewport().height()

    def _lay_out(self) -> None:
        """Compute the places of all cards from the heights that are known or estimated."""
        width = self.viewport().width()
        self._heights = [self._height_of(content, width) for content in self._contents]
        self._tops = list(accumulate((height + GAP for height in self._heights), initial=0))
        end = self._tops[-1] - GAP + END_GAP if self._contents else 0
        if end > self.viewport().height():
            end += END_ROOM - END_GAP
        if self._area.size().toTuple() != (width, end):
            was_updating, self._is_updating = self._is_updating, True
            self._area.resize(width, max(0, end))
            self._is_updating = was_updating

    def _height_of(self, content: CardContent, width: int) -> int:
        measured = self._measured.get(content.appid)
        if measured is not None and measured[0] == width and measured[1] is content:
            return measured[2]
        if measured is not None and measured[0] == width and _has_same_height(measured[1], content):
            return measured[2]
        return AccountCard.estimate_height(content, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        anchor = self._anchor()
        self._lay_out()
        self._restore(anchor)
        self._update_cards()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_area"):
            self._measured.clear()
            QTimer.singleShot(0, self, self._update_cards)

    # -- cards -------------------------------------------------------------------------------------

    @Slot()
    def _update_cards(self) -> None:
        """Show the accounts near the visible part in cards, and measure these."""
        if self._is_updating:
            return
        self._is_updating = True
        try:
            for _ in range(4):  # a card that is higher than expected moves those below
                anchor = self._anchor()
                wanted = self._wanted_rows()
                self._assign_cards(wanted)
                if not self._measure(wanted):
                    break
                self._lay_out()
                self._restore(anchor)
            self._place_cards()
            self._set_tab_order()
        finally:
            self._is_updating = False

    def _wanted_rows(self) -> list[int]:
        if not self._contents:
            return []
        top, bottom = self._visible_span()
        first = max(0, self._row_at(top) - EXTRA_CARDS)
        last = min(len(self._contents) - 1, self._row_at(bottom) + EXTRA_CARDS)
        rows = set(range(first, last + 1))
        focused = self._focused_appid()
        if focused in self._rows:
            row = self._rows[focused]  # with its neighbours, to which the Tab key moves
            rows |= set(range(max(0, row - EXTRA_CARDS), min(len(self._contents), row + EXTRA_CARDS + 1)))
        return sorted(rows)

    def _focused_appid(self) -> str:
        return self._appid_of(QApplication.focusWidget())

    def _appid_of(self, widget: QWidget | None) -> str:
        while widget is not None and widget is not self:
            if isinstance(widget, AccountCard) and widget.content is not None:
                return widget.content.appid
            widget = widget.parentWidget()
        return ""

    def _assign_cards(self, rows: list[int]) -> None:
        wanted = {self._contents[row].appid: self._contents[row] for row in rows}
        for appid in [appid for appid in self.cards if appid not in wanted]:
            self._free_cards.append(self.cards.pop(appid))
        for appid, content in wanted.items():
            card = self.cards.get(appid)
            if card is None:
                card = (
                    self._free_cards.pop()
                    if self._free_cards
                    else AccountCard(self._formatter, self._requests, self._area)
                )
                self.cards[appid] = card
            card.show_content(content, self._now, is_current=appid == self._current_appid)
        for card in self._free_cards:
            card.hide()

    def _measure(self, rows: list[int]) -> bool:
        """Measure the cards of these rows; return True if some height was estimated wrongly."""
        width, has_changed = self.viewport().width(), False
        for row in rows:
            content = self._contents[row]
            height = self.cards[content.appid].height_for(width)
            self._measured[content.appid] = (width, content, height)
            has_changed = has_changed or height != self._heights[row]
        return has_changed

    def _place_cards(self) -> None:
        width = self.viewport().width()
        for appid, card in self.cards.items():
            row = self._rows[appid]
            card.setGeometry(QRect(0, self._tops[row], width, self._heights[row]))
            card.show()

    def _set_tab_order(self) -> None:
        """Let the Tab key go through the cards from the top, in whichever order they were created."""
        ordered = sorted(self.cards.values(), key=AccountCard.y)
        widgets = [widget for card in ordered for widget in card.focus_widgets]
        for before, after in pairwise(widgets):
            if before.nextInFocusChain() is not after:
                QWidget.setTabOrder(before, after)

    def _on_focus_changed(self, focused: QWidget) -> None:
        """Scroll to a card that the Tab key or an arrow key has moved to, so that the next ones exist."""
        if self._area.isAncestorOf(focused):
            self._update_cards()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from card to card with the arrow keys."""
        row = self._rows.get(self._focused_appid())
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        last = len(self._contents) - 1
        if row is None or event.key() not in (*steps, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            return
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        self.focus_row(ends.get(Qt.Key(event.key()), row + steps.get(Qt.Key(event.key()), 0)))

    def focus_visible(self, appid: str) -> None:
        """Give the keyboard to the card of this account if it is visible, else to the first one."""
        row, (top, bottom) = self._rows.get(appid), self._visible_span()
        is_visible = row is not None and self._tops[row] >= top and self._tops[row] + self._heights[row] <= bottom
        self.focus_row(row if row is not None and is_visible else 0)

    def focus_row(self, row: int) -> None:
        """Give the keyboard to the card in this row, if there is one."""
        if not 0 <= row < len(self._contents):
            return
        appid = self._contents[row].appid
        self.scroll_to(appid)
        self._update_cards()
        card = self.cards.get(appid)
        if card is not None:
            card.setFocus(Qt.FocusReason.TabFocusReason)


def _has_same_height(before: CardContent, after: CardContent) -> bool:
    """Return True if two contents of one account need the same height, without measuring."""
    keys = [[(key.kind, key.previous_token is None) for key in content.status.keys] for content in (before, after)]
    return keys[0] == keys[1] and before.notices == after.notices
