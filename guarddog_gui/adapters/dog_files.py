"""The `.dog` files of the accounts on disk."""

import errno
import os
from pathlib import Path

from guarddog_gui.adapters.dog_file import stamp_of, write_dog
from guarddog_gui.adapters.file_trouble import troubles_of
from guarddog_gui.adapters.whole_file import is_temp_of, read_file
from guarddog_gui.domain import dogfile, earlier_tickets
from guarddog_gui.domain.accounts import Account
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.found_files import FoundFile, FoundFolder
from guarddog_gui.domain.tokens import TokenKind, TokenRecord

_HAS_EFFECTIVE_IDS = os.access in os.supports_effective_ids


class DogFiles:
    """A folder per account below `dogs_dir`, unless the account names its own. Holds no state."""

    def __init__(self, dogs_dir: Path) -> None:
        self._dogs_dir = dogs_dir

    def directory(self, account: Account) -> str:
        return account.dog_dir or os.fspath(self._dogs_dir / account.appid)

    def share_folder(self, account: Account, other: Account) -> bool:
        one, two = map(os.path.realpath, (self.directory(account), self.directory(other)))
        return os.path.normcase(one) == os.path.normcase(two)

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

    def survey(self, folder: str) -> FoundFolder:
        """What is in a folder before an account has it; one that is not there yet is empty."""
        try:
            with troubles_of(folder):
                names = os.listdir(folder)  # noqa: PTH208 - names are what is compared
                if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_HAS_EFFECTIVE_IDS):
                    raise PermissionError(errno.EACCES, "")
        except FileTrouble as trouble:
            is_new = not os.path.lexists(folder)
            return FoundFolder() if is_new else FoundFolder(trouble=trouble)
        ours = {dogfile.file_name(kind): kind for kind in TokenKind}
        files = tuple(self._found(folder, kind) for name, kind in ours.items() if name in names)
        others = sorted(name for name in names if name.endswith(".dog") and name not in ours)
        return FoundFolder(files, tuple(name if name.isprintable() else ascii(name) for name in others))

    def _found(self, folder: str, kind: TokenKind) -> FoundFile:
        account = Account("", "", dog_dir=folder)
        try:
            owner = self.path(account, kind).lstat().st_uid
        except OSError:
            owner = _me()
        return FoundFile(kind, self.read(account, kind), is_somebody_elses=owner != _me())

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


def _me() -> int:
    """The user on whose behalf we write; Windows has no such number and gives every file 0."""
    return os.geteuid() if hasattr(os, "geteuid") else 0
