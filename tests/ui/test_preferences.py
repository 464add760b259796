"""The preferences: each control changes its setting at once, and an invalid value is refused below its field."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QKeySequenceEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.hotkeys import HotkeyAction
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import (
    API_BASES,
    AutostartState,
    LogLevel,
    Settings,
    Theme,
    TrayStyle,
    WindowState,
    settings_problem,
)
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.ui import preferences
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.preferences import PreferencesDialog
from tests.ui import find

CUSTOM = "https://proxy.example.org:8443/wechat"


class PreferencesSetup:
    """The dialog and the signals that it has emitted."""

    def __init__(
        self,
        formatter: Formatter,
        qtbot: QtBot,
        settings: Settings | None = None,
        autostart: AutostartState = AutostartState.OFF,
        fixed: str | None = None,
    ) -> None:
        self.dialog = PreferencesDialog(settings or Settings(), autostart, formatter, fixed_api_base=fixed)
        find.timer(self.dialog, "typing-timer").setInterval(1)
        qtbot.addWidget(self.dialog)
        self.qtbot = qtbot
        self.changes: list[Settings] = []
        self.autostart: list[bool] = []
        self.log_folder: list[bool] = []
        self.moves: list[str] = []
        self.dialog.settings_changed.connect(self.changes.append)
        self.dialog.autostart_requested.connect(self.autostart.append)
        self.dialog.log_folder_requested.connect(lambda: self.log_folder.append(True))
        self.dialog.export_requested.connect(lambda _: self.moves.append("export"))
        self.dialog.import_requested.connect(lambda _: self.moves.append("import"))
        self.dialog.show()

    def type_address(self, text: str) -> None:
        find.combo(self.dialog, "API host").setEditText(text)
        self.wait_for_typing()

    def wait_for_typing(self) -> None:
        self.qtbot.waitUntil(lambda: not find.timer(self.dialog, "typing-timer").isActive())

    @property
    def problem(self) -> str:
        label = find.label(self.dialog, "api-base-hint")
        return "" if label.isHidden() else label.text()

    @property
    def tabs(self) -> QTabWidget:
        return find.widget(self.dialog, QTabWidget)


@pytest.fixture
def setup(formatter: Formatter, qtbot: QtBot) -> PreferencesSetup:
    return PreferencesSetup(formatter, qtbot)


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


# -- every control --------------------------------------------------------------------------------

NOTIFICATION_TEXTS = {
    NotificationKind.NEEDS_USER_ACTION: "an account needs me",
    NotificationKind.SUPERSEDED: "a token was replaced elsewhere",
    NotificationKind.KEYRING_LOCKED: "the keyring is locked",
    NotificationKind.EXPIRING: "a token expires before it can be renewed",
    NotificationKind.RECOVERED: "everything works again",
    NotificationKind.REFRESHED: "a token was refreshed",
}
CHANGES: dict[str, tuple[Callable[[PreferencesDialog], object], Settings]] = {
    "language": (lambda d: choose(find.combo(d, "Language"), "zh_CN"), Settings(language="zh_CN")),
    "theme": (lambda d: choose(find.combo(d, "Theme"), "dark"), Settings(theme=Theme.DARK)),
    "tray": (lambda d: choose(find.combo(d, "Tray icon"), "mono-light"), Settings(tray_style=TrayStyle.MONO_LIGHT)),
    "log": (lambda d: choose(find.combo(d, "Log"), "debug"), Settings(log_level=LogLevel.DEBUG)),
    "clipboard": (lambda d: find.spin_box(d, "Clear the clipboard after").setValue(45), Settings(clipboard_s=45)),
    "never cleared": (lambda d: find.spin_box(d, "Clear the clipboard after").setValue(0), Settings(clipboard_s=0)),
    "address": (lambda d: find.combo(d, "API host").setCurrentIndex(1), Settings(api_base=API_BASES[1])),
    **{
        f"notice {kind}": (
            lambda d, text=text: find.check_box(d, text).click(),  # type: ignore[misc]  # mypy knows no defaults here
            Settings(notices=Settings().notices ^ {kind}),
        )
        for kind, text in NOTIFICATION_TEXTS.items()
    },
}


@pytest.mark.parametrize("control", CHANGES)
def test_a_change_applies_at_once_and_changes_that_one_setting(setup: PreferencesSetup, control: str) -> None:
    act, wanted = CHANGES[control]
    act(setup.dialog)
    setup.wait_for_typing()
    assert setup.changes == [wanted]


def test_changes_add_up(setup: PreferencesSetup) -> None:
    choose(find.combo(setup.dialog, "Theme"), "dark")
    find.spin_box(setup.dialog, "Clear the clipboard after").setValue(5)
    choose(find.combo(setup.dialog, "Theme"), "light")
    assert setup.changes[-1] == Settings(theme=Theme.LIGHT, clipboard_s=5)
    assert len(setup.changes) == 3


def test_a_change_and_its_reversal_are_both_emitted(setup: PreferencesSetup) -> None:
    choose(find.combo(setup.dialog, "Theme"), "dark")
    choose(find.combo(setup.dialog, "Theme"), "system")
    assert setup.changes == [Settings(theme=Theme.DARK), Settings()]


def test_the_current_settings_are_shown_without_emitting_a_change(formatter: Formatter, qtbot: QtBot) -> None:
    settings = Settings(
        language="zh_CN", clipboard_s=0, notices=frozenset({NotificationKind.REFRESHED}), api_base=CUSTOM,
        theme=Theme.LIGHT, tray_style=TrayStyle.MONO_DARK, log_level=LogLevel.WARNING,
        close_hint_shown=True, paused_until=1e10, default_account="wx1", window=WindowState(page="history"),
        copy_formats={"wx1": CopyFormat.ENV}, hotkey="Ctrl+Alt+G", hotkey_action=HotkeyAction.POPOVER,
        check_for_updates=True, skipped_version="0.2.0", desktop_offered=True,
    )  # fmt: skip
    changed = {name for name in Settings.__struct_fields__ if getattr(settings, name) != getattr(Settings(), name)}
    assert changed == set(Settings.__struct_fields__)
    setup = PreferencesSetup(formatter, qtbot, settings)
    assert setup.dialog.current_settings() == settings
    setup.dialog.retranslate()
    setup.wait_for_typing()
    assert setup.changes == []


def test_every_setting_has_a_control_and_every_control_has_an_effect(setup: PreferencesSetup) -> None:
    internal = {
        "close_hint_shown",
        "paused_until",
        "default_account",
        "window",
        "copy_formats",
        "skipped_version",
        "desktop_offered",
    }  # stored by the program itself
    changed: set[str] = set()
    dialog = setup.dialog
    pages = [setup.tabs.widget(index) for index in range(setup.tabs.count())]
    controls = [control for page in pages if page is not None for control in page.findChildren(QWidget)]
    for control in controls:
        if control.objectName().startswith("qt_"):
            continue
        before = (dialog.current_settings(), len(setup.autostart), len(setup.log_folder), len(setup.moves))
        match control:
            case QComboBox():
                control.setCurrentIndex((control.currentIndex() + 1) % control.count())
            case QSpinBox():
                control.stepUp()
            case QCheckBox():
                control.click()
            case QKeySequenceEdit():
                control.setKeySequence(QKeySequence("Ctrl+Alt+G"))
            case QPushButton() if not isinstance(control.parent(), QDialogButtonBox):
                control.click()
            case _:
                continue
        setup.wait_for_typing()
        after = (dialog.current_settings(), len(setup.autostart), len(setup.log_folder), len(setup.moves))
        assert after != before, control
        changed |= {name for name in Settings.__struct_fields__ if getattr(before[0], name) != getattr(after[0], name)}
    assert changed == set(Settings.__struct_fields__) - internal
    assert setup.changes[-1] == dialog.current_settings()
    assert (setup.autostart, setup.log_folder) == ([True], [True])


def test_every_control_has_a_name_for_a_screen_reader(setup: PreferencesSetup) -> None:
    for control in setup.dialog.findChildren(QComboBox) + setup.dialog.findChildren(QSpinBox):
        assert control.accessibleName()
    for box in setup.dialog.findChildren(QCheckBox):
        assert box.text()


def test_escape_closes_the_dialog_and_keeps_the_changes(setup: PreferencesSetup) -> None:
    find.spin_box(setup.dialog, "Clear the clipboard after").setValue(7)
    QTest.keyClick(setup.dialog, Qt.Key.Key_Escape)
    assert not setup.dialog.isVisible()
    assert setup.changes == [Settings(clipboard_s=7)]


# -- the address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "api.weixin.qq.com",
        "http://api.weixin.qq.com",
        "ftp://api.weixin.qq.com",
        "https://",
        "https://user:pass@api.weixin.qq.com",
        "https://api.weixin.qq.com/?x=1",
        "https://[::1",
        "https://api.weixin.qq.com:99999",
        "javascript:alert(1)",
    ],
)
def test_an_invalid_address_is_refused_below_its_field(setup: PreferencesSetup, text: str) -> None:
    setup.type_address(text)
    assert setup.changes == []
    assert "https" in setup.problem
    setup.type_address(API_BASES[0])
    assert setup.problem == ""
    assert setup.changes == []


@pytest.mark.parametrize("typed", [CUSTOM, f"  {CUSTOM} ", f"{CUSTOM}/"])
def test_a_custom_address_is_trimmed_and_applied(setup: PreferencesSetup, typed: str) -> None:
    setup.type_address(typed)
    assert setup.changes == [Settings(api_base=CUSTOM)]
    assert setup.problem == ""


def test_plain_http_is_accepted_for_this_computer(setup: PreferencesSetup) -> None:
    setup.type_address("http://127.0.0.1:8080")
    assert setup.changes == [Settings(api_base="http://127.0.0.1:8080")]


def test_an_address_is_applied_only_when_the_user_stops_typing(formatter: Formatter, qtbot: QtBot) -> None:
    setup = PreferencesSetup(formatter, qtbot)
    find.timer(setup.dialog, "typing-timer").setInterval(preferences.TYPING_DEBOUNCE_MS)
    box = find.combo(setup.dialog, "API host")
    line = box.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "https://a.example")
    assert setup.changes == []
    find.timer(setup.dialog, "typing-timer").setInterval(1)
    qtbot.waitUntil(lambda: bool(setup.changes))
    assert [settings.api_base for settings in setup.changes] == ["https://a.example"]


def test_an_invalid_address_does_not_block_other_settings(setup: PreferencesSetup) -> None:
    setup.type_address("nonsense")
    choose(find.combo(setup.dialog, "Theme"), "dark")
    assert [(change.theme, change.api_base) for change in setup.changes] == [(Theme.DARK, API_BASES[0])]
    assert "https" in setup.problem  # the address is still shown, and still invalid
    setup.dialog.retranslate()
    assert "https" in setup.problem


def test_another_change_does_not_apply_a_half_typed_address(setup: PreferencesSetup) -> None:
    find.timer(setup.dialog, "typing-timer").setInterval(60_000)
    find.combo(setup.dialog, "API host").setEditText("https://half")
    choose(find.combo(setup.dialog, "Theme"), "dark")
    assert setup.changes == [Settings(theme=Theme.DARK)]


def test_an_address_typed_just_before_closing_is_applied(setup: PreferencesSetup) -> None:
    find.timer(setup.dialog, "typing-timer").setInterval(60_000)
    find.combo(setup.dialog, "API host").setEditText(CUSTOM)
    setup.dialog.close()
    assert setup.changes == [Settings(api_base=CUSTOM)]


def test_an_address_of_the_environment_cannot_be_edited_and_is_not_saved(formatter: Formatter, qtbot: QtBot) -> None:
    setup = PreferencesSetup(formatter, qtbot, fixed="http://127.0.0.1:9")
    assert not find.combo(setup.dialog, "API host").isEnabled()
    assert find.combo(setup.dialog, "API host").currentText() == "http://127.0.0.1:9"
    assert "GUARDDOG_API_BASE" in setup.problem
    choose(find.combo(setup.dialog, "Theme"), "dark")
    assert setup.changes == [Settings(theme=Theme.DARK)]
    assert "GUARDDOG_API_BASE" in setup.problem


def test_the_hints_are_plain_text(setup: PreferencesSetup) -> None:
    for name in ("api-base-hint", "autostart-hint"):
        assert find.label(setup.dialog, name).textFormat() is Qt.TextFormat.PlainText


def test_every_listed_address_is_valid() -> None:
    for base in API_BASES:
        assert settings_problem(replace(Settings(), api_base=base)) is None
        assert base.startswith("https://")


# -- starting at login -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "checked", "enabled", "hint"),
    [
        (AutostartState.ON, True, True, ""),
        (AutostartState.OFF, False, True, ""),
        (AutostartState.OTHER_INSTALLATION, False, True, "Another installation"),
        (AutostartState.UNSUPPORTED, False, False, "cannot be started"),
    ],
)
def test_each_autostart_state_is_shown(
    formatter: Formatter,
    qtbot: QtBot,
    state: AutostartState,
    checked: bool,  # noqa: FBT001 - a column of the table
    enabled: bool,  # noqa: FBT001 - a column of the table
    hint: str,
) -> None:
    setup = PreferencesSetup(formatter, qtbot, autostart=state)
    box, label = (find.check_box(setup.dialog, "Start at login"), find.label(setup.dialog, "autostart-hint"))
    assert (box.isChecked(), box.isEnabled()) == (checked, enabled)
    assert label.isVisible() is bool(hint)
    assert hint in label.text()
    assert setup.autostart == []


def test_a_click_requests_autostart_and_the_check_box_shows_the_result(setup: PreferencesSetup) -> None:
    find.check_box(setup.dialog, "Start at login").click()
    assert setup.autostart == [True]
    setup.dialog.show_autostart(AutostartState.OFF)  # it failed
    assert not find.check_box(setup.dialog, "Start at login").isChecked()
    find.check_box(setup.dialog, "Start at login").click()
    setup.dialog.show_autostart(AutostartState.ON)
    find.check_box(setup.dialog, "Start at login").click()
    assert setup.autostart == [True, True, False]


def test_a_button_opens_the_log_folder(setup: PreferencesSetup) -> None:
    find.button(setup.dialog, "Open the log folder").click()
    assert setup.log_folder == [True]


def test_the_tab_key_reaches_every_control_from_top_to_bottom(setup: PreferencesSetup) -> None:
    dialog = setup.dialog
    dialog.activateWindow()
    setup.qtbot.waitActive(dialog)
    find.combo(dialog, "Language").setFocus()
    seen: list[QWidget | None] = []
    for page in range(setup.tabs.count()):
        setup.tabs.setCurrentIndex(page)
        setup.tabs.tabBar().setFocus()
        for _ in range(10):
            QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
            seen.append(dialog.focusWidget())
    wanted = [
        find.combo(dialog, "Language"),
        find.combo(dialog, "Theme"),
        find.combo(dialog, "Tray icon"),
        find.widget(dialog, QKeySequenceEdit),
        find.combo(dialog, "The global hotkey opens"),
        find.check_box(dialog, "Start at login"),
    ]
    assert seen[: len(wanted)] == wanted
    for control in (
        find.spin_box(dialog, "Clear the clipboard after"),
        find.combo(dialog, "API host"),
        *(find.check_box(dialog, text) for text in NOTIFICATION_TEXTS.values()),
        find.combo(dialog, "Log"),
        find.button(dialog, "Open the log folder"),
    ):
        assert control in seen


def test_enter_presses_the_focused_button_and_elsewhere_close(setup: PreferencesSetup) -> None:
    dialog = setup.dialog
    dialog.activateWindow()
    setup.qtbot.waitActive(dialog)
    for page, text in ((2, "Export accounts…"), (2, "Import accounts…"), (3, "Open the log folder")):
        setup.tabs.setCurrentIndex(page)
        find.button(dialog, text).setFocus()
        QTest.keyClick(find.button(dialog, text), Qt.Key.Key_Return)
    assert (setup.moves, setup.log_folder) == (["export", "import"], [True])
    assert dialog.isVisible()
    find.combo(dialog, "Log").setFocus()
    QTest.keyClick(find.combo(dialog, "Log"), Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_the_settings_stand_in_four_categories(setup: PreferencesSetup) -> None:
    names = [setup.tabs.tabText(index) for index in range(setup.tabs.count())]
    assert names == ["General", "Notifications", "Security", "Advanced"]


def test_settings_from_elsewhere_are_shown_without_emitting_changes(setup: PreferencesSetup) -> None:
    settings = Settings(
        language="zh_CN", clipboard_s=0, notices=frozenset({NotificationKind.REFRESHED}), api_base=CUSTOM,
        theme=Theme.LIGHT, tray_style=TrayStyle.MONO_DARK, log_level=LogLevel.WARNING, default_account="wx1",
    )  # fmt: skip

    setup.dialog.show_settings(settings)
    setup.wait_for_typing()

    assert setup.dialog.current_settings() == settings
    assert setup.changes == []
    choose(find.combo(setup.dialog, "Theme"), "dark")
    assert setup.changes == [replace(settings, theme=Theme.DARK)], "nothing of before comes back"


def test_accounts_are_exported_and_imported_from_here(setup: PreferencesSetup) -> None:
    setup.tabs.setCurrentIndex(2)

    find.button(setup.dialog, "Export accounts…").click()
    find.button(setup.dialog, "Import accounts…").click()

    assert setup.moves == ["export", "import"]
