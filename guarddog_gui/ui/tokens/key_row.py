"""Row of one key in the card of an account: ring, countdown, state, masked value, buttons."""

from functools import partial

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font, tabular_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.key_parts import (
    ICON_BUTTON_SIZE,
    CopyButton,
    IconButton,
    ValueButton,
    fraction_left,
    paint_key_ring,
    state_ink,
)
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TargetMixin, TokenRequests
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

ROW_HEIGHT = 40
PREVIOUS_HEIGHT = 22  # of the line about the token before
MARGIN = 16
RING_SIZE = 24
_GAP = 12
_STATE_WIDTH_MIN = 150  # a narrower row has no room for the masked value
_TEXT_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
_COUNTDOWN_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine)


def key_state_texts(key: KeyStatus, formatter: Formatter, now: float) -> tuple[str, ...]:
    """Return the state of a key in words, the fullest version first: `works until 08:21 · renewal failing (40164)`."""
    messages, record = formatter.messages, key.usable_record(now)
    if record is None:
        return (_unusable_text(key, formatter, now),)
    if key.state is KeyState.REFRESHING:
        return (messages.text("refreshing…"),)
    time = formatter.format_time(record.expires_at)
    if key.renewal is Renewal.OK:
        return (messages.text("until {time}", time=time),)
    works = messages.text("works until {time}", time=time)
    is_stopped = key.renewal is Renewal.STOPPED
    renewal = messages.text("renewal stopped") if is_stopped else messages.text("renewal failing")
    code = key.failure.errcode if key.failure is not None else None
    with_code = (
        (f"{works} · {messages.text('{reason} ({code})', reason=renewal, code=code)}",) if code is not None else ()
    )
    return (*with_code, f"{works} · {renewal}", works)


def _unusable_text(key: KeyStatus, formatter: Formatter, now: float) -> str:
    messages = formatter.messages
    text = messages.text("replaced by another program") if key.is_refused else messages.state_name(key.state)
    if key.state is KeyState.REFRESHING or key.next_attempt_at is None or key.next_attempt_at <= now:
        return text
    again = messages.text("again at {time}", time=formatter.format_time(key.next_attempt_at))
    return f"{text} · {again}"


class _Columns(Struct, frozen=True):
    """Rectangles of the texts of a row."""

    ring: QRect
    name: QRect
    countdown: QRect
    state: QRect


class KeyRow(TargetMixin, ThemedMixin, QWidget):
    """Row that paints its texts by itself, for speed; all its buttons are real ones.

    The icon buttons are painted only while the mouse is over the row or one of them has the focus.
    """

    def __init__(self, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._requests = requests
        self._account: Account | None = None
        self._key: KeyStatus | None = None
        self._now = 0.0
        self._countdown_text = ""
        self._state_texts: tuple[str, ...] = ("",)
        self._columns = _Columns(QRect(), QRect(), QRect(), QRect())
        icons = formatter.icons
        self.value_button = ValueButton(self._read_value, self)
        self.sign_button = IconButton(icons, "sign", self)
        self.refresh_button = IconButton(icons, "refresh", self)
        self.more_button = IconButton(icons, "more", self)
        self.copy_button = CopyButton(icons, requests, self)
        self._icon_buttons = (self.sign_button, self.refresh_button, self.more_button)
        self._is_active = True
        for button in (self.value_button, *self._icon_buttons, self.copy_button):
            button.installEventFilter(self)
        self.sign_button.clicked.connect(partial(self._request, AccountAction.SIGN))
        self.refresh_button.clicked.connect(partial(self._request, AccountAction.REFRESH))
        self.more_button.clicked.connect(partial(self._open_menu_below, self.more_button))
        self._set_active(active=False)
        self.apply_palette()
        self.retranslate()

    # -- content -----------------------------------------------------------------------------------

    @property
    def target(self) -> Target:
        appid = self._account.appid if self._account is not None else ""
        return Target(appid, self._key.kind if self._key is not None else None)

    @property
    def focus_widgets(self) -> tuple[QWidget, ...]:
        """Return the widgets that the Tab key reaches, from the left."""
        shown = (self.value_button, *self._icon_buttons, self.copy_button)
        return tuple(widget for widget in shown if not widget.isHidden())

    @staticmethod
    def height_for(key: KeyStatus, metrics: QFontMetrics) -> int:
        return max(ROW_HEIGHT, metrics.height() + 18) + (PREVIOUS_HEIGHT if key.previous_token is not None else 0)

    def show_key(self, account: Account, key: KeyStatus, now: float) -> None:
        """Show the status of a key at a time in Unix seconds."""
        is_same = key == self._key and self._account is not None and account.name == self._account.name
        is_other = self.target != Target(account.appid, key.kind)
        self._account, self._key, self._now = account, key, now
        if is_other:
            self._set_active(active=self.underMouse())
        if not is_same or is_other:
            self._show_names()
        self._state_texts = key_state_texts(key, self._formatter, now)
        self._countdown_text = self._make_countdown()
        self.update()

    def retranslate(self) -> None:
        self.copy_button.retranslate()
        if self._key is not None:
            self._state_texts = key_state_texts(self._key, self._formatter, self._now)
            self._show_names()
        self._place_children()

    def _show_names(self) -> None:
        key, account = self._key, self._account
        if key is None or account is None:
            return
        messages, record = self._formatter.messages, key.usable_record(self._now)
        names = {"key": messages.key_name(key.kind), "name": account.name}
        self.value_button.set_value(
            record.value if record is not None else "", self.tr("Value of {key} of {name}").format(**names)
        )
        self.sign_button.setVisible(key.kind is TokenKind.JSAPI_TICKET)
        self.sign_button.set_name(self.tr("Sign a page with {name}").format(**names))
        self.refresh_button.set_name(self.tr("Refresh {key} of {name}").format(**names))
        self.more_button.set_name(self.tr("More for {key} of {name}").format(**names))
        name = self.tr("Copy {key} of {name}").format(**names)
        self.copy_button.set_target(self.target, name, is_enabled=record is not None)
        state = messages.key_state_text(key, self._now)
        self.setAccessibleName(self.tr("{key} of {name}: {state}").format(**names, state=state))
        self.setToolTip(plain_tooltip(self._make_tooltip()))

    def _make_tooltip(self) -> str:
        key, messages = self._key, self._formatter.messages
        if key is None:
            return ""
        if key.failure is not None:
            platform = self._account.platform if self._account is not None else None
            message = messages.for_entry(key.failure, platform=platform)
            return f"{message.summary}\n{message.advice}".strip()
        if key.next_attempt_at is not None:
            return messages.text("next check {time}", time=self._formatter.format_time(key.next_attempt_at))
        return messages.key_state_text(key, self._now)

    def update_countdown(self, now: float) -> None:
        """Repaint the countdown, and the ring if its arc is another one."""
        if self._key is None:
            return
        before, self._now = self._now, now
        text = self._make_countdown()
        if text != self._countdown_text:
            self._countdown_text = text
            self.update(self._columns.countdown)
        if round(fraction_left(self._key, before) * 120) != round(fraction_left(self._key, now) * 120):
            self.update(self._columns.ring)

    @property
    def countdown_text(self) -> str:
        return self._countdown_text

    @property
    def state_text(self) -> str:
        return self._state_texts[0]

    def _make_countdown(self) -> str:
        record = self._key.usable_record(self._now) if self._key is not None else None
        return format_countdown(record.remaining_s(self._now)) if record is not None else "–"

    def _read_value(self) -> str:
        record = self._key.usable_record(self._formatter.clock()) if self._key is not None else None
        return record.value if record is not None else ""

    # -- places ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_children()

    def _place_children(self) -> None:
        metrics, height = self.fontMetrics(), max(ROW_HEIGHT, self.fontMetrics().height() + 18)
        right = self.width() - MARGIN
        copy_width, copy_height = self.copy_button.width(), self.copy_button.sizeHint().height()
        right -= copy_width
        self.copy_button.setGeometry(right, (height - copy_height) // 2, copy_width, copy_height)
        right -= 8
        for button in reversed(self._icon_buttons):
            right -= ICON_BUTTON_SIZE
            button.move(right, (height - ICON_BUTTON_SIZE) // 2)
        name_width = metrics.horizontalAdvance("access_token") + 8
        countdown_width = QFontMetrics(self._countdown_font).horizontalAdvance("88:88:88")
        left = MARGIN + RING_SIZE + _GAP
        name = QRect(left, 0, name_width, height)
        countdown = QRect(name.right() + 13, 0, countdown_width, height)
        left = countdown.right() + 1 + _GAP
        value_width = self.value_button.fontMetrics().horizontalAdvance("mmmm…mmmm") + 16
        room = right - 8 - left
        has_value = room - value_width - _GAP >= _STATE_WIDTH_MIN
        state_width = room - (value_width + _GAP if has_value else 0)
        self.value_button.setVisible(has_value)
        self.value_button.setGeometry(left + state_width + _GAP, (height - 26) // 2, value_width, 26)
        ring = QRect(MARGIN, (height - RING_SIZE) // 2, RING_SIZE, RING_SIZE)
        self._columns = _Columns(ring, name, countdown, QRect(left, 0, state_width, height))

    # -- painting ----------------------------------------------------------------------------------

    def apply_palette(self) -> None:
        self._countdown_font = tabular_font(self.font())
        self.value_button.update_font(self)
        palette = self.palette()
        palette.setColor(palette.ColorRole.ButtonText, colours_of(palette).dim)
        self.value_button.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        key = self._key
        if key is None:
            return
        colours, columns = colours_of(self.palette()), self._columns
        with QPainter(self) as painter:
            if self._is_active:
                painter.fillRect(event.rect(), colours.hover)
            painter.fillRect(MARGIN, 0, self.width() - 2 * MARGIN, 1, colours.line)
            if event.rect().intersects(columns.ring):
                paint_key_ring(painter, columns.ring, key, self._formatter.icons, self.palette(), self._now)
            painter.setFont(self._countdown_font)
            painter.setPen(colours.ink)
            painter.drawText(columns.countdown, _COUNTDOWN_FLAGS, self._countdown_text)
            if columns.countdown.contains(event.rect()):
                return
            painter.setFont(self.font())
            painter.drawText(columns.name, _TEXT_FLAGS, self._formatter.messages.key_name(key.kind))
            is_plain = key.usable_record(self._now) is not None and key.renewal is Renewal.OK
            painter.setPen(colours.dim if is_plain else state_ink(key, colours, self._now))
            painter.drawText(columns.state, _TEXT_FLAGS, self._fitting_state_text())
            if key.previous_token is not None:
                painter.setFont(scaled_font(self.font(), SMALL))
                painter.setPen(colours.dim)
                rect = QRect(
                    columns.name.left(),
                    columns.name.height() - 6,
                    self.width() - columns.name.left() - MARGIN,
                    PREVIOUS_HEIGHT,
                )
                painter.drawText(rect, _TEXT_FLAGS, self._formatter.previous_token_text(key.previous_token))

    def _fitting_state_text(self) -> str:
        metrics, width = self.fontMetrics(), self._columns.state.width()
        fitting = (text for text in self._state_texts if metrics.horizontalAdvance(text) <= width)
        elided = metrics.elidedText(self._state_texts[-1], Qt.TextElideMode.ElideRight, width)
        return next(fitting, elided)

    # -- mouse and keyboard ------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's own name
        super().enterEvent(event)
        self._set_active(active=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_active(active=self._has_icon_focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._set_active(active=self.underMouse() or self._has_icon_focus)
        return super().eventFilter(watched, event)

    @property
    def _has_icon_focus(self) -> bool:
        return any(button.hasFocus() for button in self._icon_buttons)

    def _set_active(self, *, active: bool) -> None:
        if active != self._is_active:
            self._is_active = active
            for button in self._icon_buttons:
                button.is_shown = active
            self.update()
