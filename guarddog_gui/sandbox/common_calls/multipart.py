"""Forms with files, as browsers and HTTP libraries send them (multipart/form-data, RFC 7578)."""

import re

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*\bboundary="?([^";\s]{1,70})"?', re.IGNORECASE)
_DISPOSITION = re.compile(r"(?im)^content-disposition:\s*form-data\s*;(.*)$")
_PARAMETER = re.compile(r'\b(name|filename)="([^"]*)"')
_CONTENT_TYPE = re.compile(r"(?im)^content-type:\s*([^\r\n;]+)")


class FormPart(HiddenFields, Struct, frozen=True):
    """One field of a form; `file_name` is empty for a field that is no file."""

    hidden_fields = ("content",)

    name: str
    file_name: str
    content_type: str
    content: bytes


def parse_form(content_type: str, body: bytes) -> tuple[FormPart, ...]:
    """Return the fields of a form; none for anything else."""
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        return ()
    parts = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:]:
        head, separator, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        disposition = _DISPOSITION.search(headers)
        if not separator or disposition is None:
            continue
        names = dict(_PARAMETER.findall(disposition[1]))
        stated_type = _CONTENT_TYPE.search(headers)
        file_type = "" if stated_type is None else stated_type[1].strip()
        parts.append(FormPart(names.get("name", ""), names.get("filename", ""), file_type, content))
    return tuple(parts)
