"""A value that may be given without a lock for as long as its file stays as it is."""

import os

from guarddog_gui.adapters.files.atomic import FileStamp
from guarddog_gui.adapters.files.dog_file import OpenFileHandle


class CachedValue:
    """A value to be given without a lock from `since` to `until` (Unix seconds), while its file stays."""

    __slots__ = (
        "_device",
        "_fd",
        "_inode",
        "_mtime_ns",
        "_since",
        "_size",
        "_until",
        "_watch",
        "checked_at",
        "value",
    )

    def __init__(
        self, value: str, since: float, until: float, watch: OpenFileHandle, stamp: FileStamp
    ) -> None:
        self.value = value
        self.checked_at = 0.0  # by perf_counter
        self._since = since
        self._until = until
        self._watch = watch
        self._fd, self._device, self._inode = watch.fd, watch.device, watch.inode
        self._mtime_ns, self._size, _ = stamp

    def is_valid(self, now: float) -> bool:
        """Whether it may be given."""
        if not self._since <= now < self._until:
            return False
        try:
            seen = os.fstat(self._fd)
        except OSError:  # somebody has closed it
            return False
        return (
            seen.st_nlink > 0  # a file that was replaced has no name any more
            and seen.st_mtime_ns == self._mtime_ns
            and seen.st_size == self._size
            and seen.st_ino == self._inode
            and seen.st_dev == self._device
        )
