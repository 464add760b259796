"""A JSON file with a format version: changed under a lock, set aside when damaged, strange fields kept."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from guarddog_gui.adapters.files.atomic import atomic_write, backup_damaged, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError, LockBusy

FORMAT_VERSION = 1
JSON_DOCUMENT_SIZE_MAX = 8 * 1024 * 1024  # bytes; ten thousand accounts have less
LOCK_TIMEOUT_S = 5.0

JsonObject = dict[str, object]
DocumentStamp = tuple[int, int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """How one kind of file is read and written.

    `parse` gives what can be read of the fields, and whether that was all of it; `fields` gives the fields
    of a value, given those that the file had before.
    """

    parse: Callable[[JsonObject], tuple[T, bool]]
    serialize: Callable[[T, JsonObject], JsonObject]


@dataclass(frozen=True, slots=True)
class _ParsedDocument(Generic[T]):
    value: T
    raw_fields: JsonObject = field(repr=False)
    damaged_bytes: bytes | None = field(
        default=None, repr=False
    )  # the file as it was, when not all of it could be read
    is_newer_version: bool = False


class JsonDocument(Generic[T]):
    """One file. `set_aside` names the copy of a damaged one, once one was found."""

    def __init__(self, path: Path, codec: Codec[T], *, repair_on_load: bool = True) -> None:
        """With `mends_on_read` false, only `change` writes good parts in the place of a damaged file."""
        self._path = path
        self._codec = codec
        self._repair_on_load = repair_on_load
        self.damaged_backup: Path | None = None
        self.is_damaged = False  # as the last read met it

    def stamp(self) -> DocumentStamp | None:
        """Something that differs after another program has changed the file; None without a file."""
        try:
            seen = os.stat(self._path)  # noqa: PTH116 - asked once a second
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def load(self) -> T:
        """What the file says, as far as it can be read. Raises FileTrouble when it cannot be opened at all.

        A damaged file is copied aside, and its good parts are written in its place where that is wanted.
        Where it is not possible it stays as it is, and `change` refuses.
        """
        content = self._read()
        self.is_damaged = content.damaged_bytes is not None
        if self.is_damaged:
            try:
                with file_lock(self._lock_path, LOCK_TIMEOUT_S):
                    return (
                        self._read_and_repair() if self._repair_on_load else self._read_and_back_up()
                    ).value
            except (FileError, LockBusy):
                pass
        return content.value

    def load_read_only(self) -> T:
        """What can be read of the file, with nothing written whatever it is like. Raises FileTrouble."""
        return self._read().value

    def update(self, edit: Callable[[T], T]) -> None:
        """Read, edit and write under a lock, in one step. Raises FileTrouble."""
        create_private_folder(self._path.parent)
        try:
            with file_lock(self._lock_path, LOCK_TIMEOUT_S):
                content = self._read_and_repair()
                if content.is_newer_version:
                    raise FileError(os.fspath(self._path), "written by a newer Guard Dog")
                self._write(edit(content.value), content.raw_fields)
        except LockBusy:
            raise FileError(os.fspath(self._path), "another program is changing it") from None

    @property
    def _lock_path(self) -> Path:
        return self._path.with_name(f".{self._path.name}.lock")

    def _read(self) -> _ParsedDocument[T]:
        data = read_file(self._path, JSON_DOCUMENT_SIZE_MAX, follow_symlinks=True)
        if data is None:
            return _ParsedDocument(self._codec.parse({})[0], {})
        try:
            fields = json.loads(data.decode("utf-8-sig"))  # Windows editors put a BOM in front
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            return _ParsedDocument(self._codec.parse({})[0], {}, damaged_bytes=data)
        value, is_whole = self._codec.parse(fields)
        version = fields.get("version", FORMAT_VERSION)
        if type(version) is int and version > FORMAT_VERSION:
            return _ParsedDocument(value, fields, is_newer_version=True)
        is_sound = is_whole and version == FORMAT_VERSION
        return _ParsedDocument(value, fields, damaged_bytes=None if is_sound else data)

    def _read_and_repair(self) -> _ParsedDocument[T]:
        """The content, once a damaged file has been mended; only under the lock. Raises FileTrouble."""
        content = self._read_and_back_up()
        if content.damaged_bytes is not None:
            self._write(content.value, content.raw_fields)
            self.is_damaged = False
        return content

    def _read_and_back_up(self) -> _ParsedDocument[T]:
        """The content, once a damaged file has been copied aside; only under the lock. Raises FileTrouble."""
        content = self._read()
        if content.damaged_bytes is not None:
            with translate_os_errors(self._path):
                changed_at = self._path.stat().st_mtime
                copies = list(self._path.parent.glob(f"{self._path.name}.damaged-*"))
                kept = next((copy for copy in copies if copy.read_bytes() == content.damaged_bytes), None)
            self.damaged_backup = kept or backup_damaged(self._path, content.damaged_bytes, changed_at)
        return content

    def _write(self, value: T, previous_fields: JsonObject) -> None:
        fields = {
            **previous_fields,
            "version": FORMAT_VERSION,
            **self._codec.serialize(value, previous_fields),
        }
        text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
        # a path that is not UTF-8 carries half characters; JSON spells them \udcxx
        atomic_write(self._path, text.encode(errors="backslashreplace"))
