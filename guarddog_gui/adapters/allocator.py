"""Settings of the C library's memory allocator."""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
LARGE_BLOCK_SIZE = 128 * 1024  # bytes; glibc's own initial value


def return_large_blocks() -> bool:
    """Make glibc give large blocks back to the system when they are freed; return False elsewhere.

    glibc begins so, but raises the limit to the size of the largest block that was freed. From then on each thread
    has such blocks in an arena of its own and keeps them: a buffer of two megabytes that ten threads used once, one
    after the other, takes twenty. A fixed limit switches that off.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and returns them by itself
    return mallopt is not None and mallopt(_M_MMAP_THRESHOLD, LARGE_BLOCK_SIZE) == 1
