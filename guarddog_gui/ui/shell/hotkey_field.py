"""Field of the preferences for the global hotkey: the keys, what they open, and whether they work."""

from PySide6.QtCore import QEvent, QKeyCombination, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLineEdit, QWidget

from guarddog_gui.domain.hotkeys import HotkeyAction, HotkeyState, HotkeyStatus, parse_hotkey
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.controls.combo_boxes import make_choice_combo, set_item_texts
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

_LEAVING_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_CLEARING_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)

_MODIFIER_KEYS = (
    *(Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta),
    *(Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown),
)


class _KeysEdit(QKeySequenceEdit):
    """Edit of one combination. Tab, Enter and Escape keep what they do in a dialog; Backspace removes the keys."""

    def __init__(self) -> None:
        super().__init__()
        self._placeholder = ""
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)

    def set_placeholder(self, text: str) -> None:
        """Set what is shown while there are no keys."""
        self._placeholder = text
        self._restore_placeholder()

    def _restore_placeholder(self) -> None:
        """Replace Qt's own "Press shortcut", which comes back whenever the keys are set, cleared or left."""
        for line_edit in self.findChildren(QLineEdit):
            line_edit.setPlaceholderText(self._placeholder)

    def event(self, event: QEvent) -> bool:
        is_handled = super().event(event)
        self._restore_placeholder()
        return is_handled

    def setKeySequence(self, keys: QKeySequence | QKeySequence.StandardKey | QKeyCombination | str | int) -> None:  # noqa: N802 - Qt's own name
        super().setKeySequence(keys)
        self._restore_placeholder()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in _LEAVING_KEYS:
            event.ignore()
        elif event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in _CLEARING_KEYS:
            self.setKeySequence(QKeySequence())
        elif event.key() not in _MODIFIER_KEYS:
            # Qt's own handler clears the former keys at the first press, be it of a modifier alone
            self.setKeySequence(QKeySequence(event.keyCombination()))


class HotkeyField(ThemedMixin, QWidget):
    """Edit of the keys, with a choice of what they open and a line about their state.

    Keys that other programs need are refused in this line, and the former ones stay.
    """

    changed = Signal()

    def __init__(self, keys: str, action: HotkeyAction) -> None:
        super().__init__()
        self._state = HotkeyState()
        self._accepted_keys = QKeySequence.fromString(keys)
        self._refused_keys = ""
        self.keys_edit = _KeysEdit()
        self.keys_edit.setKeySequence(self._accepted_keys)
        self._action_combo = make_choice_combo(tuple(HotkeyAction), action)
        self._state_label = make_plain_label("hotkey-state")
        self._state_label.hide()
        self.setFocusProxy(self.keys_edit)
        row = make_row((self.keys_edit, 1), self._action_combo)
        self.setLayout(make_column(row, self._state_label, spacing=4))
        self.keys_edit.keySequenceChanged.connect(self._on_keys_changed)
        self._action_combo.currentIndexChanged.connect(self.changed)
        self.retranslate()

    @property
    def keys(self) -> str:
        """Return the keys as in `Ctrl+Alt+G` on every system and in every language; empty for none."""
        return self._accepted_keys.toString(QKeySequence.SequenceFormat.PortableText)

    @property
    def action(self) -> HotkeyAction:
        return HotkeyAction(self._action_combo.currentData())

    def retranslate(self) -> None:
        self.keys_edit.setAccessibleName(self.tr("Global hotkey"))
        self.keys_edit.set_placeholder(self.tr("off · press the keys here"))
        for line_edit in self.keys_edit.findChildren(QLineEdit):
            line_edit.setAccessibleName(self.tr("Global hotkey"))
        self._action_combo.setAccessibleName(self.tr("The global hotkey opens"))
        set_item_texts(self._action_combo, (self.tr("opens the search"), self.tr("opens the popover")))
        self.show_state(self._state)

    @Slot(object)
    def show_state(self, state: HotkeyState) -> None:
        self._state = state
        refused = HotkeyState(HotkeyStatus.INVALID, self._refused_keys) if self._refused_keys else None
        shown = refused or state
        text = self._texts().get(shown.status, "").format(keys=shown.keys)
        self._state_label.setText(text)
        self._state_label.setVisible(bool(text))
        self.apply_palette()

    @Slot(QKeySequence)
    def _on_keys_changed(self, sequence: QKeySequence) -> None:
        """Accept the pressed keys, or put the former ones back and show why."""
        keys = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        if keys and parse_hotkey(keys) is None:
            self._refused_keys = keys
            with QSignalBlocker(self.keys_edit):
                self.keys_edit.setKeySequence(self._accepted_keys)
            self.show_state(self._state)
            return
        self._refused_keys, is_new = "", sequence != self._accepted_keys
        self._accepted_keys = sequence
        self.show_state(self._state)
        if is_new:
            self.changed.emit()

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        is_fine = self._state.status in (HotkeyStatus.ACTIVE, HotkeyStatus.ASKING) and not self._refused_keys
        palette = self._state_label.palette()
        palette.setColor(palette.ColorRole.WindowText, colours.dim if is_fine else colours.bad)
        self._state_label.setPalette(palette)

    def _texts(self) -> dict[HotkeyStatus, str]:
        return {
            HotkeyStatus.ASKING: self.tr("The desktop is being asked for {keys}. Look for its question."),
            HotkeyStatus.ACTIVE: self.tr("{keys} works in every program."),
            HotkeyStatus.INVALID: self.tr(
                "{keys} cannot be the hotkey: other programs need it, or it is not supported. Press a letter, a digit "
                "or Space with two of Ctrl, Alt and Shift or with the Windows key, or an F key with Ctrl or Alt."
            ),
            HotkeyStatus.TAKEN: self.tr(
                "{keys} is already taken by another program or the desktop. Choose other keys."
            ),
            HotkeyStatus.NO_SUCH_KEY: self.tr("This keyboard cannot type {keys}. Choose other keys."),
            HotkeyStatus.REFUSED: self.tr(
                "The desktop did not give Guard Dog {keys}. Allow it in the keyboard settings of the system, "
                "or choose other keys."
            ),
            HotkeyStatus.NOT_INSTALLED: self.tr(
                "The desktop does not know Guard Dog as an application. Copy its entry from ~/.config/autostart, where "
                "it is once Guard Dog starts at login, to ~/.local/share/applications, then choose the keys again."
            ),
            HotkeyStatus.UNAVAILABLE: self.tr(
                "A global hotkey is not available on this system. Open Guard Dog at the tray icon."
            ),
        }
