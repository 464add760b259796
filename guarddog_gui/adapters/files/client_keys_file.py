"""File with the keys of the clients of `serve`, as hashes."""

import re
from pathlib import Path

from msgspec import convert, to_builtins

from guarddog_gui.adapters.files.json_document import JsonDocument, JsonObject
from guarddog_gui.adapters.files.lock import WaitListener
from guarddog_gui.domain.client_keys import ClientKey, is_valid_client_name

_HASH = re.compile(r"[0-9a-f]{64}")
_FIELDS = frozenset(ClientKey.__struct_encode_fields__)


class ClientKeysFile(JsonDocument[tuple[ClientKey, ...]]):
    """`client_keys.json`, for use from any thread and from several processes at once.

    Reading a damaged file does not write it: the server goes on with the keys that it can read.
    """

    def __init__(self, path: Path, on_long_wait: WaitListener | None = None) -> None:
        super().__init__(path, parse_client_keys, _serialize, repair_on_load=False, on_long_wait=on_long_wait)


def parse_client_keys(fields: JsonObject) -> tuple[tuple[ClientKey, ...], bool]:
    """Return the valid keys of the file, and whether all are valid."""
    items = fields.get("keys", [])
    if not isinstance(items, list):
        return (), False
    keys: dict[str, ClientKey] = {}
    for key in map(_parse_key, items):
        if key is not None:
            keys.setdefault(key.name, key)
    return tuple(keys.values()), len(keys) == len(items)


def _parse_key(item: object) -> ClientKey | None:
    if not isinstance(item, dict):
        return None
    try:
        key = convert({name: item[name] for name in _FIELDS & item.keys()}, ClientKey)
    except ValueError:
        return None
    return key if is_valid_client_name(key.name) and _HASH.fullmatch(key.sha256) else None


def _serialize(keys: tuple[ClientKey, ...], _previous_fields: JsonObject) -> JsonObject:
    return {"keys": [to_builtins(key) for key in keys]}
