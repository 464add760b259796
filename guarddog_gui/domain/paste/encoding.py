"""Decoding of the bytes of a pasted or saved text: UTF-8, UTF-16 and GBK, with or without a byte order mark."""

import codecs

_MARKS = (  # the longer marks first: that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_SIZE = 4096  # bytes in which NULs are counted


def decode_bytes(raw: bytes) -> str:
    """Return the text of bytes in any encoding that Windows, editors and old servers write; never raise."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    sample = raw[:_SAMPLE_SIZE]
    if sample.count(0) * 4 > len(sample):  # ASCII in UTF-16 has a NUL in every second byte
        return raw.decode("utf-16-be" if sample[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 3:  # a limit of bytes cut the last character
            return raw.decode("utf-8", "ignore")
    try:
        return raw.decode("gb18030")  # a superset of GBK and GB2312
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
