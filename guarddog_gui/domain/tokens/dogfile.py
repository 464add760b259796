"""Text of a `.dog` file <-> what it holds, in npm guard_dog's own fields and order."""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S, Expiring
from guarddog_gui.domain.tokens.record import TokenRecord

DOG_FILE_SIZE_MAX = 64 * 1024  # bytes; no value of WeChat's comes near
NESTING_MAX = 100  # lists and objects within each other: Python needs some stack for each
DEFAULT_AHEAD_S = 2  # what npm guard_dog takes where nothing is said

_TIMESTAMP_MS_MAX = 2**53


@dataclass(frozen=True, slots=True)
class DogRecord(Expiring):
    """Any JSON value with its times: `expires_in` and `ahead` are seconds, `generated_ms` Unix milliseconds
    when its request started (`gen_time` in the file), `directory` the folder that its writer named.
    """

    data: Any = field(repr=False)
    expires_in: float
    generated_ms: float
    directory: str = ""
    ahead: float = DEFAULT_AHEAD_S

    @property
    def is_auto_refreshed(self) -> bool:
        """Whether it is refreshed by itself; in npm what lives longer than `ahead`."""
        return self.expires_in > self.ahead

    @property
    def refresh_at(self) -> float:
        """Unix seconds from which a new one is due: `ahead` before the end, or the end itself."""
        return self.expires_at - self.ahead if self.is_auto_refreshed else self.expires_at


def dog_file_name(key: str) -> str:
    """The file of a key."""
    return f"{key}.dog"


def format_dog(record: DogRecord) -> str:
    """What npm guard_dog 3.1.4 would write: five fields, this order, no spaces, no newline at the end.

    Raises TypeError for data that JSON does not have, ValueError for NaN and for data without an end.
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
    """What a `.dog` file holds, or None for anything that is not one: absent, not an error.

    Fields may come in any order, `dir` and `ahead` may be missing and numbers may be digits in a string, as
    other writers have it. A file without `data` is what a loader leaves that handed over an error, and data
    deeper than DEPTH_MAX is none.
    """
    try:
        fields = json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or "data" not in fields:
        return None
    life, born, ahead = map(
        _parse_number,
        (fields.get("expires_in"), fields.get("gen_time"), fields.get("ahead", DEFAULT_AHEAD_S)),
    )
    directory = fields.get("dir", "")
    if life is None or born is None or ahead is None or not isinstance(directory, str):
        return None
    if nesting_depth(fields["data"]) > NESTING_MAX:
        return None
    if not (
        0 <= life * 1000 < _TIMESTAMP_MS_MAX
        and 0 <= ahead < _TIMESTAMP_MS_MAX
        and 0 < born < _TIMESTAMP_MS_MAX
    ):
        return None
    return DogRecord(fields["data"], life, born, directory, ahead)


def nesting_depth(data: Any) -> int:
    """How many lists and objects are within each other; 0 for a text or a number."""
    depth, layer = 0, [data]
    while layer := [whole for whole in layer if isinstance(whole, list | dict)]:
        depth += 1
        layer = [part for whole in layer for part in (whole.values() if isinstance(whole, dict) else whole)]
    return depth


def format_token_record(record: TokenRecord) -> str:
    """The text of a token or ticket."""
    return format_dog(
        DogRecord(record.value, record.expires_in, record.generated_ms, record.directory, record.ahead)
    )


def parse_token_record(text: str) -> TokenRecord | None:
    """The token or ticket in a `.dog` file, or None for anything that is not one.

    A life over 31 days or a value that is not printable text is not a WeChat token, whoever wrote it.
    """
    dog = parse_dog(text)
    if dog is None or not isinstance(dog.data, str) or not dog.data or not dog.data.isprintable():
        return None
    life, born, ahead = dog.expires_in, dog.generated_ms, dog.ahead
    if not isinstance(life, int) or not isinstance(born, int) or not isinstance(ahead, int):
        return None
    if not 0 < life <= BELIEVABLE_LIFETIME_MAX_S or ahead > BELIEVABLE_LIFETIME_MAX_S:
        return None
    return TokenRecord(dog.data, life, born, dog.directory, ahead)


def _reject_constant(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's; Node calls such a file damaged


def _parse_number(field: object) -> float | None:
    """A number as JSON gives it, whole where it can be; npm's writer may send digits in a string."""
    if isinstance(field, bool):
        return None
    if isinstance(field, int):
        return field
    if isinstance(field, float) and math.isfinite(field):
        return int(field) if field.is_integer() else field
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 16:
        return int(field)
    return None
