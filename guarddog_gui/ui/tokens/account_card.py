"""Card of one account: its head, its notices, and a row for each of its keys."""

from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Endpoint
from guarddog_gui.domain.refresh.status import AccountStatus
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CARD_TITLE, code_font, scaled_font
from guarddog_gui.ui.style.shapes import CARD_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.key_parts import CompactButton, IconButton
from guarddog_gui.ui.tokens.key_row import MARGIN, KeyRow
from guarddog_gui.ui.tokens.notice_strip import NoticeStrip
from guarddog_gui.ui.tokens.notices import AccountNotice
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TargetMixin, TokenRequests
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_row
from guarddog_gui.ui.widgets.text.account_labels import AccountTile, ElidedLabel, EnvironmentBadge
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

HEAD_HEIGHT = 48
STRIP_GAP = 8  # below a notice
PADDING_BOTTOM = 5
ESTIMATED_STRIP_HEIGHT = 48
APPID_PADDING = 12  # pixels of the button beside the AppID


class CardContent(Struct, frozen=True):
    """Account and notices that a card shows."""

    status: AccountStatus
    notices: tuple[AccountNotice, ...] = ()

    @property
    def appid(self) -> str:
        return self.status.account.appid


class AccountHead(TargetMixin, ThemedMixin, QWidget):
    """Head of a card: tile, name, environment, platform, AppID, and further widgets at the right."""

    def __init__(self, formatter: Formatter, requests: TokenRequests, *, tile_size: int = 28) -> None:
        super().__init__()
        self._formatter = formatter
        self._requests = requests
        self._status: AccountStatus | None = None
        self._tile = AccountTile(tile_size)
        self._name_label = ElidedLabel()
        self._badge = EnvironmentBadge()
        self._platform_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.appid_button = CompactButton(APPID_PADDING)
        set_kind(self.appid_button, ButtonKind.FLAT)
        self.appid_button.setFlat(True)
        self.appid_button.clicked.connect(partial(self._request, AccountAction.COPY_APPID))
        self._end = make_row(spacing=4)
        labels = make_row(
            self._tile, self._name_label, self._badge, self._platform_label, self.appid_button, None, spacing=10
        )
        self.setLayout(make_row((labels, 1), None, self._end, spacing=4, margin=(MARGIN, 0)))
        self.apply_palette()

    def add_at_end(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self._end.addWidget(widget)

    @property
    def target(self) -> Target:
        return Target(self._status.account.appid if self._status is not None else "")

    def show_account(self, status: AccountStatus) -> None:
        self._status = status
        account = status.account
        self._tile.set_account(account)
        self._name_label.set_text(account.name)
        self._badge.set_environment(account.environment, self._formatter.environment_badge(account.environment))
        is_classic = account.endpoint is Endpoint.CLASSIC  # worth a word: it makes the tokens of other programs invalid
        description = self._formatter.account_description(account)
        platform = self._formatter.messages.platform_name(account.platform)
        sharing = self._formatter.sharing_lines(status)
        role = self._formatter.role_text(status)
        self._platform_label.set_text(description if is_classic else role or platform)
        lines = (account.name, account.appid, description, *sharing, *self._formatter.export_status_lines(status))
        self.setToolTip(plain_tooltip("\n".join(lines)))
        self.setAccessibleDescription("\n".join(lines[2:]))
        self.appid_button.setText(account.appid)
        self.appid_button.setAccessibleName(self.tr("Copy AppID of {name}").format(name=account.name))
        self.appid_button.setToolTip(self.tr("Copy AppID"))
        self._fit_platform()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_platform()

    def _fit_platform(self) -> None:
        """Leave the platform out where the name would have to be elided for it."""
        others = (self._tile, self._name_label, self._badge, self.appid_button, self._platform_label)
        needed = sum(
            widget.sizeHint().width() + 10 for widget in others if not widget.isHidden() or widget is others[-1]
        )
        needed += self._tile.width() - self._tile.sizeHint().width() + self._end.sizeHint().width() + 2 * MARGIN
        self._platform_label.setVisible(needed <= self.width())

    def apply_palette(self) -> None:
        self._name_label.set_text_font(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        self.appid_button.setFont(code_font(self.font()))
        colours = colours_of(self.palette())
        for widget in (self._platform_label, self.appid_button):
            palette = widget.palette()
            palette.setColor(widget.foregroundRole(), colours.dim)
            widget.setPalette(palette)


class AccountCard(TargetMixin, ThemedMixin, Card):
    """Card that can show one account after the other; its height depends on what it shows.

    The card itself takes the focus: Enter makes its account the current one.
    """

    def __init__(self, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._requests = requests
        self._content: CardContent | None = None
        self._is_current = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._refresh_button = IconButton(formatter.icons, "refresh")
        self._more_button = IconButton(formatter.icons, "more")
        self._head = AccountHead(formatter, requests)
        self._head.add_at_end(self._refresh_button, self._more_button)
        self._head.setParent(self)
        self._strips: list[NoticeStrip] = []
        self.rows: list[KeyRow] = []
        self._refresh_button.clicked.connect(partial(self._request, AccountAction.REFRESH))
        self._more_button.clicked.connect(self.open_menu)

    @property
    def content(self) -> CardContent | None:
        return self._content

    @property
    def target(self) -> Target:
        return Target(self._content.appid if self._content is not None else "")

    def show_content(self, content: CardContent, now: float, *, is_current: bool) -> None:
        """Show an account at a time in Unix seconds."""
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()
        if content == self._content:
            return
        self._content = content
        self._show_texts(now)

    def _show_texts(self, now: float) -> None:
        content = self._content
        if content is None:
            return
        account = content.status.account
        self._head.show_account(content.status)
        self._refresh_button.set_name(self.tr("Refresh {name}").format(name=account.name))
        self._more_button.set_name(self.tr("More for {name}").format(name=account.name))
        self.setAccessibleName(self._formatter.account_accessible_text(content.status))
        while len(self.rows) < len(content.status.keys):
            self.rows.append(KeyRow(self._formatter, self._requests, self))
        for number, row in enumerate(self.rows):
            if number < len(content.status.keys):
                row.show_key(account, content.status.keys[number], now)
            row.setVisible(number < len(content.status.keys))
        while len(self._strips) < len(content.notices):
            self._strips.append(NoticeStrip(self._formatter, self._requests, self))
        for number, strip in enumerate(self._strips):
            if number < len(content.notices):
                strip.show_account_notice(content.notices[number])
            strip.setVisible(number < len(content.notices))
        self._place_children()

    def retranslate(self, now: float) -> None:
        for row in self.rows:
            row.retranslate()
        self._show_texts(now)

    def update_countdowns(self, now: float) -> None:
        for row in self._visible_rows:
            row.update_countdown(now)

    @property
    def _visible_rows(self) -> list[KeyRow]:
        return self.rows[: len(self._content.status.keys)] if self._content is not None else []

    @property
    def visible_strips(self) -> list[NoticeStrip]:
        return self._strips[: len(self._content.notices)] if self._content is not None else []

    @property
    def focus_widgets(self) -> tuple[QWidget, ...]:
        """Return the widgets that the Tab key reaches, in their order."""
        strips = (button for strip in self.visible_strips for button in strip.buttons.values())
        rows = (widget for row in self._visible_rows for widget in row.focus_widgets)
        return (self, self._head.appid_button, self._refresh_button, self._more_button, *strips, *rows)

    # -- places ------------------------------------------------------------------------------------

    @staticmethod
    def estimate_height(content: CardContent, widget: QWidget) -> int:
        """Return the height of a card that does not exist; notices may need more lines than this expects."""
        metrics = widget.fontMetrics()
        rows = sum(KeyRow.height_for(key, metrics) for key in content.status.keys)
        return _head_height(widget) + rows + len(content.notices) * ESTIMATED_STRIP_HEIGHT + PADDING_BOTTOM

    def height_for(self, width: int) -> int:
        """Return the height for a width in pixels."""
        return self._place_children(width, is_measuring=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_children()

    def _place_children(self, width: int = 0, *, is_measuring: bool = False) -> int:
        """Place the children below each other unless it is only to measure; return the height."""
        width = width or self.width()
        inner = width - 2 * MARGIN
        places: list[tuple[QWidget, int, int, int]] = [(self._head, 1, width - 2, _head_height(self))]
        places += [(strip, MARGIN, inner, strip.height_for(inner)) for strip in self.visible_strips]
        metrics = self.fontMetrics()
        keys = self._content.status.keys if self._content is not None else ()
        rows = zip(self._visible_rows, keys, strict=True)
        places += [(row, 1, width - 2, KeyRow.height_for(key, metrics)) for row, key in rows]
        top = 0
        for child, left, child_width, height in places:
            if not is_measuring:
                child.setGeometry(left, top, child_width, height)
            top += height + (STRIP_GAP if isinstance(child, NoticeStrip) else 0)
        return top + PADDING_BOTTOM

    # -- painting ----------------------------------------------------------------------------------

    def apply_palette(self) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            border = colours.accent if self._is_current else colours.line
            fill_rounded(painter, self.rect(), CARD_RADIUS, colours.card, border)
            if self.hasFocus():
                draw_focus_ring(painter, self.rect(), CARD_RADIUS, colours.accent)

    # -- mouse and keyboard ------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's own name
        self._requests.account_chosen.emit(self.target.appid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._requests.account_chosen.emit(self.target.appid)
        else:
            super().keyPressEvent(event)

    @Slot()
    def open_menu(self) -> None:
        self._open_menu_below(self._more_button)


def _head_height(widget: QWidget) -> int:
    return max(HEAD_HEIGHT, widget.fontMetrics().height() + 28)
