"""Texts of a notification: a title with the account and its state, what happened, what to do, the buttons."""

from collections.abc import Mapping

from msgspec import Struct

from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.refresh.notifications import Notification, NotificationAction, Urgency
from guarddog_gui.domain.refresh.own_address import NOT_LISTED_ERRCODES, earlier_address
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.messages.message import Message, Messages

_ACTION_LABELS: Mapping[NotificationAction, str] = {
    NotificationAction.COPY_IP: N_("Copy IP"),
    NotificationAction.TRY_AGAIN: N_("Try again"),
    NotificationAction.OPEN: N_("Open"),
}
_STATE_TEXTS: Mapping[NotificationKind, str] = {
    NotificationKind.NEEDS_USER_ACTION: N_("needs you"),
    NotificationKind.SUPERSEDED: N_("token replaced by somebody else"),
    NotificationKind.KEYRING_LOCKED: N_("keyring locked"),
    NotificationKind.RECOVERED: N_("works again"),
    NotificationKind.REFRESHED: N_("refreshed"),
}
BODY_MAX = 600  # characters; the longest meaning and fix of an errcode need 430


class NotificationText(Struct, frozen=True):
    """Texts of a notification, without any token.

    `actions` are pairs of an action and its label, the most useful one first.
    """

    title: str
    body: str
    actions: tuple[tuple[NotificationAction, str], ...] = ()
    urgency: Urgency = Urgency.NORMAL


def notification_text(notification: Notification, messages: Messages, now: float) -> NotificationText:
    """Return a notification in the language of the user.

    `now` (Unix seconds) decides if a value expires or has expired.
    """
    actions = tuple((action, messages.text(_ACTION_LABELS[action])) for action in notification.actions)
    title = f"{notification.account_name} · {_state_text(notification, messages, now)}"
    body = _printable(_message(notification, messages, now).text)
    if len(body) > BODY_MAX:
        body = body[: BODY_MAX - 1] + "…"
    return NotificationText(_printable(title), body, actions, notification.urgency)


def crash_notification_text(messages: Messages, *, is_of_earlier_run: bool) -> NotificationText:
    """Return the notification of a crash report while the window is hidden."""
    message = messages.for_crash_report(is_of_earlier_run=is_of_earlier_run)
    actions = ((NotificationAction.OPEN, messages.text(_ACTION_LABELS[NotificationAction.OPEN])),)
    return NotificationText("Guard Dog", message.text, actions)


def copy_notification_text(text: str) -> NotificationText:
    """Return the answer to a copy, which the desktop does not keep in its list."""
    return NotificationText("Guard Dog", _printable(text), urgency=Urgency.LOW)


def _state_text(notification: Notification, messages: Messages, now: float) -> str:
    entry = notification.entry
    if entry is not None and entry.errcode in NOT_LISTED_ERRCODES and earlier_address(entry.detail):
        return messages.text("IP address changed")
    if notification.kind is not NotificationKind.EXPIRING:
        return messages.text(_STATE_TEXTS[notification.kind])
    if notification.expires_at is None or notification.expires_at <= now:
        return messages.state_name(KeyState.EXPIRED)
    return messages.text("expires at {time}", time=messages.format_time(notification.expires_at))


def _message(notification: Notification, messages: Messages, now: float) -> Message:
    entry = notification.entry
    if notification.kind is NotificationKind.SUPERSEDED and entry is not None:
        return messages.message(
            "At {time} WeChat refused an access_token that should still have been alive. "
            "Probably another program made a new one.",
            "Open Guard Dog to switch this account to stable, or to fetch a new token.",
            time=messages.format_time(entry.at),
        )
    if entry is not None:
        next_at = notification.next_attempt_at
        is_ahead = next_at is not None and next_at > now
        return messages.for_entry(entry, next_at=next_at if is_ahead else None, platform=notification.platform)
    if notification.expires_at is not None:
        return messages.message(
            "Everything of this account is fresh until {time}.", time=messages.format_time(notification.expires_at)
        )
    return Message("")


def _printable(text: str) -> str:
    """Replace characters without a glyph: D-Bus ends the connection at a NUL and refuses a surrogate."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
