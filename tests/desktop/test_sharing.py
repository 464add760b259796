"""Two computers and a real Redis: one shares an account in the window, the other follows without an AppSecret."""

from __future__ import annotations

import json
import shlex
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.accessibility_tree import AccessibilityTree, accessibility_bus
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram, add_account, read_dog
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.test_keyboard import IN_ENGLISH, KeyboardUser
from tests.sharing.redis_server import RedisServer

PASSWORD = "leader's pass word"
FOLLOWER_PASSWORD = "follower's pass word"
KEYS = "guarddog:{{{appid}}}"
FOLLOWER_ACL = "+get +hgetall +pttl +subscribe"
LEADER_ACL = f"{FOLLOWER_ACL} +set +eval +del +hset +hget +pexpire +publish +time +exists +unsubscribe"


@pytest.fixture
def redis_server(wechat: SandboxServer) -> Iterator[RedisServer]:
    """Return a Redis with a user for the leader and one that may only read."""
    with tempfile.TemporaryDirectory(prefix="gd-redis-") as folder:
        server = RedisServer(Path(folder), uses_port=True).start()
        keys = KEYS.format(appid=wechat.accounts[0].appid)
        for user, password, access, commands in (
            ("leader", PASSWORD, "~", LEADER_ACL),
            ("reader", FOLLOWER_PASSWORD, "%R~", FOLLOWER_ACL),
        ):
            limits = ("on", f">{password}", f"{access}{keys}:*", f"&{keys}", "-@all", *commands.split())
            server.client().execute_command("ACL", "SETUSER", user, *limits)
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def tree(desktop_folder: Path, private_bus: str, screen: Screen) -> Iterator[tuple[AccessibilityTree, str]]:
    with accessibility_bus(desktop_folder, private_bus, screen.display) as tree_and_address:
        yield tree_and_address


class SecondComputer:
    """A home and a keyring of its own, which is a file."""

    def __init__(self, start_program: StartProgram, home: Path, wechat: SandboxServer) -> None:
        self._start_program = start_program
        self.home, self.keyring_file = home, home.with_name("second-keyring.json")
        self._environ = {
            "GUARDDOG_HOME": str(home),
            "GUARDDOG_API_BASE": wechat.base_url,
            "GUARDDOG_LANG": "en",
            "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
            "PYTHONPATH": str(Path(__file__).parents[1] / "cli"),
            "TEST_KEYRING_FILE": str(self.keyring_file),
        }

    def start(self, *command: str) -> ProgramProcess:
        return self._start_program(script_path("guarddogctl"), *command, **self._environ)

    def run(self, *command: str, stdin: str = "") -> str:
        line = f"printf '%s\\n' {shlex.quote(stdin)} | {shlex.quote(script_path('guarddogctl'))} {shlex.join(command)}"
        program = self._start_program("sh", "-c", line, **self._environ)
        assert program.wait_for_exit(timeout_s=30) == 0, program.output
        return program.output


def token_of(home: Path, appid: str) -> str:
    fields = read_dog(home, appid, "ACCESS_TOKEN")
    return "" if fields is None else str(fields["data"])


def test_an_account_shared_in_the_window_arrives_at_a_follower_and_stays_up_to_date(
    start_program: StartProgram,
    desktop_folder: Path,
    guarddog_home: Path,
    screen: Screen,
    tree: tuple[AccessibilityTree, str],
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    redis_server: RedisServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    appid, nodes = wechat.accounts[0].appid, tree[0]
    url = redis_server.url
    add_account(start_program, wechat)
    window = start_program(
        script_path("guarddog-gui"), "--show", GUARDDOG_LANG="en", GUARDDOG_API_BASE=wechat.base_url,
        QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", AT_SPI_BUS_ADDRESS=tree[1], NO_AT_BRIDGE="0",
    )  # fmt: skip
    user = KeyboardUser(window, screen, nodes, guarddog_home, IN_ENGLISH)
    wait_until(lambda: screen.windows("^Guard Dog$"), "the window", timeout_s=20)
    screen.wait_for_keyboard()
    user.go_to("More$")
    user.press("space")
    time.sleep(0.5)  # a menu is not in the accessibility tree
    user.press("Up", "Up", "Return")
    wait_until(lambda: screen.windows("^Share Shop A$"), "the dialog")
    wait_until(lambda: user.focused().name == "Address of Redis", "the field of the address")
    user.type(url.replace("://", "://leader@"))
    user.tab(user.focused().path)
    user.type(PASSWORD)
    user.press("Return")
    wait_until(lambda: user.is_gone("^Share Shop A$"), "the dialog to close", timeout_s=20)
    first = token_of(guarddog_home, appid)
    assert redis_server.keys() >= {f"guarddog:{{{appid}}}:ACCESS_TOKEN"}

    second = SecondComputer(start_program, desktop_folder / "second", wechat)
    follow = ("--follow", "--redis", url.replace("://", "://reader@"), "--redis-password-stdin")
    second.run("accounts", "add", "--appid", appid, "--name", "Shop", *follow, stdin=FOLLOWER_PASSWORD)
    watch = second.start("watch")
    wait_until(lambda: token_of(second.home, appid) == first, "the leader's token at the follower")
    (status, *_) = json.loads(second.run("status", "--json"))
    assert (status["role"], status["usable"]) == ("follower", True)

    forced = start_program(
        script_path("guarddogctl"), "refresh", "--force", "--yes", GUARDDOG_API_BASE=wechat.base_url, GUARDDOG_LANG="en"
    )
    assert forced.wait_for_exit(timeout_s=30) == 0, forced.output
    newer = token_of(guarddog_home, appid)
    assert newer != first
    wait_until(lambda: token_of(second.home, appid) == newer, "the newer token at the follower")
    assert watch.exit_code is None
    assert window.exit_code is None
    keyring = second.keyring_file.read_text()
    assert FOLLOWER_PASSWORD in keyring
    assert wechat.accounts[0].secret not in keyring, "a follower has no AppSecret"
    files = [path for path in desktop_folder.rglob("*") if path.is_file() and "keyrings" not in path.parts]
    for secret in (PASSWORD, FOLLOWER_PASSWORD):
        found = [path for path in files if path != second.keyring_file and secret.encode() in path.read_bytes()]
        assert found == []
