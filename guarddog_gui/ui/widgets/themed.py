"""For widgets whose pictures or letters have colours of their own: they are painted anew with every theme."""

from PySide6.QtCore import QEvent


class ThemedMixin:
    """Comes before the Qt class among a widget's bases; the widget says in `take_colours` what it paints.

    Each widget does it by itself: Qt hands a new palette to a parent before its children, so a parent that
    paints for them paints with the colours of the theme before.
    """

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)  # type: ignore[misc]  # of the Qt class
        if event.type() is QEvent.Type.PaletteChange:
            self.apply_palette()

    def apply_palette(self) -> None:
        """Put on what depends on the palette."""
        raise NotImplementedError
