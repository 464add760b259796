"""Certificates: what is wrong with one is named, a renewed one is taken."""

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.serve.connections.tls_files import TlsFiles
from tests.adapters.certificates import server_context
from tests.fakes import FakeClock


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    server_context(tmp_path, None, "localhost")
    return next(tmp_path.glob("*.pem")).rename(tmp_path / "cert.pem")


def make_key(path: Path, encryption: serialization.KeySerializationEncryption) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
    return str(path)


def ignore(_: FileError) -> None:
    raise AssertionError


def test_a_certificate_with_its_key(certificate: Path) -> None:
    context = TlsFiles(str(certificate), str(certificate), ignore).current()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_what_is_wrong_is_named(certificate: Path, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other.pem", serialization.NoEncryption())
    locked = make_key(tmp_path / "locked.pem", serialization.BestAvailableEncryption(b"passphrase"))
    text = tmp_path / "text.pem"
    text.write_text("nothing")
    for cert, key, reason in (
        (str(tmp_path / "none"), str(certificate), FileErrorReason.MISSING),
        (str(certificate), str(tmp_path / "none"), FileErrorReason.MISSING),
        (str(tmp_path), str(certificate), FileErrorReason.IS_A_FOLDER),
        (str(certificate), other, FileErrorReason.OTHER_KEY),
        (str(certificate), locked, FileErrorReason.ENCRYPTED_KEY),
        (str(text), str(text), FileErrorReason.NOT_PEM),
        (str(certificate), str(text), FileErrorReason.NOT_PEM),
    ):
        with pytest.raises(FileError) as caught:
            TlsFiles(cert, key, ignore).load()
        assert caught.value.reason == reason, (cert, key)


def test_a_renewed_certificate_is_taken_and_a_broken_one_is_not(certificate: Path, tmp_path: Path) -> None:
    clock, errors = FakeClock(), list[FileError]()
    files = TlsFiles(str(certificate), str(certificate), errors.append, clock)
    first = files.current()
    assert files.current() is first
    (tmp_path / "new").mkdir()
    server_context(tmp_path / "new", None, "localhost")
    next((tmp_path / "new").glob("*.pem")).replace(certificate)
    assert files.current() is first
    clock.advance(31)
    second = files.current()
    assert second is not first
    certificate.write_text("half of a")
    clock.advance(31)
    assert files.current() is second
    clock.advance(31)
    assert files.current() is second
    assert [error.reason for error in errors] == [FileErrorReason.NOT_PEM]
