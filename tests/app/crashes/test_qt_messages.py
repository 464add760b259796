"""Messages of Qt: still on standard error, once in the log, and without secrets."""

import logging
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from guarddog_gui.app.crashes.qt_messages import WARNINGS_MAX, QtMessages

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def messages() -> Iterator[QtMessages]:
    before = qInstallMessageHandler(None)
    messages = QtMessages()
    messages.start()
    yield messages
    messages.stop()
    assert qInstallMessageHandler(before) is None


def send(messages: QtMessages, kind: QtMsgType, text: str) -> None:
    messages._on_message(kind, None, text)  # type: ignore[arg-type]  # qWarning() would fail the test


def test_each_text_is_logged_once_and_written_each_time(
    messages: QtMessages, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    send(messages, QtMsgType.QtDebugMsg, "debugging")
    for _ in range(3):
        send(messages, QtMsgType.QtWarningMsg, f"secret={SECRET}")
    send(messages, QtMsgType.QtCriticalMsg, "bad")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "Qt: secret=…"),
        ("CRITICAL", "Qt: bad"),
    ]
    assert capsys.readouterr().err.splitlines() == ["debugging", *["secret=…"] * 3, "bad"]


def test_a_flood_of_different_texts_ends(messages: QtMessages, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(WARNINGS_MAX + 50):
        send(messages, QtMsgType.QtWarningMsg, str(number))
    assert len(caplog.records) == WARNINGS_MAX
