"""Content of a folder that the user has chosen for the `.dog` files of an account."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens.dog_format import dog_file_name
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord


class ExistingFileAction(StrEnum):
    """Fate of an existing file once an account uses its folder."""

    ADOPTED = "adopted"
    REPLACED_EXPIRED = "dead"
    REPLACED_DAMAGED = "damaged"
    REPLACED_LINK = "link"
    BLOCKED_BY_FOLDER = "folder"


class ExistingFile(Struct, frozen=True):
    """A file with the name of one of the keys; `record` is None if it is damaged or unreadable."""

    kind: TokenKind
    record: TokenRecord | None
    is_owned_by_other_user: bool = False  # by another user of this computer
    is_link: bool = False  # a symbolic link: replaced, not followed
    is_folder: bool = False

    def action(self, now: float) -> ExistingFileAction:
        """Decide what happens to the file. A valid value is kept, even if another program wrote it."""
        if self.is_folder:
            return ExistingFileAction.BLOCKED_BY_FOLDER
        if self.is_link:
            return ExistingFileAction.REPLACED_LINK
        if self.record is None:
            return ExistingFileAction.REPLACED_DAMAGED
        return ExistingFileAction.ADOPTED if self.record.remaining_s(now) > 0 else ExistingFileAction.REPLACED_EXPIRED


class FolderContents(Struct, frozen=True):
    """Files in the folder; `error` is set if the folder cannot be used.

    `other_dog_files` are the names of `.dog` files that belong to no key of the account.
    """

    files: tuple[ExistingFile, ...] = ()
    other_dog_files: tuple[str, ...] = ()
    error: FileError | None = None

    def for_token_kinds(self, kinds: tuple[TokenKind, ...]) -> "FolderContents":
        """Return the content for an account with these keys; other files become `other_dog_files`."""
        files = tuple(file for file in self.files if file.kind in kinds)
        others = (dog_file_name(file.kind) for file in self.files if file.kind not in kinds)
        return FolderContents(files, tuple(sorted((*self.other_dog_files, *others))), self.error)
