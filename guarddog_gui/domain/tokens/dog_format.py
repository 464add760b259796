"""Reading and writing the text of `.dog` files, the format of npm guard_dog."""

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S, Expiring

if TYPE_CHECKING:
    from guarddog_gui.domain.tokens.record import TokenRecord

DOG_FILE_SIZE_MAX = 64 * 1024  # bytes; no value of WeChat's comes near
NESTING_MAX = 100  # nested lists and objects: Python needs stack space for each
DEFAULT_AHEAD_S = 2  # npm guard_dog's default

_TIMESTAMP_MS_MAX = 2**53


class _DogFields(NamedTuple):
    data: Any
    expires_in: float
    generated_ms: float
    directory: str = ""
    ahead: float = DEFAULT_AHEAD_S


class DogRecord(HiddenFields, Expiring, _DogFields):
    """Content of a `.dog` file: any JSON value with its times.

    No `Struct`: programs with the guard_dog library are to start without msgspec, whose import takes 8 ms.

    data           the value; a token or ticket, or whatever a loader of the guard_dog library returned
    expires_in     lifetime in seconds
    generated_ms   Unix milliseconds when the request for the value started (`gen_time` in the file)
    directory      folder that the writer used (`dir` in the file)
    ahead          seconds before expiry at which the value is refreshed
    """

    __slots__ = ()
    hidden_fields = ("data",)

    @property
    def is_auto_refreshed(self) -> bool:
        """Return True if the lifetime is longer than `ahead`: npm guard_dog refreshes only such values."""
        return self.expires_in > self.ahead

    @property
    def refresh_at(self) -> float:
        """Return when a refresh is due (Unix seconds): `ahead` before expiry, else at expiry."""
        return self.expires_at - self.ahead if self.is_auto_refreshed else self.expires_at


def dog_file_name(key: str) -> str:
    return f"{key}.dog"


def format_dog(record: DogRecord) -> str:
    """Write the text that npm guard_dog 3.1.4 would: five fields in this order, no spaces, no final newline.

    Raises TypeError for data that JSON cannot express, ValueError for NaN and for circular data.
    """
    fields = {
        "data": record.data,
        "expires_in": record.expires_in,
        "gen_time": record.generated_ms,
        "dir": record.directory,
        "ahead": record.ahead,
    }
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def parse_dog(text: str) -> DogRecord | None:
    """Read the text of a `.dog` file; return None for anything else, which counts as an absent file.

    Fields may have any order, `dir` and `ahead` may be missing, and numbers may be strings of digits, because
    other writers produce such files. npm's writer leaves out `data` if the loader passed an error. Data
    nested deeper than NESTING_MAX is rejected.
    """
    try:
        fields = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or "data" not in fields:
        return None
    numbers = (fields.get("expires_in"), fields.get("gen_time"), fields.get("ahead", DEFAULT_AHEAD_S))
    lifetime, generated_ms, ahead = map(_parse_number, numbers)
    directory = fields.get("dir", "")
    if lifetime is None or generated_ms is None or ahead is None or not isinstance(directory, str):
        return None
    if nesting_depth(fields["data"]) > NESTING_MAX:
        return None
    if generated_ms == 0 or not all(0 <= n < _TIMESTAMP_MS_MAX for n in (lifetime * 1000, ahead, generated_ms)):
        return None
    return DogRecord(fields["data"], lifetime, generated_ms, directory, ahead)


def nesting_depth(data: Any) -> int:
    """Count how deep lists and objects are nested; 0 for a text or a number."""
    depth, level = 0, [data]
    while level := [item for item in level if isinstance(item, list | dict)]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth


def format_token_record(record: "TokenRecord") -> str:
    return format_dog(DogRecord(record.value, record.expires_in, record.generated_ms, record.directory, record.ahead))


def parse_token_record(text: str) -> "TokenRecord | None":
    """Read the token or ticket in a `.dog` file; return None for anything else.

    A lifetime over 31 days or a value that is not printable text is no WeChat token.
    """
    dog = parse_dog(text)
    if dog is None or not isinstance(dog.data, str) or not dog.data or not dog.data.isprintable():
        return None
    lifetime, generated_ms, ahead = dog.expires_in, dog.generated_ms, dog.ahead
    if not isinstance(lifetime, int) or not isinstance(generated_ms, int) or not isinstance(ahead, int):
        return None
    if not 0 < lifetime <= BELIEVABLE_LIFETIME_MAX_S or ahead > BELIEVABLE_LIFETIME_MAX_S:
        return None
    from guarddog_gui.domain.tokens.record import TokenRecord  # with msgspec, see DogRecord

    return TokenRecord(dog.data, lifetime, generated_ms, dog.directory, ahead)


def _reject_constant(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's; Node calls such a file damaged


_DECODER = json.JSONDecoder(parse_constant=_reject_constant)  # `json.loads` would make a new one for each text


def _parse_number(field: object) -> float | None:
    """Return a number as JSON has it, as an int if it is whole; npm's writer may store digits in a string."""
    if isinstance(field, bool):
        return None
    if isinstance(field, int):
        return field
    if isinstance(field, float) and math.isfinite(field):
        return int(field) if field.is_integer() else field
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 16:
        return int(field)
    return None
