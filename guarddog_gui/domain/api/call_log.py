"""Log of the calls of the API console: what was called and what came of it, without any value."""

from msgspec import Struct

from guarddog_gui.domain.redaction import redact

CALLS_MAX = 200  # of one account
FAVOURITES_MAX = 100

Favourite = tuple[str, str]  # method and path


class LoggedCall(Struct, frozen=True):
    """One call: no query values, no body, no token.

    at        Unix seconds
    status    HTTP status; None without an answer
    errcode   None if WeChat refused nothing
    failure   kind of failure if there was no usable answer, such as `timeout`
    """

    at: float
    method: str
    path: str
    status: int | None = None
    errcode: int | None = None
    rid: str | None = None
    size: int = 0  # bytes
    took_ms: int = 0
    failure: str = ""


def add_call(calls: tuple[LoggedCall, ...], call: LoggedCall) -> tuple[LoggedCall, ...]:
    """Return the calls, newest first, with one more."""
    safe = LoggedCall(
        call.at, call.method, redact(call.path), call.status, call.errcode, call.rid, call.size, call.took_ms,
        call.failure,
    )  # fmt: skip
    return (safe, *calls)[:CALLS_MAX]


def with_favourite(favourites: tuple[Favourite, ...], favourite: Favourite, *, is_kept: bool) -> tuple[Favourite, ...]:
    """Return the favourites with this one at the end, or without it."""
    others = tuple(each for each in favourites if each != favourite)
    return (*others, favourite)[-FAVOURITES_MAX:] if is_kept else others
