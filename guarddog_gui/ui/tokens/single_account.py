"""View of the only account: large rings with the countdowns, and the last 24 hours."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.account_card import AccountHead, CardContent
from guarddog_gui.ui.tokens.card_list import SCROLL_BAR_GAP
from guarddog_gui.ui.tokens.key_parts import CopyButton, IconButton, LargeRing, ValueButton, fraction_left, state_ink
from guarddog_gui.ui.tokens.key_row import key_state_texts
from guarddog_gui.ui.tokens.last_day import LastDayCard
from guarddog_gui.ui.tokens.notice_strip import NoticeStrip
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TargetMixin, TokenRequests
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import MARGIN as PAGE_MARGIN
from guarddog_gui.ui.widgets.page import fit_end_room
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

PADDING = 20  # around the panels
GAP = 14


class KeyPanel(TargetMixin, ThemedMixin, Card):
    """Panel of one key: ring with the countdown, state, masked value, buttons."""

    def __init__(self, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._requests = requests
        self._account: Account | None = None
        self._key: KeyStatus | None = None
        self.ring = LargeRing()
        self._name_label = ElidedLabel()
        self.state_label = make_plain_label("key-state")
        self.previous_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.value_button = ValueButton(self._read_value)
        self.copy_button = CopyButton(formatter.icons, requests)
        self.copy_button.set_primary()
        self.refresh_button = QPushButton()
        self.refresh_button.clicked.connect(partial(self._request, AccountAction.REFRESH))
        texts = make_column(
            None,
            self._name_label,
            self.state_label,
            self.previous_label,
            make_row(self.value_button, None),
            make_row(self.copy_button, self.refresh_button, None),
            None,
            spacing=4,
        )
        self.setLayout(make_row(self.ring, (texts, 1), spacing=20, margin=20))
        self.apply_palette()
        self.retranslate()

    @property
    def target(self) -> Target:
        return Target(self._account.appid if self._account else "", self._key.kind if self._key else None)

    def show_key(self, account: Account, key: KeyStatus, now: float) -> None:
        self._account, self._key = account, key
        messages, record = self._formatter.messages, key.usable_record(now)
        names = {"key": messages.key_name(key.kind), "name": account.name}
        self._name_label.set_text(names["key"])
        self.state_label.setText(self._state_text(key, now))
        previous = key.previous_token
        self.previous_label.set_text(self._formatter.previous_token_text(previous) if previous is not None else "")
        self.previous_label.setVisible(previous is not None)
        self.value_button.set_value(
            record.value if record is not None else "", self.tr("Value of {key} of {name}").format(**names)
        )
        name = self.tr("Copy {key} of {name}").format(**names)
        self.copy_button.set_target(self.target, name, is_enabled=record is not None)
        self.refresh_button.setAccessibleName(self.tr("Refresh {key} of {name}").format(**names))
        self.setAccessibleName(
            self.tr("{key} of {name}: {state}").format(**names, state=messages.key_state_text(key, now))
        )
        self.apply_palette()
        self.update_countdown(now)

    def _state_text(self, key: KeyStatus, now: float) -> str:
        """Return `valid until 16:05, renewed at 16:00`, or what is wrong."""
        record, messages = key.usable_record(now), self._formatter.messages
        is_well = record is not None and key.renewal is Renewal.OK and key.state is not KeyState.REFRESHING
        if record is None or not is_well:
            return key_state_texts(key, self._formatter, now)[0]
        until = messages.format_time(record.expires_at)
        if key.next_attempt_at is None or not now < key.next_attempt_at < record.expires_at:
            return messages.text("valid until {time}", time=until)
        next_time = messages.format_time(key.next_attempt_at)
        if key.kind is TokenKind.ACCESS_TOKEN:
            return messages.text("valid until {time}, renewed at {next}", time=until, next=next_time)
        return messages.text("valid until {time}, checked at {next}", time=until, next=next_time)

    def update_countdown(self, now: float) -> None:
        key = self._key
        if key is None:
            return
        record = key.usable_record(now)
        countdown = format_countdown(record.remaining_s(now)) if record is not None else "–"
        caption = self.tr("left") if record is not None else self._formatter.messages.state_name(key.state)
        self.ring.show_time(
            countdown, caption, fraction_left(key, now), state_ink(key, colours_of(self.palette()), now)
        )

    def retranslate(self) -> None:
        self.copy_button.retranslate()
        self.refresh_button.setText(self.tr("Refresh"))

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        self._name_label.set_text_font(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        self.value_button.update_font(self)
        key, now = self._key, self._formatter.clock()
        is_well = key is None or (key.usable_record(now) is not None and key.renewal is Renewal.OK)
        state_colour = colours.dim if key is None or is_well else state_ink(key, colours, now)
        dimmed = (
            (self.previous_label, colours.dim),
            (self.value_button, colours.dim),
            (self.state_label, state_colour),
        )
        for widget, colour in dimmed:
            palette = widget.palette()
            palette.setColor(widget.foregroundRole(), colour)
            widget.setPalette(palette)

    def _read_value(self) -> str:
        record = self._key.usable_record(self._formatter.clock()) if self._key is not None else None
        return record.value if record is not None else ""


class SingleAccountView(TargetMixin, QScrollArea):
    """View of one account with a panel for each of its keys."""

    def __init__(
        self, controller: Controller, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._requests = requests
        self._content: CardContent | None = None
        self.panels: list[KeyPanel] = []
        self.strips: list[NoticeStrip] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # unseen without a need, in the margin
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, 0, SCROLL_BAR_GAP, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sign_button, self._edit_button = QPushButton(), QPushButton()
        self._more_button = IconButton(formatter.icons, "more")
        self._head = AccountHead(formatter, requests, tile_size=36)
        self._head.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # it has one
        self._head.add_at_end(self._sign_button, self._edit_button, self._more_button)
        self._strip_column = QVBoxLayout()
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self.last_day = LastDayCard(controller, formatter)
        card = Card()
        card.setLayout(make_column(self._head, self._strip_column, self._grid, spacing=16, margin=PADDING))
        area = QWidget()
        column = make_column(card, self.last_day, spacing=GAP)
        column.addStretch(1)  # with a factor: the panels, in which the texts are centred, do not share the free height
        column.setContentsMargins(0, 0, 0, PAGE_MARGIN)
        area.setLayout(column)
        self.setWidget(area)
        self.viewport().setAutoFillBackground(False)
        area.setAutoFillBackground(False)
        self._sign_button.clicked.connect(partial(self._request, AccountAction.SIGN))
        self._edit_button.clicked.connect(partial(self._request, AccountAction.EDIT))
        self._more_button.clicked.connect(partial(self._open_menu_below, self._more_button))
        self.last_day.history_requested.connect(partial(self._request, AccountAction.HISTORY))
        self.retranslate()

    @property
    def target(self) -> Target:
        return Target(self._content.appid if self._content is not None else "")

    @property
    def initial_focus_widget(self) -> QWidget:
        return self.panels[0].copy_button if self.panels else self._edit_button

    def show_content(self, content: CardContent, now: float) -> None:
        """Show an account at a time in Unix seconds."""
        is_other = self._content is None or content.appid != self._content.appid
        if content == self._content:
            self.update_countdowns(now)
            return
        self._content = content
        self._head.show_account(content.status)
        self._sign_button.setVisible(content.status.key(TokenKind.JSAPI_TICKET) is not None)
        while len(self.panels) < len(content.status.keys):
            self.panels.append(KeyPanel(self._formatter, self._requests))
        while len(self.strips) < len(content.notices):
            self.strips.append(NoticeStrip(self._formatter, self._requests))
            self._strip_column.addWidget(self.strips[-1])
        for number, strip in enumerate(self.strips):
            strip.setVisible(number < len(content.notices))
        for strip, notice in zip(self.strips, content.notices, strict=False):
            strip.show_account_notice(notice)
        for panel, key in zip(self.panels, content.status.keys, strict=False):
            panel.show_key(content.status.account, key, now)
        self._place_panels()
        fit_end_room(self)
        if is_other:
            self.last_day.set_account(content.appid)

    def update_countdowns(self, now: float) -> None:
        for panel in self.panels:
            if not panel.isHidden():
                panel.update_countdown(now)

    def retranslate(self) -> None:
        self._sign_button.setText(self.tr("Sign a page"))
        self._edit_button.setText(self.tr("Edit"))
        self._more_button.set_name(self.tr("More"))
        for panel in self.panels:
            panel.retranslate()
        self.last_day.retranslate()
        content, self._content = self._content, None
        if content is not None:
            self.show_content(content, self._formatter.clock())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panels()
        fit_end_room(self)

    def _place_panels(self) -> None:
        """Put the panels side by side as far as there is room."""
        shown = len(self._content.status.keys) if self._content is not None else 0
        needed = max((panel.minimumSizeHint().width() for panel in self.panels[:shown]), default=1)
        room = self.viewport().width() - 2 * PADDING
        columns = 2 if shown > 1 and room >= 2 * needed + self._grid.spacing() else 1
        for number, panel in enumerate(self.panels):
            if number < shown:
                self._grid.addWidget(panel, number // columns, number % columns)
            panel.setVisible(number < shown)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
