"""The preferences: each control changes its setting at once, and what cannot be used is refused in place."""

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import (
    API_BASES,
    AutostartState,
    LogLevel,
    Settings,
    Theme,
    TrayStyle,
    settings_problem,
)
from guarddog_gui.ui import preferences
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.preferences import PreferencesDialog

CUSTOM = "https://proxy.example.org:8443/wechat"


class PreferencesSetup:
    """The dialog, and what it has said."""

    def __init__(
        self,
        formatter: Formatter,
        qtbot: QtBot,
        settings: Settings | None = None,
        autostart: AutostartState = AutostartState.OFF,
        fixed: str | None = None,
    ) -> None:
        self.dialog = PreferencesDialog(settings or Settings(), autostart, formatter, fixed_api_base=fixed)
        self.dialog._typing_timer.setInterval(1)
        qtbot.addWidget(self.dialog)
        self.qtbot = qtbot
        self.heard: list[Settings] = []
        self.autostart: list[bool] = []
        self.log_folder: list[bool] = []
        self.dialog.settings_changed.connect(self.heard.append)
        self.dialog.autostart_requested.connect(self.autostart.append)
        self.dialog.log_folder_requested.connect(lambda: self.log_folder.append(True))
        self.dialog.show()

    def type_address(self, text: str) -> None:
        self.dialog._api_base_combo.setEditText(text)
        self.wait_for_typing()

    def wait_for_typing(self) -> None:
        self.qtbot.waitUntil(lambda: not self.dialog._typing_timer.isActive())

    @property
    def problem(self) -> str:
        label = self.dialog._api_base_hint
        return label.text() if label.isVisible() else ""


@pytest.fixture
def desk(formatter: Formatter, qtbot: QtBot) -> PreferencesSetup:
    return PreferencesSetup(formatter, qtbot)


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


# -- every control --------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[PreferencesDialog], object], Settings]] = {
    "language": (lambda d: choose(d._language_combo, "zh_CN"), Settings(language="zh_CN")),
    "theme": (lambda d: choose(d._theme_combo, "dark"), Settings(theme=Theme.DARK)),
    "tray": (lambda d: choose(d._tray_style_combo, "mono-light"), Settings(tray_style=TrayStyle.MONO_LIGHT)),
    "log": (lambda d: choose(d._log_level_combo, "debug"), Settings(log_level=LogLevel.DEBUG)),
    "clipboard": (lambda d: d._clipboard_spin_box.setValue(45), Settings(clipboard_s=45)),
    "never cleared": (lambda d: d._clipboard_spin_box.setValue(0), Settings(clipboard_s=0)),
    "address": (lambda d: d._api_base_combo.setCurrentIndex(1), Settings(api_base=API_BASES[1])),
    **{
        f"notice {kind}": (
            lambda d, kind=kind: d._notification_check_boxes[kind].click(),  # type: ignore[misc]  # mypy knows no defaults here
            Settings(notices=Settings().notices ^ {kind}),
        )
        for kind in NotificationKind
    },
}


@pytest.mark.parametrize("control", CHANGES)
def test_a_change_applies_at_once_and_changes_that_one_setting(desk: PreferencesSetup, control: str) -> None:
    act, wanted = CHANGES[control]
    act(desk.dialog)
    desk.wait_for_typing()
    assert desk.heard == [wanted]


def test_changes_add_up(desk: PreferencesSetup) -> None:
    choose(desk.dialog._theme_combo, "dark")
    desk.dialog._clipboard_spin_box.setValue(5)
    choose(desk.dialog._theme_combo, "light")
    assert desk.heard[-1] == Settings(theme=Theme.LIGHT, clipboard_s=5)
    assert len(desk.heard) == 3


def test_a_change_and_back_again_says_both(desk: PreferencesSetup) -> None:
    choose(desk.dialog._theme_combo, "dark")
    choose(desk.dialog._theme_combo, "system")
    assert desk.heard == [Settings(theme=Theme.DARK), Settings()]


def test_it_shows_the_settings_of_now_and_says_nothing_by_itself(formatter: Formatter, qtbot: QtBot) -> None:
    settings = Settings(
        language="zh_CN", clipboard_s=0, notices=frozenset({NotificationKind.REFRESHED}), api_base=CUSTOM,
        theme=Theme.LIGHT, tray_style=TrayStyle.MONO_DARK, log_level=LogLevel.WARNING,
        close_hint_shown=True, paused_until=1e10,
    )  # fmt: skip
    changed = {
        name.name
        for name in fields(Settings)
        if getattr(settings, name.name) != getattr(Settings(), name.name)
    }
    assert changed == {name.name for name in fields(Settings)}
    desk = PreferencesSetup(formatter, qtbot, settings)
    assert desk.dialog.current_settings() == settings
    desk.dialog.retranslate()
    desk.wait_for_typing()
    assert desk.heard == []


def test_every_setting_that_a_person_can_choose_has_a_control_and_every_control_does_something(
    desk: PreferencesSetup,
) -> None:
    """No dead option: neither a setting without a control, nor a control without an effect."""
    ours = {"close_hint_shown", "paused_until"}  # what the program itself remembers
    changed: set[str] = set()
    dialog = desk.dialog
    for control in dialog.findChildren(QWidget):
        if (
            control.window() is not dialog
            or not control.isVisible()
            or control.objectName().startswith("qt_")
        ):
            continue
        before = (dialog.current_settings(), len(desk.autostart), len(desk.log_folder))
        match control:
            case QComboBox():
                control.setCurrentIndex((control.currentIndex() + 1) % control.count())
            case QSpinBox():
                control.stepUp()
            case QCheckBox():
                control.click()
            case QPushButton() if control.parent() is not dialog._button_box:
                control.click()
            case _:
                continue
        desk.wait_for_typing()
        after = (dialog.current_settings(), len(desk.autostart), len(desk.log_folder))
        assert after != before, control
        changed |= {
            field.name
            for field in fields(Settings)
            if getattr(before[0], field.name) != getattr(after[0], field.name)
        }
    assert changed == {field.name for field in fields(Settings)} - ours
    assert desk.heard[-1] == dialog.current_settings()
    assert (desk.autostart, desk.log_folder) == ([True], [True])


def test_every_control_has_a_name_for_a_screen_reader(desk: PreferencesSetup) -> None:
    for control in desk.dialog.findChildren(QComboBox) + desk.dialog.findChildren(QSpinBox):
        assert control.accessibleName()
    for box in desk.dialog.findChildren(QCheckBox):
        assert box.text()


def test_escape_closes_it_and_loses_nothing(desk: PreferencesSetup) -> None:
    desk.dialog._clipboard_spin_box.setValue(7)
    QTest.keyClick(desk.dialog, Qt.Key.Key_Escape)
    assert not desk.dialog.isVisible()
    assert desk.heard == [Settings(clipboard_s=7)]


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
def test_an_address_that_cannot_be_used_is_refused_in_place_and_not_said(
    desk: PreferencesSetup, text: str
) -> None:
    desk.type_address(text)
    assert desk.heard == []
    assert "https" in desk.problem
    desk.type_address(API_BASES[0])
    assert desk.problem == ""
    assert desk.heard == []


@pytest.mark.parametrize("typed", [CUSTOM, f"  {CUSTOM} ", f"{CUSTOM}/"])
def test_a_persons_own_address_is_taken_and_trimmed(desk: PreferencesSetup, typed: str) -> None:
    desk.type_address(typed)
    assert desk.heard == [Settings(api_base=CUSTOM)]
    assert desk.problem == ""


def test_plain_http_is_for_this_computer_only(desk: PreferencesSetup) -> None:
    desk.type_address("http://127.0.0.1:8080")
    assert desk.heard == [Settings(api_base="http://127.0.0.1:8080")]


def test_no_half_of_an_address_is_said_while_somebody_types(formatter: Formatter, qtbot: QtBot) -> None:
    desk = PreferencesSetup(formatter, qtbot)
    desk.dialog._typing_timer.setInterval(preferences.TYPING_DEBOUNCE_MS)
    box = desk.dialog._api_base_combo
    line = box.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "https://a.example")
    assert desk.heard == []
    desk.dialog._typing_timer.setInterval(1)
    qtbot.waitUntil(lambda: bool(desk.heard))
    assert [settings.api_base for settings in desk.heard] == ["https://a.example"]


def test_a_bad_address_holds_no_other_setting_back(desk: PreferencesSetup) -> None:
    desk.type_address("nonsense")
    choose(desk.dialog._theme_combo, "dark")
    assert [(said.theme, said.api_base) for said in desk.heard] == [(Theme.DARK, API_BASES[0])]
    assert "https" in desk.problem  # it is still there, and still wrong
    desk.dialog.retranslate()
    assert "https" in desk.problem


def test_a_half_typed_address_is_not_taken_along_with_another_change(desk: PreferencesSetup) -> None:
    desk.dialog._typing_timer.setInterval(60_000)
    desk.dialog._api_base_combo.setEditText("https://half")
    choose(desk.dialog._theme_combo, "dark")
    assert desk.heard == [Settings(theme=Theme.DARK)]


def test_an_address_that_is_typed_and_left_at_once_is_not_lost(desk: PreferencesSetup) -> None:
    desk.dialog._typing_timer.setInterval(60_000)
    desk.dialog._api_base_combo.setEditText(CUSTOM)
    desk.dialog.close()
    assert desk.heard == [Settings(api_base=CUSTOM)]


def test_an_address_of_the_environment_cannot_be_changed_and_is_not_kept(
    formatter: Formatter, qtbot: QtBot
) -> None:
    desk = PreferencesSetup(formatter, qtbot, fixed="http://127.0.0.1:9")
    assert not desk.dialog._api_base_combo.isEnabled()
    assert desk.dialog._api_base_combo.currentText() == "http://127.0.0.1:9"
    assert "GUARDDOG_API_BASE" in desk.problem
    choose(desk.dialog._theme_combo, "dark")
    assert desk.heard == [Settings(theme=Theme.DARK)]
    assert "GUARDDOG_API_BASE" in desk.problem


def test_the_problem_is_plain_text(desk: PreferencesSetup) -> None:
    for label in desk.dialog.findChildren(QLabel):
        if label in (desk.dialog._api_base_hint, desk.dialog._autostart_hint):
            assert label.textFormat() is Qt.TextFormat.PlainText


def test_every_address_in_the_list_can_be_used() -> None:
    for base in API_BASES:
        assert settings_problem(replace(Settings(), api_base=base)) is None
        assert base.startswith("https://")


# -- starting with the session --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "checked", "enabled", "why"),
    [
        (AutostartState.ON, True, True, ""),
        (AutostartState.OFF, False, True, ""),
        (AutostartState.OTHER_INSTALLATION, False, True, "Another installation"),
        (AutostartState.UNSUPPORTED, False, False, "cannot be started"),
    ],
)
def test_each_state_of_the_autostart_is_shown(
    formatter: Formatter,
    qtbot: QtBot,
    state: AutostartState,
    checked: bool,  # noqa: FBT001 - a column of the table
    enabled: bool,  # noqa: FBT001 - a column of the table
    why: str,
) -> None:
    desk = PreferencesSetup(formatter, qtbot, autostart=state)
    box, label = desk.dialog._autostart_check_box, desk.dialog._autostart_hint
    assert (box.isChecked(), box.isEnabled()) == (checked, enabled)
    assert label.isVisible() is bool(why)
    assert why in label.text()
    assert desk.autostart == []


def test_a_click_asks_for_it_and_the_box_follows_what_became_of_it(desk: PreferencesSetup) -> None:
    desk.dialog._autostart_check_box.click()
    assert desk.autostart == [True]
    desk.dialog.show_autostart(AutostartState.OFF)  # it could not be done
    assert not desk.dialog._autostart_check_box.isChecked()
    desk.dialog._autostart_check_box.click()
    desk.dialog.show_autostart(AutostartState.ON)
    desk.dialog._autostart_check_box.click()
    assert desk.autostart == [True, True, False]


def test_the_log_folder_is_one_click_away(desk: PreferencesSetup) -> None:
    desk.dialog._log_folder_button.click()
    assert desk.log_folder == [True]


def test_the_dialog_is_reached_by_the_keyboard_from_top_to_bottom(desk: PreferencesSetup) -> None:
    dialog = desk.dialog
    dialog.activateWindow()
    desk.qtbot.waitActive(dialog)
    dialog._language_combo.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(20):
        seen.append(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    wanted = [
        dialog._language_combo,
        dialog._theme_combo,
        dialog._tray_style_combo,
        dialog._autostart_check_box,
        dialog._clipboard_spin_box,
    ]
    assert seen[: len(wanted)] == wanted
    for control in (
        dialog._api_base_combo,
        *dialog._notification_check_boxes.values(),
        dialog._log_level_combo,
        dialog._log_folder_button,
    ):
        assert control in seen
