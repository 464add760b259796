"""Requests of the widgets of the tokens page, sent through one object so that recycled cards need no connections."""

from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.tokens.record import TokenKind

COPIED_DURATION_MS = 2000  # how long a button says that its value was copied


class AccountAction(StrEnum):
    """Action on an account, or on one of its keys."""

    COPY = "copy"
    REFRESH = "refresh"
    SIGN = "sign"
    CHECK_TOKEN = "check token"  # noqa: S105 - the name of an action
    ADDRESS = "address"
    FORCE = "force"
    COPY_APPID = "copy appid"
    HISTORY = "history"
    EDIT = "edit"
    SHARE = "share"
    OPEN_FOLDER = "open folder"
    REMOVE = "remove"


class Target(Struct, frozen=True):
    """Account, or one of its keys, that an action is about."""

    appid: str
    kind: TokenKind | None = None


class TokenRequests(QObject):
    """Signals for the page, and the key whose value was copied a moment ago."""

    action_requested = Signal(object, object)  # Target, AccountAction
    menu_requested = Signal(object, QPoint)  # Target, position on the screen
    notice_action_requested = Signal(object, object)  # AccountNotice, NoticeAction
    account_chosen = Signal(str)  # appid
    copied_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._copied: Target | None = None
        self._timer = QTimer(self, singleShot=True, interval=COPIED_DURATION_MS)
        self._timer.setObjectName("copied-timer")
        self._timer.timeout.connect(self._on_timeout)

    def request(self, target: Target, action: AccountAction) -> None:
        self.action_requested.emit(target, action)

    def mark_copied(self, target: Target) -> None:
        """Let the button of this key say for two seconds that its value is on the clipboard."""
        self._copied = target
        self._timer.start()
        self.copied_changed.emit()

    def is_copied(self, target: Target) -> bool:
        return target == self._copied

    @Slot()
    def _on_timeout(self) -> None:
        self._copied = None
        self.copied_changed.emit()


class TargetMixin:
    """Let the buttons and the context menu of a widget be about its `target`; list this class before the Qt class."""

    _requests: TokenRequests

    @property
    def target(self) -> Target:
        """Return the account or key that the widget shows."""
        raise NotImplementedError

    def _request(self, action: AccountAction) -> None:
        self._requests.request(self.target, action)

    def _open_menu_below(self, button: QWidget) -> None:
        self._requests.menu_requested.emit(self.target, button.mapToGlobal(QPoint(0, button.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._requests.menu_requested.emit(self.target, event.globalPos())
