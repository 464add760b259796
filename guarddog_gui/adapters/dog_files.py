"""The `.dog` files of the accounts on disk."""

import os
from pathlib import Path

from guarddog_gui.adapters.file_trouble import troubles_of
from guarddog_gui.adapters.locations import private_folder
from guarddog_gui.adapters.whole_file import is_temp_of, read_file, replace_file
from guarddog_gui.domain import dogfile, earlier_tickets
from guarddog_gui.domain.accounts import Account
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.tokens import TokenKind, TokenRecord


class DogFiles:
    """A folder per account below `dogs_dir`, unless the account names its own. Holds no state."""

    def __init__(self, dogs_dir: Path) -> None:
        self._dogs_dir = dogs_dir

    def directory(self, account: Account) -> str:
        return account.dog_dir or os.fspath(self._dogs_dir / account.appid)

    def path(self, account: Account, kind: TokenKind) -> Path:
        """Where the file of this key is, or will be."""
        return Path(self.directory(account), dogfile.file_name(kind))

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """The record with the account's own `ahead`; None for anything that is not a whole `.dog` file."""
        try:
            data = read_file(self.path(account, kind), dogfile.SIZE_MAX, follow=False)
            record = dogfile.from_text(data.decode()) if data else None
        except (FileTrouble, UnicodeDecodeError):
            return None
        return record.with_ahead(account.ahead) if record else None

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Replace the file in one step and read it back. Raises FileTrouble."""
        path = self.path(account, kind)
        private_folder(path.parent)
        # a folder's name need not be UTF-8: JSON.stringify writes such a half character as \udcxx, too
        data = dogfile.to_text(record).encode(errors="backslashreplace")
        replace_file(path, data, verify=True)

    def stamp(self, account: Account, kind: TokenKind) -> object:
        """Something that differs after the file was replaced; None while there is no file."""
        try:
            seen = os.stat(self.path(account, kind), follow_symlinks=False)  # noqa: PTH116 - asked often
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def purge(self, account: Account) -> None:
        """Remove the `.dog` files and the earlier tickets, what a killed program left of them, and our own
        folder if it is empty. Raises FileTrouble.
        """
        folder = Path(self.directory(account))
        paths = [*(self.path(account, kind) for kind in TokenKind), folder / earlier_tickets.FILE_NAME]
        with troubles_of(folder):
            try:
                names = os.listdir(folder)  # noqa: PTH208 - names are what is compared
            except FileNotFoundError:
                return
            for path in paths:
                for name in names:
                    if name == path.name or is_temp_of(name, path):
                        (folder / name).unlink(missing_ok=True)
        if account.dog_dir is None:
            try:
                folder.rmdir()
            except OSError:
                pass  # somebody keeps other files there
