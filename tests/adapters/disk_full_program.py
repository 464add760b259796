"""Program that writes to a full disk; test_disk_full.py starts it with a small disk.

The first argument is the folder, the second how the disk becomes full: `fill` writes until it is,
`limit` forbids this process to write another byte to a file.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.adapters.logs import start_logging
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

SHOP = Account("wx00000000000000a1", "Shop")
OTHER = replace(SHOP, appid="wx2")
TOKEN = TokenKind.ACCESS_TOKEN
RECORD = TokenRecord("a" * 512, 7200, 1_700_000_000_000, "", 290)
LONGER = replace(RECORD, value="b" * 5000)
ALL = HistoryFilter()


def limit_file_size(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def fill_disk(folder: Path, mode: str) -> None:
    if mode == "limit":
        limit_file_size(0)
        return
    with (folder / "filler").open("wb", buffering=0) as filler:
        for size in (4096, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                pass


def free_disk(folder: Path, mode: str) -> None:
    if mode == "limit":
        limit_file_size(resource.RLIM_INFINITY)
    else:
        (folder / "filler").unlink()


def file_error_reason(action: Callable[[], None]) -> str:
    try:
        action()
    except FileError as error:
        return error.reason
    raise AssertionError("it did not notice the full disk")


def make_entry(number: int) -> HistoryEntry:
    return HistoryEntry(1.7e9 + number, "wx1", TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1, errmsg="x" * 3000)


def main(folder: Path, mode: str) -> None:
    home = folder / "home"
    places = get_app_paths({"GUARDDOG_HOME": str(home)})
    start_logging(places)
    dogs, accounts = AccountDogFiles(places.dogs_dir), AccountsFile(places.accounts_file)
    settings = SettingsFile(places.settings_file)
    history = SqliteHistoryStore(places.history_file, lambda: 1.7e9)
    dogs.write(SHOP, TOKEN, RECORD)
    accounts.update(lambda _: (SHOP,))
    settings.save(Settings(clipboard_s=7))
    for number in range(3):
        history.append(make_entry(number))
    files = {path.name for path in home.rglob("*")}

    fill_disk(folder, mode)
    expected = {"the disk is full", "the file would become larger than is allowed"}
    assert file_error_reason(lambda: dogs.write(SHOP, TOKEN, LONGER)) in expected
    assert file_error_reason(lambda: accounts.update(lambda known: (*known, OTHER))) in expected
    assert file_error_reason(lambda: settings.save(Settings(clipboard_s=9))) in expected
    for number in range(3, 40):
        history.append(make_entry(number))
    assert dogs.read(SHOP, TOKEN) == RECORD
    assert accounts.load() == (SHOP,)
    assert settings.load() == Settings(clipboard_s=7)
    assert history.buffered_count > 0
    assert history.write_error is not None
    assert history.count(ALL) == 40
    assert SqliteHistoryStore(places.history_file, lambda: 1.7e9).count(ALL) >= 3  # another program can read
    assert history.count_calls("wx1", 0).automatic == 40
    assert {path.name for path in home.rglob("*")} == files, "something was left behind"

    free_disk(folder, mode)
    dogs.write(SHOP, TOKEN, LONGER)
    accounts.update(lambda known: (*known, OTHER))
    settings.save(Settings(clipboard_s=9))
    history.append(make_entry(40))
    assert dogs.read(SHOP, TOKEN) == LONGER
    assert accounts.load() == (SHOP, OTHER)
    assert settings.load() == Settings(clipboard_s=9)
    assert history.buffered_count == 0
    assert str((history.write_error, history.quarantined_path)) == "(None, None)"
    history.close()
    assert SqliteHistoryStore(places.history_file, lambda: 1.7e9).count(ALL) == 41
    sys.stdout.write("all is well\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
