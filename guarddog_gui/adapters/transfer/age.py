"""Encryption with a passphrase in the age format (https://age-encryption.org/v1), which other programs can read."""

import json
import re
import sys

from guarddog_gui.adapters.transfer.age_process import REFUSED, run_age
from guarddog_gui.domain.transfer import TransferProblem

TIMEOUT_S = 120.0  # for a slow computer: the key takes some seconds on purpose
ATTEMPTS_MAX = 3
WORK_FACTOR_MIN = 17  # 128 MiB and a fifth of a second, as OWASP recommends for scrypt at least
WORK_FACTOR_MAX = 22  # of scrypt, as in `age` itself: half a minute; files of usual computers have 18 to 20

_ANY_VERSION = re.compile(rb"age-encryption\.org/v([0-9]{1,9})\n")
_SCRYPT_STANZA = re.compile(rb"-> scrypt [A-Za-z0-9+/]{22} ([0-9]{1,2})\n")
_TOO_SLOW = "Excessive work"  # pyrage measures this computer first: a busy one may seem too slow
_WRONG_PASSPHRASE = "Decryption failed"  # noqa: S105 - how pyrage says that the key of the file is another one


class EncryptionFailed(Exception):
    """The process that encrypts could not be started or has failed."""


def encrypt(data: bytes, passphrase: str) -> bytes:
    """Return the data in the age format. Raises EncryptionFailed.

    `pyrage` chooses the work factor so that this computer needs about a second, and a busy one gets a small factor. It
    is then tried again, and the strongest result is taken.
    """
    best, best_factor = b"", -1
    for _ in range(ATTEMPTS_MAX):
        result = _run("encrypt", passphrase, data)
        if isinstance(result, str):
            raise EncryptionFailed(result)
        factor = _work_factor(result)
        if factor > best_factor:
            best, best_factor = result, factor
        if factor >= WORK_FACTOR_MIN:
            break
    return best


def decrypt(data: bytes, passphrase: str) -> bytes | TransferProblem:
    """Return the decrypted data, or why that is not possible. Raises EncryptionFailed."""
    problem = header_problem(data)
    if problem is not None:
        return problem
    for _ in range(ATTEMPTS_MAX):
        result = _run("decrypt", passphrase, data)
        if isinstance(result, bytes):
            return result
        if not result.startswith(_TOO_SLOW):
            return TransferProblem.WRONG_PASSPHRASE if result == _WRONG_PASSPHRASE else TransferProblem.DAMAGED
    return TransferProblem.TOO_SLOW


def header_problem(data: bytes) -> TransferProblem | None:
    """Return why a file cannot be decrypted with any passphrase, as far as its plain header tells."""
    version = _ANY_VERSION.match(data)
    if version is None:
        return TransferProblem.NOT_EXPORTED
    if int(version[1]) > 1:
        return TransferProblem.NEWER_VERSION
    stanza = _SCRYPT_STANZA.match(data, version.end())
    if stanza is None:
        is_cut = len(data) - version.end() < len("-> scrypt ") + 26
        return TransferProblem.DAMAGED if is_cut else TransferProblem.NOT_EXPORTED
    if int(stanza[1]) > WORK_FACTOR_MAX:
        return TransferProblem.TOO_SLOW
    return None


def _work_factor(data: bytes) -> int:
    stanza = _SCRYPT_STANZA.search(data[:200])
    return 0 if stanza is None else int(stanza[1])


def _run(action: str, passphrase: str, data: bytes) -> bytes | str:
    """Return the result, or the reason for which it is refused. Raises EncryptionFailed."""
    if getattr(sys, "frozen", False):  # a bundle cannot run single modules
        try:
            return run_age(action, passphrase, data)
        except ValueError as error:
            return str(error)
    import subprocess

    command = [sys.executable, "-P", "-m", "guarddog_gui.adapters.transfer.age_process", action]
    request = json.dumps(passphrase).encode("ascii") + b"\n" + data
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    try:
        ended = subprocess.run(  # noqa: S603 - this program itself; the passphrase goes through a pipe
            command, input=request, capture_output=True, timeout=TIMEOUT_S, check=False, creationflags=flags
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EncryptionFailed(type(error).__name__) from None  # the other one would hold the data
    if ended.returncode == REFUSED:
        return ended.stderr.decode(errors="replace")
    if ended.returncode != 0:
        last_line = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise EncryptionFailed(last_line)
    return ended.stdout
