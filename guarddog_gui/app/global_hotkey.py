"""Global hotkey of the settings: asks X11 or the desktop's portal for it, and reports when it is pressed."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from guarddog_gui.domain.hotkeys import Hotkey, HotkeyAction, HotkeyState, HotkeyStatus, parse_hotkey

if TYPE_CHECKING:
    from guarddog_gui.adapters.hotkeys.portal import PortalHotkey
    from guarddog_gui.adapters.hotkeys.x11 import X11Hotkey


class GlobalHotkey(QObject):
    """Holds at most one hotkey. Nothing of it is loaded while the settings have none."""

    pressed = Signal(object, str)  # HotkeyAction, token with which a window may come to the front on Wayland
    state_changed = Signal(object)  # HotkeyState
    _portal_pressed = Signal(str)
    _portal_state_changed = Signal(object, object)  # PortalHotkey, HotkeyState

    def __init__(self, platform: str, environ: Mapping[str, str], app_id: str, parent: QObject | None = None) -> None:
        """Take as `platform` the name of Qt's: `xcb`, `wayland`, `windows` and so on."""
        super().__init__(parent)
        is_wayland_session = environ.get("XDG_SESSION_TYPE") == "wayland" and platform == "xcb"
        # a grab in XWayland would only work while a window of X11 has the focus
        self._uses_portal = platform.startswith("wayland") or is_wayland_session
        self._uses_x11 = platform == "xcb" and not is_wayland_session
        self._app_id = app_id
        self._keys, self._action = "", HotkeyAction.SEARCH
        self._x11: X11Hotkey | None = None
        self._notifier: QSocketNotifier | None = None
        self._portal: PortalHotkey | None = None
        self._pressed_at_ms = 0  # X11's time
        self.state = HotkeyState()
        self._portal_pressed.connect(self._on_portal_pressed)
        self._portal_state_changed.connect(self._on_portal_state_changed)

    def apply(self, keys: str, action: HotkeyAction, description: str) -> None:
        """Use these keys, such as `Ctrl+Alt+G`; an empty text ends the hotkey. `description` is what they do."""
        self._action = action
        if keys == self._keys:
            return
        self.stop()
        self._keys = keys
        hotkey = parse_hotkey(keys)
        if not keys:
            self._set_state(HotkeyState())
        elif hotkey is None:
            self._set_state(HotkeyState(HotkeyStatus.INVALID, keys))
        elif self._uses_x11:
            self._set_state(HotkeyState(self._grab(hotkey), keys))
        elif self._uses_portal:
            self._ask_portal(hotkey, description)
        else:
            self._set_state(HotkeyState(HotkeyStatus.UNAVAILABLE, keys))

    def stop(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._x11 is not None:
            self._x11.close()
            self._x11 = None
        if self._portal is not None:
            self._portal.stop()
            self._portal = None

    def make_activation(self) -> Callable[[int], None]:
        """Return a function that gives a window the focus on X11, as of the last press."""
        pressed_at_ms = self._pressed_at_ms

        def activate(window_id: int) -> None:
            if self._x11 is not None:
                self._x11.activate(window_id, pressed_at_ms)

        return activate

    def _set_state(self, state: HotkeyState) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _grab(self, hotkey: Hotkey) -> HotkeyStatus:
        from guarddog_gui.adapters.hotkeys.x11 import X11Hotkey

        try:
            self._x11 = X11Hotkey()
        except OSError:
            return HotkeyStatus.UNAVAILABLE
        self._notifier = QSocketNotifier(self._x11.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_x11_event)
        return self._x11.grab(hotkey)

    @Slot()
    def _on_x11_event(self) -> None:
        presses = self._x11.read_presses() if self._x11 is not None else []
        for time_ms in presses:
            self._pressed_at_ms = time_ms
            self.pressed.emit(self._action, "")

    def _ask_portal(self, hotkey: Hotkey, description: str) -> None:
        from guarddog_gui.adapters.hotkeys.portal import PortalHotkey

        def report(state: HotkeyState) -> None:
            self._portal_state_changed.emit(portal, state)

        portal = PortalHotkey(self._app_id, self._portal_pressed.emit, report)
        self._portal = portal
        self._set_state(HotkeyState(HotkeyStatus.ASKING, hotkey.text))
        portal.start(hotkey, description)

    @Slot(str)
    def _on_portal_pressed(self, token: str) -> None:
        self.pressed.emit(self._action, token)

    @Slot(object, object)
    def _on_portal_state_changed(self, portal: object, state: HotkeyState) -> None:
        if portal is self._portal:  # not one that was stopped meanwhile
            self._set_state(state)
