"""Text of a `.dog` file <-> TokenRecord, in npm guard_dog's own fields and order."""

import json

from guarddog_gui.domain.tokens import TokenRecord

LIFE_MAX_S = 31 * 24 * 3600
SIZE_MAX = 64 * 1024  # bytes; no value of WeChat's comes near


def file_name(key: str) -> str:
    """The file of a key."""
    return f"{key}.dog"


def to_text(record: TokenRecord) -> str:
    """What npm guard_dog 3.1.4 would write: five fields, this order, no spaces, no newline at the end."""
    fields = {
        "data": record.value,
        "expires_in": record.expires_in,
        "gen_time": record.generated_ms,
        "dir": record.directory,
        "ahead": record.ahead,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> TokenRecord | None:
    """The record in a `.dog` file, or None for anything that is not one: absent, not an error.

    Fields may come in any order and `dir` and `ahead` may be missing, as other writers do. A life
    over 31 days or a value that is not printable text is not a WeChat token, whoever wrote it.
    """
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    value = fields.get("data")
    expires_in = _whole(fields.get("expires_in"))
    generated_ms = _whole(fields.get("gen_time"))
    directory = fields.get("dir", "")
    ahead = _whole(fields.get("ahead", 2))
    if not isinstance(value, str) or not value or not value.isprintable() or not isinstance(directory, str):
        return None
    if expires_in is None or generated_ms is None or ahead is None:
        return None
    if not 0 < expires_in <= LIFE_MAX_S or not 0 < generated_ms < 2**53 or not 0 <= ahead <= LIFE_MAX_S:
        return None
    return TokenRecord(value, expires_in, generated_ms, directory, ahead)


def _whole(field: object) -> int | None:
    """A whole number as JSON gives it; npm's writer may send digits in a string."""
    if isinstance(field, bool):
        return None
    if isinstance(field, int):
        return field
    if isinstance(field, float) and field.is_integer():
        return int(field)
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 16:
        return int(field)
    return None
