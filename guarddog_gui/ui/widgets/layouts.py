"""Box layouts that are filled in one call."""

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget


def fill_layout(
    layout: QBoxLayout,
    *items: QWidget | QLayout | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    spacing: int = 8,
    stretched: QWidget | QLayout | None = None,
) -> QBoxLayout:
    """Add the items and return the layout; None is an empty stretch, the item `stretched` takes the free space.

    `margins` and `spacing` are in pixels.
    """
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch()
        elif isinstance(item, QWidget):
            layout.addWidget(item, int(item is stretched))
        else:
            layout.addLayout(item, int(item is stretched))
    return layout
