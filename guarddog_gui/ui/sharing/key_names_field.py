"""Choice of programs whose keys in Redis are written or read, with the names of the keys."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from guarddog_gui.domain.sharing.settings import APPID_PLACEHOLDER, KeyFormat, KeyNames
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.sharing.problem_fields import format_name
from guarddog_gui.ui.style.fonts import SMALL, code_font, scaled_font
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column, make_row

_LABEL_WIDTH = 84  # pixels, in which a longer name wraps


class KeyNameRow(QWidget):
    """Names of the keys of one program, shown while its check box is checked; the box is elsewhere."""

    edited = Signal()

    def __init__(self, key_format: KeyFormat) -> None:
        super().__init__()
        self._format = key_format
        self.check_box = CheckBox()
        self.token_field, self.ticket_field = QLineEdit(), QLineEdit()
        self._label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._label.setFixedWidth(_LABEL_WIDTH)
        self._label.setFont(scaled_font(self.font(), SMALL))
        for field in (self.token_field, self.ticket_field):
            field.setFont(code_font(self.font()))
            field.textEdited.connect(self._on_edited)
        self.check_box.toggled.connect(self._on_toggled)
        self.setLayout(make_row(self._label, (self.token_field, 1), (self.ticket_field, 1), spacing=8))
        self.hide()

    @property
    def names(self) -> KeyNames | None:
        if not self.check_box.isChecked():
            return None
        return KeyNames(self._format, self.token_field.text().strip(), self.ticket_field.text().strip())

    @property
    def is_name_missing(self) -> bool:
        names = self.names
        return names is not None and not names.names(APPID_PLACEHOLDER, TokenKind.ACCESS_TOKEN)

    def fill(self, names: KeyNames) -> None:
        self.token_field.setText(names.token_key)
        self.ticket_field.setText(names.ticket_key)
        self.check_box.setChecked(True)

    def retranslate(self) -> None:
        name = format_name(self._format)
        self.check_box.setText(name)
        self._label.setText(name)
        for field, kind, label in (
            (self.token_field, TokenKind.ACCESS_TOKEN, self.tr("Key of the access_token")),
            (self.ticket_field, TokenKind.JSAPI_TICKET, self.tr("Key of the jsapi_ticket")),
        ):
            usual = KeyNames(self._format).names(APPID_PLACEHOLDER, kind)
            field.setPlaceholderText(usual[0] if usual else label)
            field.setToolTip(label)
            field.setAccessibleName(f"{name}: {label}")

    @Slot(bool)
    def _on_toggled(self, is_checked: bool) -> None:  # noqa: FBT001 - the signal's own argument
        self.setVisible(is_checked)
        self.edited.emit()

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit()


class KeyNamesField(QWidget):
    """Check box per program, and below them a row for each that is checked.

    An empty name stands for the usual one, which is shown in its place.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = {key_format: KeyNameRow(key_format) for key_format in KeyFormat}
        boxes = FlowLayout(spacing=10)
        for row in self.rows.values():
            row.edited.connect(self.edited)
            boxes.addWidget(row.check_box)
        self.setLayout(make_column(boxes, *self.rows.values(), spacing=6))
        self.setFocusProxy(self.rows[KeyFormat.WECHATPY].check_box)

    def focus_missing_name(self) -> None:
        """Move the focus to the first field that has to be filled in: of a format without usual names."""
        for row in self.rows.values():
            if row.is_name_missing:
                row.token_field.setFocus()
                return

    @property
    def formats(self) -> tuple[KeyNames, ...]:
        return tuple(filter(None, (row.names for row in self.rows.values())))

    def fill(self, formats: tuple[KeyNames, ...]) -> None:
        for names in formats:
            self.rows[names.format].fill(names)

    def retranslate(self) -> None:
        for row in self.rows.values():
            row.retranslate()
