"""View of the string that is signed, each of its parts in a colour, and the buttons that copy it."""

from html import escape

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QTextBrowser, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.style.fonts import scaled_font
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column
from guarddog_gui.ui.widgets.text.code_view import CodeFrame

# Reuse colours that have enough contrast on a light and on a dark background.
# Colour is not the only sign: each part begins with its name.
_PART_STATES = {
    "jsapi_ticket": KeyState.REFRESHING,
    "noncestr": KeyState.KEYRING_LOCKED,
    "timestamp": KeyState.DUE_SOON,
    "url": KeyState.FRESH,
}


class SignedStringView(ThemedMixin, QTextBrowser):
    """Read-only view of a signed string. Its HTML consists of our markup around escaped text."""

    def __init__(self) -> None:
        super().__init__(openLinks=False)
        self.setTabChangesFocus(True)
        self._signature_input: SignatureInput | None = None
        self._is_ticket_visible = False

    def sizeHint(self) -> QSize:
        return QSize(240, 76)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 60)

    def show_signed_string(self, signature_input: SignatureInput | None, *, with_ticket: bool) -> None:
        """Show the signed string of `signature_input`, or clear the view.

        Without `with_ticket` the ticket is masked, because it is a secret.
        """
        self._signature_input, self._is_ticket_visible = signature_input, with_ticket
        self.apply_palette()

    def apply_palette(self) -> None:
        if self._signature_input is None:
            self.clear()
            return
        dark = is_dark(self.palette(), QPalette.ColorRole.Base)
        parts = []
        for name, value in self._signature_input.fields:
            shown = value if self._is_ticket_visible or name != "jsapi_ticket" else mask(value)
            colour = state_colour(_PART_STATES[name], dark=dark).name()
            parts.append(f'{name}=<span style="color:{colour}">{escape(shown)}</span>')
        text = "&amp;".join(parts)
        self.setHtml(f'<p style="white-space:pre-wrap">{text}</p>')
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)


class SignedStringPanel(QWidget):
    """Signed string with its title, the choice to show the ticket, and the buttons that copy."""

    def __init__(self) -> None:
        super().__init__()
        self._signature_input: SignatureInput | None = None
        self._title_label = QLabel()
        self._title_label.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold))
        self._title_label.setSizePolicy(
            self._title_label.sizePolicy().Policy.Expanding, self._title_label.sizePolicy().Policy.Fixed
        )
        self._show_ticket_check_box = CheckBox()
        self.copy_signature_button = QPushButton(autoDefault=False)
        self.copy_string_button = QPushButton(autoDefault=False)
        self._view = SignedStringView()
        head = QWidget()
        flow = FlowLayout()
        for widget in (
            self._title_label, self._show_ticket_check_box, self.copy_signature_button, self.copy_string_button
        ):  # fmt: skip
            flow.addWidget(widget)
        head.setLayout(flow)
        self.setLayout(make_column(head, CodeFrame(self._view)))
        self._show_ticket_check_box.toggled.connect(self._show_signed_string)

    def retranslate(self) -> None:
        self._title_label.setText(self.tr("Signed string (string1)"))
        self._view.setAccessibleName(self.tr("Signed string (string1)"))
        self._show_ticket_check_box.setText(self.tr("Show the ticket"))
        self.copy_signature_button.setText(self.tr("Copy the signature"))
        self.copy_string_button.setText(self.tr("Copy string1"))

    def show_signature(self, signature_input: SignatureInput | None) -> None:
        self._signature_input = signature_input
        for button in (self.copy_signature_button, self.copy_string_button):
            button.setEnabled(signature_input is not None)
        self._show_signed_string()

    def hide_ticket(self) -> None:
        self._show_ticket_check_box.setChecked(False)

    @Slot()
    def _show_signed_string(self) -> None:
        self._view.show_signed_string(self._signature_input, with_ticket=self._show_ticket_check_box.isChecked())
