"""X.509 certificates as far as a check of a page needs them: names, validity and issuer.

`ssl.SSLSocket.getpeercert()` returns these only for a certificate that OpenSSL accepted, and nothing where truststore
leaves the decision to Windows or macOS. The certificate itself is always at hand.
"""

import calendar
import ipaddress
import re
import time
from collections.abc import Iterator

from msgspec import Struct

_SEQUENCE, _SET, _OCTET_STRING, _OBJECT_ID = 0x30, 0x31, 0x04, 0x06
_VERSION, _EXTENSIONS = 0xA0, 0xA3  # context tags in the signed part
_DNS_NAME, _IP_ADDRESS = 0x82, 0x87
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_SUBJECT_ALT_NAME = bytes.fromhex("551d11")
_ORGANIZATION, _COMMON_NAME = bytes.fromhex("55040a"), bytes.fromhex("550403")
_LENGTH_BYTES_MAX = 4
_TIME = re.compile(rb"[0-9]{12}(?:[0-9]{2})?Z")


class Certificate(Struct, frozen=True):
    """Names that a certificate is for, its validity in Unix seconds, and the name of its issuer."""

    names: tuple[str, ...]
    valid_from: float
    valid_until: float
    issuer: str

    def is_for(self, host: str) -> bool:
        """Compare the names with a host in ASCII form; a wildcard stands for exactly one label, as in RFC 6125."""
        bare = host.strip("[]").lower()
        _, _, parent = bare.partition(".")
        return any(
            name == bare or (name.startswith("*.") and parent != "" and name[2:] == parent) for name in self.names
        )


def parse_certificate(der: bytes) -> Certificate | None:
    """Return the certificate, or None if these bytes are not one."""
    try:
        return _parse(der)
    except (ValueError, IndexError, OverflowError):
        return None


def _parse(der: bytes) -> Certificate:
    signed = _content(next(_elements(_only(der, _SEQUENCE))), _SEQUENCE)
    fields = [element for element in _elements(signed) if element[0] != _VERSION]
    # serial number, algorithm, issuer, validity, subject, public key
    issuer, validity = _content(fields[2], _SEQUENCE), _content(fields[3], _SEQUENCE)
    start, end = (_unix_time(*element) for element in _elements(validity))
    extensions = next((content for tag, content in fields if tag == _EXTENSIONS), b"")
    return Certificate(_alternative_names(extensions), start, end, _display_name(issuer))


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of the elements that follow each other. Raises ValueError and IndexError."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            if not 0 < size <= _LENGTH_BYTES_MAX:
                raise ValueError("length")
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        if at + length > len(data):
            raise ValueError("cut off")
        yield tag, data[at : at + length]
        at += length


def _content(element: tuple[int, bytes], tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError("another kind of element")
    return element[1]


def _only(data: bytes, tag: int) -> bytes:
    """Return the content of the one element in these bytes. Raises ValueError and IndexError."""
    elements = list(_elements(data))
    return _content(elements[0], tag)


def _unix_time(tag: int, content: bytes) -> float:
    if tag not in (_UTC_TIME, _GENERALIZED_TIME) or not _TIME.fullmatch(content):
        raise ValueError("not a time")
    text = content.decode()
    if tag == _UTC_TIME:  # RFC 5280: years from 50 on are of the last century
        text = ("19" if text[:2] >= "50" else "20") + text
    return float(calendar.timegm(time.strptime(text, "%Y%m%d%H%M%SZ")))


def _alternative_names(extensions: bytes) -> tuple[str, ...]:
    if not extensions:
        return ()
    for tag, extension in _elements(_only(extensions, _SEQUENCE)):
        if tag != _SEQUENCE:
            continue
        fields = list(_elements(extension))
        if fields[0] == (_OBJECT_ID, _SUBJECT_ALT_NAME):
            names = _elements(_only(_content(fields[-1], _OCTET_STRING), _SEQUENCE))
            return tuple(filter(None, (_alternative_name(*name) for name in names)))
    return ()


def _alternative_name(tag: int, content: bytes) -> str:
    if tag == _DNS_NAME:
        return content.decode("ascii", "replace").lower()
    return str(ipaddress.ip_address(content)) if tag == _IP_ADDRESS else ""


def _display_name(name: bytes) -> str:
    """Return the organization of a distinguished name, or its common name; empty without both."""
    values: dict[bytes, str] = {}
    for tag, relative in _elements(name):
        for _, attribute in _elements(relative) if tag == _SET else ():
            (_, object_id), (_, text) = _elements(attribute)
            values.setdefault(object_id, text.decode("utf-8", "replace"))
    return values.get(_ORGANIZATION) or values.get(_COMMON_NAME, "")
