"""JSON file with a format version. Updates happen under a lock and keep unknown fields.

A damaged file is copied aside before anything is written. The standard `json` reads and writes the text:
msgspec's rejects lone surrogates, which paths may have, and NaN, which must cost one field, not the whole file.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from guarddog_gui.adapters.files.atomic import FileStamp, atomic_write, backup_damaged, get_file_stamp, read_file
from guarddog_gui.adapters.files.lock import WaitListener, lock_beside
from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.problems import FileErrorReason

FORMAT_VERSION = 1
JSON_DOCUMENT_SIZE_MAX = 8 * 1024 * 1024  # bytes; ten thousand accounts have less
LOCK_TIMEOUT_S = 5.0

JsonObject = dict[str, object]
T = TypeVar("T")


class _ParsedDocument(HiddenFields, Struct, Generic[T], frozen=True):
    hidden_fields = ("raw_fields", "damaged_bytes")

    value: T
    raw_fields: JsonObject
    # the content of the file, if not all of it could be read
    damaged_bytes: bytes | None = None
    is_newer_version: bool = False


class JsonDocument(Generic[T]):
    """One file, for use from any thread and from several processes at once."""

    def __init__(
        self,
        path: Path,
        parse: Callable[[JsonObject], tuple[T, bool]],
        serialize: Callable[[T, JsonObject], JsonObject],
        *,
        repair_on_load: bool = True,
        on_long_wait: WaitListener | None = None,
    ) -> None:
        """Store the arguments.

        `parse` returns the readable part of a file's fields and if that was everything. `serialize` returns the
        fields of a value; its second argument are the fields that the file has had so far. `load` replaces a
        damaged file by its readable part if `repair_on_load`; `update` always does.
        """
        self._path = path
        self._parse = parse
        self._serialize = serialize
        self._repair_on_load = repair_on_load
        self._on_long_wait = on_long_wait
        self.damaged_backup: Path | None = None  # the copy of a damaged file, if one was found since the start
        self.is_damaged = False  # when last loaded, so that a part of the values may be missing
        self.is_newer_version = False  # when last loaded: `update` will refuse it

    @property
    def location(self) -> str:
        """Path of the file, for messages."""
        return os.fspath(self._path)

    def stamp(self) -> FileStamp | None:
        """Return a value that differs after the file was changed; None without a file."""
        return get_file_stamp(self._path, follow_symlinks=True)

    def load(self) -> T:
        """Return the readable part of the file. Raises FileError when it cannot be opened at all.

        A damaged file is copied aside, and replaced by its readable part if `repair_on_load`. If that is not
        possible it stays as it is, and `update` fails.
        """
        content = self._read()
        self.is_newer_version = content.is_newer_version
        self.is_damaged = content.damaged_bytes is not None
        if self.is_damaged:
            # Without waiting: the start of the tray app reads the settings before anything is on the screen. While
            # another process holds the lock, it is changing the file, and the next `load` or `update` repairs it.
            with suppress(FileError), lock_beside(self._path, 0.0):
                content = self._read_and_repair() if self._repair_on_load else self._read_and_back_up()
        return content.value

    def load_read_only(self) -> T:
        """Return the readable part of the file without writing anything. Raises FileError."""
        return self._read().value

    def update(self, edit: Callable[[T], T]) -> None:
        """Read the file, call `edit` and write its result, all under the lock. Raises FileError."""
        self._update_fields(lambda value, fields: (edit(value), fields))

    def _update_fields(self, edit: Callable[[T, JsonObject], tuple[T, JsonObject]]) -> None:
        """Do the same as `update` with the value and all fields of the file. Raises FileError."""
        with lock_beside(self._path, LOCK_TIMEOUT_S, self._on_long_wait):
            content = self._read_and_repair()
            if content.is_newer_version:
                raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
            self._write(*edit(content.value, content.raw_fields))

    def _read(self) -> _ParsedDocument[T]:
        data = read_file(self._path, JSON_DOCUMENT_SIZE_MAX, follow_symlinks=True)
        parsed_fields = {} if data is None else parse_json_object(data)
        fields = parsed_fields or {}
        value, is_whole = self._parse(fields)
        version = fields.get("version", FORMAT_VERSION)
        is_newer = is_newer_version(version, FORMAT_VERSION)
        is_sound = parsed_fields is not None and is_whole and version == FORMAT_VERSION
        return _ParsedDocument(value, fields, None if is_sound or is_newer else data, is_newer)

    def _read_and_repair(self) -> _ParsedDocument[T]:
        content = self._read_and_back_up()
        if content.damaged_bytes is not None:
            self._write(content.value, content.raw_fields)
            self.is_damaged = False
        return content

    def _read_and_back_up(self) -> _ParsedDocument[T]:
        """Read the file and copy a damaged one aside, unless there is a copy already."""
        content = self._read()
        if content.damaged_bytes is not None:
            with translate_os_errors(self._path):
                changed_at = self._path.stat().st_mtime
                copies = list(self._path.parent.glob(f"{self._path.name}.damaged-*"))
                same = next((copy for copy in copies if copy.read_bytes() == content.damaged_bytes), None)
            self.damaged_backup = same or backup_damaged(self._path, content.damaged_bytes, changed_at)
        return content

    def _write(self, value: T, previous_fields: JsonObject) -> None:
        fields = {**previous_fields, "version": FORMAT_VERSION, **self._serialize(value, previous_fields)}
        write_json(self._path, fields)


def parse_json_object(data: bytes) -> JsonObject | None:
    """Return the JSON object in a file's content, or None if it is anything else."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))  # Windows editors put a BOM in front
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def is_newer_version(version: object, known: int) -> bool:
    """Return if the `version` of a file is that of a later Guard Dog; a damaged one is not."""
    return isinstance(version, int | float) and version > known


def write_json(path: Path, fields: JsonObject) -> None:
    """Replace the file by these fields. Raises FileError."""
    text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
    # paths and typed texts may have lone surrogates, which UTF-8 cannot encode but JSON spells \udcxx
    atomic_write(path, text.encode(errors="backslashreplace"))
