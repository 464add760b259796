"""Collects the texts of the code in the Chinese catalogue, and compiles the file that the program loads.

`packaging/dev.py translate` runs this with the Python of the development environment, which has babel.
"""

from __future__ import annotations

import ast
import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dev_environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog

PACKAGE = ROOT / "guarddog_gui"
PO_FILE = ROOT / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "guarddog.po"
_LINE_WIDTH = 110

# Which arguments of a call are texts. A `say` is a local name of `text`.
_TEXT_ARGUMENTS = {"text": (0,), "say": (0,), "N_": (0,), "message": (0, 1), "translate": (1,), "tr": (0,)}
_CONTEXT_FUNCTIONS = {"NC_", "text_in_context"}  # of a context and a text
_DISAMBIGUATIONS = {"tr": 1, "translate": 2}  # where Qt's calls may have a context


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text in the code, by which its translation is found."""

    singular: str
    plural: str = ""
    context: str | None = None


class NotConstantError(Exception):
    """A text is put together in the code: it could not be found in a catalogue."""


def extract_texts(package: Path = PACKAGE) -> set[SourceText]:
    """Return every text that the code marks or gives to a translator. Raise NotConstantError."""
    texts: set[SourceText] = set()
    for module in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                try:
                    texts.update(_texts_of_call(node))
                except NotConstantError as error:
                    where = f"{module.relative_to(package.parent)}:{node.lineno}"
                    raise NotConstantError(f"{where}: {error} is no constant text") from None
    return {text for text in texts if text.singular}


def _texts_of_call(call: ast.Call) -> Iterator[SourceText]:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    arguments = call.args
    if name == "plural" and len(arguments) > 1:
        for singular, plural in zip(_constants(arguments[0]), _constants(arguments[1]), strict=True):
            yield SourceText(singular, plural)
    elif name in _CONTEXT_FUNCTIONS:
        for text in _constants(arguments[1]):
            yield SourceText(text, context=_constant(arguments[0]))
    elif name in _TEXT_ARGUMENTS:
        position = _DISAMBIGUATIONS.get(name, len(arguments))
        context = _constant(arguments[position]) if position < len(arguments) else None
        for position in _TEXT_ARGUMENTS[name]:
            if position < len(arguments):
                must = name in ("tr", "translate", "N_")
                for constant in _constants(arguments[position], must_be_constant=must):
                    yield SourceText(constant, context=context)


def _constants(node: ast.expr, *, must_be_constant: bool = False) -> Iterator[str]:
    """The text, or both texts of a choice; a name stands for a text of a table that `N_` marks."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from _constants(first, must_be_constant=must_be_constant)
            yield from _constants(second, must_be_constant=must_be_constant)
        case ast.JoinedStr() | ast.BinOp():
            raise NotConstantError(ast.unparse(node))
        case _ if must_be_constant:
            raise NotConstantError(ast.unparse(node))


def _constant(node: ast.expr) -> str:
    (text,) = _constants(node, must_be_constant=True)
    return text


def update_catalog(po_file: Path, texts: Iterable[SourceText]) -> None:
    """Put these texts into the catalogue: translations stay, new texts come without one, others go."""
    old, new = read_catalog(po_file), _new_catalog()
    for text in sorted(texts, key=lambda text: (text.singular, text.context or "")):
        known = old.get(text.singular, context=text.context)
        is_known = known is not None and bool(known.string)
        untranslated = ("",) if text.plural else ""
        new.add(
            (text.singular, text.plural) if text.plural else text.singular,
            known.string if known is not None and is_known else untranslated,
            flags=known.flags - _FORMAT_FLAGS if known is not None else (),
            context=text.context,
            user_comments=known.user_comments if known is not None else (),
        )
    _write_catalog(po_file, new)


_FORMAT_FLAGS = {"python-format", "python-brace-format"}  # babel sets them anew


def _new_catalog() -> Catalog:
    from babel.messages.catalog import Catalog

    class StableCatalog(Catalog):
        """Catalogue without the headers that change with every run, or that name the translator."""

        @property  # type: ignore[misc]  # nothing sets it
        def mime_headers(self) -> list[tuple[str, str]]:
            return [(name, value) for name, value in super().mime_headers if name in _STABLE_HEADERS]

    return StableCatalog(locale="zh_CN", domain="guarddog", header_comment=_HEADER, fuzzy=False)


_HEADER = """\
# Chinese texts of Guard Dog. The English text is the one in the code.
# `packaging/dev.py translate` brings new texts in here and compiles this file; it needs no line numbers.
#"""
_STABLE_HEADERS = {"Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms"}


def read_catalog(po_file: Path) -> Catalog:
    from babel.messages.pofile import read_po

    with po_file.open("rb") as file:
        return read_po(file, locale="zh_CN")


def _write_catalog(po_file: Path, catalog: Catalog) -> None:
    from babel.messages.pofile import write_po

    buffer = io.BytesIO()
    write_po(buffer, catalog, width=_LINE_WIDTH, no_location=True, sort_output=True)
    po_file.write_bytes(buffer.getvalue())


def mo_path(po_file: Path) -> Path:
    return po_file.with_suffix(".mo")


def compile_catalog(po_file: Path, mo_file: Path) -> None:
    from babel.messages.mofile import write_mo

    catalog = _new_catalog()
    for message in read_catalog(po_file):
        if message.id and message.string:
            catalog.add(message.id, message.string, flags=message.flags, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)  # without texts that are marked as fuzzy
    mo_file.write_bytes(buffer.getvalue())


def untranslated_texts(po_file: Path) -> list[str]:
    """The texts that still need a Chinese one, or whose Chinese one has to be looked at."""
    missing = []
    for message in read_catalog(po_file):
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            missing.append(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return missing


def main() -> None:
    update_catalog(PO_FILE, extract_texts())
    missing = untranslated_texts(PO_FILE)
    if missing:
        sys.exit(f"{PO_FILE.relative_to(ROOT)} has no Chinese text yet for:\n" + "\n".join(missing))
    compile_catalog(PO_FILE, mo_path(PO_FILE))


if __name__ == "__main__":
    main()
