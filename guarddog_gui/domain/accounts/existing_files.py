"""What lies in a folder that somebody has chosen for the `.dog` files of an account."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.tokens.dogfile import file_name
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord


class Fate(StrEnum):
    """What becomes of a file once an account has its folder."""

    ADOPTED = "adopted"
    REPLACED_DEAD = "dead"
    REPLACED_DAMAGED = "damaged"
    REPLACED_LINK = "link"
    IN_THE_WAY = "folder"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of one of our keys; `record` is None where it is damaged or cannot be read."""

    kind: TokenKind
    record: TokenRecord | None
    is_somebody_elses: bool = False  # of another user of this computer
    is_link: bool = False  # which is replaced, not followed
    is_folder: bool = False

    def fate(self, now: float) -> Fate:
        """A value that lives is taken over, whoever wrote it."""
        if self.is_folder:
            return Fate.IN_THE_WAY
        if self.is_link:
            return Fate.REPLACED_LINK
        if self.record is None:
            return Fate.REPLACED_DAMAGED
        return Fate.ADOPTED if self.record.left(now) > 0 else Fate.REPLACED_DEAD


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """`others` are the names of its other `.dog` files; `trouble` is why nobody can work there."""

    files: tuple[FoundFile, ...] = ()
    others: tuple[str, ...] = ()
    trouble: FileTrouble | None = None

    def of_account(self, kinds: tuple[TokenKind, ...]) -> "FoundFolder":
        """What it means to an account with these keys: the files of other keys are others."""
        files = tuple(found for found in self.files if found.kind in kinds)
        others = (file_name(found.kind) for found in self.files if found.kind not in kinds)
        return FoundFolder(files, tuple(sorted((*self.others, *others))), self.trouble)
