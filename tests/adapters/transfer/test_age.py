"""Encryption in the age format, in the process that does it for real."""

import subprocess
import sys

import pytest

from guarddog_gui.adapters.transfer import age
from guarddog_gui.adapters.transfer.age import EncryptionFailed, decrypt, encrypt, header_problem
from guarddog_gui.adapters.transfer.age_process import REFUSED
from guarddog_gui.domain.transfer import TransferProblem

PASSPHRASE = "correct horse 电池"
DATA = bytes(range(256)) * 300  # more than one chunk of 64 KiB


@pytest.fixture(scope="module")
def encrypted() -> bytes:
    return encrypt(DATA, PASSPHRASE)


def test_the_same_passphrase_opens_it(encrypted: bytes) -> None:
    assert encrypted.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert DATA[:64] not in encrypted
    assert header_problem(encrypted) is None
    assert decrypt(encrypted, PASSPHRASE) == DATA


@pytest.mark.parametrize("passphrase", ["", "correct horse", PASSPHRASE + " "])
def test_another_passphrase_does_not(encrypted: bytes, passphrase: str) -> None:
    assert decrypt(encrypted, passphrase) is TransferProblem.WRONG_PASSPHRASE


@pytest.mark.parametrize("length", [-1, -70_000, 200, 120])
def test_a_file_that_is_cut_off_is_damaged(encrypted: bytes, length: int) -> None:
    assert decrypt(encrypted[:length], PASSPHRASE) is TransferProblem.DAMAGED


@pytest.mark.parametrize("at", [-1, -70_000, 200])
def test_a_file_with_one_changed_bit_is_damaged(encrypted: bytes, at: int) -> None:
    changed = bytearray(encrypted)
    changed[at] ^= 1

    assert decrypt(bytes(changed), PASSPHRASE) is TransferProblem.DAMAGED


def test_more_bytes_at_the_end_are_a_change(encrypted: bytes) -> None:
    assert decrypt(encrypted + b"x", PASSPHRASE) is TransferProblem.DAMAGED


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", TransferProblem.NOT_EXPORTED),
        (b"{}", TransferProblem.NOT_EXPORTED),
        (b"age-encryption.org/v2\n-> scrypt", TransferProblem.NEWER_VERSION),
        (b"age-encryption.org/v1\n", TransferProblem.DAMAGED),
        (b"age-encryption.org/v1\n-> scrypt CN+srcPa3na", TransferProblem.DAMAGED),
        (b"age-encryption.org/v1\n-> X25519 CN+srcPa3naO65fiqyCqTwCN+srcPa3naO65fiqyCqTw\n", TransferProblem.NOT_EXPORTED),
        (b"age-encryption.org/v1\n-> scrypt CN+srcPa3naO65fiqyCqTw 30\n", TransferProblem.TOO_SLOW),
    ],
)  # fmt: skip
def test_what_the_header_tells_needs_no_passphrase(data: bytes, problem: TransferProblem) -> None:
    assert header_problem(data) is problem
    assert decrypt(data, PASSPHRASE) is problem


def test_neither_passphrase_nor_data_are_in_the_arguments_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, b"-> scrypt CN+srcPa3naO65fiqyCqTw 18\n", b"")

    monkeypatch.setattr(subprocess, "run", run)

    assert encrypt(b"data", "passphrase").startswith(b"-> scrypt")
    assert commands == [[sys.executable, "-P", "-m", "guarddog_gui.adapters.transfer.age_process", "encrypt"]]


def test_a_process_that_cannot_run_says_so_without_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/does/not/exist")

    with pytest.raises(EncryptionFailed) as refusal:
        encrypt(b"data", "passphrase")

    assert str(refusal.value) == "FileNotFoundError"
    assert refusal.value.__cause__ is None


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(age, "TIMEOUT_S", 0.01)

    with pytest.raises(EncryptionFailed, match="TimeoutExpired"):
        encrypt(b"data", "passphrase")


def test_a_computer_that_is_too_busy_is_not_taken_for_a_damaged_file(
    encrypted: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"Excessive work parameter for passphrase.\nDecryption would take around 4096 seconds."
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, REFUSED, b"", text)
    )

    assert decrypt(encrypted, PASSPHRASE) is TransferProblem.TOO_SLOW


def test_a_busy_computer_encrypts_again_for_a_stronger_protection(monkeypatch: pytest.MonkeyPatch) -> None:
    def result(factor: int) -> bytes:
        return b"age-encryption.org/v1\n-> scrypt CN+srcPa3naO65fiqyCqTw %d\n" % factor

    for factors, taken, left in (([14, 18, 20], 18, 1), ([18, 20, 20], 18, 2), ([14, 16, 15], 16, 0)):
        results = [result(factor) for factor in factors]
        monkeypatch.setattr(age, "_run", lambda *_, results=results: results.pop(0))
        assert encrypt(b"data", PASSPHRASE) == result(taken)
        assert len(results) == left


def test_a_bundle_does_it_in_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(age, "run_age", lambda action, passphrase, data: f"{action} {passphrase}".encode() + data)

    assert encrypt(b"!", "p") == b"encrypt p!"
