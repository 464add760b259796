"""Row of one account in the popover: ring, name, environment, countdown or trouble, and its copy buttons."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from guarddog_gui.domain.refresh.status import UNHEALTHY_STATES, AccountStatus, KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.pending_copies import PendingCopies
from guarddog_gui.services.messages.titles import failure_title
from guarddog_gui.ui.clipboard.copy_as_menu import CopyAsMenu
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font, tabular_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.key_parts import paint_key_ring
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel, EnvironmentBadge
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

ROW_HEIGHT = 52
RING_SIZE = 24
_BUTTON_HEIGHT = 28
_BUTTON_PADDING = 40  # pixels beside the text: icon and margins
_BUTTON_KINDS = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)


class KeyRing(QWidget):
    """Ring with the remaining life of a key; screen readers read the text beside it."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._key: KeyStatus | None = None
        self.setFixedSize(RING_SIZE, RING_SIZE)

    def set_key(self, key: KeyStatus) -> None:
        self._key = key
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._key is not None:
            with QPainter(self) as painter:
                icons, now = self._formatter.icons, self._formatter.clock()
                paint_key_ring(painter, self.rect(), self._key, icons, self.palette(), now)


class PopoverRow(ThemedMixin, QWidget):
    """Row that can be reused for another account."""

    pointed_at = Signal(str)  # appid

    def __init__(self, copies: PendingCopies, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copies = copies
        self._formatter = formatter
        self.status: AccountStatus | None = None
        self._is_current = False
        self._shown_key: KeyStatus | None = None
        self._is_counting = False
        self._ring = KeyRing(formatter)
        self._name_label = ElidedLabel()
        self._badge = EnvironmentBadge()
        self._state_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._buttons = {kind: QPushButton() for kind in _BUTTON_KINDS}
        for kind, button in self._buttons.items():
            button.setFixedHeight(_BUTTON_HEIGHT)
            button.setIconSize(QSize(16, 16))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.clicked.connect(partial(self._copy, kind))
            button.customContextMenuRequested.connect(partial(self._open_menu, kind))
        self.setFixedHeight(ROW_HEIGHT)
        self._lay_out()
        self.apply_palette()

    def _lay_out(self) -> None:
        head = make_row(self._name_label, self._badge, spacing=6)
        head.addStretch(1)
        texts = make_column(head, self._state_label, spacing=2)
        buttons = make_row(*self._buttons.values(), spacing=4)
        row = make_row(self._ring, (texts, 1), buttons, margin=(6, 4))
        self.setLayout(row)

    @property
    def matched_text(self) -> str:
        """Text in which the search looks."""
        if self.status is None:
            return ""
        account = self.status.account
        badge = self._formatter.environment_badge(account.environment)
        return f"{account.name} {account.appid} {account.group} {account.environment} {badge}".casefold()

    def show_status(self, status: AccountStatus) -> None:
        """Show an account; only what differs is painted again."""
        known = self.status
        is_same = known is not None and status.account == known.account and status.keys == known.keys
        if known is not None and is_same and status.sharing == known.sharing:
            return
        self.status = status
        account, formatter = status.account, self._formatter
        self._name_label.set_text(account.name)
        self._badge.set_environment(account.environment, formatter.environment_badge(account.environment))
        troubled = next((key for key in status.keys if key.renewal is not Renewal.OK), None)
        self._shown_key = status.failing_key or troubled or status.keys[0]
        self._ring.set_key(self._shown_key)
        for kind, button in self._buttons.items():
            button.setVisible(kind in account.token_kinds)
        self.retranslate()

    def retranslate(self) -> None:
        if self.status is None:
            return
        self._buttons[TokenKind.ACCESS_TOKEN].setText(self.tr("token"))
        self._buttons[TokenKind.JSAPI_TICKET].setText(self.tr("ticket"))
        for kind, button in self._buttons.items():
            button.setFixedWidth(button.fontMetrics().horizontalAdvance(button.text()) + _BUTTON_PADDING)
            name = self.tr("Copy {key} of {name}").format(key=kind.lower(), name=self.status.account.name)
            button.setAccessibleName(name)
            button.setToolTip(plain_tooltip(name))
        self.setAccessibleName(self._formatter.account_accessible_text(self.status))
        self._show_state()

    def set_current(self, *, is_current: bool) -> None:
        if is_current is not self._is_current:
            self._is_current = is_current
            self.update()

    def update_countdown(self) -> None:
        if self._is_counting:
            self._show_state()
            self._ring.update()

    def _show_state(self) -> None:
        """Show the remaining life, or the trouble in words in its colour."""
        if self.status is None or self._shown_key is None:
            return
        formatter, key = self._formatter, self._shown_key
        record, failure = key.usable_record(formatter.clock()), key.failure
        state = key.state_of_value(formatter.clock())
        colours = colours_of(self.palette())
        ink, text, short_text = colours.dim, "", ""
        self._is_counting = record is not None and key.renewal is Renewal.OK
        if record is None:
            text = formatter.messages.state_name(state)
            if failure is not None and state in UNHEALTHY_STATES | {KeyState.REFRESHING}:
                title = failure_title(
                    formatter.messages, failure.result, failure.errcode, failure.endpoint, failure.detail
                )
                text = title or text
            ink = colours.bad if state in UNHEALTHY_STATES else colours.dim
        elif self._is_counting:
            text = format_countdown(record.remaining_s(formatter.clock()))
        else:
            works = self.tr("works until {time} · renewal failing")
            time = formatter.format_time(record.expires_at)
            text, ink = works.format(time=time), colours.warn
            short_text = self.tr("works until {time}").format(time=time)
        problem = formatter.messages.for_sharing_status(self.status.sharing)
        if record is not None and problem is not None:
            until = self.tr("works until {time}").format(time=formatter.format_time(record.expires_at))
            text, ink, short_text = f"{until} · {problem.summary}", colours.warn, problem.summary
            self._is_counting = False
        self._state_label.set_text(text, short_text)
        weight = QFont.Weight.Normal if self._is_counting else QFont.Weight.DemiBold
        self._state_label.set_text_font(
            tabular_font(self.font(), SMALL, weight) if self._is_counting else scaled_font(self.font(), SMALL, weight)
        )
        palette = self._state_label.palette()
        if palette.color(QPalette.ColorRole.WindowText) != ink:
            palette.setColor(QPalette.ColorRole.WindowText, ink)
            self._state_label.setPalette(palette)

    def copy_token(self) -> None:
        self._copy(TokenKind.ACCESS_TOKEN)

    def _copy(self, kind: TokenKind) -> None:
        if self.status is not None:
            self._copies.request(self.status.account.appid, kind)

    def _open_menu(self, kind: TokenKind, position: QPoint) -> None:
        if self.status is not None:
            menu = CopyAsMenu(self._copies, self.status.account.appid, kind, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._buttons[kind].mapToGlobal(position))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's own name
        super().enterEvent(event)
        if self.status is not None:
            self.pointed_at.emit(self.status.account.appid)

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        for button in self._buttons.values():
            button.setFont(scaled_font(self.font(), SMALL))
            button.setIcon(self._formatter.icons.action_icon("copy", colours.ink))
        self._show_state()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._is_current:
            with QPainter(self) as painter:
                fill_rounded(painter, self.rect(), CONTROL_RADIUS, colours_of(self.palette()).accent_tint)
