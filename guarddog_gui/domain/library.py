"""A library that the program uses, as its About dialog names it."""

from msgspec import Struct


class Library(Struct, frozen=True):
    """Installed library; `licence` is a short name, empty if the package has none."""

    name: str
    version: str
    licence: str
