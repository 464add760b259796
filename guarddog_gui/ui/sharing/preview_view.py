"""View of what is in Redis for an account: found or not, life, and whose value it is."""

from msgspec import Struct
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.services.accounts.sharing_service import PreviewedValue
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, code_font, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

_KEY_WIDTH = 96  # pixels


class _Row(Struct, frozen=True, eq=False):
    widget: QWidget
    key: QLabel
    text: WrappedLabel
    name: WrappedLabel


class PreviewView(ThemedMixin, Card):
    """Card with a row per key, hidden while there is nothing to show."""

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._values: tuple[PreviewedValue, ...] = ()
        self._title = QLabel()
        self._rows: list[_Row] = []
        self._column = make_column(self._title, spacing=8, margin=12)
        self.setLayout(self._column)
        self.apply_palette()
        self.hide()

    def show_values(self, values: tuple[PreviewedValue, ...]) -> None:
        self._values = values
        self.setVisible(bool(values))
        while len(self._rows) < len(values):
            self._add_row()
        for number, row in enumerate(self._rows):
            row.widget.setVisible(number < len(values))
        self.retranslate()

    def _add_row(self) -> None:
        key, text, name = QLabel(), WrappedLabel("preview-text"), WrappedLabel("preview-key")
        key.setMinimumWidth(_KEY_WIDTH)
        widget = QWidget()
        widget.setLayout(make_row(key, (make_column(text, name, spacing=0), 1), spacing=12))
        self._column.addWidget(widget)
        self._rows.append(_Row(widget, key, text, name))
        self.apply_palette()

    def retranslate(self) -> None:
        self._title.setText(self.tr("In Redis now"))
        for row, value in zip(self._rows, self._values, strict=False):
            row.key.setText(self._formatter.messages.key_name(value.kind))
            row.text.setText(self._text(value))
            row.name.setText(value.shared.key if value.shared is not None else "")
            row.name.setVisible(value.shared is not None)
        self.apply_palette()

    def _text(self, value: PreviewedValue) -> str:
        """Return `1:12:09 left · from build-server · accepted by WeChat · the same as here`."""
        shared = value.shared
        if shared is None:
            return self.tr("not found")
        left = self.tr("{time} left").format(time=format_countdown(shared.left_s))
        parts = [self.tr("no end stated") if shared.is_endless else left]
        if shared.leader:
            parts.append(self.tr("from {computer}").format(computer=shared.leader))
        if value.is_accepted is not None:
            parts.append(self.tr("accepted by WeChat") if value.is_accepted else self.tr("refused by WeChat"))
        if value.is_known_here:
            parts.append(self.tr("the same as here"))
        return " · ".join(parts)

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        self._title.setFont(scaled_font(self.font(), SMALL, self.font().Weight.DemiBold))
        values = (*self._values, *(None,) * len(self._rows))
        for row, value in zip(self._rows, values, strict=False):
            is_missing = value is not None and value.shared is None
            is_refused = value is not None and value.is_accepted is False
            row.name.setFont(code_font(self.font()))
            for label, colour in (
                (row.text, colours.bad if is_refused else colours.dim if is_missing else colours.ink),
                (row.name, colours.dim),
            ):
                palette = QPalette(label.palette())
                palette.setColor(QPalette.ColorRole.WindowText, colour)
                label.setPalette(palette)
        self.update()
