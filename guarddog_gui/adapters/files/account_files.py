"""The `.dog` files of all accounts, and the replaced tickets beside them."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui.adapters.files.atomic import atomic_write, get_file_stamp, is_temp_file_of, read_text_if_valid
from guarddog_gui.adapters.files.dog_file import write_dog_text
from guarddog_gui.adapters.files.paths import create_private_folder, to_file_error, translate_os_errors
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.diagnosis import replaced_tickets
from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens import dog_format, own_copy
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

_HAS_EFFECTIVE_IDS = os.access in os.supports_effective_ids


class AccountDogFiles:
    """One folder per account below `dogs_dir`, unless the account names another one. Holds no state."""

    def __init__(self, dogs_dir: Path) -> None:
        self._dogs_dir = dogs_dir
        self._dogs_path = os.fspath(dogs_dir)

    def directory(self, account: Account) -> str:
        # with text, not Path: this is called for every file of every account, each time the app looks at the disk
        return account.dog_dir or os.path.join(self._dogs_path, account.appid)  # noqa: PTH118

    def has_same_folder(self, account: Account, other: Account) -> bool:
        one, two = map(os.path.realpath, (self.directory(account), self.directory(other)))
        return os.path.normcase(one) == os.path.normcase(two)

    def path(self, account: Account, kind: TokenKind) -> Path:
        return Path(self._path_text(account, kind))

    def _path_text(self, account: Account, kind: TokenKind) -> str:
        return os.path.join(self.directory(account), dog_format.dog_file_name(kind))  # noqa: PTH118 - see `directory`

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        return self._read(self._path_text(account, kind), account)

    def _read(self, path: str, account: Account) -> TokenRecord | None:
        text = read_text_if_valid(path, dog_format.DOG_FILE_SIZE_MAX)
        record = dog_format.parse_token_record(text) if text else None
        return replace(record, ahead=account.refresh_ahead) if record else None

    def read_own_copy(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the value that Guard Dog wrote last for this account; None if that is unknown."""
        return self._read(self._own_copy_path(account, kind), account)

    def token_check_at(self, account: Account) -> float:
        text = read_text_if_valid(self._own_copy_path(account, TokenKind.ACCESS_TOKEN), dog_format.DOG_FILE_SIZE_MAX)
        record = dog_format.parse_token_record(text) if text else None
        return own_copy.token_check_at(text, record) if text and record else 0.0

    def postpone_token_check(self, account: Account, record: TokenRecord, check_at: float) -> None:
        """Note in the copy of this access token that it needs no check until `check_at`. Raises FileError."""
        path = Path(self._own_copy_path(account, TokenKind.ACCESS_TOKEN))
        write_dog_text(path, own_copy.format_own_copy(record, check_at))

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Replace the file atomically, verify it, and keep a copy. Raises FileError.

        The copy is written first: a reader that sees the new value never takes it for one of another program.
        Without a copy (the disk is full, say) the history proves the value.
        """
        text = dog_format.format_token_record(record)
        known = self.read_own_copy(account, kind)
        if known is None or not own_copy.is_same_value_and_life(record, known):
            with suppress(FileError):
                write_dog_text(Path(self._own_copy_path(account, kind)), text)
        write_dog_text(self.path(account, kind), text)

    def delete_own_copy(self, account: Account, kind: TokenKind) -> None:
        """Delete the copy of a value that must not be used any more. Raises FileError."""
        path = Path(self._own_copy_path(account, kind))
        with translate_os_errors(path):
            path.unlink(missing_ok=True)

    def _own_copy_path(self, account: Account, kind: TokenKind) -> str:
        folder, name = own_copy.OWN_COPIES_FOLDER, own_copy.own_copy_name(account.appid, kind)
        return os.path.join(self.directory(account), folder, name)  # noqa: PTH118 - see `directory`

    def _own_copies_folder(self, account: Account) -> Path:
        return Path(self.directory(account), own_copy.OWN_COPIES_FOLDER)

    def stamp(self, account: Account, kind: TokenKind) -> object:
        return get_file_stamp(self._path_text(account, kind))

    def check_writable(self, account: Account) -> None:
        from tempfile import TemporaryFile  # it loads shutil and random: commands that only read need not wait

        folder = Path(self.directory(account))
        create_private_folder(folder)
        with translate_os_errors(folder), TemporaryFile(dir=folder):
            pass
        for kind in account.token_kinds:
            path = self.path(account, kind)
            if _is_real_folder(path):
                raise to_file_error(path, IsADirectoryError(errno.EISDIR, ""))

    def inspect_folder(self, account: Account) -> FolderContents:
        folder = self.directory(account)
        try:
            with translate_os_errors(folder):
                names = os.listdir(folder)  # noqa: PTH208 - names are what is compared
                if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_HAS_EFFECTIVE_IDS):
                    raise PermissionError(errno.EACCES, "")
        except FileError as error:
            return FolderContents(error=error) if os.path.lexists(folder) else FolderContents()
        own_kinds = {dog_format.dog_file_name(kind): kind for kind in TokenKind}
        files = tuple(self._inspect_file(account, kind) for name, kind in own_kinds.items() if name in names)
        others = sorted(name for name in names if name.endswith(".dog") and name not in own_kinds)
        return FolderContents(files, tuple(name if name.isprintable() else ascii(name) for name in others))

    def _inspect_file(self, account: Account, kind: TokenKind) -> ExistingFile:
        path = self.path(account, kind)
        try:
            owner = path.lstat().st_uid
        except OSError:
            owner = _current_uid()
        return ExistingFile(
            kind,
            self.read(account, kind),
            is_owned_by_other_user=owner != _current_uid(),
            is_link=path.is_symlink(),
            is_folder=_is_real_folder(path),
        )

    def account_folders(self) -> tuple[Path, ...]:
        """Return the folders below `dogs_dir` with those of the own copies, also of accounts that were removed."""
        try:
            with os.scandir(self._dogs_dir) as entries:
                folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:  # there is none yet
            return ()
        return (*folders, *(folder / own_copy.OWN_COPIES_FOLDER for folder in folders))

    def purge(self, account: Account) -> None:
        """Remove our files and temporary files, and the folder if empty and below `dogs_dir`. Raises FileError."""
        folder, own_copies = Path(self.directory(account)), self._own_copies_folder(account)
        paths = [folder / replaced_tickets.FILE_NAME, *(self.path(account, kind) for kind in TokenKind)]
        _delete_files(own_copies, [Path(self._own_copy_path(account, kind)) for kind in TokenKind])
        _delete_files(folder, paths)
        with suppress(OSError):  # it has copies of another account
            own_copies.rmdir()
        if account.dog_dir is None:
            with suppress(OSError):  # the user keeps other files there
                folder.rmdir()


class ReplacedTicketFiles:
    """One file per account, private like the `.dog` files and removed with them. Holds no state."""

    def __init__(self, dog_files: AccountDogFiles) -> None:
        self._dog_files = dog_files

    def recent(self, account: Account, now: float) -> tuple[str, ...]:
        return tuple(ticket.value for ticket in replaced_tickets.drop_expired_tickets(self._read(account), now))

    def add(self, account: Account, ticket: str, now: float) -> None:
        """Store a ticket that was replaced just now. Never raises; the caller holds the account's lock."""
        tickets = replaced_tickets.add_replaced_ticket(self._read(account), ticket, now)
        path = self._path(account)
        with suppress(FileError):  # only a later diagnosis misses it; the refresh itself has succeeded
            create_private_folder(path.parent)
            atomic_write(path, replaced_tickets.format_tickets(tickets).encode())

    def _path(self, account: Account) -> Path:
        return Path(self._dog_files.directory(account), replaced_tickets.FILE_NAME)

    def _read(self, account: Account) -> tuple[ReplacedTicket, ...]:
        text = read_text_if_valid(self._path(account), replaced_tickets.TICKETS_FILE_SIZE_MAX)
        return replaced_tickets.parse_tickets(text) if text else ()


def _delete_files(folder: Path, paths: list[Path]) -> None:
    """Delete these files of the folder and their temporary files. Raises FileError."""
    with translate_os_errors(folder):
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names are what is compared
        except FileNotFoundError:
            return
        for name in names:
            if any(name == path.name or is_temp_file_of(name, path) for path in paths):
                (folder / name).unlink(missing_ok=True)


def _is_real_folder(path: Path) -> bool:
    """Check for a folder that no file can replace; a link to a folder can be replaced."""
    return path.is_dir() and not path.is_symlink()


def _current_uid() -> int:
    """Return the effective user id; 0 on Windows, where `st_uid` of every file is 0."""
    return os.geteuid() if hasattr(os, "geteuid") else 0
