"""Every setting is used by code other than that which stores and shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.domain.settings import Settings

PACKAGE = Path(__file__).parents[1] / "guarddog_gui"
# These modules define, store and show the settings, which alone has no effect.
NO_EFFECT = {"domain/settings.py", "adapters/files/config_files.py", "ui/preferences.py"}


def read_attributes(source: str) -> Iterator[tuple[str, str]]:
    """Yield the owner's name and the name of every attribute that is read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield name, node.attr


def users_by_setting() -> dict[str, set[str]]:
    """Return the modules that read each setting."""
    modules: dict[str, set[str]] = {name: set() for name in Settings.__struct_fields__}
    for file in PACKAGE.rglob("*.py"):
        module = file.relative_to(PACKAGE).as_posix()
        if module in NO_EFFECT:
            continue
        for owner, attribute in read_attributes(file.read_text(encoding="utf-8")):
            if attribute in modules and owner in ("settings", "after"):
                modules[attribute].add(module)
    return modules


@pytest.mark.parametrize("field", Settings.__struct_fields__)
def test_every_setting_has_an_effect(field: str) -> None:
    assert users_by_setting()[field]


def test_the_search_finds_only_attributes_that_are_read() -> None:
    source = "settings.a = 1; x = self.settings.b; after.c; other.d; Settings(e=1)"
    found = read_attributes(source)
    assert {(owner, name) for owner, name in found if owner in ("settings", "after")} == {
        ("settings", "b"),
        ("after", "c"),
    }
