"""Report for a bug: what `guarddogctl doctor` finds, by a process of its own that cannot hang the window."""

import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

TIMEOUT_MS = 40_000  # some checks wait for the network


class BugReport(QObject):
    """One run of the checks at a time; exactly one of the two signals follows each start."""

    finished = Signal(str)  # the report, without secrets
    failed = Signal()

    def __init__(self, environ: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._environ = environ
        self._process: QProcess | None = None
        self._timer = QTimer(self, singleShot=True, interval=TIMEOUT_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self, home: str, api_base: str) -> None:
        """Check the data folders below `home`, or the usual ones if it is empty."""
        if self._process is not None:
            return
        variables = QProcessEnvironment()
        for name, value in {**self._environ, "GUARDDOG_API_BASE": api_base, "GUARDDOG_HOME": home}.items():
            if value:
                variables.insert(name, value)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(variables)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        program, *arguments = command_line(sys.executable, is_frozen=hasattr(sys, "_MEIPASS"))
        self._process.start(program, [*arguments, "doctor"])
        self._timer.start()

    def stop(self) -> None:
        """End a run that is still going on; nothing is emitted."""
        self._timer.stop()
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()

    @Slot()
    def _on_finished(self) -> None:
        """Emit the report; its exit code tells only whether all is well."""
        if self._process is None:
            return
        report = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace").strip()
        self._end()
        if report:
            self.finished.emit(report)
        else:
            self.failed.emit()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._end()
            self.failed.emit()

    @Slot()
    def _on_timeout(self) -> None:
        self.stop()
        self.failed.emit()

    def _end(self) -> None:
        self._timer.stop()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None


def command_line(executable: str, *, is_frozen: bool) -> list[str]:
    """Return how to start the command line of this installation."""
    if is_frozen:
        path = Path(executable)
        return [str(path.with_name(f"guarddogctl{path.suffix}"))]
    return [executable, "-m", "guarddog_gui"]
