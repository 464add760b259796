"""The published npm guard_dog with our `.dog` files, and our code with its files."""

import time
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.interop.node import run_node_script

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
VALUES = ["91_" + "aZ09-_" * 80, '微信 🐕 "quoted" \\ /', "x"]


def guard_dog(folder: Path, loaded: dict[str, Any] | str | None = None) -> dict[str, Any]:
    """Return the number of calls of npm guard_dog's loader, which returns `loaded`, and the value; see the script."""
    result: dict[str, Any] = run_node_script("guard_dog", "npm_guard_dog.js", [str(folder), TOKEN], stdin=loaded)
    return result


def open_dog_files(folder: Path) -> tuple[AccountDogFiles, Account, Path]:
    dogs, account = (AccountDogFiles(folder / "not used"), Account("wx1", "Shop", dog_dir=str(folder), ahead=290))
    return dogs, account, dogs.path(account, TOKEN)


@pytest.mark.parametrize("value", VALUES)
def test_it_returns_our_value_without_calling_its_loader(tmp_path: Path, value: str) -> None:
    dogs, account, file = open_dog_files(tmp_path)
    dogs.write(account, TOKEN, TokenRecord(value, 7200, int(time.time() * 1000), str(tmp_path), 290))
    before = file.read_bytes()

    assert guard_dog(tmp_path) == {"loads": 0, "data": value}
    assert file.read_bytes() == before


def test_it_calls_its_loader_when_our_value_has_expired(tmp_path: Path) -> None:
    dogs, account, _ = open_dog_files(tmp_path)
    dogs.write(account, TOKEN, TokenRecord("old", 7200, int((time.time() - 7201) * 1000), str(tmp_path), 290))

    assert guard_dog(tmp_path)["loads"] > 0


@pytest.mark.parametrize("value", VALUES)
def test_we_read_its_file_and_write_the_same_bytes(tmp_path: Path, value: str) -> None:
    dogs, account, file = open_dog_files(tmp_path)
    seen = guard_dog(tmp_path, {"data": value, "expires_in": 7200, "gen_time": 1_795_411_200_123, "ahead": 7})
    assert seen == {"loads": 1, "data": value}
    theirs = file.read_bytes()

    assert dogs.read(account, TOKEN) == TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 290)
    record = dog_format.parse_token_record(theirs.decode())
    assert record == TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 7)
    file.unlink()
    dogs.write(account, TOKEN, record)
    assert file.read_bytes() == theirs


def test_it_writes_ahead_2_if_its_loader_passes_none(tmp_path: Path) -> None:
    guard_dog(tmp_path, {"data": "x", "expires_in": 60, "gen_time": 1_795_411_200_000})

    record = dog_format.parse_token_record(open_dog_files(tmp_path)[2].read_text(encoding="utf-8"))
    assert record is not None
    assert record.ahead == 2


@pytest.mark.parametrize("value", VALUES)
def test_it_writes_the_same_bytes_after_reading_our_file(tmp_path: Path, value: str) -> None:
    dogs, account, file = open_dog_files(tmp_path)
    dogs.write(account, TOKEN, TokenRecord(value, 7200, 1_795_411_200_123, str(tmp_path), 290))
    before = file.read_bytes()

    assert guard_dog(tmp_path, "again") == {"loads": 1, "data": value}
    assert file.read_bytes() == before
