"""Cache of a value for readers, checked without a lock."""

import os

from guarddog_gui.adapters.files.atomic import FileStamp
from guarddog_gui.adapters.files.dog_file import OpenFileHandle


class CachedValue:
    """Value that is valid from `since` to `until` (Unix seconds) as long as its file is unchanged.

    The check is one `fstat` of the open file, cheaper than a `stat` by path: a web server may ask for
    its token with every request. A replaced file has no links left; an edited one has another time or size.
    """

    __slots__ = ("_device", "_fd", "_handle", "_inode", "_mtime_ns", "_since", "_size", "_until", "checked_at", "value")

    def __init__(self, value: str, since: float, until: float, handle: OpenFileHandle, stamp: FileStamp) -> None:
        self.value = value
        self.checked_at = 0.0  # time.perf_counter of the last check
        self._since = since
        self._until = until
        self._handle = handle  # keeps the file open
        self._fd, self._device, self._inode = handle.fd, handle.device, handle.inode
        self._mtime_ns, self._size, _ = stamp

    def is_valid(self, now: float) -> bool:
        """Return True if the value may be used at `now`."""
        if not self._since <= now < self._until:
            return False
        try:
            status = os.fstat(self._fd)
        except OSError:  # closed by the program, as daemons do with all descriptors
            return False
        return (
            status.st_nlink > 0
            and status.st_mtime_ns == self._mtime_ns
            and status.st_size == self._size
            and status.st_ino == self._inode  # another file may have got the same descriptor
            and status.st_dev == self._device
        )
