"""Kinds of push buttons, which differ in their look."""

from enum import StrEnum

from PySide6.QtWidgets import QPushButton, QWidget

_PROPERTY = "guarddogKind"


class ButtonKind(StrEnum):
    """Look of a button; a default button of a dialog is primary unless it was given a kind."""

    PLAIN = "plain"
    PRIMARY = "primary"  # the main action of a page or dialog
    DANGER = "danger"  # destroys something
    FLAT = "flat"  # without a border, such as an icon
    LINK = "link"  # looks like a link


def set_kind(button: QPushButton, kind: ButtonKind) -> None:
    button.setProperty(_PROPERTY, kind.value)
    button.update()


def has_kind(widget: QWidget | None) -> bool:
    return isinstance(widget, QPushButton) and widget.property(_PROPERTY) is not None


def kind_of(widget: QWidget | None) -> ButtonKind:
    value = widget.property(_PROPERTY) if isinstance(widget, QPushButton) else None
    return ButtonKind.PLAIN if value is None else ButtonKind(value)
