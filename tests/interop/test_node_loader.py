"""The loader for Node programs that follow our files: what it hands on, and when it waits."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
# loads once for every line on its stdin, as guard_dog does when a value is due
DRIVER = """
const load = require(process.argv[1])(process.argv[2])
process.stdin.on('data', () => load((...handed) => console.log(JSON.stringify([...handed, Date.now()]))))
"""


class Follower:
    """A Node program with the loader."""

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


def test_it_hands_on_the_rest_of_the_life_and_asks_again_soon(follower: Follower) -> None:
    record = follower.put("TOKEN-1", 7200, age=3600)

    follower.ask()
    data, life, ahead, at = follower.handed()

    assert data == "TOKEN-1"
    assert record.expires_at - 1 < at + life <= record.expires_at + 0.1
    assert life - ahead == 2


@pytest.mark.parametrize("before", ["absent", "dead", "torn", "without a value", "not a text"])
def test_it_waits_until_there_is_a_value_that_lives(follower: Follower, before: str) -> None:
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
    assert life <= record.expires_at - at + 1  # guard_dog counts it from when it asked


def test_in_the_same_folder_the_end_stays_where_it_is_however_often_guard_dog_writes_it(follower: Follower) -> None:
    record = follower.put("TOKEN-1", 7200, age=0.4)
    for _ in range(20):
        follower.ask()
        data, life, ahead, at = follower.handed()
        follower.dogs.write(follower.account, TOKEN, TokenRecord(data, life, int(at * 1000), "", ahead))

    kept = follower.dogs.read(follower.account, TOKEN)

    assert kept is not None
    assert abs(kept.expires_at - record.expires_at) < 1.1
