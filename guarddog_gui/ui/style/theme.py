"""Light and dark themes in the program's own colours on every desktop, and the widgets that follow them."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.style.proxy_style import GuardDogStyle

_COLOUR_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the application this theme at once, and the program's style if it does not have it yet."""
    controller = application.findChild(ThemeController)
    if controller is None:
        ThemeController(application, theme)
    else:
        controller.set_theme(theme)


class ThemeController(QObject):
    """Give the application its style and palette, and follow the colour scheme of the desktop."""

    def __init__(self, application: QApplication, theme: Theme) -> None:
        super().__init__(application)
        self._application = application
        self._theme = theme
        application.setStyle(GuardDogStyle())
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use this theme at once; `Theme.SYSTEM` follows the desktop."""
        self._theme = theme
        self._application.styleHints().setColorScheme(_COLOUR_SCHEMES[theme])
        self._apply_palette()

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._apply_palette()

    def _apply_palette(self) -> None:
        if self._theme is Theme.SYSTEM:
            dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        else:
            dark = self._theme is Theme.DARK
        self._application.setPalette(make_palette(DARK if dark else LIGHT))


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
