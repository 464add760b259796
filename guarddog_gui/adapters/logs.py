"""The log: a rotating file that shows no secret, and that never gets in the way."""

import logging
import os
import re
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from guarddog_gui.adapters.files.paths import Locations, private_folder
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.tokens.record import fingerprint

SIZE_MAX = 1_000_000  # bytes of one file
OLD_FILES = 4  # with the current one: five

_HIDDEN = r"(?:secret|token|ticket)"  # and with anything in front, such as access_token
_IN_QUERY = re.compile(rf"(?i)({_HIDDEN}(?:=|%3D))[^\s&\"'<>,;)\]}}]+")
_IN_JSON = re.compile(rf"(?i)({_HIDDEN}\\?[\"']\s*:\s*)(\\?[\"'])(?:(?!\2).)*")
_APPSECRET = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")
_LONG_VALUE = re.compile(r"[0-9A-Za-z_-]{60,}")  # access tokens have 100 characters and more, tickets 86

_CHATTY = ("urllib3", "requests", "filelock", "keyring")


def redacted(text: str) -> str:
    """The text without AppSecrets, tokens and tickets: in URLs, in JSON, or standing alone."""
    text = _IN_JSON.sub(r"\1\2…", text)
    text = _IN_QUERY.sub(r"\1…", text)
    text = _APPSECRET.sub("…", text)
    return _LONG_VALUE.sub(lambda match: fingerprint(match[0]), text)


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line, so that tracebacks and arguments are covered, too."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class QuietFile(RotatingFileHandler):
    """A file of 0600 that several programs may write; what it cannot write is dropped without a word."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=SIZE_MAX,
            backupCount=OLD_FILES,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",
        )

    def _open(self) -> TextIOWrapper:
        raw = os.fdopen(_open_private(self.baseFilename), "ab")
        return TextIOWrapper(raw, encoding=self.encoding, errors=self.errors)

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and not _is_at(self.stream, self.baseFilename):
            stream, self.stream = self.stream, None  # another program has rotated it away
            with suppress(OSError):
                stream.close()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Nothing: a full disk must not put tracebacks on a person's screen."""


def logging_started(locations: Locations, level: int = logging.INFO) -> logging.Handler:
    """Log everything of `level` and above to the log file; with no writable folder there is no log."""
    handler: logging.Handler = logging.NullHandler()
    try:
        private_folder(locations.log_dir)
        handler = QuietFile(locations.log_file)
    except FileTrouble:
        pass
    handler.setFormatter(RedactingFormatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    for name in _CHATTY:
        # at DEBUG urllib3 logs URLs, and an URL of WeChat's may carry the secret
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def _open_private(path: str) -> int:
    # a link is not followed, and a FIFO in its place cannot hold us
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)


def _is_at(stream: TextIOWrapper, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), Path(path).stat())
    except OSError:
        return False
