"""About dialog: version, licences, changes, and a report for a bug."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTabWidget, QTextBrowser, QWidget

from guarddog_gui.domain.library import Library
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row

_ICON_SIZE = 56
_HEADING_SPACE = 14  # pixels above a heading


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
        self._changelog = changelog
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
        self._show_changes()
        lines = [self.tr("Guard Dog uses these libraries:"), *map(self._library_line, self._libraries)]
        self._licence_view.setPlainText("\n".join((_unwrap(self._licence), "", "", *lines)).strip())
        self._report_button.setText(self.tr("Copy a report for a bug"))
        self._log_folder_button.setText(self.tr("Open the log folder"))
        self._close_button.setText(self.tr("Close"))

    def _show_changes(self) -> None:
        """Show the changelog below headings of the current language; what it says of each version is in English."""
        headings = {
            "[Unreleased]": self.tr("Not released yet"),
            "Added": self.tr("Added"),
            "Changed": self.tr("Changed"),
            "Deprecated": self.tr("Deprecated"),
            "Removed": self.tr("Removed"),
            "Fixed": self.tr("Fixed"),
            "Security": self.tr("Security"),
        }
        note = self.tr("The changelog is in English.")
        is_english = self.tr("Changes") == "Changes"
        self._changes_view.setMarkdown(translate_headings(self._changelog, headings, "" if is_english else note))
        _space_headings(self._changes_view.document())

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


def translate_headings(changelog: str, headings: Mapping[str, str], note: str) -> str:
    """Return a changelog in the form of keepachangelog.com with other headings, and a note in place of its preface."""
    sections = [section for section in changelog.split("\n## ")[1:] if "\n" in section.strip()]  # not an empty one
    lines = "\n".join(f"## {section.strip()}\n" for section in sections).strip().splitlines()
    for number, line in enumerate(lines):
        marks, _, heading = line.partition(" ")
        if marks in ("##", "###") and heading in headings:
            lines[number] = f"{marks} {headings[heading]}"
    return "\n".join((*((note, "") if note else ()), *lines))


def _space_headings(document: QTextDocument) -> None:
    """Set headings apart from what is before them; Qt's Markdown leaves no space and makes them very large."""
    block = document.begin()
    while block.isValid():
        block_format, cursor = block.blockFormat(), QTextCursor(block)
        level = block_format.headingLevel()
        if level:
            block_format.setTopMargin(_HEADING_SPACE if block.position() else 0)
            block_format.setBottomMargin(4)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            text_format = QTextCharFormat()
            text_format.setProperty(QTextFormat.Property.FontSizeAdjustment, 1 if level < 3 else 0)
            cursor.mergeCharFormat(text_format)
        elif block.textList() is not None:
            block_format.setBottomMargin(4)
        QTextCursor(block).setBlockFormat(block_format)
        block = block.next()


def _unwrap(text: str) -> str:
    """Return the text with one line per paragraph, which the view wraps at its own width."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
