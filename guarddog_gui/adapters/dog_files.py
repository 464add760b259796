"""The `.dog` files of the accounts on disk."""

import os
from pathlib import Path

from guarddog_gui.adapters.dog_file import stamp_of, write_dog
from guarddog_gui.adapters.file_trouble import troubles_of
from guarddog_gui.adapters.whole_file import is_temp_of, read_file
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
        write_dog(self.path(account, kind), dogfile.to_text(record))

    def stamp(self, account: Account, kind: TokenKind) -> object:
        """Something that differs after the file was replaced; None while there is no file."""
        return stamp_of(self.path(account, kind))

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
