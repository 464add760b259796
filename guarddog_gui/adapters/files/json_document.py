"""A JSON file with a format version: changed under a lock, set aside when damaged, strange fields kept."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from guarddog_gui.adapters.files.atomic import copy_aside, read_file, replace_file
from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.adapters.files.lock import locked
from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.domain.errors import FileTrouble, LockBusy

VERSION = 1
SIZE_MAX = 8 * 1024 * 1024  # bytes; ten thousand accounts have less
LOCK_WAIT_S = 5.0

Fields = dict[str, object]
Stamp = tuple[int, int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """How one kind of file is read and written.

    `parse` gives what can be read of the fields, and whether that was all of it; `fields` gives the fields
    of a value, given those that the file had before.
    """

    parse: Callable[[Fields], tuple[T, bool]]
    fields: Callable[[T, Fields], Fields]


@dataclass(frozen=True, slots=True)
class _Content(Generic[T]):
    value: T
    fields: Fields
    damaged: bytes | None = None  # the file as it was, when not all of it could be read
    is_newer: bool = False


class ConfigDocument(Generic[T]):
    """One file. `set_aside` names the copy of a damaged one, once one was found."""

    def __init__(self, path: Path, shape: Shape[T], *, mends_on_read: bool = True) -> None:
        """With `mends_on_read` false, only `change` writes good parts in the place of a damaged file."""
        self._path = path
        self._shape = shape
        self._mends_on_read = mends_on_read
        self.set_aside: Path | None = None
        self.is_damaged = False  # as the last read met it

    def stamp(self) -> Stamp | None:
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
        self.is_damaged = content.damaged is not None
        if self.is_damaged:
            try:
                with locked(self._lock_file, LOCK_WAIT_S):
                    return (self._repaired() if self._mends_on_read else self._copied()).value
            except (FileTrouble, LockBusy):
                pass
        return content.value

    def peek(self) -> T:
        """What can be read of the file, with nothing written whatever it is like. Raises FileTrouble."""
        return self._read().value

    def change(self, edit: Callable[[T], T]) -> None:
        """Read, edit and write under a lock, in one step. Raises FileTrouble."""
        private_folder(self._path.parent)
        try:
            with locked(self._lock_file, LOCK_WAIT_S):
                content = self._repaired()
                if content.is_newer:
                    raise FileTrouble(os.fspath(self._path), "written by a newer Guard Dog")
                self._write(edit(content.value), content.fields)
        except LockBusy:
            raise FileTrouble(os.fspath(self._path), "another program is changing it") from None

    @property
    def _lock_file(self) -> Path:
        return self._path.with_name(f".{self._path.name}.lock")

    def _read(self) -> _Content[T]:
        data = read_file(self._path, SIZE_MAX, follow=True)
        if data is None:
            return _Content(self._shape.parse({})[0], {})
        try:
            fields = json.loads(data.decode("utf-8-sig"))  # Windows editors put a BOM in front
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            return _Content(self._shape.parse({})[0], {}, damaged=data)
        value, is_whole = self._shape.parse(fields)
        version = fields.get("version", VERSION)
        if type(version) is int and version > VERSION:
            return _Content(value, fields, is_newer=True)
        is_sound = is_whole and version == VERSION
        return _Content(value, fields, damaged=None if is_sound else data)

    def _repaired(self) -> _Content[T]:
        """The content, once a damaged file has been mended; only under the lock. Raises FileTrouble."""
        content = self._copied()
        if content.damaged is not None:
            self._write(content.value, content.fields)
            self.is_damaged = False
        return content

    def _copied(self) -> _Content[T]:
        """The content, once a damaged file has been copied aside; only under the lock. Raises FileTrouble."""
        content = self._read()
        if content.damaged is not None:
            with troubles_of(self._path):
                changed_at = self._path.stat().st_mtime
                copies = list(self._path.parent.glob(f"{self._path.name}.damaged-*"))
                kept = next((copy for copy in copies if copy.read_bytes() == content.damaged), None)
            self.set_aside = kept or copy_aside(self._path, content.damaged, changed_at)
        return content

    def _write(self, value: T, before: Fields) -> None:
        fields = {**before, "version": VERSION, **self._shape.fields(value, before)}
        text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
        # a path that is not UTF-8 carries half characters; JSON spells them \udcxx
        replace_file(self._path, text.encode(errors="backslashreplace"))
