"""Log file of a command, which most commands never open."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guarddog_gui.adapters.files.paths import AppPaths


class LogFileOnDemand(logging.Handler):
    """Handler that opens the log file of `paths` at the first record: most commands log nothing."""

    def __init__(self, paths: "AppPaths") -> None:
        super().__init__(logging.INFO)
        self.paths = paths  # a command that works in another home sets it before it logs
        self._log_file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._log_file is None:
            from guarddog_gui.adapters.logs import start_logging

            self._log_file = start_logging(self.paths)
            logging.getLogger().removeHandler(self._log_file)  # its records come from here
        self._log_file.handle(record)

    def close(self) -> None:
        if self._log_file is not None:
            self._log_file.close()
        super().close()
