"""The libraries that the installed program uses, with their versions and licences."""

import re
from importlib import metadata

from guarddog_gui.domain.library import Library

_DISTRIBUTION = "guarddog-gui"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_UNUSUAL_LENGTH = 60  # characters: a longer field holds the text of the licence
# what the program is built on, where it is not installed as a package, as in a bundle
_KNOWN = (
    "PySide6-Essentials", "requests", "idna", "keyring", "platformdirs", "filelock", "truststore", "msgspec", "segno",
    "pyrage", "waitress", "argcomplete", "jeepney", "redis",
)  # fmt: skip
_LICENCES = {"pyrage": "MIT"}  # of those that name theirs in a file alone


def read_libraries() -> tuple[Library, ...]:
    """Return the installed ones of the libraries that the program requires, by name."""
    found = (_read_library(name) for name in _required_names())
    return tuple(sorted((library for library in found if library is not None), key=lambda each: each.name.lower()))


def _required_names() -> tuple[str, ...]:
    try:
        requirements = metadata.requires(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        requirements = None
    names = (_NAME.match(requirement) for requirement in requirements or ())
    return tuple(dict.fromkeys(name[0] for name in names if name is not None)) or _KNOWN


def _read_library(name: str) -> Library | None:
    try:
        fields = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return Library(fields["Name"], fields["Version"], _licence(fields))


def _licence(fields: metadata.PackageMetadata) -> str:
    """Return the licence in one of the three ways in which packages have named it over the years."""
    values = [*fields.get_all("License-Expression", ()), *fields.get_all("License", ())]
    named = [value.strip() for value in values if value.strip() and len(value) <= _UNUSUAL_LENGTH]
    classifiers = [value for value in fields.get_all("Classifier", ()) if value.startswith("License ::")]
    named += (value.rpartition(" :: ")[2] for value in classifiers)
    return named[0] if named else _LICENCES.get(fields["Name"], "")
