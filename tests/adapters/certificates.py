"""Create certificates for TLS tests, valid and invalid ones."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REFERENCE_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
_KEY_USAGE_OF_AUTHORITY = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True)
class CertificateAuthority:
    """Authority that is trusted if SSL_CERT_FILE is `file`."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_authority(folder: Path) -> CertificateAuthority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _common_name("A test authority")
    certificate = (
        _certificate_builder(name, name, key, valid_from_days=-9999, valid_until_days=9999)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_KEY_USAGE_OF_AUTHORITY, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "authority.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return CertificateAuthority(file, certificate, key)


def server_context(
    folder: Path,
    authority: CertificateAuthority | None,
    *hosts: str,
    valid_from_days: int = -9999,
    valid_until_days: int = 9999,
) -> ssl.SSLContext:
    """Return a TLS context with a new certificate, self-signed if `authority` is None.

    Days count from 1 January 2026.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    own = _common_name(hosts[0])
    issuer = authority.certificate.subject if authority else own
    names = [_general_name(host) for host in hosts]
    issuer_key = (authority.key if authority else key).public_key()  # named, as Python 3.13 demands it
    certificate = (
        _certificate_builder(own, issuer, key, valid_from_days=valid_from_days, valid_until_days=valid_until_days)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .sign(authority.key if authority else key, hashes.SHA256())
    )
    file = folder / f"{certificate.serial_number}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _certificate_builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    valid_from_days: int,
    valid_until_days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(REFERENCE_DATE + valid_from_days * DAY)
        .not_valid_after(REFERENCE_DATE + valid_until_days * DAY)
    )


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
