"""How long a ticket may be relied on, although WeChat does not say how old it is.

getTicket answers every request with `expires_in` 7200, however little of the ticket's life is left. Several
independent reports on WeChat's developer forum agree on that; the page of getTicket says nothing. So the
number is true only for a ticket whose beginning was observed: the one before it was still returned a short
time ago. Any other ticket may end at any moment. It gets a short life, so that every reader of its `.dog`
file, Guard Dog or not, has it checked again after twenty minutes. The check is cheap: another request
returns the same ticket and invalidates nothing.

What is known of a ticket's age grows with every answer. A ticket that was first seen an hour ago ends within
another hour, so its last checks come closer together.
"""

from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

UNKNOWN_AGE_LIFE_S = 20 * 60
NEAR_END_LIFE_S = 60
SHORTEST_LIFE_S = 60  # shorter lives are a sandbox's: a part of one would be over before anything has followed


def unknown_age_life(lifetime_s: float) -> int:
    """Return for how many seconds a ticket of unknown age is relied on: twenty minutes of two hours."""
    return min(UNKNOWN_AGE_LIFE_S, max(1, int(lifetime_s / 6)))


def near_end_life(lifetime_s: float) -> int:
    """Return for how many seconds a ticket is relied on that WeChat still returned about when it should end."""
    return min(NEAR_END_LIFE_S, max(1, int(lifetime_s / 120)))


def reliable_life(lifetime_s: int, *, observed_at: float, seen_at: float, now: float) -> int:
    """Return for how many seconds from `now` a ticket that WeChat has just returned may be relied on.

    Args:
        lifetime_s: life of a new ticket in seconds, as WeChat states it with every answer.
        observed_at: when the ticket was seen replacing another (Unix seconds); 0 if that was not observed.
        seen_at: when it was returned first; it is at least that old.
        now: when the request for this answer started (Unix seconds).
    """
    if lifetime_s < SHORTEST_LIFE_S:
        return lifetime_s
    remaining_s = (observed_at or seen_at) + lifetime_s - now
    near_end_s = near_end_life(lifetime_s)
    if remaining_s > near_end_s:
        return round(remaining_s) if observed_at else min(unknown_age_life(lifetime_s), round(remaining_s))
    # It should have ended and has not, by some seconds (clocks differ) or by much: then WeChat has changed
    # the life of its tickets, and nothing is known of this one.
    return near_end_s if remaining_s > -near_end_s else unknown_age_life(lifetime_s)


def needs_proof(kind: TokenKind, record: TokenRecord) -> bool:
    """Return True if the life in the file is too long to be believed without knowing who wrote it."""
    return kind is not TokenKind.ACCESS_TOKEN and record.expires_in > UNKNOWN_AGE_LIFE_S
