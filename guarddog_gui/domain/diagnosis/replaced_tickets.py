"""Tickets replaced within the last day, which a page may still have been signed with, and their file."""

import json
import math

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import DAY_S

FILE_NAME = "guarddog_tickets.json"  # the name is specific because other programs may use the folder
RETENTION_S = DAY_S
TICKETS_MAX = 100  # three times as many as WeChat issues in a day
TICKETS_FILE_SIZE_MAX = 1024 * 1024  # bytes
_TICKET_MAX = 2048  # characters
_VERSION = 1


class ReplacedTicket(HiddenFields, Struct, frozen=True):
    """Ticket with the time at which another one replaced it (Unix seconds)."""

    hidden_fields = ("value",)

    value: str
    replaced_at: float


def drop_expired_tickets(tickets: tuple[ReplacedTicket, ...], now: float) -> tuple[ReplacedTicket, ...]:
    """Return the tickets replaced within a day of `now`, before or (by a wrong clock) after it."""
    return tuple(ticket for ticket in tickets if abs(now - ticket.replaced_at) < RETENTION_S)


def add_replaced_ticket(tickets: tuple[ReplacedTicket, ...], value: str, now: float) -> tuple[ReplacedTicket, ...]:
    """Return the tickets with this one added, newest first, without duplicates and expired ones."""
    others = (ticket for ticket in drop_expired_tickets(tickets, now) if ticket.value != value)
    return (ReplacedTicket(value, now), *others)[:TICKETS_MAX]


def format_tickets(tickets: tuple[ReplacedTicket, ...]) -> str:
    items = [{"ticket": ticket.value, "replaced_at": ticket.replaced_at} for ticket in tickets]
    return json.dumps({"version": _VERSION, "tickets": items}, indent=2) + "\n"


def parse_tickets(text: str) -> tuple[ReplacedTicket, ...]:
    """Read the text of the file, leaving out what cannot be read."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    items = fields.get("tickets") if isinstance(fields, dict) else None
    parsed = map(_parse_ticket, items if isinstance(items, list) else ())
    return tuple(filter(None, parsed))


def _parse_ticket(item: object) -> ReplacedTicket | None:
    if not isinstance(item, dict):
        return None
    value, at = item.get("ticket"), item.get("replaced_at")
    if not isinstance(value, str) or not 0 < len(value) <= _TICKET_MAX or not value.isprintable():
        return None
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
        return None
    return ReplacedTicket(value, at)
