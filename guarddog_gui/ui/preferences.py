"""Preferences dialog in four categories: each change is applied at once, an invalid one is refused below its field."""

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton, QSpinBox, QTabWidget, QWidget

from guarddog_gui.domain.hotkeys import HotkeyState
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import (
    API_BASES,
    CLIPBOARD_MAX_S,
    LANGUAGES,
    AutostartState,
    LogLevel,
    Settings,
    Theme,
    TrayStyle,
    settings_problem,
)
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.hotkey_field import HotkeyField
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.controls.combo_boxes import make_choice_combo, set_item_texts
from guarddog_gui.ui.widgets.layouts import STRETCH, FormGrid, make_column, make_row, set_label
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel, button_box_without_icons, make_plain_label

TYPING_DEBOUNCE_MS = 600  # an address is applied when the user has not typed for this long


class PreferencesDialog(AutoHeightDialog):
    """Dialog that emits each change of the settings; the program applies and saves it."""

    settings_changed = Signal(object)  # Settings
    autostart_requested = Signal(bool)
    log_folder_requested = Signal()
    about_requested = Signal()
    export_requested = Signal(object)  # QWidget: the dialog that asks
    import_requested = Signal(object)  # QWidget: the dialog that asks

    def __init__(
        self,
        settings: Settings,
        autostart: AutostartState,
        formatter: Formatter,
        *,
        fixed_api_base: str | None = None,
        removed_accounts: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take the address that GUARDDOG_API_BASE sets, if it does, as `fixed_api_base`.

        `removed_accounts` is a list of them, shown under Security.
        """
        super().__init__(parent)
        self._settings = settings
        self._formatter = formatter
        self._fixed_api_base = fixed_api_base
        self._language_combo = make_choice_combo(LANGUAGES, settings.language)
        self._theme_combo = make_choice_combo(tuple(Theme), settings.theme)
        self._tray_style_combo = make_choice_combo(tuple(TrayStyle), settings.tray_style)
        self._log_level_combo = make_choice_combo(tuple(LogLevel), settings.log_level)
        self._hotkey_field = HotkeyField(settings.hotkey, settings.hotkey_action)
        self._autostart_check_box = CheckBox()
        self._autostart_check_box.setChecked(autostart is AutostartState.ON)
        self._updates_check_box = CheckBox()
        self._updates_check_box.setChecked(settings.check_for_updates)
        self._updates_hint = make_plain_label("updates-hint")
        self._autostart_hint = make_plain_label("autostart-hint")
        self._autostart_state = autostart
        self._clipboard_spin_box = QSpinBox(minimum=0, maximum=CLIPBOARD_MAX_S, value=settings.clipboard_s)
        self._api_base_combo = QComboBox(editable=True)
        self._api_base_combo.addItems(list(API_BASES))
        self._api_base_combo.setCurrentText(fixed_api_base or settings.api_base)
        self._api_base_combo.setEnabled(fixed_api_base is None)
        self._api_base_hint = make_plain_label("api-base-hint")
        self._notification_check_boxes = {kind: CheckBox() for kind in NotificationKind}
        for kind, box in self._notification_check_boxes.items():
            box.setChecked(kind in settings.notices)
        self._log_folder_button = make_button(self.log_folder_requested)
        self._export_button, self._import_button = QPushButton(), QPushButton()
        self._export_button.clicked.connect(self._on_export_clicked)
        self._import_button.clicked.connect(self._on_import_clicked)
        self._move_label = WrappedLabel("move-accounts")
        self._about_button = make_button(self.about_requested)
        set_kind(self._about_button, ButtonKind.LINK)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._typing_timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._typing_timer.setObjectName("typing-timer")
        self._tabs = QTabWidget()
        self._lay_out(removed_accounts)
        self._connect()
        self.retranslate()

    def _lay_out(self, removed_accounts: QWidget | None) -> None:
        self._labels = [QLabel() for _ in range(10)]
        language, theme, tray, hotkey, start, updates, clipboard, api, notifications, log = self._labels
        general = FormGrid()
        general.add_row(language, self._language_combo)
        general.add_row(theme, self._theme_combo)
        general.add_row(tray, self._tray_style_combo)
        general.add_row(hotkey, self._hotkey_field)
        general.add_row(start, self._autostart_check_box)
        general.add_below_field(self._autostart_hint)
        general.add_row(updates, self._updates_check_box)
        general.add_below_field(self._updates_hint)
        notices = make_column(notifications, *self._notification_check_boxes.values(), spacing=8)
        clipboard_row = FormGrid()
        clipboard_row.add_row(clipboard, self._clipboard_spin_box)
        moving = make_column(self._move_label, make_row(self._export_button, self._import_button, STRETCH), spacing=8)
        security = make_column(clipboard_row, moving, *((removed_accounts,) if removed_accounts else ()), spacing=16)
        advanced = FormGrid()
        advanced.add_row(api, self._api_base_combo)
        advanced.add_below_field(self._api_base_hint)
        advanced.add_row(log, make_row(self._log_level_combo, self._log_folder_button, STRETCH))
        log.setBuddy(self._log_level_combo)
        for layout in (general, notices, security, advanced):
            page = QWidget()
            page.setLayout(make_column(layout, STRETCH, margin=16))
            self._tabs.addTab(page, "")
        self.setLayout(
            make_column((self._tabs, 1), make_row(self._about_button, STRETCH, self._button_box), spacing=16, margin=16)
        )
        # Enter presses the button with the focus, elsewhere this one; Qt knows it only once it is in the dialog
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.setMinimumWidth(560)

    def _connect(self) -> None:
        for box in (self._language_combo, self._theme_combo, self._tray_style_combo, self._log_level_combo):
            box.currentIndexChanged.connect(self._on_option_changed)
        self._clipboard_spin_box.valueChanged.connect(self._on_option_changed)
        self._hotkey_field.changed.connect(self._on_option_changed)
        self._api_base_combo.currentTextChanged.connect(self._typing_timer.start)
        self._typing_timer.timeout.connect(self._apply_api_base)
        for check_box in (self._updates_check_box, *self._notification_check_boxes.values()):
            check_box.toggled.connect(self._on_option_changed)
        self._autostart_check_box.clicked.connect(self.autostart_requested)
        self._button_box.rejected.connect(self.close)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Preferences"))
        self._tabs.setAccessibleName(self.windowTitle())  # screen readers read it with the tab
        tabs = (self.tr("General"), self.tr("Notifications"), self.tr("Security"), self.tr("Advanced"))
        for index, text in enumerate(tabs):
            self._tabs.setTabText(index, text)
        rows = (
            (self.tr("Language"), self._language_combo),
            (self.tr("Theme"), self._theme_combo),
            (self.tr("Tray icon"), self._tray_style_combo),
            (self.tr("Global hotkey"), self._hotkey_field),
            (self.tr("Start", "preferences"), self._autostart_check_box),
            (self.tr("Updates"), self._updates_check_box),
            (self.tr("Clear the clipboard after"), self._clipboard_spin_box),
            (self.tr("API host"), self._api_base_combo),
            (self.tr("Notify me when"), None),
            (self.tr("Log"), self._log_level_combo),
        )
        for label, (text, field) in zip(self._labels, rows, strict=True):
            set_label(label, text, *((field,) if field is not None else ()))
        set_item_texts(self._language_combo, (self.tr("Follow system"), "English", "简体中文"))
        set_item_texts(self._theme_combo, (self.tr("Follow system"), self.tr("Light"), self.tr("Dark")))
        tray_styles = (self.tr("Colour"), self.tr("Light, for dark panels"), self.tr("Dark, for light panels"))
        set_item_texts(self._tray_style_combo, tray_styles)
        log_levels = (self.tr("Only trouble"), self.tr("Every refresh"), self.tr("Everything"))
        set_item_texts(self._log_level_combo, log_levels)
        self._hotkey_field.retranslate()
        self._autostart_check_box.setText(self.tr("Start at login"))
        self._updates_check_box.setText(self.tr("Tell me when there is a new version"))
        self._updates_hint.setText(self.tr("Asked once a day at github.com. Nothing is installed."))
        self._clipboard_spin_box.setSuffix(self.tr(" s", "clipboard"))
        self._clipboard_spin_box.setSpecialValueText(self.tr("never"))
        self._log_folder_button.setText(self.tr("Open the log folder"))
        self._move_label.setText(
            self.tr("Move to another computer: accounts, AppSecrets and settings in one encrypted file.")
        )
        self._export_button.setText(self.tr("Export accounts…"))
        self._import_button.setText(self.tr("Import accounts…"))
        self._about_button.setText(self.tr("About Guard Dog…"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        notification_texts = {
            NotificationKind.NEEDS_USER_ACTION: self.tr("an account needs me"),
            NotificationKind.SUPERSEDED: self.tr("a token was replaced elsewhere"),
            NotificationKind.KEYRING_LOCKED: self.tr("the keyring is locked"),
            NotificationKind.EXPIRING: self.tr("a token expires before it can be renewed"),
            NotificationKind.RECOVERED: self.tr("everything works again"),
            NotificationKind.REFRESHED: self.tr("a token was refreshed"),
        }
        for kind, box in self._notification_check_boxes.items():
            box.setText(notification_texts[kind])
        self.show_autostart(self._autostart_state)
        self._show_api_base_error(settings_problem(self._settings_with_api_base()))

    @Slot()
    def _on_export_clicked(self) -> None:
        self.export_requested.emit(self)

    @Slot()
    def _on_import_clicked(self) -> None:
        self.import_requested.emit(self)

    def show_hotkey_state(self, state: HotkeyState) -> None:
        self._hotkey_field.show_state(state)

    def show_autostart(self, state: AutostartState) -> None:
        self._autostart_state = state
        self._autostart_check_box.setChecked(state is AutostartState.ON)
        self._autostart_check_box.setEnabled(state is not AutostartState.UNSUPPORTED)
        hint = {
            AutostartState.OTHER_INSTALLATION: self.tr("Another installation of Guard Dog starts at login."),
            AutostartState.UNSUPPORTED: self.tr("Guard Dog cannot be started at login here."),
        }.get(state, "")
        self._autostart_hint.setText(hint)
        self._autostart_hint.setVisible(bool(hint))

    def show_settings(self, settings: Settings) -> None:
        """Show settings that came from elsewhere, without emitting them as changes."""
        self._settings = settings
        combos = (
            (self._language_combo, settings.language),
            (self._theme_combo, settings.theme),
            (self._tray_style_combo, settings.tray_style),
            (self._log_level_combo, settings.log_level),
        )
        for combo, value in combos:
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(value))
        for kind, box in self._notification_check_boxes.items():
            with QSignalBlocker(box):
                box.setChecked(kind in settings.notices)
        with QSignalBlocker(self._updates_check_box):
            self._updates_check_box.setChecked(settings.check_for_updates)
        with QSignalBlocker(self._clipboard_spin_box):
            self._clipboard_spin_box.setValue(settings.clipboard_s)
        with QSignalBlocker(self._api_base_combo):
            self._api_base_combo.setCurrentText(self._fixed_api_base or settings.api_base)

    def current_settings(self) -> Settings:
        """Return the settings as shown, with the last valid address."""
        return replace(
            self._settings,
            language=self._language_combo.currentData(),
            theme=Theme(self._theme_combo.currentData()),
            tray_style=TrayStyle(self._tray_style_combo.currentData()),
            log_level=LogLevel(self._log_level_combo.currentData()),
            clipboard_s=self._clipboard_spin_box.value(),
            check_for_updates=self._updates_check_box.isChecked(),
            hotkey=self._hotkey_field.keys,
            hotkey_action=self._hotkey_field.action,
            notices=frozenset(kind for kind, box in self._notification_check_boxes.items() if box.isChecked()),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        if self._typing_timer.isActive():  # an address that was typed just before closing counts
            self._apply_api_base()
        super().hideEvent(event)

    @Slot()
    def _on_option_changed(self) -> None:
        """Apply all settings but an address that is still being typed or is invalid."""
        self._apply_settings(self.current_settings())

    @Slot()
    def _apply_api_base(self) -> None:
        self._typing_timer.stop()
        settings = self._settings_with_api_base()
        problem = settings_problem(settings)
        self._show_api_base_error(problem)
        if problem is None:
            self._apply_settings(settings)

    def _settings_with_api_base(self) -> Settings:
        if self._fixed_api_base is not None:
            return self._settings
        return replace(self._settings, api_base=self._api_base_combo.currentText().strip().rstrip("/"))

    def _apply_settings(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.settings_changed.emit(settings)

    def _show_api_base_error(self, error: InputProblem | None) -> None:
        if self._fixed_api_base is not None:
            text = self.tr("GUARDDOG_API_BASE decides while it is set.")
        else:
            text = self._formatter.messages.for_bad_input(error).text if error else ""
        self._api_base_hint.setText(text)
        self._api_base_hint.setVisible(bool(text))
