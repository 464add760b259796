"""JSON documents: damage, other versions, permissions, links, and updates by several processes at once."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.adapters.files.json_document import JsonDocument, JsonObject, parse_json_object, write_json
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from tests.adapters.files.account_lists import MINI, SHOP, fields_of, fill, keep
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")

ADDER = """
import sys
from pathlib import Path
from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.domain.accounts.account import Account
for n in range(20):
    AccountsFile(Path(sys.argv[1])).update(lambda known: (*known, Account(f"wx{sys.argv[2]}_{n}", "Shop")))
"""


def test_update_sees_what_another_process_has_written(path: Path) -> None:
    ours, theirs = AccountsFile(path), AccountsFile(path)
    ours.update(keep(SHOP))
    theirs.update(lambda known: (*known, MINI))
    ours.update(lambda known: (*known, replace(SHOP, appid="wx3")))
    assert [account.appid for account in ours.load()] == [SHOP.appid, MINI.appid, "wx3"]


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_file_is_private_whatever_the_umask(path: Path, bits: int) -> None:
    with set_umask(bits):
        AccountsFile(path).update(keep(SHOP))
    assert (permission_bits(path), permission_bits(path.parent)) == (0o600, 0o700)


def test_file_written_by_hand_may_omit_defaults_and_have_a_bom(path: Path) -> None:
    fill(path, '\ufeff{"accounts": [{"appid": "wx1", "name": "Shop"}]}')
    accounts = AccountsFile(path)
    assert accounts.load() == (Account("wx1", "Shop"),)
    assert accounts.damaged_backup is None


def test_unknown_fields_survive_an_update(path: Path) -> None:
    fill(path, {"version": 1, "theme": "x", "accounts": [fields_of(SHOP, colour="red"), fields_of(MINI)]})
    AccountsFile(path).update(lambda known: (*known[1:], replace(known[0], name="New")))
    assert json.loads(path.read_text()) == {
        "version": 1,
        "theme": "x",
        "accounts": [fields_of(MINI), fields_of(SHOP, name="New", colour="red")],
    }


@pytest.mark.parametrize(
    "content", ["", "{", '{"version":1,"accounts":[', "null", "[]", "7", "\0" * 50, "[" * 100_000, '{"accounts": {}}']
)
def test_unreadable_file_is_backed_up_before_the_first_write(path: Path, content: str) -> None:
    fill(path, content)
    accounts = AccountsFile(path)
    accounts.update(lambda known: (*known, SHOP))
    assert accounts.load() == (SHOP,)
    assert accounts.damaged_backup is not None
    assert accounts.damaged_backup.read_text() == content


@pytest.mark.parametrize("version", [0, -1, "1", None, 0.5, []])
def test_invalid_version_is_damage(path: Path, version: object) -> None:
    fill(path, {"version": version, "accounts": [fields_of(SHOP)]})
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    assert accounts.damaged_backup is not None


def test_file_of_a_newer_version_is_read_but_never_written(path: Path) -> None:
    fill(path, {"version": 2, "accounts": [fields_of(SHOP), {"shape": "of the future"}]})
    before = path.read_bytes()
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    with pytest.raises(FileError, match="newer Guard Dog"):
        accounts.update(keep())
    assert (path.read_bytes(), accounts.damaged_backup) == (before, None)


@POSIX
def test_damaged_file_in_a_read_only_folder_is_read_and_left_alone() -> None:
    with unprivileged_folder() as folder:
        path = folder / "accounts.json"
        fill(path, {"version": 1, "accounts": [fields_of(SHOP), 7]})
        before = path.read_bytes()
        accounts = AccountsFile(path)
        with read_only_folder(folder):
            assert accounts.load() == (SHOP,)
            with pytest.raises(FileError, match="permission denied"):
                accounts.update(keep(MINI))
        assert (path.read_bytes(), accounts.damaged_backup) == (before, None)


@POSIX
def test_file_without_read_permission_is_an_error_and_not_overwritten() -> None:
    with unprivileged_folder() as folder:
        accounts = AccountsFile(folder / "accounts.json")
        accounts.update(keep(SHOP))
        (folder / "accounts.json").chmod(0o000)
        with pytest.raises(FileError, match="permission denied"):
            accounts.load()
        with pytest.raises(FileError, match="permission denied"):
            accounts.update(keep(MINI))
        (folder / "accounts.json").chmod(0o600)
        assert accounts.load() == (SHOP,)


@POSIX
def test_link_to_the_users_dotfiles_is_read_and_replaced_by_an_update(path: Path) -> None:
    theirs = path.parent.parent / "dotfiles.json"
    fill(theirs, {"version": 1, "accounts": [fields_of(SHOP)]})
    before = theirs.read_bytes()
    path.parent.mkdir()
    path.symlink_to(theirs)
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    accounts.update(keep(MINI))
    assert (path.is_symlink(), theirs.read_bytes()) == (False, before)


def test_stamp_changes_when_another_process_changes_the_list(path: Path) -> None:
    accounts = AccountsFile(path)
    assert accounts.stamp() is None
    accounts.update(keep(SHOP))
    first = accounts.stamp()
    assert accounts.stamp() == first
    AccountsFile(path).update(keep(MINI))
    assert accounts.stamp() != first


def test_exception_of_an_edit_propagates_and_nothing_is_written(path: Path) -> None:
    accounts = AccountsFile(path)
    accounts.update(keep(SHOP))

    def refuse(_known: tuple[Account, ...]) -> tuple[Account, ...]:
        raise KeyError

    with pytest.raises(KeyError):
        accounts.update(refuse)
    accounts.update(lambda known: known)  # the lock is free again
    assert accounts.load() == (SHOP,)


def test_concurrent_threads_and_processes_lose_no_account(path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", ADDER, str(path), str(n)]) for n in range(2)]
    accounts = AccountsFile(path)

    def add(name: str) -> None:
        for n in range(20):
            accounts.update(lambda known, n=n: (*known, Account(f"wx{name}_{n}", "Shop")))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [program.wait() for program in programs] == [0, 0]
    assert len(accounts.load()) == 80


# -- the document by itself -----------------------------------------------------------------------


def number_document(path: Path, *, repair_on_load: bool = True) -> JsonDocument[int]:
    """Return a document with one number; anything else in its place is damage."""

    def parse(fields: JsonObject) -> tuple[int, bool]:
        number = fields.get("number", 0)
        return (number, True) if isinstance(number, int) else (0, False)

    return JsonDocument(path, parse, lambda number, _: {"number": number}, repair_on_load=repair_on_load)


@pytest.mark.parametrize("repairs", [True, False])
def test_loading_a_damaged_file_replaces_it_only_if_it_may(path: Path, *, repairs: bool) -> None:
    fill(path, {"version": 1, "number": "seven"})
    before = path.read_bytes()
    document = number_document(path, repair_on_load=repairs)
    assert document.load() == 0
    assert document.damaged_backup is not None
    assert document.damaged_backup.read_bytes() == before
    assert (path.read_bytes() != before, document.is_damaged) == (repairs, not repairs)


def test_reading_only_writes_no_copy_of_a_damaged_file(path: Path) -> None:
    fill(path, {"version": 1, "number": "seven"})
    document = number_document(path)
    assert document.load_read_only() == 0
    assert document.damaged_backup is None
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe{}", b"[" * 100_000])
def test_content_that_is_no_json_object_is_refused(data: bytes) -> None:
    assert parse_json_object(data) is None


def test_a_byte_order_mark_is_ignored() -> None:
    assert parse_json_object(b'\xef\xbb\xbf{"number": 7}') == {"number": 7}


def test_text_that_utf8_cannot_encode_survives_a_round_trip(path: Path) -> None:
    path.parent.mkdir()
    write_json(path, {"folder": "/dogs/\udcff", "name": "小店"})
    assert "小店".encode() in path.read_bytes()
    assert parse_json_object(path.read_bytes()) == {"folder": "/dogs/\udcff", "name": "小店"}
