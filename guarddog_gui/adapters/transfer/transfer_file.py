"""File with accounts, AppSecrets and settings for another computer, encrypted with a passphrase.

Inside the encryption is a JSON object with its own version, so that later versions can refuse what they do not know.
"""

import json
import os
import stat
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, create_empty_file, read_file
from guarddog_gui.adapters.files.config_files import account_to_dict, parse_accounts, parse_settings, settings_to_dict
from guarddog_gui.adapters.files.json_document import JsonObject, is_newer_version, parse_json_object
from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.adapters.transfer.age import EncryptionFailed, decrypt, encrypt, header_problem
from guarddog_gui.domain.accounts.account import Secret, secret_problem
from guarddog_gui.domain.accounts.route import password_problem
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import ExportTarget, target_from_dict, validate_targets
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.transfer import LeftOutPlace, MovedAccount, TransferContent, TransferProblem

TRANSFER_VERSION = 1
TRANSFER_SIZE_MAX = 16 * 1024 * 1024  # bytes; ten thousand accounts have less
_FORMAT = "guarddog accounts"
_SECRETS = "secrets"
_PROXY_PASSWORDS = "proxy_passwords"


def write_transfer_file(path: Path, content: TransferContent, passphrase: str, *, overwrites: bool) -> None:
    """Write the file (mode 0600) as a whole or not at all. Raises FileError, also if it exists and must not.

    A symbolic link stays: the file that it leads to is replaced.
    """
    reject_existing(path, overwrites=overwrites)
    try:
        data = encrypt(json.dumps(_to_json(content)).encode(), passphrase)
    except EncryptionFailed as error:
        raise FileError(os.fspath(path), str(error)) from None
    if overwrites:
        reject_existing(path, overwrites=True)  # the encryption took seconds, and `atomic_write` replaces anything
        atomic_write(_real_path(path), data, verify=True)
        return
    with translate_os_errors(path):
        is_reserved = create_empty_file(path)  # another program may have been faster
    if not is_reserved:
        raise FileError(os.fspath(path), FileErrorReason.EXISTS)
    try:
        atomic_write(path, data, verify=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def reject_existing(path: Path, *, overwrites: bool) -> None:
    """Raise FileError if the file could not be written for a reason that is known beforehand."""
    with translate_os_errors(path):
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            mode = stat.S_IFREG  # the file to be made
        if stat.S_ISDIR(mode):
            raise FileError(os.fspath(path), FileErrorReason.IS_A_FOLDER)
        if not stat.S_ISREG(mode):  # a device that is replaced by a file breaks the whole system
            raise FileError(os.fspath(path), FileErrorReason.NOT_A_REGULAR_FILE)
        if not overwrites and os.path.lexists(path):
            raise FileError(os.fspath(path), FileErrorReason.EXISTS)
        if not _real_path(path).parent.is_dir():
            reason = FileErrorReason.BROKEN_LINK if path.is_symlink() else FileErrorReason.NOT_FOUND
            raise FileError(os.fspath(path), reason)


def _real_path(path: Path) -> Path:
    """Return the path of the file that is written, which a symbolic link leads to."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path.absolute()


def load_transfer_file(path: Path) -> bytes | TransferProblem:
    """Return the encrypted content, or why no passphrase can open it. Raises FileError if it cannot be read."""
    data = read_file(path, TRANSFER_SIZE_MAX, follow_symlinks=True)
    if data is None:
        raise FileError(os.fspath(path), FileErrorReason.MISSING)
    return header_problem(data) or data


def open_transfer_file(path: Path, data: bytes, passphrase: str) -> TransferContent | TransferProblem:
    """Return the content of the file with this encrypted `data`, or why it has none for us.

    Raises FileError, with the reason, if the program that decrypts cannot be run.
    """
    try:
        decrypted = decrypt(data, passphrase)
    except EncryptionFailed as error:
        raise FileError(os.fspath(path), str(error)) from None
    return decrypted if isinstance(decrypted, TransferProblem) else _parse(decrypted)


class AgeTransferFiles:
    """Files with accounts for another computer, for services that know them as a port."""

    def write(self, path: str, content: TransferContent, passphrase: str, *, overwrites: bool) -> None:
        write_transfer_file(Path(path), content, passphrase, overwrites=overwrites)

    def load(self, path: str) -> bytes | TransferProblem:
        return load_transfer_file(Path(path))

    def open(self, path: str, data: bytes, passphrase: str) -> TransferContent | TransferProblem:
        return open_transfer_file(Path(path), data, passphrase)


def _to_json(content: TransferContent) -> JsonObject:
    return {
        "format": _FORMAT,
        "version": TRANSFER_VERSION,
        "accounts": [account_to_dict(moved.account) for moved in content.accounts],
        "settings": settings_to_dict(content.settings),
        _SECRETS: {
            moved.account.appid: moved.secret.reveal() for moved in content.accounts if moved.secret is not None
        },
        _PROXY_PASSWORDS: {
            moved.account.appid: moved.proxy_password.reveal()
            for moved in content.accounts
            if moved.proxy_password is not None
        },
    }


def _parse(data: bytes) -> TransferContent | TransferProblem:
    """Return the content; a part that cannot be read makes the whole unusable: nothing is imported in part."""
    fields = parse_json_object(data)
    if fields is None or fields.get("format") != _FORMAT:
        return TransferProblem.NOT_EXPORTED
    if is_newer_version(fields.get("version"), TRANSFER_VERSION):
        return TransferProblem.NEWER_VERSION
    items, foreign_places = _without_foreign_places(fields.get("accounts"))
    accounts, are_whole = parse_accounts({"accounts": items})
    secrets, settings = fields.get(_SECRETS), fields.get("settings")
    passwords = fields.get(_PROXY_PASSWORDS, {})  # older files have none
    if not are_whole or not isinstance(secrets, dict) or not isinstance(settings, dict):
        return TransferProblem.DAMAGED
    if not all(isinstance(secret, str) and secret_problem(secret) is None for secret in secrets.values()):
        return TransferProblem.DAMAGED
    if not isinstance(passwords, dict) or not all(
        isinstance(password, str) and password_problem(password) is None for password in passwords.values()
    ):
        return TransferProblem.DAMAGED
    moved = (
        MovedAccount(account, _secret(secrets, account.appid), _secret(passwords, account.appid))
        for account in accounts
    )
    return TransferContent(tuple(moved), parse_settings(settings)[0], tuple(foreign_places))


def _secret(secrets: JsonObject, appid: str) -> Secret | None:
    text = secrets.get(appid)
    return Secret(text) if isinstance(text, str) else None


def _without_foreign_places(items: object) -> tuple[object, list[LeftOutPlace]]:
    """Take the export targets away whose paths are of another kind of system, such as those of Windows on Linux."""
    if not isinstance(items, list):
        return items, []
    kept_items: list[object] = []
    foreign_places: list[LeftOutPlace] = []
    for item in items:
        outlets = item.get("outlets") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(outlets, list):
            kept_items.append(item)
            continue
        foreign = [outlet for outlet in outlets if _is_foreign(target_from_dict(outlet))]
        kept_items.append({**item, "outlets": [outlet for outlet in outlets if outlet not in foreign]})
        targets = filter(None, map(target_from_dict, foreign))
        foreign_places += [LeftOutPlace(str(item.get("appid")), target.display_name) for target in targets]
    return kept_items, foreign_places


def _is_foreign(target: ExportTarget | None) -> bool:
    return target is not None and validate_targets((target,)) is not None
