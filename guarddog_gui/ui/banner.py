"""Banner above the pages about a problem that belongs to no account: the clock of this computer."""

from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity, Strip


class Banner(QWidget):
    """Banner that is shown while the clock is wrong; the trouble of an account is in its card on the tokens page."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._strip = Strip(formatter.icons, Severity.WARN)
        layout = make_column(self._strip)
        layout.setContentsMargins(24, 16, 24, 0)
        self.setLayout(layout)
        self.hide()

    def show_overview(self, overview: Overview) -> None:
        """Show by how much the clock is wrong, or hide the banner."""
        if overview.clock_skew_minutes:
            text = self._formatter.messages.for_clock_skew(overview.clock_skew_minutes).text
            self._strip.show_notice(Severity.WARN, text)
        self.setVisible(overview.clock_skew_minutes != 0)
