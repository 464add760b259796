"""Row of buttons of which one is chosen, such as All · Test · Production."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class ChipBar(QWidget):
    """Exclusive buttons; each has a value, and `value_changed` is emitted when the user chooses another one."""

    value_changed = Signal(str)

    def __init__(self, values: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = values
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._buttons = tuple(QPushButton(autoDefault=False) for _ in values)  # so that Enter saves in a dialog
        for number, button in enumerate(self._buttons):
            button.setCheckable(True)
            # no QButtonGroup: in one the Tab key reaches the chosen button only
            button.clicked.connect(partial(self._on_clicked, number))
            layout.addWidget(button)
        self._buttons[0].setChecked(True)

    @property
    def value(self) -> str:
        return next(value for value, button in zip(self._values, self._buttons, strict=True) if button.isChecked())

    def set_value(self, value: str) -> None:
        """Choose a value without emitting `value_changed`; an unknown one is ignored."""
        if value in self._values:
            self._check(self._values.index(value))

    def set_texts(self, texts: tuple[str, ...]) -> None:
        for button, text in zip(self._buttons, texts, strict=True):
            button.setText(text)

    def set_accessible_name(self, name: str) -> None:
        """Set the name of the choice for screen readers, which read it with each button."""
        self.setAccessibleName(name)
        for button in self._buttons:
            button.setAccessibleName(f"{name}: {button.text()}")

    def set_value_visible(self, value: str, *, visible: bool) -> None:
        self._buttons[self._values.index(value)].setVisible(visible)

    def _check(self, number: int) -> None:
        for each, button in enumerate(self._buttons):
            button.setChecked(each == number)

    def _on_clicked(self, number: int) -> None:
        self._check(number)
        self.value_changed.emit(self._values[number])
