"""The clipboard: values are copied with hints for managers, and cleared unless something replaced them."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard.clipboard import STOP_TIMEOUT_S, Clipboard
from guarddog_gui.ui.clipboard.copy_window import CopyWindow
from guarddog_gui.ui.clipboard.subject import CopySubject, KeySubject, NamedTextSubject
from tests.fakes import FakeClock

TOKEN = "91_" + "t" * 100
SUBJECT = KeySubject(TokenKind.ACCESS_TOKEN, "Shop")


class FakeBackgroundClipboard:
    """Clipboard of a compositor with data-control; `accepts` None: it does not answer yet."""

    def __init__(self, *, accepts: bool | None = True) -> None:
        self.accepts = accepts
        self.formats: Mapping[str, bytes] = {}
        self.withdrawals: list[float] = []
        self.on_result: Callable[[bool], None] = print

    def copy(self, formats: Mapping[str, bytes], on_result: Callable[[bool], None]) -> None:
        self.formats, self.on_result = formats, on_result
        if self.accepts is not None:
            thread = threading.Thread(target=on_result, args=(self.accepts,))
            thread.start()
            thread.join()

    def withdraw(self, wait_s: float = 0.0) -> None:
        self.formats = {}
        self.withdrawals.append(wait_s)


class ClipboardSetup:
    """A clipboard with a fake clock."""

    def __init__(self) -> None:
        self.monotonic = FakeClock(50.0)
        self.copied: list[CopySubject] = []
        self.failed: list[CopySubject] = []
        self.countdown: list[int] = []
        self.use(Clipboard(self.monotonic))

    def use(self, clipboard: Clipboard) -> None:
        self.clipboard = clipboard
        clipboard.copied.connect(self.copied.append)
        clipboard.copy_failed.connect(self.failed.append)
        clipboard.countdown_changed.connect(self.countdown.append)

    @property
    def text(self) -> str:
        return QGuiApplication.clipboard().text()

    @property
    def timer(self) -> QTimer:
        timer = self.clipboard.findChild(QTimer)
        assert timer is not None
        return timer

    def pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            self.monotonic.advance(1)
            if self.timer.isActive():
                self.clipboard.update_countdown()


@pytest.fixture
def setup(qapp: QApplication) -> Iterator[ClipboardSetup]:  # noqa: ARG001 - the clipboard needs one
    QGuiApplication.clipboard().clear()
    setup = ClipboardSetup()
    yield setup
    setup.clipboard.clear()
    QGuiApplication.clipboard().clear()


def test_a_value_is_cleared_after_its_time(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    setup.pass_seconds(29)
    assert setup.text == TOKEN
    setup.pass_seconds(1)
    assert setup.text == ""
    assert setup.countdown == [*range(30, -1, -1)]


def test_the_countdown_runs_once_per_second(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    assert setup.timer.interval() == 1000


def test_text_copied_by_another_program_is_not_cleared(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    setup.pass_seconds(60)
    assert setup.text == "a shopping list"
    assert setup.countdown[-1] == 0


def test_text_copied_by_another_program_is_not_cleared_on_quit(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    QGuiApplication.clipboard().setText("a shopping list")
    setup.clipboard.clear()
    assert setup.text == "a shopping list"


def test_without_a_copied_value_nothing_is_cleared(setup: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    setup.clipboard.clear()
    assert setup.text == "a shopping list"


def test_a_second_value_has_its_own_time(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    setup.pass_seconds(20)
    setup.clipboard.copy_secret("another", SUBJECT, 30)
    setup.pass_seconds(29)
    assert setup.text == "another"
    setup.pass_seconds(1)
    assert setup.text == ""


def test_a_value_without_a_time_is_cleared_on_quit(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 0)
    setup.pass_seconds(3600)
    assert setup.text == TOKEN
    assert setup.countdown == []  # a 0 would report that it was cleared
    setup.clipboard.clear()
    assert setup.text == ""


def test_a_value_without_a_time_outlives_the_time_of_the_previous_one(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    setup.clipboard.copy_secret("another", SUBJECT, 0)
    setup.pass_seconds(60)
    assert setup.text == "another"


def test_after_a_suspend_the_value_is_cleared_at_once(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    setup.monotonic.advance(3600)
    setup.clipboard.update_countdown()
    assert setup.text == ""


@pytest.mark.only_on("linux")
def test_clipboard_managers_are_asked_not_to_record_the_value(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert data.text() == TOKEN


@pytest.mark.skipif(sys.platform != "linux", reason="only X11 has a second clipboard")
def test_the_x11_selection_is_not_changed(setup: ClipboardSetup) -> None:
    QGuiApplication.clipboard().setText("marked", QClipboard.Mode.Selection)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 1)
    setup.pass_seconds(2)
    if QGuiApplication.clipboard().supportsSelection():
        assert QGuiApplication.clipboard().text(QClipboard.Mode.Selection) == "marked"


def test_the_clipboard_object_does_not_keep_the_value(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    assert all(TOKEN not in str(value) for value in vars(setup.clipboard).values())


def test_a_copy_is_reported_with_its_subject(setup: ClipboardSetup) -> None:
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    setup.clipboard.copy_text("203.0.113.9", NamedTextSubject("203.0.113.9"))
    assert setup.copied == [SUBJECT, NamedTextSubject("203.0.113.9")]
    setup.pass_seconds(60)
    assert setup.text == "203.0.113.9"


def test_a_clipboard_that_another_program_holds_is_reported_as_a_failure(
    setup: ClipboardSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses a copy while another program has the clipboard open, and Qt reports nothing."""
    monkeypatch.setattr(QClipboard, "setMimeData", lambda *_: None)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    assert (setup.copied, setup.failed) == ([], [SUBJECT])
    assert not setup.timer.isActive()
    assert all(TOKEN not in repr(value) for value in vars(setup.clipboard).values())


def use_wayland(setup: ClipboardSetup, *, accepts: bool | None) -> FakeBackgroundClipboard:
    background = FakeBackgroundClipboard(accepts=accepts)
    setup.use(Clipboard(setup.monotonic, background, is_wayland=True))
    return background


def test_on_wayland_a_value_is_copied_without_a_window(setup: ClipboardSetup, qtbot: QtBot) -> None:
    background = use_wayland(setup, accepts=True)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 2)
    qtbot.waitUntil(lambda: setup.copied == [SUBJECT])
    assert background.formats["text/plain;charset=utf-8"] == background.formats["UTF8_STRING"] == TOKEN.encode()
    setup.pass_seconds(2)
    assert background.formats == {}
    assert setup.countdown == [2, 1, 0]


@pytest.mark.only_on("linux")
def test_on_wayland_histories_are_asked_not_to_record_secrets_only(setup: ClipboardSetup, qtbot: QtBot) -> None:
    background = use_wayland(setup, accepts=True)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 2)
    assert background.formats["x-kde-passwordManagerHint"] == b"secret"
    setup.clipboard.copy_text("203.0.113.9", NamedTextSubject("203.0.113.9"))
    assert "x-kde-passwordManagerHint" not in background.formats
    qtbot.waitUntil(lambda: setup.copied == [NamedTextSubject("203.0.113.9")])  # the first was replaced in time


def test_on_wayland_nothing_is_reported_before_the_compositor_has_the_value(
    setup: ClipboardSetup, qtbot: QtBot
) -> None:
    background = use_wayland(setup, accepts=None)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    qtbot.wait(50)
    assert setup.copied == []
    background.on_result(True)
    qtbot.waitUntil(lambda: setup.copied == [SUBJECT])


def test_without_data_control_and_focus_a_window_asks_for_a_key(setup: ClipboardSetup, qtbot: QtBot) -> None:
    use_wayland(setup, accepts=False)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    qtbot.waitUntil(lambda: open_copy_window() is not None)
    assert (setup.copied, setup.text) == ([], "")
    window = open_copy_window()
    assert window is not None
    assert window.windowTitle() == "Copy access_token of Shop"
    window.copy_requested.emit()
    # the compositor of this test never announces the value: then it was not copied, whatever Qt believes
    qtbot.waitUntil(lambda: "not copied" in window.findChildren(QLabel)[0].text())
    assert setup.copied == []
    window.copy_requested.emit()
    QGuiApplication.clipboard().dataChanged.emit()  # it was announced
    if QGuiApplication.clipboard().ownsClipboard():
        qtbot.waitUntil(lambda: setup.copied == [SUBJECT])
    setup.clipboard.stop()
    assert open_copy_window() is None


def test_a_cancelled_copy_is_forgotten(setup: ClipboardSetup, qtbot: QtBot) -> None:
    use_wayland(setup, accepts=False)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    qtbot.waitUntil(lambda: open_copy_window() is not None)
    window = open_copy_window()
    assert window is not None
    window.reject()
    assert open_copy_window() is None
    assert all(TOKEN not in repr(value) for value in vars(setup.clipboard).values())
    assert (setup.copied, setup.text) == ([], "")


def test_on_quit_a_value_of_the_compositor_is_withdrawn_before_the_exit(setup: ClipboardSetup, qtbot: QtBot) -> None:
    background = use_wayland(setup, accepts=True)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 0)
    qtbot.waitUntil(lambda: setup.copied == [SUBJECT])
    setup.clipboard.stop()
    assert background.withdrawals[-1] == STOP_TIMEOUT_S


def test_a_pending_copy_does_not_show_its_value_in_a_repr(setup: ClipboardSetup) -> None:
    use_wayland(setup, accepts=None)
    setup.clipboard.copy_secret(TOKEN, SUBJECT, 30)
    assert TOKEN not in repr(setup.clipboard._copy)


def open_copy_window() -> CopyWindow | None:
    windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CopyWindow)]
    return next((window for window in windows if window.isVisible()), None)
