"""JSON file with a format version. Updates happen under a lock and keep unknown fields.

A damaged file is copied aside before anything is written. The values are checked by hand: to import msgspec
would take longer (7 ms) than the whole reading of accounts and settings at the start.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from guarddog_gui.adapters.files.atomic import FileStamp, atomic_write, backup_damaged, get_file_stamp, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.problems import FileErrorReason

FORMAT_VERSION = 1
JSON_DOCUMENT_SIZE_MAX = 8 * 1024 * 1024  # bytes; ten thousand accounts have less
LOCK_TIMEOUT_S = 5.0

JsonObject = dict[str, object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Conversion between the fields of a file and their value.

    `parse` returns the readable part and whether that was everything. `serialize` returns the fields of a
    value; its second argument are the fields that the file has had so far.
    """

    parse: Callable[[JsonObject], tuple[T, bool]]
    serialize: Callable[[T, JsonObject], JsonObject]


@dataclass(frozen=True, slots=True)
class _ParsedDocument(Generic[T]):
    value: T
    raw_fields: JsonObject = field(repr=False)
    # the content of the file, if not all of it could be read
    damaged_bytes: bytes | None = field(default=None, repr=False)
    is_newer_version: bool = False


class JsonDocument(Generic[T]):
    """One file. After damage, `damaged_backup` is the path of the copy of the damaged file."""

    def __init__(self, path: Path, codec: Codec[T], *, repair_on_load: bool = True) -> None:
        """Let `load` replace a damaged file by its readable part, or only `update`."""
        self._path = path
        self._codec = codec
        self._repair_on_load = repair_on_load
        self.damaged_backup: Path | None = None
        self.is_damaged = False  # when last loaded

    def stamp(self) -> FileStamp | None:
        """Return a value that differs after the file was changed; None without a file."""
        return get_file_stamp(self._path, follow_symlinks=True)

    def load(self) -> T:
        """Return the readable part of the file. Raises FileError when it cannot be opened at all.

        A damaged file is copied aside, and replaced by its readable part if `repair_on_load`. If that is not
        possible it stays as it is, and `update` fails.
        """
        content = self._read()
        self.is_damaged = content.damaged_bytes is not None
        if self.is_damaged:
            try:
                with file_lock(self._lock_path, LOCK_TIMEOUT_S):
                    read = self._read_and_repair if self._repair_on_load else self._read_and_back_up
                    return read().value
            except (FileError, LockBusy):
                pass
        return content.value

    def load_read_only(self) -> T:
        """Return the readable part of the file without writing anything. Raises FileError."""
        return self._read().value

    def update(self, edit: Callable[[T], T]) -> None:
        """Read the file, call `edit` and write its result, all under the lock. Raises FileError."""
        create_private_folder(self._path.parent)
        try:
            with file_lock(self._lock_path, LOCK_TIMEOUT_S):
                content = self._read_and_repair()
                if content.is_newer_version:
                    raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
                self._write(edit(content.value), content.raw_fields)
        except LockBusy:
            raise FileError(os.fspath(self._path), FileErrorReason.LOCKED) from None

    @property
    def _lock_path(self) -> Path:
        return self._path.with_name(f".{self._path.name}.lock")

    def _read(self) -> _ParsedDocument[T]:
        data = read_file(self._path, JSON_DOCUMENT_SIZE_MAX, follow_symlinks=True)
        if data is None:
            return _ParsedDocument(self._codec.parse({})[0], {})
        fields = parse_json_object(data)
        if fields is None:
            return _ParsedDocument(self._codec.parse({})[0], {}, damaged_bytes=data)
        value, is_whole = self._codec.parse(fields)
        version = fields.get("version", FORMAT_VERSION)
        if type(version) is int and version > FORMAT_VERSION:
            return _ParsedDocument(value, fields, is_newer_version=True)
        is_sound = is_whole and version == FORMAT_VERSION
        return _ParsedDocument(value, fields, damaged_bytes=None if is_sound else data)

    def _read_and_repair(self) -> _ParsedDocument[T]:
        """Read the file and replace a damaged one by its readable part. Raises FileError."""
        content = self._read_and_back_up()
        if content.damaged_bytes is not None:
            self._write(content.value, content.raw_fields)
            self.is_damaged = False
        return content

    def _read_and_back_up(self) -> _ParsedDocument[T]:
        """Read the file and copy a damaged one aside, unless there is a copy already. Raises FileError."""
        content = self._read()
        if content.damaged_bytes is not None:
            with translate_os_errors(self._path):
                changed_at = self._path.stat().st_mtime
                copies = list(self._path.parent.glob(f"{self._path.name}.damaged-*"))
                same = next((copy for copy in copies if copy.read_bytes() == content.damaged_bytes), None)
            self.damaged_backup = same or backup_damaged(self._path, content.damaged_bytes, changed_at)
        return content

    def _write(self, value: T, previous_fields: JsonObject) -> None:
        fields = {**previous_fields, "version": FORMAT_VERSION, **self._codec.serialize(value, previous_fields)}
        write_json(self._path, fields)


def parse_json_object(data: bytes) -> JsonObject | None:
    """Return the JSON object in a file's content, or None if it is anything else."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))  # Windows editors put a BOM in front
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def write_json(path: Path, fields: JsonObject) -> None:
    """Replace the file by these fields. Raises FileError."""
    text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
    # paths and typed texts may have lone surrogates, which UTF-8 cannot encode but JSON spells \udcxx
    atomic_write(path, text.encode(errors="backslashreplace"))
