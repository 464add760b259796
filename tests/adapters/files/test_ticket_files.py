"""Earlier tickets on disk and in memory."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.dog_files import DogFiles
from guarddog_gui.adapters.files.ticket_files import TicketFiles
from guarddog_gui.services.ports import TicketStore
from tests.adapters.ticket_store_contract import DAY, SHOP, TicketStoreContract
from tests.adapters.unprivileged import mode, ordinary_folder, read_only, umask
from tests.fakes import NOW, MemoryTickets

POSIX = pytest.mark.only_on("linux", "darwin")


class TestTicketFiles(TicketStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> TicketStore:
        return TicketFiles(DogFiles(tmp_path / "dogs"))


class TestMemoryTickets(TicketStoreContract):
    @pytest.fixture
    def store(self) -> TicketStore:
        return MemoryTickets()


def file_of(folder: Path) -> Path:
    return folder / SHOP.appid / "guarddog_tickets.json"


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_file_and_folder_are_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with umask(bits):
        TicketFiles(DogFiles(tmp_path)).keep(SHOP, "J1", NOW)
    path = file_of(tmp_path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_they_lie_where_the_dog_files_of_the_account_lie(tmp_path: Path) -> None:
    tickets = TicketFiles(DogFiles(tmp_path / "dogs"))
    own = replace(SHOP, dog_dir=str(tmp_path / "own"))
    tickets.keep(own, "J1", NOW)
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["guarddog_tickets.json"]
    assert tickets.tickets(own, NOW) == ("J1",)
    assert tickets.tickets(SHOP, NOW) == ()


def test_what_is_older_than_a_day_is_gone_from_the_disk_with_the_next_one(tmp_path: Path) -> None:
    tickets = TicketFiles(DogFiles(tmp_path))
    tickets.keep(SHOP, "J1", NOW)
    tickets.keep(SHOP, "J2", NOW + DAY)
    assert "J1" not in file_of(tmp_path).read_text()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"\0" * 50, b"[]", b"[" * 100_000, b" " * (1024 * 1024 + 1)]
)
def test_a_damaged_file_holds_none_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    tickets = TicketFiles(DogFiles(tmp_path))
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_bytes(content)
    assert tickets.tickets(SHOP, NOW) == ()
    tickets.keep(SHOP, "J1", NOW)
    assert tickets.tickets(SHOP, NOW) == ("J1",)


@POSIX
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(path.with_name("theirs"))])
def test_a_fifo_or_a_link_does_not_hold_us_and_is_replaced(tmp_path: Path, make: object) -> None:
    tickets = TicketFiles(DogFiles(tmp_path))
    path = file_of(tmp_path)
    path.parent.mkdir()
    theirs = {"version": 1, "tickets": [{"ticket": "theirs", "replaced_at": NOW}]}
    path.with_name("theirs").write_text(json.dumps(theirs))
    assert callable(make)
    make(path)
    assert tickets.tickets(SHOP, NOW) == ()
    tickets.keep(SHOP, "J1", NOW)
    assert not path.is_symlink()
    assert tickets.tickets(SHOP, NOW) == ("J1",)


@POSIX
def test_a_folder_that_takes_nothing_is_no_trouble_and_what_was_known_stays() -> None:
    with ordinary_folder() as folder:
        tickets = TicketFiles(DogFiles(folder))
        tickets.keep(SHOP, "J1", NOW)
        with read_only(folder / SHOP.appid):
            tickets.keep(SHOP, "J2", NOW)
        assert tickets.tickets(SHOP, NOW) == ("J1",)


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    tickets = TicketFiles(DogFiles(tmp_path / "taken"))
    tickets.keep(SHOP, "J1", NOW)
    assert tickets.tickets(SHOP, NOW) == ()
