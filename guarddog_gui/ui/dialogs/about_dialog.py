"""About dialog: version, licences, changes, and a report for a bug."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTabWidget, QTextBrowser, QWidget

from guarddog_gui.domain.library import Library
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row

_ICON_SIZE = 56


class AboutDialog(QDialog):
    """Dialog that shows texts and asks the program for the report and the log folder."""

    report_requested = Signal()
    log_folder_requested = Signal()

    def __init__(
        self,
        version: str,
        licence: str,
        changelog: str,
        libraries: tuple[Library, ...],
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        """Take the changelog in Markdown; empty texts are left out."""
        super().__init__(parent)
        self._version = version
        self._licence = licence
        self._libraries = libraries
        self._icon_label = QLabel()
        self._icon_label.setPixmap(icons.app_icon().pixmap(_ICON_SIZE, _ICON_SIZE))
        self._name_label = QLabel("Guard Dog")
        self._name_label.setFont(scaled_font(self.font(), TITLE, self.font().Weight.DemiBold))
        self._version_label = QLabel()
        self._version_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._tabs = QTabWidget()
        self._changes_view, self._licence_view = _make_text_view(), _make_text_view()
        self._changes_view.setMarkdown(changelog)
        self._tabs.addTab(self._changes_view, "")
        self._tabs.addTab(self._licence_view, "")
        self._report_button = QPushButton()
        self._report_button.clicked.connect(self._on_report_clicked)
        self._log_folder_button = QPushButton()
        self._log_folder_button.clicked.connect(self.log_folder_requested)
        self._close_button = QPushButton()
        self._close_button.clicked.connect(self.reject)
        self._status_label = QLabel()
        self._status_label.setWordWrap(True)
        self._status_label.hide()
        names = make_column(self._name_label, self._version_label, spacing=2)
        foot = make_row(self._report_button, self._log_folder_button, STRETCH, self._close_button)
        head = make_row(self._icon_label, names, STRETCH, spacing=16)
        self.setLayout(make_column(head, (self._tabs, 1), self._status_label, foot, spacing=16, margin=24))
        self._close_button.setDefault(True)  # only once it is in the dialog; a focused button comes before it
        self.resize(600, 520)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("About Guard Dog"))
        version = self.tr("Version {version} · keeps WeChat access tokens fresh").format(version=self._version)
        self._version_label.setText(version)
        self._tabs.setTabText(0, self.tr("Changes"))
        self._tabs.setTabText(1, self.tr("Licences"))
        self._changes_view.setAccessibleName(self.tr("Changes"))
        self._licence_view.setAccessibleName(self.tr("Licences"))
        lines = [self.tr("Guard Dog uses these libraries:"), *map(self._library_line, self._libraries)]
        self._licence_view.setPlainText("\n".join((self._licence.strip(), "", "", *lines)).strip())
        self._report_button.setText(self.tr("Copy a report for a bug"))
        self._log_folder_button.setText(self.tr("Open the log folder"))
        self._close_button.setText(self.tr("Close"))

    def _library_line(self, library: Library) -> str:
        return " · ".join(filter(None, (library.name, library.version, library.licence)))

    def show_report_copied(self) -> None:
        self._show_status(
            self.tr("The report is on the clipboard. It holds no secret; read it before you paste it somewhere.")
        )

    def show_report_failed(self) -> None:
        self._show_status(self.tr("The report could not be made. Run guarddogctl doctor in a terminal instead."))

    @Slot()
    def _on_report_clicked(self) -> None:
        self._show_status(self.tr("Looking at keyring, files, network, clock and tray…"))
        self._report_button.setEnabled(False)
        self.report_requested.emit()

    def _show_status(self, text: str) -> None:
        self._report_button.setEnabled(True)
        self._status_label.setText(text)
        self._status_label.show()


def _make_text_view() -> QTextBrowser:
    view = QTextBrowser()
    view.setOpenExternalLinks(True)
    view.setTabChangesFocus(True)
    view.document().setDocumentMargin(12)
    return view
