"""What lies in a folder that somebody has chosen for the `.dog` files of an account."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens.dogfile import dog_file_name
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord


class ExistingFileAction(StrEnum):
    """What becomes of a file once an account has its folder."""

    ADOPTED = "adopted"
    REPLACED_EXPIRED = "dead"
    REPLACED_DAMAGED = "damaged"
    REPLACED_LINK = "link"
    BLOCKED_BY_FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class ExistingFile:
    """A file of one of our keys; `record` is None where it is damaged or cannot be read."""

    kind: TokenKind
    record: TokenRecord | None
    is_owned_by_other_user: bool = False  # of another user of this computer
    is_link: bool = False  # which is replaced, not followed
    is_folder: bool = False

    def action(self, now: float) -> ExistingFileAction:
        """A value that lives is taken over, whoever wrote it."""
        if self.is_folder:
            return ExistingFileAction.BLOCKED_BY_FOLDER
        if self.is_link:
            return ExistingFileAction.REPLACED_LINK
        if self.record is None:
            return ExistingFileAction.REPLACED_DAMAGED
        return (
            ExistingFileAction.ADOPTED
            if self.record.remaining_s(now) > 0
            else ExistingFileAction.REPLACED_EXPIRED
        )


@dataclass(frozen=True, slots=True)
class FolderContents:
    """`others` are the names of its other `.dog` files; `trouble` is why nobody can work there."""

    files: tuple[ExistingFile, ...] = ()
    other_dog_files: tuple[str, ...] = ()
    error: FileError | None = None

    def for_token_kinds(self, kinds: tuple[TokenKind, ...]) -> "FolderContents":
        """What it means to an account with these keys: the files of other keys are others."""
        files = tuple(found for found in self.files if found.kind in kinds)
        others = (dog_file_name(found.kind) for found in self.files if found.kind not in kinds)
        return FolderContents(files, tuple(sorted((*self.other_dog_files, *others))), self.error)
