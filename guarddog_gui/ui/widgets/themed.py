"""Mixin for widgets that set their own colours or icons and update them with the theme."""

from PySide6.QtCore import QEvent


class ThemedMixin:
    """Call `apply_palette` whenever the palette changes; list this class before the Qt class.

    Each widget has to update itself: Qt gives a new palette to the parent before its children, so a parent
    that updates its children would use the colours of the previous theme.
    """

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)  # type: ignore[misc]  # defined by the Qt class
        if event.type() is QEvent.Type.PaletteChange:
            self.apply_palette()

    def apply_palette(self) -> None:
        """Set all colours and icons that depend on the palette."""
        raise NotImplementedError
