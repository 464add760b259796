"""Light and dark themes, also on platforms that do not offer them, and the widgets that follow them."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.settings import Theme

_COLOUR_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}

_PALETTE = {  # for a light and for a dark theme
    QPalette.ColorRole.Window: ("#f3f3f3", "#2b2d30"),
    QPalette.ColorRole.WindowText: ("#1f2328", "#dfe1e5"),
    QPalette.ColorRole.Base: ("#ffffff", "#1e1f22"),
    QPalette.ColorRole.AlternateBase: ("#f7f7f7", "#26282b"),
    QPalette.ColorRole.Text: ("#1f2328", "#dfe1e5"),
    QPalette.ColorRole.PlaceholderText: ("#656d76", "#9aa4ae"),
    QPalette.ColorRole.Button: ("#f3f3f3", "#393b40"),
    QPalette.ColorRole.ButtonText: ("#1f2328", "#dfe1e5"),
    QPalette.ColorRole.ToolTipBase: ("#ffffff", "#393b40"),
    QPalette.ColorRole.ToolTipText: ("#1f2328", "#dfe1e5"),
    QPalette.ColorRole.Light: ("#ffffff", "#4e5157"),
    QPalette.ColorRole.Midlight: ("#e6e8eb", "#43454a"),
    QPalette.ColorRole.Mid: ("#c9ced4", "#4e5157"),
    QPalette.ColorRole.Dark: ("#8b949e", "#1a1b1e"),
    QPalette.ColorRole.Shadow: ("#57606a", "#0d0e0f"),
    QPalette.ColorRole.Highlight: ("#0969da", "#2f65ca"),
    QPalette.ColorRole.HighlightedText: ("#ffffff", "#ffffff"),
    QPalette.ColorRole.Link: ("#0969da", "#58a6ff"),
    QPalette.ColorRole.LinkVisited: ("#8250df", "#bc8cff"),
}
_DISABLED_TEXT_COLOURS = {Theme.LIGHT: "#8b949e", Theme.DARK: "#6f737a"}


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Ask the platform for the theme; if it has none (a bare X session), set our own palette."""
    hints = application.styleHints()
    scheme = _COLOUR_SCHEMES[theme]
    hints.setColorScheme(scheme)
    if theme is Theme.SYSTEM:
        application.setPalette(QPalette())
    elif hints.colorScheme() is not scheme:
        application.setPalette(make_palette(theme))


def make_palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, (light, dark) in _PALETTE.items():
        palette.setColor(role, QColor(dark if theme is Theme.DARK else light))
    faint = QColor(_DISABLED_TEXT_COLOURS[theme])
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def is_dark(palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.Window) -> bool:
    """Return whether the background with this role is dark, so that text on it has to be light."""
    return palette.color(role).lightness() < 128


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
