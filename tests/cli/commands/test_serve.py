"""`serve` as an installed program: start, stop, and what may go wrong while it runs."""

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import GUARDDOGCTL
from tests.serve.serve_process import ServeProcess

pytestmark = pytest.mark.only_on("linux", "darwin")  # signals


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


def forget_values(server: ServeProcess) -> None:
    for path in (server.ctl.home / "guarddog" / "data" / "dogs").rglob("*"):
        if path.is_file():
            path.unlink()


def ask(server: ServeProcess) -> tuple[int, object]:
    status, body = server.get_token()
    return status, json.loads(body).get("errcode")


@pytest.mark.parametrize(("language", "words"), [("en", "another program has the port"), ("zh_CN", "已被其他程序占用")])
def test_a_port_that_is_taken_is_named(guarddogctl: InProcessCli, language: str, words: str) -> None:
    port = guarddogctl.wechat.base_url.rpartition(":")[2]
    ran = guarddogctl("serve", "--listen", f"127.0.0.1:{port}", GUARDDOG_LANG=language)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert f"127.0.0.1:{port}" in ran.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_and_frees_its_port(wechat: SandboxServer, tmp_path: Path, number: int) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        server.assert_serves(15)
        with server.connect():  # idle
            started = time.monotonic()
            server.process.send_signal(number)
            assert server.process.wait(10) == 0
            assert time.monotonic() - started < 4
    assert server.errors == "Ctrl+C stops it.\nStopped.\n"
    with socket.create_server(("127.0.0.1", server.port)):
        pass


def test_a_request_that_runs_at_the_end_is_answered(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        server.assert_serves(15)
        forget_values(server)
        wechat.faults.add(Fault(FaultKind.HANG, seconds=1), endpoint="stable_token")
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(server.get_token)
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            assert answer.result(10)[0] == 200
        assert server.process.wait(10) == 0


def test_a_request_that_hangs_does_not_hold_up_the_end(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        server.assert_serves(15)
        forget_values(server)
        wechat.faults.add(Fault(FaultKind.HANG), endpoint="stable_token", times=100)
        waiting = [threading.Thread(target=server.get_token) for _ in range(40)]
        for thread in waiting:
            thread.start()
        time.sleep(0.5)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert time.monotonic() - started < 6
        for thread in waiting:
            thread.join(15)
    assert "Traceback" not in server.errors


def test_fifty_clients_without_a_value_cost_one_call(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        forget_values(server)
        calls = wechat.rules.call_counts["/cgi-bin/stable_token"]
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda _: ask(server), range(50)))
        assert answers == [(200, None)] * 50
        assert wechat.rules.call_counts["/cgi-bin/stable_token"] == calls + 1


def test_a_key_that_is_revoked_while_it_runs_ends_at_once(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        server.assert_serves(15)
        assert server.ctl("serve", "keys", "revoke", "tester").returncode == 0
        assert ask(server) == (401, 40125)
        server.key = server.add_key("again")
        server.assert_serves()
        assert server.ctl("accounts", "remove", server.appid).returncode == 0
        assert ask(server)[0] in {403, 404}


def test_a_locked_keyring_is_named_and_recovers(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        lock = server.ctl.keyring_file.with_suffix(".locked")
        lock.touch()
        forget_values(server)
        status, body = server.get_token()
        assert (status, b"keyring of the server" in body) == (503, True)
        lock.unlink()
        time.sleep(10.5)  # the pause after a failure
        server.assert_serves(15)


def test_a_folder_that_cannot_be_written_does_not_cost_a_client_its_token(
    wechat: SandboxServer, tmp_path: Path
) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        dogs = server.ctl.home / "guarddog" / "data" / "dogs" / server.appid
        forget_values(server)
        for folder in sorted(dogs.rglob("*"), reverse=True):
            folder.rmdir()
        dogs.rmdir()
        dogs.write_text("a file in the place of the folder")
        values = {server.get_token()[1] for _ in range(3)}
        assert all(b"seconds_left" in body for body in values), values


def test_an_output_that_is_closed_does_not_end_the_server(wechat: SandboxServer, tmp_path: Path) -> None:
    with ServeProcess(tmp_path, wechat) as server:
        pass
    command = [GUARDDOGCTL, "serve", "--listen", f"127.0.0.1:{server.port}"]
    with subprocess.Popen(command, env=server.ctl.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()  # as `| head -n 1` does
        for _ in range(3):
            server.assert_serves(15)
            time.sleep(0.2)
        process.terminate()
        assert process.wait(10) == 0
