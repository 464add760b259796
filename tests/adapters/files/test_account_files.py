import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.files.account_files import AccountDogFiles, ReplacedTicketFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import ReplacedTicketStore
from tests.adapters.ticket_store_contract import DAY_S, TicketStoreContract
from tests.adapters.unprivileged import NOBODY_UID, permission_bits, read_only_folder, set_umask, unprivileged_folder
from tests.fakes import NOW, FakeReplacedTicketStore

POSIX = pytest.mark.only_on("linux", "darwin")
TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
SHOP = Account("wx00000000000000a1", "Shop", ahead=200)
RECORD = TokenRecord("90_abc-DEF", 7200, 1_700_000_000_123, "/somewhere", 290)
TEXT = '{"data":"90_abc-DEF","expires_in":7200,"gen_time":1700000000123,"dir":"/somewhere","ahead":290}'


def at(folder: Path) -> Account:
    return replace(SHOP, dog_dir=str(folder), ahead=290)


def token_file(folder: Path) -> Path:
    return folder / SHOP.appid / "ACCESS_TOKEN.dog"


def test_record_is_written_exactly_and_read_with_the_accounts_ahead(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path)
    dogs.write(SHOP, TOKEN, RECORD)
    assert token_file(tmp_path).read_bytes() == TEXT.encode()
    assert dogs.read(SHOP, TOKEN) == replace(RECORD, ahead=200)
    assert dogs.read(SHOP, TICKET) is None


def test_account_may_have_a_folder_of_its_choice(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path / "dogs")
    own = replace(SHOP, dog_dir=str(tmp_path / "own"))
    dogs.write(own, TICKET, RECORD)
    assert dogs.directory(own) == str(tmp_path / "own")
    assert (tmp_path / "own" / "JSAPI_TICKET.dog").read_text() == TEXT
    assert not (tmp_path / "dogs").exists()


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with set_umask(bits):
        AccountDogFiles(tmp_path / "dogs").write(SHOP, TOKEN, RECORD)
    path = token_file(tmp_path / "dogs")
    assert (permission_bits(path), permission_bits(path.parent), permission_bits(path.parent.parent)) == (
        0o600,
        0o700,
        0o700,
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode()[:-1],
        b"null",
        b"[]",
        b'{"data":"a"}',
        b"\xff\xfe",
        TEXT.encode("utf-16"),
        TEXT.encode() + b" " * 65536,
        b"[" * 60_000,
        b"\0" * 100,
    ],
)
def test_incomplete_dog_file_counts_as_missing_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    dogs = AccountDogFiles(tmp_path)
    token_file(tmp_path).parent.mkdir()
    token_file(tmp_path).write_bytes(content)
    assert dogs.read(SHOP, TOKEN) is None
    dogs.write(SHOP, TOKEN, RECORD)
    assert dogs.read(SHOP, TOKEN) == replace(RECORD, ahead=200)


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_link(path: Path) -> None:
    theirs = path.with_name("theirs")
    theirs.write_text(TEXT)
    path.symlink_to(theirs)


@POSIX
@pytest.mark.parametrize("make", [make_fifo, make_link])
def test_fifo_or_link_is_replaced_without_blocking(tmp_path: Path, make: Callable[[Path], None]) -> None:
    dogs = AccountDogFiles(tmp_path)
    token_file(tmp_path).parent.mkdir()
    make(token_file(tmp_path))
    assert dogs.read(SHOP, TOKEN) is None
    dogs.write(SHOP, TOKEN, replace(RECORD, value="new"))
    assert token_file(tmp_path).is_file()
    assert not token_file(tmp_path).is_symlink()
    theirs = token_file(tmp_path).with_name("theirs")
    assert not theirs.exists() or theirs.read_text() == TEXT


def test_folder_in_place_of_the_file_counts_as_missing_and_is_an_error(tmp_path: Path) -> None:
    token_file(tmp_path).mkdir(parents=True)
    assert AccountDogFiles(tmp_path).read(SHOP, TOKEN) is None
    with pytest.raises(FileError) as caught:
        AccountDogFiles(tmp_path).write(SHOP, TOKEN, RECORD)
    assert caught.value.path == str(token_file(tmp_path))


@POSIX
def test_read_only_folder_is_an_error_and_the_old_value_stays() -> None:
    with unprivileged_folder() as folder:
        dogs = AccountDogFiles(folder)
        dogs.write(SHOP, TOKEN, RECORD)
        with read_only_folder(folder / SHOP.appid), pytest.raises(FileError, match="permission denied"):
            dogs.write(SHOP, TOKEN, replace(RECORD, value="new"))
        assert dogs.read(SHOP, TOKEN) == replace(RECORD, ahead=200)


@POSIX
def test_unreadable_file_counts_as_missing() -> None:
    with unprivileged_folder() as folder:
        dogs = AccountDogFiles(folder)
        dogs.write(SHOP, TOKEN, RECORD)
        token_file(folder).chmod(0o000)
        assert dogs.read(SHOP, TOKEN) is None


@pytest.mark.only_on("linux")
def test_folder_name_that_is_not_utf8_is_written_like_node(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    account = replace(SHOP, dog_dir=folder)
    dogs = AccountDogFiles(tmp_path)
    dogs.write(account, TOKEN, replace(RECORD, directory=folder))
    record = dogs.read(account, TOKEN)
    assert record is not None
    assert record.directory == folder
    assert rb"\udcff" in dogs.path(account, TOKEN).read_bytes()


def test_the_copy_of_another_account_proves_nothing(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path / "dogs")
    dogs.write(at(tmp_path), TOKEN, RECORD)
    assert dogs.read_own_copy(at(tmp_path), TOKEN) == RECORD
    assert dogs.read_own_copy(replace(at(tmp_path), appid="wx00000000000000b2"), TOKEN) is None
    dogs.delete_own_copy(at(tmp_path), TOKEN)
    dogs.delete_own_copy(at(tmp_path), TOKEN)
    assert dogs.read_own_copy(at(tmp_path), TOKEN) is None
    assert dogs.read(at(tmp_path), TOKEN) == RECORD


def test_a_copy_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".guarddog").write_text("a file in the place of the folder")
    dogs = AccountDogFiles(tmp_path / "dogs")
    dogs.write(at(tmp_path), TOKEN, RECORD)
    assert dogs.read(at(tmp_path), TOKEN) == RECORD
    assert dogs.read_own_copy(at(tmp_path), TOKEN) is None


def test_purge_leaves_the_copies_of_other_accounts(tmp_path: Path) -> None:
    dogs, other = AccountDogFiles(tmp_path / "dogs"), replace(at(tmp_path), appid="wx00000000000000b2")
    for account in (at(tmp_path), other):
        dogs.write(account, TOKEN, RECORD)
    dogs.purge(at(tmp_path))
    assert dogs.read_own_copy(at(tmp_path), TOKEN) is None
    assert dogs.read_own_copy(other, TOKEN) == RECORD
    dogs.purge(other)
    assert not (tmp_path / ".guarddog").exists()


def test_purge_removes_only_own_files(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path)
    folder = tmp_path / SHOP.appid
    for kind in TokenKind:
        dogs.write(SHOP, kind, RECORD)
    for ours in (
        "CARD_TICKET.dog", ".ACCESS_TOKEN.dog.123-0.tmp",
        "guarddog_tickets.json", ".guarddog_tickets.json.123-0.tmp",
    ):  # fmt: skip
        (folder / ours).touch()
    (folder / "notes.txt").touch()
    (folder / "OTHER.dog").touch()
    dogs.purge(SHOP)
    assert sorted(path.name for path in folder.iterdir()) == ["OTHER.dog", "notes.txt"]


def test_purge_removes_an_empty_default_folder_but_no_chosen_one(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path / "dogs")
    own = replace(SHOP, dog_dir=str(tmp_path / "own"))
    for account in (SHOP, own):
        dogs.write(account, TOKEN, RECORD)
        dogs.purge(account)
        dogs.purge(account)  # the second time without effect
    assert not (tmp_path / "dogs" / SHOP.appid).exists()
    assert (tmp_path / "own").is_dir()


@POSIX
def test_purge_removes_a_link_and_not_its_target(tmp_path: Path) -> None:
    token_file(tmp_path).parent.mkdir()
    (tmp_path / "theirs").touch()
    token_file(tmp_path).symlink_to(tmp_path / "theirs")
    AccountDogFiles(tmp_path).purge(SHOP)
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]


@POSIX
def test_purge_in_a_read_only_folder_is_a_file_error() -> None:
    with unprivileged_folder() as folder:
        dogs = AccountDogFiles(folder)
        dogs.write(SHOP, TOKEN, RECORD)
        with read_only_folder(folder / SHOP.appid), pytest.raises(FileError, match="permission denied"):
            dogs.purge(SHOP)


def test_reader_sees_the_old_record_or_the_new_one(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path)
    dogs.write(SHOP, TOKEN, RECORD)
    done = threading.Event()

    def write() -> None:
        length = 0
        while not done.is_set():
            length = length % 500 + 1
            dogs.write(SHOP, TOKEN, replace(RECORD, value="x" * length))

    writer = threading.Thread(target=write)
    writer.start()
    records = [dogs.read(SHOP, TOKEN) for _ in range(2000)]
    done.set()
    writer.join()
    assert None not in records


# -- a folder that the user chooses ----------------------------------------------------------------


def test_files_of_npm_guard_dog_are_found(tmp_path: Path) -> None:
    token = tmp_path / "ACCESS_TOKEN.dog"
    token.write_text('{"gen_time":"1700000000123","ahead":2,"data":"90_abc-DEF","dir":"./t","expires_in":"7200"}')
    token.chmod(0o644)
    (tmp_path / "JSAPI_TICKET.dog").write_text('{"data":"half')
    for name in ("X.dog", "half\nline.dog", "notes.txt"):
        (tmp_path / name).touch()

    found = AccountDogFiles(tmp_path / "dogs").inspect_folder(at(tmp_path))

    assert found.files == (
        ExistingFile(TOKEN, TokenRecord("90_abc-DEF", 7200, 1_700_000_000_123, "./t", 290)),
        ExistingFile(TICKET, None),
    )
    assert found.other_dog_files == ("X.dog", "'half\\nline.dog'")
    assert found.error is None
    assert permission_bits(token) == 0o644  # a look changes nothing


def test_missing_folder_counts_as_empty(tmp_path: Path) -> None:
    assert AccountDogFiles(tmp_path).inspect_folder(at(tmp_path / "new")) == FolderContents()
    assert not (tmp_path / "new").exists()


def test_file_in_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = AccountDogFiles(tmp_path).inspect_folder(at(tmp_path / "file"))
    assert str(found.error) == f"{tmp_path / 'file'}: a file is in the place of its folder"


@POSIX
@pytest.mark.parametrize("bits", [0o500, 0o300])
def test_unusable_folder_is_reported(bits: int) -> None:
    with unprivileged_folder() as folder:
        folder.chmod(bits)
        found = AccountDogFiles(folder).inspect_folder(at(folder))
    assert str(found.error) == f"{folder}: permission denied"


@POSIX
def test_file_of_another_user_is_recognised(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    path = tmp_path / "ACCESS_TOKEN.dog"
    path.write_text(TEXT)
    os.chown(path, NOBODY_UID, NOBODY_UID)
    (found,) = AccountDogFiles(tmp_path).inspect_folder(at(tmp_path)).files
    assert found.is_owned_by_other_user
    assert found.record is not None


@POSIX
def test_link_and_folder_differ_from_a_damaged_file(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text(TEXT)
    folder = tmp_path / "dogs"
    folder.mkdir()
    (folder / "ACCESS_TOKEN.dog").symlink_to(target)
    (folder / "JSAPI_TICKET.dog").mkdir()

    found = AccountDogFiles(tmp_path).inspect_folder(at(folder)).files

    assert found == (ExistingFile(TOKEN, None, is_link=True), ExistingFile(TICKET, None, is_folder=True))
    AccountDogFiles(tmp_path).write(at(folder), TOKEN, RECORD)
    assert not (folder / "ACCESS_TOKEN.dog").is_symlink(), "as the sentence about it says"
    assert target.read_text() == TEXT


def test_checked_folder_is_created_and_stays_empty(tmp_path: Path) -> None:
    AccountDogFiles(tmp_path).check_writable(at(tmp_path / "new"))
    assert list((tmp_path / "new").iterdir()) == []


def test_folder_in_place_of_a_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "ACCESS_TOKEN.dog").mkdir()
    with pytest.raises(FileError, match="a folder is in its place"):
        AccountDogFiles(tmp_path).check_writable(at(tmp_path))


@pytest.mark.only_on("linux")
def test_read_only_folder_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="/proc/self"):
        AccountDogFiles(tmp_path).check_writable(at(Path("/proc/self")))


# -- replaced tickets -----------------------------------------------------------------------------


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
def test_fifo_or_link_in_place_of_the_tickets_is_replaced(tmp_path: Path, make: object) -> None:
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
