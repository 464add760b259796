"""Accounts, AppSecrets and settings on their way to another computer, and what is to become of them there."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.tile_colours import with_own_colour
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.settings import Settings

PASSPHRASE_LENGTH_MIN = 8  # characters


class TransferProblem(StrEnum):
    """Reason for which nothing can be read from an exported file."""

    NOT_EXPORTED = "not exported"  # by Guard Dog, or not with a passphrase
    WRONG_PASSPHRASE = "wrong passphrase"  # noqa: S105 - the name of a problem
    DAMAGED = "damaged"  # cut off or changed
    NEWER_VERSION = "newer version"
    TOO_SLOW = "too slow"  # opening it would take minutes


class MovedAccount(Struct, frozen=True):
    """Account with its AppSecret and the password of its proxy; None if the keyring had none."""

    account: Account
    secret: Secret | None
    proxy_password: Secret | None = None


class LeftOutPlace(Struct, frozen=True):
    """Folder, file or command of an account that this computer does not have."""

    appid: str
    place: str


class TransferContent(Struct, frozen=True):
    """Content of an exported file; `foreign_places` are paths of another kind of system."""

    accounts: tuple[MovedAccount, ...]
    settings: Settings
    foreign_places: tuple[LeftOutPlace, ...] = ()


class ImportPlan(Struct, frozen=True):
    """What an import does: accounts that are new here, that replace one, and that are left as they are here.

    `left_out` are places that imported accounts lose, because this computer does not have them.
    """

    added: tuple[MovedAccount, ...]
    replaced: tuple[MovedAccount, ...]
    kept: tuple[MovedAccount, ...]
    left_out: tuple[LeftOutPlace, ...] = ()

    @property
    def changes(self) -> tuple[MovedAccount, ...]:
        return (*self.added, *self.replaced)


class PendingImport(Struct, frozen=True):
    """Import that has begun, stored with the list of accounts until its end; it has no secrets.

    added      AppIDs for which the keyring had no AppSecret before
    replaced   AppIDs whose previous AppSecret is set aside in the keyring before it is replaced
    settings   the settings before; None if the import does not change them
    is_done    the accounts are imported, or nothing is; only AppSecrets that were set aside are left to be removed
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    settings: Settings | None = None
    is_done: bool = False

    @property
    def appids(self) -> tuple[str, ...]:
        return (*self.added, *self.replaced)


def plan_import(
    content: TransferContent,
    existing: tuple[Account, ...],
    path_exists: Callable[[str], bool],
    *,
    replaces_existing: bool,
) -> ImportPlan:
    """Decide about each account of the file; `path_exists` tells which folders and files this computer has."""
    known = {account.appid for account in existing}
    added: list[MovedAccount] = []
    replaced: list[MovedAccount] = []
    kept: list[MovedAccount] = []
    left_out: list[LeftOutPlace] = []
    for moved in content.accounts:
        is_known = moved.account.appid in known
        if is_known and not replaces_existing:
            kept.append(moved)
            continue
        account, places = _fit_to_this_computer(moved.account, path_exists)
        left_out += [place for place in content.foreign_places if place.appid == account.appid]
        left_out += [LeftOutPlace(account.appid, place) for place in places]
        (replaced if is_known else added).append(replace(moved, account=account))
    return ImportPlan(tuple(added), tuple(replaced), tuple(kept), tuple(left_out))


def _fit_to_this_computer(account: Account, path_exists: Callable[[str], bool]) -> tuple[Account, list[str]]:
    """Return the account without the places that are missing here, and the names of those."""
    left_out = []
    if account.dog_dir is not None and not path_exists(account.dog_dir):
        left_out.append(account.dog_dir)
        account = replace(account, dog_dir=None)
    missing = tuple(target for target in account.exports if not _exists(target, path_exists))
    if missing:
        left_out += [target.display_name for target in missing]
        account = replace(account, exports=tuple(target for target in account.exports if target not in missing))
    return account, left_out


def _exists(target: ExportTarget, path_exists: Callable[[str], bool]) -> bool:
    """Check the folder of an export target, or its program; one without a path is looked up where it runs."""
    if target.export_format is ExportFormat.COMMAND:
        program = target.command[0]
        return not _has_separator(program) or path_exists(program)
    if target.export_format is ExportFormat.ENV:
        cut = max(target.path.rfind("/"), target.path.rfind("\\"))
        return path_exists(target.path[: max(cut, 1)])
    return path_exists(target.path)


def _has_separator(path: str) -> bool:
    return "/" in path or "\\" in path


def with_imported(existing: tuple[Account, ...], plan: ImportPlan) -> tuple[Account, ...]:
    """Return the list after the import: replaced accounts keep their place, new ones come last in their order."""
    replacements = {moved.account.appid: moved.account for moved in plan.replaced}
    known = {account.appid for account in existing}
    accounts = [replacements.get(account.appid, account) for account in existing]
    for moved in plan.added:
        if moved.account.appid not in known:
            accounts.append(with_own_colour(moved.account, accounts))
    return tuple(accounts)


def portable_settings(settings: Settings) -> Settings:
    """Return the settings without what belongs to this computer and this moment."""
    return merge_imported_settings(Settings(), settings)


def merge_imported_settings(current: Settings, imported: Settings) -> Settings:
    """Return the imported settings with the window, the pause and the hints of this computer."""
    return replace(
        imported, window=current.window, paused_until=current.paused_until, close_hint_shown=current.close_hint_shown
    )
