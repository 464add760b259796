"""Collect the texts of the code in the Chinese catalogue, and compile the file that the program loads.

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

# Arguments that are texts, by the name of the function called. `say` is a local name of `text`.
_TEXT_ARGUMENTS = {"text": (0,), "say": (0,), "N_": (0,), "message": (0, 1), "translate": (1,), "tr": (0,)}
_CONTEXT_FUNCTIONS = {"NC_", "text_in_context"}  # called with a context and a text
_TEXT_ENUMS = {"FileErrorReason"}  # whose values are shown
_DISAMBIGUATIONS = {"tr": 1, "translate": 2}  # position of the optional context in Qt's calls


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text in the code, which is the key of its translation."""

    singular: str
    plural: str = ""
    context: str | None = None


class NotConstantError(Exception):
    """Raised for a text that the code composes, which cannot be looked up in a catalogue."""


def extract_texts(package: Path = PACKAGE) -> set[SourceText]:
    """Return every text that the code marks for or passes to translation. Raises NotConstantError."""
    texts: set[SourceText] = set()
    for module in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name in _TEXT_ENUMS:
                values = [member.value for member in node.body if isinstance(member, ast.Assign)]
                texts.update(SourceText(_constant(value)) for value in values)
            if isinstance(node, ast.Call):
                try:
                    texts.update(_texts_of_call(node))
                except NotConstantError as error:
                    location = f"{module.relative_to(package.parent)}:{node.lineno}"
                    raise NotConstantError(f"{location}: {error} is no constant text") from None
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
                must_be_constant = name in ("tr", "translate", "N_")
                for constant in _constants(arguments[position], must_be_constant=must_be_constant):
                    yield SourceText(constant, context=context)


def _constants(node: ast.expr, *, must_be_constant: bool = False) -> Iterator[str]:
    """Yield a constant text, or both texts of a conditional expression.

    Skip names: they refer to texts of a table, which are marked with `N_`.
    """
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
    """Write these texts into the catalogue: keep translations, add new texts without one, remove others."""
    old, new = read_catalog(po_file), _new_catalog()
    for text in sorted(texts, key=lambda text: (text.singular, text.context or "")):
        message = old.get(text.singular, context=text.context)
        untranslated = ("",) if text.plural else ""
        new.add(
            (text.singular, text.plural) if text.plural else text.singular,
            message.string if message is not None and message.string else untranslated,
            flags=message.flags - _FORMAT_FLAGS if message is not None else (),
            context=text.context,
            user_comments=message.user_comments if message is not None else (),
        )
    _write_catalog(po_file, new)


_FORMAT_FLAGS = {"python-format", "python-brace-format"}  # babel sets these itself


def _new_catalog() -> Catalog:
    from babel.messages.catalog import Catalog

    class StableCatalog(Catalog):
        """Catalogue without the headers that change in every run or name the translator."""

        @property  # type: ignore[misc]  # never set
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
    write_mo(buffer, catalog)  # leaves out texts that are marked as fuzzy
    mo_file.write_bytes(buffer.getvalue())


def untranslated_texts(po_file: Path) -> list[str]:
    """Return the texts without a Chinese text, or with one that is marked as fuzzy."""
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
