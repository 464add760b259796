import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.readiness.certificate import Certificate, parse_certificate
from tests.adapters.certificates import make_authority, server_context


def der_of(folder: Path, *hosts: str, days: int = 100) -> bytes:
    folder.mkdir(exist_ok=True)
    authority = make_authority(folder)
    server_context(folder, authority, *hosts, valid_until_days=days)
    file = next(path for path in folder.iterdir() if path.name != "authority.pem")
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return certificate.public_bytes(serialization.Encoding.DER)


def test_names_dates_and_issuer_are_read(tmp_path: Path) -> None:
    certificate = parse_certificate(der_of(tmp_path / "a", "shop.example.cn", "*.a.cn", "10.0.0.1"))
    assert certificate is not None
    assert certificate.names == ("shop.example.cn", "*.a.cn", "10.0.0.1")
    assert certificate.issuer == "A test authority"
    assert certificate.valid_until == dt.datetime(2026, 4, 11, tzinfo=dt.UTC).timestamp()
    assert certificate.valid_from < certificate.valid_until


def test_years_from_2050_on_are_written_in_another_form(tmp_path: Path) -> None:
    certificate = parse_certificate(der_of(tmp_path / "a", "a.cn", days=30 * 366))
    assert certificate is not None
    assert dt.datetime.fromtimestamp(certificate.valid_until, dt.UTC).year == 2056


@pytest.mark.parametrize(
    ("host", "is_for"),
    [
        ("a.cn", True),
        ("A.CN", True),
        ("www.b.cn", True),
        ("b.cn", False),
        ("x.www.b.cn", False),
        ("10.0.0.1", True),
        ("[::1]", True),
        ("cn", False),
    ],
)
def test_a_wildcard_stands_for_one_label(host: str, is_for: bool) -> None:  # noqa: FBT001 - a table
    assert Certificate(("a.cn", "*.b.cn", "10.0.0.1", "::1"), 0, 1, "").is_for(host) is is_for


@given(st.binary(max_size=200))
def test_bytes_that_are_no_certificate_are_refused(data: bytes) -> None:
    assert parse_certificate(data) is None


def test_a_certificate_that_is_cut_or_changed_raises_nothing(tmp_path: Path) -> None:
    der = der_of(tmp_path / "a", "a.cn")
    for at in range(len(der)):
        parse_certificate(der[:at])
        parse_certificate(der[:at] + bytes([der[at] ^ 0xFF]) + der[at + 1 :])


def test_it_agrees_with_the_certificates_of_public_authorities() -> None:
    authorities = ssl.create_default_context().get_ca_certs(binary_form=True)
    for der in authorities[:40]:
        parsed, expected = parse_certificate(der), x509.load_der_x509_certificate(der)
        assert parsed is not None
        assert parsed.valid_until == expected.not_valid_after_utc.timestamp()
        assert parsed.valid_from == expected.not_valid_before_utc.timestamp()
