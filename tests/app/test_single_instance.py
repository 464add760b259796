"""One program per home: who gets in, who is told, and what a crash leaves behind."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.app import single_instance
from guarddog_gui.app.single_instance import MESSAGE_BYTES_MAX, CommandResult, SingleInstance
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from tests.adapters.unprivileged import read_only_folder, unprivileged_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the socket is looked at as a file")

OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from guarddog_gui.app import single_instance
from guarddog_gui.app.single_instance import SingleInstance

app = QCoreApplication(sys.argv)
other = SingleInstance(Path(sys.argv[1]))
if "--hold" in sys.argv:
    print("first" if other.try_acquire() else "second", flush=True)
    other.listen()
    app.exec()
elif "--deaf" in sys.argv:
    print("first" if other.try_acquire() else "second", flush=True)
    app.exec()
else:
    print("first" if other.try_acquire() else other.send_command(*sys.argv[2:]).name, flush=True)
"""
Others = Callable[..., "subprocess.Popen[str]"]


class PrimaryInstance:
    """The program that came first, and what later ones asked of it."""

    def __init__(self, folder: Path) -> None:
        self.instance = SingleInstance(folder)
        self.asked: list[tuple[str, str]] = []
        self.instance.command_received.connect(lambda *command: self.asked.append(command))
        self.is_first = self.instance.try_acquire()
        if self.is_first:
            self.instance.listen()

    @property
    def server(self) -> QLocalServer:
        assert self.instance._server is not None
        return self.instance._server

    @property
    def socket(self) -> Path:
        return Path(self.server.fullServerName())


@pytest.fixture
def first(tmp_path: Path, qapp: QApplication) -> Iterator[PrimaryInstance]:  # noqa: ARG001 - sockets need one
    first = PrimaryInstance(tmp_path)
    assert first.is_first
    yield first
    first.instance.release()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Others]:
    """other(*words) -> a program that tries to be the first of the same home."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", OTHER, str(tmp_path), *words]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for program in running:
        program.kill()
        program.wait()
        assert program.stdout is not None
        program.stdout.close()


def said(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def say(first: PrimaryInstance, words: bytes) -> socket.socket:
    """A stranger at the socket."""
    stranger = socket.socket(socket.AF_UNIX)
    stranger.settimeout(5)
    stranger.connect(str(first.socket))
    stranger.sendall(words)
    return stranger


def show_still_works(first: PrimaryInstance, qtbot: QtBot) -> None:
    with say(first, b'{"wish": "show"}\n'):
        qtbot.waitUntil(lambda: first.asked[-1:] == [("show", "")])


def test_a_second_one_does_not_get_in_and_its_wish_reaches_the_first(
    first: PrimaryInstance, other: Others, qtbot: QtBot
) -> None:
    second = other("show", "token-of-the-launcher")
    qtbot.waitUntil(lambda: first.asked == [("show", "token-of-the-launcher")], timeout=10_000)
    assert said(second) == "SENT"
    third = other("quit")
    qtbot.waitUntil(lambda: first.asked[1:] == [("quit", "")], timeout=10_000)
    assert said(third) == "SENT"


def test_another_home_is_another_program(first: PrimaryInstance, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    second = PrimaryInstance(elsewhere)
    assert second.is_first
    assert second.socket != first.socket
    second.instance.release()


def test_after_a_release_the_next_one_gets_in(first: PrimaryInstance, tmp_path: Path) -> None:
    way_in = first.socket
    first.instance.release()
    assert not way_in.exists()
    second = PrimaryInstance(tmp_path)
    assert second.is_first
    second.instance.release()


@pytest.mark.usefixtures("qapp")
def test_a_command_that_nobody_reads_reports_that(other: Others, tmp_path: Path) -> None:
    deaf = other("--deaf")
    assert said(deaf) == "first"
    assert SingleInstance(tmp_path).send_command("show", timeout_s=0.1) is CommandResult.NO_ANSWER


def test_a_start_gets_in_when_the_program_that_holds_the_lock_ends_without_listening(
    other: Others, tmp_path: Path
) -> None:
    deaf = other("--deaf")
    assert said(deaf) == "first"
    ending = threading.Timer(0.5, deaf.kill)
    ending.start()
    instance = SingleInstance(tmp_path)
    assert not instance.try_acquire()
    assert instance.send_command("show") is CommandResult.ACQUIRED
    ending.join()
    assert SingleInstance(tmp_path).try_acquire() is False  # held by the new one
    instance.release()


@pytest.mark.usefixtures("qapp")
def test_a_wish_to_one_that_does_not_listen_yet_waits_for_it(other: Others, tmp_path: Path, qtbot: QtBot) -> None:
    starting = SingleInstance(tmp_path)
    asked: list[tuple[str, str]] = []
    starting.command_received.connect(lambda *command: asked.append(command))
    assert starting.try_acquire()
    second = other("show")
    qtbot.wait(500)
    starting.listen()
    qtbot.waitUntil(lambda: asked == [("show", "")], timeout=10_000)
    assert said(second) == "SENT"
    starting.release()


@pytest.mark.usefixtures("qapp")
def test_what_a_killed_program_left_behind_is_in_nobodys_way(other: Others, tmp_path: Path, qtbot: QtBot) -> None:
    dead = other("--hold")
    assert said(dead) == "first"
    dead.kill()
    dead.wait()
    assert (tmp_path / "tray.lock").exists()
    begin = time.monotonic()
    first = PrimaryInstance(tmp_path)
    assert first.is_first
    assert time.monotonic() - begin < 2
    show_still_works(first, qtbot)
    first.instance.release()


def test_an_old_lock_of_a_living_program_is_respected(other: Others, tmp_path: Path) -> None:
    living = other("--hold")
    assert said(living) == "first"
    ancient = time.time() - 40 * 86_400
    os.utime(tmp_path / "tray.lock", (ancient, ancient))
    assert not PrimaryInstance(tmp_path).is_first


def test_the_socket_is_for_this_person_only(first: PrimaryInstance) -> None:
    assert stat.S_IMODE(first.socket.stat().st_mode) & 0o077 == 0


def test_the_socket_lies_in_the_run_time_folder(first: PrimaryInstance) -> None:
    assert first.socket.parent == Path(os.environ["XDG_RUNTIME_DIR"])


def test_without_a_run_time_folder_there_is_a_socket_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    first = PrimaryInstance(tmp_path)
    assert first.is_first
    assert stat.S_IMODE(first.socket.stat().st_mode) & 0o077 == 0
    show_still_works(first, qtbot)
    first.instance.release()


@pytest.mark.parametrize(
    "words",
    [
        b"\n",
        b"show\n",
        b"\xff\xfe\x00\n",
        b"[]\n",
        b"null\n",
        b'{"wish": "delete everything"}\n',
        b'{"wish": ["show"]}\n',
        b'{"wish": {"a": 1}}\n',
        b'{"token": "x"}\n',
        b"[" * 3000 + b"\n",
        b'{"wish": "show"',  # and no end
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_nonsense_is_ignored(first: PrimaryInstance, qtbot: QtBot, words: bytes) -> None:
    with say(first, words):
        qtbot.wait(30)
        assert first.asked == []
        show_still_works(first, qtbot)


def test_whoever_talks_too_long_is_hung_up_on(first: PrimaryInstance, qtbot: QtBot) -> None:
    with say(first, b"x" * (MESSAGE_BYTES_MAX + 1)) as stranger:
        stranger.setblocking(False)

        def hung_up() -> bool:
            try:
                return stranger.recv(1) == b""
            except BlockingIOError:
                return False
            except ConnectionResetError:
                return True

        qtbot.waitUntil(hung_up)
        assert first.asked == []
        show_still_works(first, qtbot)


@pytest.mark.parametrize("token", ["a\0b", "\ud800", "a\nb", "é", 7, {"a": 1}, None, True])
def test_a_token_that_cannot_stand_in_the_environment_is_left_out(
    first: PrimaryInstance, qtbot: QtBot, token: object
) -> None:
    with say(first, json.dumps({"wish": "show", "token": token}).encode() + b"\n"):
        qtbot.waitUntil(lambda: first.asked == [("show", "")])


def test_words_that_come_in_pieces_are_understood(first: PrimaryInstance, qtbot: QtBot) -> None:
    with say(first, b'{"wish": ') as slow:
        qtbot.wait(30)
        slow.sendall(b'"quit"}\n')
        qtbot.waitUntil(lambda: first.asked == [("quit", "")])


def test_a_hundred_strangers_who_say_nothing_do_not_shut_the_door(first: PrimaryInstance, qtbot: QtBot) -> None:
    strangers = []
    for _ in range(100):
        strangers.append(say(first, b""))
        qtbot.wait(1)
    show_still_works(first, qtbot)
    for stranger in strangers:
        stranger.close()


def test_those_who_have_gone_are_forgotten(first: PrimaryInstance, qtbot: QtBot) -> None:
    for _ in range(20):
        say(first, b'{"wish": "show"}\n').close()
    qtbot.waitUntil(lambda: len(first.asked) == 20)
    qtbot.waitUntil(lambda: not first.server.findChildren(QLocalSocket))


def test_a_folder_without_write_permission_is_an_error_and_no_second_program() -> None:
    with unprivileged_folder() as folder, read_only_folder(folder), pytest.raises(FileError) as trouble:
        SingleInstance(folder).try_acquire()
    assert trouble.value.path.endswith("tray.lock")


@pytest.mark.usefixtures("qapp")
def test_an_empty_lock_file_of_an_earlier_version_does_not_block(tmp_path: Path, qtbot: QtBot) -> None:
    """QLockFile left one if it was killed before it had written its pid."""
    (tmp_path / "tray.lock").touch()
    first = PrimaryInstance(tmp_path)
    assert first.is_first
    show_still_works(first, qtbot)
    first.instance.release()


@pytest.mark.usefixtures("qapp")
def test_a_running_program_of_an_earlier_version_is_respected_and_respects_us(tmp_path: Path) -> None:
    earlier = QLockFile(str(tmp_path / "tray.lock"))
    earlier.setStaleLockTime(0)
    assert earlier.tryLock(0)
    assert not SingleInstance(tmp_path).try_acquire()
    earlier.unlock()
    first = SingleInstance(tmp_path)
    assert first.try_acquire()
    assert not earlier.tryLock(0)
    first.release()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_the_lock_file_is_for_this_user_only_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    instance = SingleInstance(tmp_path)
    before = os.umask(umask)
    try:
        assert instance.try_acquire()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "tray.lock").stat().st_mode) == 0o600
    instance.release()


@pytest.mark.usefixtures("qapp")
def test_a_command_is_not_sent_to_a_process_of_another_user(
    first: PrimaryInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(single_instance, "is_same_user", lambda _: False)
    with pytest.raises(FileError) as error:
        SingleInstance(tmp_path).send_command("quit", "token-of-the-launcher")
    assert error.value.reason == FileErrorReason.NOT_PRIVATE
    with say(first, b'{"wish": "quit"}\n'):
        qtbot.wait(50)
    assert first.asked == []
