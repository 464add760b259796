"""Help (F1): all shortcuts, and the documents."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QWidget

from guarddog_gui.ui.style.fonts import CARD_TITLE, code_font, scaled_font
from guarddog_gui.ui.widgets.layouts import make_column

_PAGE_KEYS = ("Alt+1", "Alt+6")  # the first and the last


class HelpDialog(QDialog):
    """Table of the shortcuts with what each does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Help"))
        title = QLabel(self.tr("Shortcuts"))
        title.setFont(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        for row, (keys, text) in enumerate(self._shortcuts()):
            between = " … " if keys == _PAGE_KEYS else " / "
            native = between.join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
            key_label, text_label = QLabel(native), QLabel(text)
            key_label.setFont(code_font(self.font(), 1.0))
            key_label.setAccessibleName(f"{native}: {text}")
            grid.addWidget(key_label, row, 0)
            grid.addWidget(text_label, row, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        self.setLayout(make_column(title, grid, None, buttons, spacing=14, margin=24))

    def _shortcuts(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        return (
            (("Ctrl+K",), self.tr("Search everywhere: accounts, pages, error codes, addresses, commands")),
            (_PAGE_KEYS, self.tr("Show a page: Tokens, History, Sign a page, Diagnose, Error codes, API")),
            (("Ctrl+N",), self.tr("Add account")),
            (("Ctrl+C",), self.tr("Copy the value of the selected row")),
            (("F5",), self.tr("Refresh now")),
            (("F2",), self.tr("Edit account…")),
            (("Del",), self.tr("Remove account…")),
            (("Ctrl+F",), self.tr("Search on this page")),
            (("Ctrl+,",), self.tr("Preferences…")),
            (("F1",), self.tr("This help")),
            (("Esc", "Ctrl+W"), self.tr("Close the window; Guard Dog keeps running in the tray")),
            (("Ctrl+Q",), self.tr("Quit")),
        )
