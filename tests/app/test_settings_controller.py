"""The settings in force: applied at once, kept on disk, and what the dialog does not know is left alone."""

import json
import logging
import shutil
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.app.settings_controller import APP_ID, SettingsController
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import AutostartState, LogLevel, Settings, Theme, TrayStyle, WindowState
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.style.theme import apply_theme
from tests.app.settings_home import SettingsHome
from tests.ui.opened_urls import record_opened_urls

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

OWN = "https://proxy.example.org"
EVERYTHING = Settings(
    language="zh_CN", clipboard_s=0, notices=frozenset({NotificationKind.SUPERSEDED}), api_base=OWN, theme=Theme.DARK,
    tray_style=TrayStyle.MONO_DARK, log_level=LogLevel.WARNING, close_hint_shown=True, paused_until=1.8e9,
    default_account="wx1", window=WindowState(page="history"),
)  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def dialog_of(chosen: SettingsController, window: QWidget) -> PreferencesDialog:
    chosen.open_preferences(window)
    dialog: PreferencesDialog = window.findChildren(PreferencesDialog)[-1]
    return dialog


def test_a_dialog_that_has_to_be_answered_first_comes_to_the_front_instead(
    at_home: SettingsHome, window: QWidget, qtbot: QtBot
) -> None:
    chosen, first = at_home.start(), QDialog(window)
    first.open()
    qtbot.waitUntil(first.isVisible)
    chosen.open_preferences(window)
    assert not window.findChildren(PreferencesDialog)
    first.close()
    assert dialog_of(chosen, window).isVisible()


# -- keeping --------------------------------------------------------------------------------------


def test_a_start_writes_nothing(at_home: SettingsHome) -> None:
    assert at_home.start().settings == Settings()
    assert not at_home.file.exists()


def test_what_is_changed_is_told_kept_and_there_after_a_restart(at_home: SettingsHome, qtbot: QtBot) -> None:
    chosen = at_home.start()
    with qtbot.waitSignal(chosen.settings_changed) as changed:
        chosen.apply_and_save(EVERYTHING)
    assert changed.args == [EVERYTHING]
    assert at_home.kept() == EVERYTHING
    assert at_home.start().settings == EVERYTHING


def test_what_the_program_learns_is_kept_beside_what_the_person_chose(at_home: SettingsHome) -> None:
    chosen = at_home.start()
    chosen.apply_and_save(Settings(theme=Theme.DARK))
    chosen.update_fields(close_hint_shown=True)
    chosen.update_fields(paused_until=1.8e9)
    assert at_home.kept() == Settings(theme=Theme.DARK, close_hint_shown=True, paused_until=1.8e9)
    chosen.update_fields(paused_until=None)
    assert at_home.kept().paused_until is None


def test_a_file_that_cannot_be_written_is_said_and_the_setting_applies_all_the_same(
    at_home: SettingsHome, qtbot: QtBot, qapp: QApplication
) -> None:
    chosen = at_home.start()
    chosen.apply_and_save(Settings(theme=Theme.LIGHT))
    shutil.rmtree(at_home.file.parent)
    at_home.file.parent.write_text("a file where the folder was")
    troubles: list[FileError] = []
    chosen.error_occurred.connect(troubles.append)
    with qtbot.waitSignal(chosen.settings_changed):
        chosen.apply_and_save(Settings(theme=Theme.DARK))
    (trouble,) = troubles
    assert str(at_home.file.parent) in trouble.path
    assert chosen.settings.theme is Theme.DARK
    assert qapp.palette().color(QPalette.ColorRole.Base).lightness() < 128


def test_settings_that_cannot_be_read_at_the_start_are_neither_lost_nor_ignored(
    at_home: SettingsHome, qtbot: QtBot
) -> None:
    at_home.start().apply_and_save(EVERYTHING)
    aside = at_home.file.with_name("aside")
    at_home.file.rename(aside)
    at_home.file.mkdir()  # as too many open files, or a share that comes later

    chosen = at_home.start()
    errors: list[FileError] = []
    chosen.error_occurred.connect(errors.append)
    assert chosen.settings == Settings()
    chosen.update_fields(close_hint_shown=True, clipboard_s=45)
    assert len(errors) == 1
    at_home.file.rmdir()
    aside.rename(at_home.file)

    with qtbot.waitSignal(chosen.settings_changed):
        chosen._reload()
    assert chosen.settings == replace(EVERYTHING, clipboard_s=45)
    chosen.update_fields(paused_until=None)
    assert at_home.kept() == replace(EVERYTHING, clipboard_s=45, paused_until=None)
    assert not chosen._reload_timer.isActive()


def test_a_change_that_could_not_be_saved_is_saved_with_the_next_one(at_home: SettingsHome) -> None:
    chosen = at_home.start()
    at_home.file.parent.parent.mkdir(parents=True, exist_ok=True)
    at_home.file.parent.write_text("a file where the folder was")
    chosen.update_fields(clipboard_s=45)
    at_home.file.parent.unlink()
    chosen.update_fields(close_hint_shown=True)
    assert at_home.kept() == Settings(clipboard_s=45, close_hint_shown=True)


# -- applying -------------------------------------------------------------------------------------


def test_the_language_changes_while_it_runs(at_home: SettingsHome, qtbot: QtBot) -> None:
    chosen = at_home.start()
    voice = chosen.formatter
    assert voice.messages.text("No account yet").isascii()
    with qtbot.waitSignal(chosen.language_changed):
        chosen.apply_and_save(Settings(language="zh_CN"))
    assert chosen.formatter is voice  # windows keep theirs
    assert not voice.messages.text("No account yet").isascii()
    assert QLocale().language() is QLocale.Language.Chinese
    with qtbot.waitSignal(chosen.language_changed):
        chosen.apply_and_save(Settings(language="en"))
    assert voice.messages.text("No account yet").isascii()


def test_nothing_is_said_again_when_the_language_stays(at_home: SettingsHome, qtbot: QtBot) -> None:
    chosen = at_home.start()
    with qtbot.assertNotEmitted(chosen.language_changed):
        chosen.apply_and_save(Settings(language="en"))
        chosen.apply_and_save(Settings(theme=Theme.DARK))


def test_the_environment_decides_the_language_while_it_is_set(at_home: SettingsHome, qtbot: QtBot) -> None:
    at_home.environ["GUARDDOG_LANG"] = "zh_CN"
    chosen = at_home.start()
    assert not chosen.formatter.messages.text("No account yet").isascii()
    with qtbot.assertNotEmitted(chosen.language_changed):
        chosen.apply_and_save(Settings(language="en"))
    assert at_home.kept().language == "en"  # for a start without the variable


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_the_theme_applies_at_once_and_from_the_next_start_on(
    at_home: SettingsHome, qapp: QApplication, theme: Theme
) -> None:
    def is_dark() -> bool:
        return qapp.palette().color(QPalette.ColorRole.Base).lightness() < 128

    chosen = at_home.start()
    chosen.apply_and_save(Settings(theme=Theme.LIGHT if theme is Theme.DARK else Theme.DARK))
    assert is_dark() is not (theme is Theme.DARK)
    chosen.apply_and_save(Settings(theme=theme))
    assert is_dark() is (theme is Theme.DARK)
    apply_theme(qapp, Theme.SYSTEM)
    at_home.start()
    assert is_dark() is (theme is Theme.DARK)


@pytest.mark.parametrize("level", LogLevel)
def test_the_log_keeps_what_was_chosen_from_now_on(at_home: SettingsHome, level: LogLevel) -> None:
    log = logging.getLogger("guarddog_gui.test")
    at_home.start().apply_and_save(Settings(log_level=level))
    kept = [log.isEnabledFor(number) for number in (logging.DEBUG, logging.INFO, logging.WARNING)]
    wanted = {"debug": [True, True, True], "info": [False, True, True], "warning": [False, False, True]}
    assert kept == wanted[level]
    logging.getLogger().setLevel(logging.CRITICAL)
    at_home.start()
    assert log.isEnabledFor(logging.getLevelNamesMapping()[level.upper()])


# -- the address ----------------------------------------------------------------------------------


def test_without_a_word_of_the_environment_the_person_decides_the_address(at_home: SettingsHome) -> None:
    chosen = at_home.start()
    assert chosen.fixed_api_base is None
    chosen.apply_and_save(Settings(api_base=OWN))
    assert at_home.start().fixed_api_base is None


@pytest.mark.parametrize("text", [f"{OWN}/", f" {OWN}", f"{OWN}//"])
def test_an_address_that_was_written_by_hand_is_the_persons_too(at_home: SettingsHome, text: str) -> None:
    at_home.file.parent.mkdir(parents=True)
    at_home.file.write_text(json.dumps({"api_base": text}))
    chosen = at_home.start()
    assert chosen.fixed_api_base is None
    assert chosen.settings.api_base == OWN


def test_an_address_of_the_environment_or_the_sandbox_is_fixed(at_home: SettingsHome, window: QWidget) -> None:
    assert at_home.start("http://127.0.0.1:9").fixed_api_base == "http://127.0.0.1:9"
    at_home.environ["GUARDDOG_API_BASE"] = "https://api2.weixin.qq.com/"
    chosen = at_home.start()
    assert chosen.fixed_api_base == "https://api2.weixin.qq.com"
    dialog = dialog_of(chosen, window)
    assert not dialog._api_base_combo.isEnabled()
    dialog._clipboard_spin_box.setValue(9)
    assert at_home.kept() == Settings(clipboard_s=9)


# -- the dialog -----------------------------------------------------------------------------------


def test_what_is_chosen_in_the_dialog_is_in_force_and_kept(at_home: SettingsHome, window: QWidget) -> None:
    chosen = at_home.start()
    dialog = dialog_of(chosen, window)
    dialog._clipboard_spin_box.setValue(12)
    assert chosen.settings == at_home.kept() == Settings(clipboard_s=12)


def test_what_the_dialog_does_not_know_about_stays_as_it_is_now(at_home: SettingsHome, window: QWidget) -> None:
    chosen = at_home.start()
    dialog = dialog_of(chosen, window)
    chosen.update_fields(paused_until=1.8e9, close_hint_shown=True)  # while it is open
    dialog._clipboard_spin_box.setValue(12)
    assert at_home.kept() == Settings(clipboard_s=12, paused_until=1.8e9, close_hint_shown=True)


def test_the_dialog_speaks_the_language_that_was_chosen_in_it(at_home: SettingsHome, window: QWidget) -> None:
    chosen = at_home.start()
    dialog = dialog_of(chosen, window)
    title = dialog.windowTitle()
    dialog._language_combo.setCurrentIndex(dialog._language_combo.findData("zh_CN"))
    QApplication.processEvents()
    assert dialog.windowTitle() != title
    assert not dialog.windowTitle().isascii()


def test_there_is_one_dialog_and_a_new_one_after_it_was_closed(
    at_home: SettingsHome, window: QWidget, qtbot: QtBot
) -> None:
    chosen = at_home.start()
    first = dialog_of(chosen, window)
    assert dialog_of(chosen, window) is first
    with qtbot.waitSignal(first.destroyed):
        first.close()
    chosen.apply_and_save(replace(chosen.settings, clipboard_s=77))
    second = dialog_of(chosen, window)
    assert second is not first
    assert second._clipboard_spin_box.value() == 77


def test_an_address_that_was_typed_last_is_kept_when_the_dialog_closes(
    at_home: SettingsHome, window: QWidget, qtbot: QtBot
) -> None:
    dialog = dialog_of(at_home.start(), window)
    dialog._api_base_combo.setEditText(f"{OWN}/")
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    assert at_home.kept().api_base == OWN


def test_the_log_folder_is_opened_where_it_is(
    at_home: SettingsHome, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = record_opened_urls(monkeypatch)
    dialog_of(at_home.start(), window)._log_folder_button.click()
    assert opened == [QUrl.fromLocalFile(str(Path(at_home.environ["GUARDDOG_HOME"]) / "logs")).toString()]


# -- starting with the session --------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The entry that a session would start; the program counts as installed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "bin" / "guarddog-gui"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    return tmp_path / ".config" / "autostart" / f"{APP_ID}.desktop"


@pytest.mark.only_on("linux")
def test_starting_with_the_session_is_switched_on_and_off(
    at_home: SettingsHome, window: QWidget, session: Path
) -> None:
    dialog = dialog_of(at_home.start(), window)
    assert not dialog._autostart_check_box.isChecked()
    dialog._autostart_check_box.click()
    assert session.exists()
    assert dialog._autostart_check_box.isChecked()
    dialog._autostart_check_box.click()
    assert not session.exists()
    assert not dialog._autostart_check_box.isChecked()
    assert not at_home.file.exists()  # it is no setting of ours


@pytest.mark.only_on("linux")
def test_an_entry_that_cannot_be_written_is_said_and_the_box_tells_the_truth(
    at_home: SettingsHome, window: QWidget, session: Path, qtbot: QtBot
) -> None:
    chosen = at_home.start()
    dialog = dialog_of(chosen, window)
    session.parent.parent.write_text("a file where the folder should be")
    with qtbot.waitSignal(chosen.error_occurred):
        dialog._autostart_check_box.click()
    assert not dialog._autostart_check_box.isChecked()
    assert chosen._make_autostart().state() in (AutostartState.OFF, AutostartState.UNSUPPORTED)


def test_a_program_with_an_address_of_its_own_is_not_started_with_the_session(
    at_home: SettingsHome, window: QWidget
) -> None:
    """The sandbox above all: a login would start the real program in its place."""
    chosen = at_home.start(api_base="http://127.0.0.1:9")
    assert chosen.autostart_state() is AutostartState.UNSUPPORTED
    dialog = dialog_of(chosen, window)
    assert not dialog._autostart_check_box.isEnabled()
    assert dialog._autostart_hint.text()


def test_while_another_dialog_waits_for_an_answer_that_one_comes_to_the_front(
    at_home: SettingsHome, window: QWidget, qtbot: QtBot
) -> None:
    """It takes all clicks and keys of its window, so that Preferences beside it could not be used."""
    chosen = at_home.start()
    waiting = QDialog(window)
    waiting.open()
    qtbot.waitExposed(waiting)
    window.activateWindow()
    chosen.open_preferences(window)
    assert not window.findChildren(PreferencesDialog)
    qtbot.waitUntil(waiting.isActiveWindow)
    waiting.reject()
    assert dialog_of(chosen, window).isVisible()


def test_and_so_it_does_where_the_preferences_were_open_before(
    at_home: SettingsHome, window: QWidget, qtbot: QtBot
) -> None:
    chosen = at_home.start()
    dialog = dialog_of(chosen, window)
    waiting = QDialog(window)
    waiting.open()
    qtbot.waitExposed(waiting)
    dialog.activateWindow()
    chosen.open_preferences(window)
    qtbot.waitUntil(waiting.isActiveWindow)
