"""Preferences dialog: each change is applied at once, an invalid one is refused below its field."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

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
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import FormGrid
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons

TYPING_DEBOUNCE_MS = 600  # an address is applied when the user has not typed for this long


class PreferencesDialog(AutoHeightDialog):
    """Dialog that emits each change of the settings; the program applies and saves it."""

    settings_changed = Signal(object)  # Settings
    autostart_requested = Signal(bool)
    log_folder_requested = Signal()

    def __init__(
        self,
        settings: Settings,
        autostart: AutostartState,
        formatter: Formatter,
        *,
        fixed_api_base: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take the address that GUARDDOG_API_BASE sets, if it does, as `fixed_api_base`."""
        super().__init__(parent)
        self._settings = settings
        self._formatter = formatter
        self._fixed_api_base = fixed_api_base
        self._language_combo = _make_combo(LANGUAGES, settings.language)
        self._theme_combo = _make_combo(tuple(Theme), settings.theme)
        self._tray_style_combo = _make_combo(tuple(TrayStyle), settings.tray_style)
        self._log_level_combo = _make_combo(tuple(LogLevel), settings.log_level)
        self._autostart_check_box = CheckBox()
        self._autostart_check_box.setChecked(autostart is AutostartState.ON)
        self._autostart_hint = _make_hint_label("autostart-hint")
        self._autostart_state = autostart
        self._clipboard_spin_box = QSpinBox()
        self._clipboard_spin_box.setRange(0, CLIPBOARD_MAX_S)
        self._clipboard_spin_box.setValue(settings.clipboard_s)
        self._api_base_combo = QComboBox()
        self._api_base_combo.setEditable(True)
        self._api_base_combo.addItems(list(API_BASES))
        self._api_base_combo.setCurrentText(fixed_api_base or settings.api_base)
        self._api_base_combo.setEnabled(fixed_api_base is None)
        self._api_base_hint = _make_hint_label("api-base-hint")
        self._notification_check_boxes = {kind: CheckBox() for kind in NotificationKind}
        for kind, box in self._notification_check_boxes.items():
            box.setChecked(kind in settings.notices)
        self._log_folder_button = QPushButton()
        self._log_folder_button.setAutoDefault(False)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._typing_timer = QTimer(self)
        self._typing_timer.setObjectName("typing-timer")
        self._typing_timer.setSingleShot(True)
        self._typing_timer.setInterval(TYPING_DEBOUNCE_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self._labels = [QLabel() for _ in range(8)]
        language, theme, tray, start, clipboard, api, notifications, log = self._labels
        form = FormGrid()
        form.add_row(language, self._language_combo)
        form.add_row(theme, self._theme_combo)
        form.add_row(tray, self._tray_style_combo)
        form.add_row(start, self._autostart_check_box)
        form.add_below_field(self._autostart_hint)
        form.add_row(clipboard, self._clipboard_spin_box)
        form.add_row(api, self._api_base_combo)
        form.add_below_field(self._api_base_hint)
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for box in self._notification_check_boxes.values():
            boxes.addWidget(box)
        form.add_row(notifications, boxes)
        logs = QHBoxLayout()
        logs.setSpacing(8)
        logs.addWidget(self._log_level_combo)
        logs.addWidget(self._log_folder_button)
        logs.addStretch()
        form.add_row(log, logs)
        log.setBuddy(self._log_level_combo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._button_box)
        self.setMinimumWidth(520)

    def _connect(self) -> None:
        for box in (self._language_combo, self._theme_combo, self._tray_style_combo, self._log_level_combo):
            box.currentIndexChanged.connect(self._on_option_changed)
        self._clipboard_spin_box.valueChanged.connect(self._on_option_changed)
        self._api_base_combo.currentTextChanged.connect(self._typing_timer.start)
        self._typing_timer.timeout.connect(self._apply_api_base)
        for check_box in self._notification_check_boxes.values():
            check_box.toggled.connect(self._on_option_changed)
        self._autostart_check_box.clicked.connect(self.autostart_requested)
        self._log_folder_button.clicked.connect(self.log_folder_requested)
        self._button_box.rejected.connect(self.close)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        self.setWindowTitle(self.tr("Preferences"))
        texts = (
            self.tr("Language"),
            self.tr("Theme"),
            self.tr("Tray icon"),
            self.tr("Start"),
            self.tr("Clear the clipboard after"),
            self.tr("WeChat's address"),
            self.tr("Notify me when"),
            self.tr("Log"),
        )
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        self._set_accessible_names(texts)
        _set_item_texts(self._language_combo, (self.tr("As the system"), "English", "简体中文"))
        _set_item_texts(self._theme_combo, (self.tr("As the system"), self.tr("Light"), self.tr("Dark")))
        _set_item_texts(
            self._tray_style_combo,
            (self.tr("Colour"), self.tr("Light, for dark panels"), self.tr("Dark, for light panels")),
        )
        _set_item_texts(
            self._log_level_combo, (self.tr("Only trouble"), self.tr("Every refresh"), self.tr("Everything"))
        )
        self._autostart_check_box.setText(self.tr("Start with the session"))
        self._clipboard_spin_box.setSuffix(self.tr(" s", "clipboard"))
        self._clipboard_spin_box.setSpecialValueText(self.tr("never"))
        self._log_folder_button.setText(self.tr("Open the log folder"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        notification_texts = {
            NotificationKind.NEEDS_USER_ACTION: self.tr("an account needs me"),
            NotificationKind.SUPERSEDED: self.tr("somebody took a token"),
            NotificationKind.KEYRING_LOCKED: self.tr("the keyring is locked"),
            NotificationKind.EXPIRING: self.tr("a token ends before it can be refreshed"),
            NotificationKind.RECOVERED: self.tr("all is well again"),
            NotificationKind.REFRESHED: self.tr("a token was refreshed"),
        }
        for kind, box in self._notification_check_boxes.items():
            box.setText(notification_texts[kind])
        self.show_autostart(self._autostart_state)
        self._show_api_base_error(settings_problem(self._settings_with_api_base()))

    def _set_accessible_names(self, texts: tuple[str, ...]) -> None:
        fields = (
            self._language_combo,
            self._theme_combo,
            self._tray_style_combo,
            self._autostart_check_box,
            self._clipboard_spin_box,
            self._api_base_combo,
        )
        for field, text in zip(fields, texts, strict=False):
            field.setAccessibleName(text)
        self._log_level_combo.setAccessibleName(texts[-1])

    def show_autostart(self, state: AutostartState) -> None:
        """Show whether Guard Dog starts with the session, and why not if it cannot."""
        self._autostart_state = state
        self._autostart_check_box.setChecked(state is AutostartState.ON)
        self._autostart_check_box.setEnabled(state is not AutostartState.UNSUPPORTED)
        hint = {
            AutostartState.OTHER_INSTALLATION: self.tr("Another installation of Guard Dog starts with the session."),
            AutostartState.UNSUPPORTED: self.tr("Guard Dog cannot be started with the session here."),
        }.get(state, "")
        self._autostart_hint.setText(hint)
        self._autostart_hint.setVisible(bool(hint))

    def current_settings(self) -> Settings:
        """Return the settings as shown, with the last valid address."""
        return replace(
            self._settings,
            language=self._language_combo.currentData(),
            theme=Theme(self._theme_combo.currentData()),
            tray_style=TrayStyle(self._tray_style_combo.currentData()),
            log_level=LogLevel(self._log_level_combo.currentData()),
            clipboard_s=self._clipboard_spin_box.value(),
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


def _make_combo(values: tuple[str, ...], current: str) -> QComboBox:
    box = QComboBox()
    for value in values:
        box.addItem("", str(value))
    box.setCurrentIndex(values.index(current))
    return box


def _set_item_texts(combo: QComboBox, texts: tuple[str, ...]) -> None:
    for index, text in enumerate(texts):
        combo.setItemText(index, text)


def _make_hint_label(object_name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(object_name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
