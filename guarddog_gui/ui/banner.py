"""Banner above the pages about a problem that belongs to no account: an unreadable list, or a wrong clock."""

from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity, Strip


class Banner(QWidget):
    """Banner about the program or the computer; the trouble of an account is in its card on the tokens page."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._strip = Strip(formatter.icons, Severity.WARN)
        layout = make_column(self._strip)
        layout.setContentsMargins(24, 16, 24, 0)
        self.setLayout(layout)
        self.hide()

    def show_overview(self, overview: Overview) -> None:
        """Show why the list of accounts cannot be read, or by how much the clock is wrong, or hide the banner."""
        messages = self._formatter.messages
        if overview.list_error is not None:
            self._strip.show_notice(Severity.BAD, messages.for_file_error(overview.list_error).text)
        elif overview.clock_skew_minutes:
            self._strip.show_notice(Severity.WARN, messages.for_clock_skew(overview.clock_skew_minutes).text)
        self.setVisible(overview.list_error is not None or overview.clock_skew_minutes != 0)
