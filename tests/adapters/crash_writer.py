"""Program that forks a writer for each line on stdin and prints its pid; the writer runs until it is killed.

A line is `<kind> <first number>`; the writer stores the number that was written last
in the file of the first argument, where it survives the writer.
"""

import mmap
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import filelock  # noqa: F401 - the adapters import it late; a writer shall be killed while it writes

from guarddog_gui.adapters.exports.files import ExportFiles
from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

SHOP = Account("wx00000000000000a1", "Shop")
ACCOUNT_COUNT = 30
NOW = 1_700_000_000.0


def make_value(number: int) -> str:
    """Return a text whose length depends on the number, so that a torn one is recognised."""
    return f"{number:08d}" * (1 + number * 37 % 500)


def dog_writer(home: Path) -> Callable[[int], None]:
    dogs = AccountDogFiles(home / "dogs")
    return lambda n: dogs.write(
        SHOP, TokenKind.ACCESS_TOKEN, TokenRecord(make_value(n), 7200, int(NOW * 1000), str(home), 290)
    )


def account_writer(home: Path) -> Callable[[int], None]:
    """Rename all accounts in one update."""
    accounts = AccountsFile(home / "accounts.json")
    return lambda n: accounts.update(lambda _: tuple(Account(f"wx{k}", f"{n:08d}") for k in range(ACCOUNT_COUNT)))


def settings_writer(home: Path) -> Callable[[int], None]:
    settings = SettingsFile(home / "settings.json")
    return lambda n: settings.save(Settings("zh_CN", 1 + n % 20, close_hint_shown=True))


def history_writer(home: Path) -> Callable[[int], None]:
    history = SqliteHistoryStore(home / "history.sqlite3", lambda: NOW)
    return lambda n: history.append(
        HistoryEntry(NOW + n, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, errmsg=make_value(n))
    )


def env_writer(home: Path) -> Callable[[int], None]:
    target, files = ExportTarget(ExportFormat.ENV, str(home / "shop" / ".env")), ExportFiles()
    return lambda n: files.write(
        target, SHOP.appid, {TokenKind.ACCESS_TOKEN: TokenRecord(make_value(n), 7200, int(NOW * 1000), "", 290)}
    )


WRITERS = {
    "dog": dog_writer,
    "accounts": account_writer,
    "settings": settings_writer,
    "history": history_writer,
    "env": env_writer,
}


def main(progress_file: Path, home: Path) -> None:
    with progress_file.open("r+b") as file, mmap.mmap(file.fileno(), 8) as memory:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a killed writer is gone at once
        for line in sys.stdin:
            kind, first = line.split()
            pid = os.fork()
            if pid == 0:
                write = WRITERS[kind](home)
                for number in count(int(first)):
                    write(number)
                    memory[:] = number.to_bytes(8, "little")
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
