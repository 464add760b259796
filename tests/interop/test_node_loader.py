"""The snippet follower.js: a loader for Node programs with npm guard_dog that reads our files."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
# calls the loader once for every line on stdin, as guard_dog does when a value is due
DRIVER = """
const load = require(process.argv[1])(process.argv[2])
process.stdin.on('data', () => load((...handed) => console.log(JSON.stringify([...handed, Date.now()]))))
"""


class Follower:
    """Node program with the loader."""

    def __init__(self, folder: Path) -> None:
        self.dogs = AccountDogFiles(folder)
        self.account = Account("wx1", "Shop", dog_dir=str(folder))
        self.path = self.dogs.path(self.account, TOKEN)
        self.process = subprocess.Popen(
            ["node", "-e", DRIVER, str(resource_path("snippets/follower.js")), str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def put(self, value: str, life: int, age: float = 0.0) -> TokenRecord:
        record = TokenRecord(value, life, int((time.time() - age) * 1000), "/dogs", 290)
        self.dogs.write(self.account, TOKEN, record)
        return record

    def ask(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def handed(self) -> tuple[str, int, int, float]:
        assert self.process.stdout is not None
        data, life, ahead, at = json.loads(self.process.stdout.readline())
        return data, life, ahead, at / 1000


@pytest.fixture
def follower(tmp_path: Path) -> Iterator[Follower]:
    follower = Follower(tmp_path)
    yield follower
    follower.process.kill()
    follower.process.communicate()


def test_it_passes_the_remaining_lifetime_and_is_called_again_soon(follower: Follower) -> None:
    record = follower.put("TOKEN-1", 7200, age=3600)

    follower.ask()
    data, life, ahead, at = follower.handed()

    assert data == "TOKEN-1"
    assert record.expires_at - 1 < at + life <= record.expires_at + 0.1
    assert life - ahead == 2


@pytest.mark.parametrize("before", ["absent", "dead", "torn", "without a value", "not a text"])
def test_it_waits_for_a_valid_value(follower: Follower, before: str) -> None:
    if before == "dead":
        follower.put("TOKEN-0", 7200, age=7300)
    elif before == "torn":
        follower.path.write_text('{"data":"TOK')
    elif before in ("without a value", "not a text"):
        born = int(time.time() * 1000)
        data = "null" if before == "without a value" else '["TOKEN-0"]'
        follower.path.write_text(f'{{"data":{data},"expires_in":7200,"gen_time":{born},"dir":"","ahead":2}}')
    follower.ask()
    time.sleep(0.3)

    record = follower.put("TOKEN-1", 7200)
    data, life, _, at = follower.handed()

    assert data == "TOKEN-1"
    assert life <= record.expires_at - at + 1  # guard_dog counts it from its call of the loader


def test_the_expiry_stays_the_same_when_guard_dog_rewrites_the_same_file(follower: Follower) -> None:
    record = follower.put("TOKEN-1", 7200, age=0.4)
    for _ in range(20):
        follower.ask()
        data, life, ahead, at = follower.handed()
        follower.dogs.write(follower.account, TOKEN, TokenRecord(data, life, int(at * 1000), "", ahead))

    rewritten = follower.dogs.read(follower.account, TOKEN)

    assert rewritten is not None
    assert abs(rewritten.expires_at - record.expires_at) < 1.1
