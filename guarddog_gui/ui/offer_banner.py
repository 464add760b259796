"""Banner with an offer: to add Guard Dog to the desktop, or to read about a newer version."""

from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity, Strip


class Offer(StrEnum):
    """Contents of the banner."""

    DESKTOP = "desktop"
    UPDATE = "update"


class OfferBanner(QWidget):
    """Banner above the pages that shows one offer until the user has answered it."""

    answered = Signal(object, bool)  # Offer; True if the user accepts it

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Offer | None = None
        self._version = ""
        self._strip = Strip(formatter.icons, Severity.INFO)
        self._accept_button = make_button(self._on_accepted)
        self._decline_button = make_button(self._on_declined)
        self._strip.button_row.addWidget(self._accept_button)
        self._strip.button_row.addWidget(self._decline_button)
        layout = make_column(self._strip)
        layout.setContentsMargins(24, 16, 24, 0)
        self.setLayout(layout)
        self.hide()

    def show_offer(self, offer: Offer, version: str = "") -> None:
        """Show an offer in place of the one before; `version` is that of an update."""
        self._offer, self._version = offer, version
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        self._decline_button.setText(self.tr("Not now"))
        if self._offer is Offer.DESKTOP:
            text = self.tr("Add Guard Dog to the menu of your desktop, and start it when you log in?")
            self._accept_button.setText(self.tr("Add"))
        else:
            text = self.tr("Guard Dog {version} is there.").format(version=self._version)
            self._accept_button.setText(self.tr("What is new"))
        self._strip.show_notice(Severity.INFO, text)

    @Slot()
    def _on_accepted(self) -> None:
        self._answer(is_accepted=True)

    @Slot()
    def _on_declined(self) -> None:
        self._answer(is_accepted=False)

    def _answer(self, *, is_accepted: bool) -> None:
        self.hide()
        self.answered.emit(self._offer, is_accepted)
