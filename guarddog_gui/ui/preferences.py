"""The preferences: every change applies at once, and a value that cannot be used is refused in place."""

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
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

from guarddog_gui.domain.refresh.notifications import NoticeKind
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
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.auto_height_dialog import WrappingDialog
from guarddog_gui.ui.widgets.check_box import TickBox
from guarddog_gui.ui.widgets.form_grid import FormRows
from guarddog_gui.ui.widgets.plain_text import plain_buttons

TYPING_MS = 600  # an address is tried once nobody has typed for this long


class Preferences(WrappingDialog):
    """Shows the settings of now and says what a person changes; the program applies and keeps it."""

    changed = Signal(object)  # Settings
    autostart_wanted = Signal(bool)
    log_folder_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        autostart: AutostartState,
        voice: Voice,
        *,
        fixed_api_base: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`fixed_api_base` is the address that the environment dictates, if it does."""
        super().__init__(parent)
        self._settings = settings
        self._voice = voice
        self._fixed_api_base = fixed_api_base
        self._language = _choice(LANGUAGES, settings.language)
        self._theme = _choice(tuple(Theme), settings.theme)
        self._tray_style = _choice(tuple(TrayStyle), settings.tray_style)
        self._log_level = _choice(tuple(LogLevel), settings.log_level)
        self._autostart = TickBox()
        self._autostart.setChecked(autostart is AutostartState.ON)
        self._autostart_why = _small()
        self._autostart_state = autostart
        self._clipboard = QSpinBox()
        self._clipboard.setRange(0, CLIPBOARD_MAX_S)
        self._clipboard.setValue(settings.clipboard_s)
        self._api_base = QComboBox()
        self._api_base.setEditable(True)
        self._api_base.addItems(list(API_BASES))
        self._api_base.setCurrentText(fixed_api_base or settings.api_base)
        self._api_base.setEnabled(fixed_api_base is None)
        self._api_base_why = _small()
        self._notices = {kind: TickBox() for kind in NoticeKind}
        for kind, box in self._notices.items():
            box.setChecked(kind in settings.notices)
        self._log_folder = QPushButton()
        self._log_folder.setAutoDefault(False)
        self._buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self._labels = [QLabel() for _ in range(8)]
        language, theme, tray, start, clipboard, api, notices, log = self._labels
        form = FormRows()
        form.add(language, self._language)
        form.add(theme, self._theme)
        form.add(tray, self._tray_style)
        form.add(start, self._autostart)
        form.add_below(self._autostart_why)
        form.add(clipboard, self._clipboard)
        form.add(api, self._api_base)
        form.add_below(self._api_base_why)
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for box in self._notices.values():
            boxes.addWidget(box)
        form.add(notices, boxes)
        logs = QHBoxLayout()
        logs.setSpacing(8)
        logs.addWidget(self._log_level)
        logs.addWidget(self._log_folder)
        logs.addStretch()
        form.add(log, logs)
        log.setBuddy(self._log_level)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(520)

    def _connect(self) -> None:
        for box in (self._language, self._theme, self._tray_style, self._log_level):
            box.currentIndexChanged.connect(self._on_change)
        self._clipboard.valueChanged.connect(self._on_change)
        self._api_base.currentTextChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._on_address)
        for notice in self._notices.values():
            notice.toggled.connect(self._on_change)
        self._autostart.clicked.connect(self.autostart_wanted)
        self._log_folder.clicked.connect(self.log_folder_wanted)
        self._buttons.rejected.connect(self.close)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
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
        self._name_fields(texts)
        _say(self._language, (self.tr("As the system"), "English", "简体中文"))
        _say(self._theme, (self.tr("As the system"), self.tr("Light"), self.tr("Dark")))
        _say(
            self._tray_style,
            (self.tr("Colour"), self.tr("Light, for dark panels"), self.tr("Dark, for light panels")),
        )
        _say(self._log_level, (self.tr("Only trouble"), self.tr("Every refresh"), self.tr("Everything")))
        self._autostart.setText(self.tr("Start with the session"))
        self._clipboard.setSuffix(self.tr(" s"))
        self._clipboard.setSpecialValueText(self.tr("never"))
        self._log_folder.setText(self.tr("Open the log folder"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        notices = {
            NoticeKind.NEEDS_PERSON: self.tr("an account needs me"),
            NoticeKind.TAKEN: self.tr("somebody took a token"),
            NoticeKind.KEYRING_LOCKED: self.tr("the keyring is locked"),
            NoticeKind.EXPIRES: self.tr("a token ends before it can be refreshed"),
            NoticeKind.RECOVERED: self.tr("all is well again"),
            NoticeKind.REFRESHED: self.tr("a token was refreshed"),
        }
        for kind, box in self._notices.items():
            box.setText(notices[kind])
        self.show_autostart(self._autostart_state)
        self._show_api_base_problem(settings_problem(self._with_address()))

    def _name_fields(self, texts: tuple[str, ...]) -> None:
        fields = (
            self._language,
            self._theme,
            self._tray_style,
            self._autostart,
            self._clipboard,
            self._api_base,
        )
        for field, text in zip(fields, texts, strict=False):
            field.setAccessibleName(text)
        self._log_level.setAccessibleName(texts[-1])

    def show_autostart(self, state: AutostartState) -> None:
        """What became of the wish to start with the session."""
        self._autostart_state = state
        self._autostart.setChecked(state is AutostartState.ON)
        self._autostart.setEnabled(state is not AutostartState.IMPOSSIBLE)
        why = {
            AutostartState.ELSEWHERE: self.tr("Another installation of Guard Dog starts with the session."),
            AutostartState.IMPOSSIBLE: self.tr("Guard Dog cannot be started with the session here."),
        }.get(state, "")
        self._autostart_why.setText(why)
        self._autostart_why.setVisible(bool(why))

    def settings(self) -> Settings:
        """What the dialog says now, with the last address that can be used."""
        return replace(
            self._settings,
            language=self._language.currentData(),
            theme=Theme(self._theme.currentData()),
            tray_style=TrayStyle(self._tray_style.currentData()),
            log_level=LogLevel(self._log_level.currentData()),
            clipboard_s=self._clipboard.value(),
            notices=frozenset(kind for kind, box in self._notices.items() if box.isChecked()),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        if self._typing.isActive():  # whoever types and leaves means it
            self._on_address()
        super().hideEvent(event)

    @Slot()
    def _on_change(self) -> None:
        """An address that is half typed or wrong holds no other setting back."""
        self._take(self.settings())

    @Slot()
    def _on_address(self) -> None:
        self._typing.stop()
        wanted = self._with_address()
        problem = settings_problem(wanted)
        self._show_api_base_problem(problem)
        if problem is None:
            self._take(wanted)

    def _with_address(self) -> Settings:
        if self._fixed_api_base is not None:
            return self._settings
        return replace(self._settings, api_base=self._api_base.currentText().strip().rstrip("/"))

    def _take(self, wanted: Settings) -> None:
        if wanted != self._settings:
            self._settings = wanted
            self.changed.emit(wanted)

    def _show_api_base_problem(self, problem: str | None) -> None:
        if self._fixed_api_base is not None:
            text = self.tr("GUARDDOG_API_BASE decides while it is set.")
        else:
            text = self._voice.sentences.bad_input(problem).text if problem else ""
        self._api_base_why.setText(text)
        self._api_base_why.setVisible(bool(text))


def _choice(values: tuple[str, ...], chosen: str) -> QComboBox:
    box = QComboBox()
    for value in values:
        box.addItem("", str(value))
    box.setCurrentIndex(values.index(chosen))
    return box


def _say(box: QComboBox, texts: tuple[str, ...]) -> None:
    for index, text in enumerate(texts):
        box.setItemText(index, text)


def _small() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
