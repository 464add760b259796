"""Kinds of notifications, each of which has a switch in the settings.

A module of its own because every start reads the settings, and only the tray app notifies.
"""

from enum import StrEnum


class NotificationKind(StrEnum):
    """Kinds of notifications; the values are stored in the settings."""

    NEEDS_USER_ACTION = "needs person"
    SUPERSEDED = "taken"  # another program made a new token: WeChat refused a valid one
    KEYRING_LOCKED = "keyring locked"
    EXPIRING = "expires"  # before it can be refreshed
    RECOVERED = "recovered"
    REFRESHED = "refreshed"


DEFAULT_NOTIFICATION_KINDS = frozenset(NotificationKind) - {NotificationKind.REFRESHED}
