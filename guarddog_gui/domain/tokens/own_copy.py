"""Guard Dog's own copy of the value in a `.dog` file: the mark by which it recognises its values.

Other programs may write the `.dog` files too, and what they write may belong to another account. A `.dog` file
does not say who wrote it, so Guard Dog keeps beside it, in a file that no other program knows, what it wrote
there last. Readers compare the two: as long as they are equal, nobody needs the history, and the value is one
that WeChat gave to Guard Dog for this account. If another program has replaced the value, the copy allows to
put it back without a call to WeChat. The AppID in the copy shows that the folder of another account was copied.

The file is as private as the `.dog` file and holds nothing that the `.dog` file does not.
"""

import json

from guarddog_gui.domain.tokens.dog_format import parse_token_record
from guarddog_gui.domain.tokens.record import TokenRecord


def own_copy_name(key: str) -> str:
    """Return the name of the file; it is specific because other programs may use the folder."""
    return f"guarddog_{key}.json"


def format_own_copy(appid: str, record: TokenRecord) -> str:
    fields = {"appid": appid, "data": record.value, "expires_in": record.expires_in, "gen_time": record.generated_ms}
    return json.dumps(fields, separators=(",", ":"))  # ASCII: a value may hold lone surrogates, which UTF-8 cannot


def parse_own_copy(text: str, appid: str) -> TokenRecord | None:
    """Read the text of the file; return None if it is damaged or belongs to another account."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("appid") != appid:
        return None
    return parse_token_record(text)  # it has the fields of a `.dog` file, but for the optional ones


def is_same_value_and_life(record: TokenRecord, own_copy: TokenRecord) -> bool:
    """Return True if the `.dog` file holds exactly what Guard Dog wrote there."""
    return (
        record.value == own_copy.value
        and record.expires_in == own_copy.expires_in
        and record.generated_ms == own_copy.generated_ms
    )
