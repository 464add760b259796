"""About Guard Dog: collects what its dialog shows, and makes the report for a bug."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from guarddog_gui import __version__
from guarddog_gui.adapters.files.paths import document_path
from guarddog_gui.app.crashes.bug_report import BugReport
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.errors import FileError
from guarddog_gui.ui.icons import Icons

if TYPE_CHECKING:
    from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
    from guarddog_gui.ui.main_window import MainWindow


class About(QObject):
    """Opens the dialog, one at a time."""

    def __init__(
        self,
        container: Container,
        environ: Mapping[str, str],
        copy_text: Callable[[str], None],
        open_log_folder: Callable[[], None],
        fixed_api_base: str | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._container = container
        self._copy_text = copy_text
        self._open_log_folder = open_log_folder
        self._fixed_api_base = fixed_api_base or ""
        self._dialog: AboutDialog | None = None
        self._report = BugReport(environ, self)
        self._report.finished.connect(self._on_report_finished)
        self._report.failed.connect(self._on_report_failed)

    def open(self, icons: Icons, parent: "MainWindow") -> None:
        from guarddog_gui.adapters.installed_libraries import read_libraries
        from guarddog_gui.ui.dialogs.about_dialog import AboutDialog

        if self._dialog is None:
            texts = (_read_document("LICENSE"), _read_document("CHANGELOG.md"))
            self._dialog = AboutDialog(__version__, *texts, read_libraries(), icons, parent)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialog.report_requested.connect(self._on_report_requested)
            self._dialog.log_folder_requested.connect(self._open_log_folder)
            self._dialog.destroyed.connect(self._on_dialog_destroyed)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def stop(self) -> None:
        self._report.stop()

    @Slot()
    def _on_report_requested(self) -> None:
        paths = self._container.paths
        home = paths.config_dir.parent  # as set by GUARDDOG_HOME, or by the sandbox
        is_one_folder = (paths.config_dir, paths.data_dir) == (home / "config", home / "data")
        self._report.start(str(home) if is_one_folder else "", self._fixed_api_base)

    @Slot(str)
    def _on_report_finished(self, report: str) -> None:
        self._copy_text(report)
        if self._dialog is not None:
            self._dialog.show_report_copied()

    @Slot()
    def _on_report_failed(self) -> None:
        if self._dialog is not None:
            self._dialog.show_report_failed()

    @Slot()
    def _on_dialog_destroyed(self) -> None:
        self._dialog = None


def _read_document(name: str) -> str:
    with suppress(FileError, OSError, UnicodeDecodeError):
        return document_path(name).read_text(encoding="utf-8")
    return ""
