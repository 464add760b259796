"""Replaced tickets on disk and in memory."""

import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.files.account_files import AccountDogFiles, ReplacedTicketFiles
from guarddog_gui.services.ports import ReplacedTicketStore
from tests.adapters.ticket_store_contract import DAY_S, SHOP, TicketStoreContract
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder
from tests.fakes import NOW, FakeReplacedTicketStore

POSIX = pytest.mark.only_on("linux", "darwin")


class TestTicketFiles(TicketStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> ReplacedTicketStore:
        return ReplacedTicketFiles(AccountDogFiles(tmp_path / "dogs"))


class TestMemoryTickets(TicketStoreContract):
    @pytest.fixture
    def store(self) -> ReplacedTicketStore:
        return FakeReplacedTicketStore()


def file_of(folder: Path) -> Path:
    return folder / SHOP.appid / "guarddog_tickets.json"


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_file_and_folder_are_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with set_umask(bits):
        ReplacedTicketFiles(AccountDogFiles(tmp_path)).add(SHOP, "J1", NOW)
    path = file_of(tmp_path)
    assert (permission_bits(path), permission_bits(path.parent)) == (0o600, 0o700)


def test_file_lies_beside_the_dog_files(tmp_path: Path) -> None:
    tickets = ReplacedTicketFiles(AccountDogFiles(tmp_path / "dogs"))
    own = replace(SHOP, dog_dir=str(tmp_path / "own"))
    tickets.add(own, "J1", NOW)
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["guarddog_tickets.json"]
    assert tickets.recent(own, NOW) == ("J1",)
    assert tickets.recent(SHOP, NOW) == ()


def test_tickets_older_than_a_day_are_removed_with_the_next_one(tmp_path: Path) -> None:
    tickets = ReplacedTicketFiles(AccountDogFiles(tmp_path))
    tickets.add(SHOP, "J1", NOW)
    tickets.add(SHOP, "J2", NOW + DAY_S)
    assert "J1" not in file_of(tmp_path).read_text()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"\0" * 50, b"[]", b"[" * 100_000, b" " * (1024 * 1024 + 1)]
)
def test_damaged_file_counts_as_empty_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    tickets = ReplacedTicketFiles(AccountDogFiles(tmp_path))
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_bytes(content)
    assert tickets.recent(SHOP, NOW) == ()
    tickets.add(SHOP, "J1", NOW)
    assert tickets.recent(SHOP, NOW) == ("J1",)


@POSIX
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(path.with_name("theirs"))])
def test_fifo_or_link_is_replaced_without_blocking(tmp_path: Path, make: object) -> None:
    tickets = ReplacedTicketFiles(AccountDogFiles(tmp_path))
    path = file_of(tmp_path)
    path.parent.mkdir()
    theirs = {"version": 1, "tickets": [{"ticket": "theirs", "replaced_at": NOW}]}
    path.with_name("theirs").write_text(json.dumps(theirs))
    assert callable(make)
    make(path)
    assert tickets.recent(SHOP, NOW) == ()
    tickets.add(SHOP, "J1", NOW)
    assert not path.is_symlink()
    assert tickets.recent(SHOP, NOW) == ("J1",)


@POSIX
def test_read_only_folder_is_ignored_and_keeps_the_tickets() -> None:
    with unprivileged_folder() as folder:
        tickets = ReplacedTicketFiles(AccountDogFiles(folder))
        tickets.add(SHOP, "J1", NOW)
        with read_only_folder(folder / SHOP.appid):
            tickets.add(SHOP, "J2", NOW)
        assert tickets.recent(SHOP, NOW) == ("J1",)


def test_folder_that_cannot_be_created_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    tickets = ReplacedTicketFiles(AccountDogFiles(tmp_path / "taken"))
    tickets.add(SHOP, "J1", NOW)
    assert tickets.recent(SHOP, NOW) == ()
