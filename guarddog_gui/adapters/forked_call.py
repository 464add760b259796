"""Work in a child process that may be left behind.

A thread that waits for a file on a hung network share (NFS, sshfs, another FUSE file system) can neither be
interrupted nor killed, and the kernel does not end its process before the call returns. So a program that must end
in time lets a child ask such a share. Linux only: on macOS a forked process must not use the system's frameworks.
"""

import errno
import os
import selectors
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress

_READ_BYTES = 65536
# the end of the file is no sign: a thread that hangs keeps the pipe of an ended process open
_END = b"\n"


def lines_from_child(produce: Callable[[], Iterator[bytes]], timeout_s: float) -> Iterator[bytes]:
    """Yield what `produce` yields in a forked process, until its end or the deadline: lines that are not empty.

    Call it from the only thread, or from one that knows that no other thread holds a lock which the child needs.
    Raises OSError if no process can be started.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "Windows cannot fork a process")
    reader, writer = os.pipe()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12 where other threads run
            pid = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if pid == 0:
        _run_child(produce, reader, writer)
    os.close(writer)
    try:
        yield from _read_lines(reader, time.monotonic() + timeout_s)
    finally:
        os.close(reader)
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(pid, os.WNOHANG)  # a child that hangs is left to init


def _run_child(produce: Callable[[], Iterator[bytes]], reader: int, writer: int) -> None:
    """Write the lines and end the process, without the cleaning up of the parent's objects."""
    code = 1
    try:
        os.close(reader)
        # a child that hangs must not keep the pipe of the parent's output open
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        for line in produce():
            _write_all(writer, line + b"\n")
        _write_all(writer, _END)
        code = 0
    finally:
        os._exit(code)


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _read_lines(fd: int, deadline_monotonic_s: float) -> Iterator[bytes]:
    buffer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while (left := deadline_monotonic_s - time.monotonic()) > 0:
            if not selector.select(left):
                return
            data = os.read(fd, _READ_BYTES)
            if not data:
                return
            *lines, buffer = (buffer + data).split(b"\n")
            yield from filter(None, lines)
            if b"" in lines:
                return
