"""The tickets that an account had before, for a day: a page may have been signed with one of them."""

import json
import math
from dataclasses import dataclass, field

from guarddog_gui.domain.tokens.expiry import DAY_S

FILE_NAME = "guarddog_tickets.json"  # it may lie in a folder that is not ours alone
RETENTION_S = DAY_S
TICKETS_MAX = 100  # three times what WeChat gives out in a day
TICKETS_FILE_SIZE_MAX = 1024 * 1024  # bytes
_TICKET_MAX = 2048  # characters
_VERSION = 1


@dataclass(frozen=True, slots=True)
class ReplacedTicket:
    """A ticket and when another one took its place (Unix seconds)."""

    value: str = field(repr=False)
    replaced_at: float


def drop_expired_tickets(tickets: tuple[ReplacedTicket, ...], now: float) -> tuple[ReplacedTicket, ...]:
    """Those of the last day. What a clock that was wrong put into the far future goes as well."""
    return tuple(ticket for ticket in tickets if abs(now - ticket.replaced_at) < RETENTION_S)


def add_replaced_ticket(
    tickets: tuple[ReplacedTicket, ...], value: str, now: float
) -> tuple[ReplacedTicket, ...]:
    """What is kept once this one was replaced, newest first and each value once."""
    others = (ticket for ticket in drop_expired_tickets(tickets, now) if ticket.value != value)
    return (ReplacedTicket(value, now), *others)[:TICKETS_MAX]


def format_tickets(tickets: tuple[ReplacedTicket, ...]) -> str:
    """What the file holds."""
    items = [{"ticket": ticket.value, "replaced_at": ticket.replaced_at} for ticket in tickets]
    return json.dumps({"version": _VERSION, "tickets": items}, indent=2) + "\n"


def parse_tickets(text: str) -> tuple[ReplacedTicket, ...]:
    """What can be read of a file; nothing, where it is damaged."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    items = fields.get("tickets") if isinstance(fields, dict) else None
    read = map(_parse_ticket, items if isinstance(items, list) else ())
    return tuple(ticket for ticket in read if ticket is not None)


def _parse_ticket(item: object) -> ReplacedTicket | None:
    if not isinstance(item, dict):
        return None
    value, at = item.get("ticket"), item.get("replaced_at")
    if not isinstance(value, str) or not 0 < len(value) <= _TICKET_MAX or not value.isprintable():
        return None
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
        return None
    return ReplacedTicket(value, at)
