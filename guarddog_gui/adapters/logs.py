"""Log file that rotates, contains no secrets, and never disturbs the program when it cannot be written."""

import logging
import logging.handlers
import os
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType

from guarddog_gui.adapters.files.paths import AppPaths, create_private_folder
from guarddog_gui.domain.redaction import redact

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

LOG_SIZE_MAX = 1_000_000  # bytes of one file
RECORDS_MAX = 10_000  # that wait for the disk
BACKUP_COUNT = 4  # five files with the current one

_NOISY_LOGGERS = ("urllib3", "requests", "filelock", "keyring")


class RedactingFormatter(logging.Formatter):
    """Formatter that redacts the finished text, so that arguments are covered, too."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have formatted the exception, and logging keeps its text
        return redact(super().format(record))

    def formatException(  # noqa: N802 - the base class's name
        self, ei: _ExceptionInfo
    ) -> str:
        """Return the traceback as crash reports show it: the text of an exception may quote a secret."""
        from guarddog_gui.adapters.crash_reports.exception_text import describe_exception

        return "" if ei[1] is None else describe_exception(ei[1]).text


class SharedRotatingFileHandler(RotatingFileHandler):
    """File with mode 0600 for several processes. Records that cannot be written are dropped silently."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=LOG_SIZE_MAX,
            backupCount=BACKUP_COUNT,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",
        )

    def _open(self) -> TextIOWrapper:
        # here, because a folder that cannot be made now may be possible with a later record
        create_private_folder(Path(self.baseFilename).parent)
        # a symbolic link is not followed, and opening a FIFO does not block
        safe_flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        fd = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | safe_flags, 0o600)
        return TextIOWrapper(os.fdopen(fd, "ab"), encoding=self.encoding, errors=self.errors)

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and not _is_same_file(self.stream, self.baseFilename):
            stream, self.stream = self.stream, None  # another process has rotated it
            with suppress(OSError):
                stream.close()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Ignore errors: a full disk must not print tracebacks."""


def start_logging(paths: AppPaths, level: int = logging.INFO) -> logging.Handler:
    """Log records of `level` and above to the log file; without a writable folder they are dropped."""
    handler = _make_file_handler(paths)
    _install(handler, level)
    return handler


def start_logging_in_thread(paths: AppPaths, level: int = logging.INFO) -> Callable[[float], None]:
    """Do the same in a thread, so that no caller waits for the disk; return the function that ends it.

    The argument of that function is the longest time in seconds to wait for the last records.
    """
    handler = _RecordQueue()

    def write() -> None:
        file_handler = _make_file_handler(paths)
        while (record := handler.records.get()) is not None:
            file_handler.handle(record)
        file_handler.close()

    thread = Thread(target=write, name="guarddog-log", daemon=True)
    thread.start()
    _install(handler, level)

    def stop(timeout_s: float) -> None:
        logging.getLogger().removeHandler(handler)
        handler.records.put(None)
        thread.join(timeout_s)

    return stop


class _RecordQueue(logging.handlers.QueueHandler):
    """Handler that hands records to the thread; if the disk hangs, those above RECORDS_MAX are dropped."""

    def __init__(self) -> None:
        self.records: SimpleQueue[logging.LogRecord | None] = SimpleQueue()
        super().__init__(self.records)

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return the record as it is: the thread formats it, and leaves out of an exception what may be private."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        if self.records.qsize() < RECORDS_MAX:
            self.records.put(record)


def _make_file_handler(paths: AppPaths) -> logging.Handler:
    handler = SharedRotatingFileHandler(paths.log_file)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    return handler


def _install(handler: logging.Handler, level: int) -> None:
    for name in _NOISY_LOGGERS:
        # at DEBUG urllib3 logs URLs, and WeChat's URLs may contain the secret
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)


def _is_same_file(stream: TextIOWrapper, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), Path(path).stat())
    except OSError:
        return False
