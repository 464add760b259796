"""No dead option: every setting is used by something besides those that show and keep it."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from guarddog_gui.domain.settings import Settings

PACKAGE = Path(__file__).parents[1] / "guarddog_gui"
# these define, keep and show the settings: that alone has no effect
NO_EFFECT = {"domain/settings.py", "adapters/config_files.py", "ui/preferences.py"}


def reads(source: str) -> Iterator[tuple[str, str]]:
    """(what, attribute) of every attribute of something called settings that is read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield name, node.attr


def used() -> dict[str, set[str]]:
    """The files that read each field of the settings in force."""
    found: dict[str, set[str]] = {field.name: set() for field in fields(Settings)}
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).as_posix()
        if place in NO_EFFECT:
            continue
        for owner, attribute in reads(file.read_text(encoding="utf-8")):
            if attribute in found and owner in ("settings", "after"):
                found[attribute].add(place)
    return found


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_has_an_effect(field: str) -> None:
    assert used()[field]


def test_the_search_finds_reads_and_nothing_else() -> None:
    source = "settings.a = 1; x = self.settings.b; after.c; other.d; Settings(e=1)"
    assert {(owner, name) for owner, name in reads(source) if owner in ("settings", "after")} == {
        ("settings", "b"),
        ("after", "c"),
    }
