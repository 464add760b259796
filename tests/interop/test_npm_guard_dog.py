"""npm guard_dog as it is published, on `.dog` files of ours; and we on those that it wrote."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.interop.node import INTEROP_FOLDER, require_node_package

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
VALUES = ["91_" + "aZ09-_" * 80, '微信 🐕 "quoted" \\ /', "x"]


def guard_dog(folder: Path, given: dict[str, Any] | str | None = None) -> dict[str, Any]:
    """How often npm guard_dog called its loader, which hands `given` over, and what it served; see the script."""
    done = subprocess.run(
        [require_node_package("guard_dog"), str(INTEROP_FOLDER / "npm_guard_dog.js"), str(folder), TOKEN],
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def ours(folder: Path) -> tuple[AccountDogFiles, Account, Path]:
    dogs, account = (AccountDogFiles(folder / "not used"), Account("wx1", "Shop", dog_dir=str(folder), ahead=290))
    return dogs, account, dogs.path(account, TOKEN)


@pytest.mark.parametrize("value", VALUES)
def test_it_serves_what_we_wrote_and_does_not_call_its_loader(tmp_path: Path, value: str) -> None:
    dogs, account, file = ours(tmp_path)
    dogs.write(account, TOKEN, TokenRecord(value, 7200, int(time.time() * 1000), str(tmp_path), 290))
    before = file.read_bytes()

    assert guard_dog(tmp_path) == {"loads": 0, "data": value}
    assert file.read_bytes() == before


def test_it_calls_its_loader_when_what_we_wrote_is_dead(tmp_path: Path) -> None:
    dogs, account, _ = ours(tmp_path)
    dogs.write(account, TOKEN, TokenRecord("old", 7200, int((time.time() - 7201) * 1000), str(tmp_path), 290))

    assert guard_dog(tmp_path)["loads"] > 0


@pytest.mark.parametrize("value", VALUES)
def test_we_read_what_it_wrote_and_write_the_same_bytes(tmp_path: Path, value: str) -> None:
    dogs, account, file = ours(tmp_path)
    seen = guard_dog(tmp_path, {"data": value, "expires_in": 7200, "gen_time": 1_795_411_200_123, "ahead": 7})
    assert seen == {"loads": 1, "data": value}
    theirs = file.read_bytes()

    assert dogs.read(account, TOKEN) == TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 290)
    record = dogfile.parse_token_record(theirs.decode())
    assert record == TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 7)
    file.unlink()
    dogs.write(account, TOKEN, record)
    assert file.read_bytes() == theirs


def test_two_seconds_ahead_is_what_it_writes_where_its_loader_says_nothing(tmp_path: Path) -> None:
    guard_dog(tmp_path, {"data": "x", "expires_in": 60, "gen_time": 1_795_411_200_000})

    record = dogfile.parse_token_record(ours(tmp_path)[2].read_text(encoding="utf-8"))
    assert record is not None
    assert record.ahead == 2


@pytest.mark.parametrize("value", VALUES)
def test_it_writes_the_same_bytes_after_it_has_read_ours(tmp_path: Path, value: str) -> None:
    dogs, account, file = ours(tmp_path)
    dogs.write(account, TOKEN, TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 290))
    before = file.read_bytes()

    assert guard_dog(tmp_path, "again") == {"loads": 1, "data": value}
    assert file.read_bytes() == before
