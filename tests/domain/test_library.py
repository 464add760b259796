"""A library as the About dialog names it."""

from guarddog_gui.domain.library import Library


def test_libraries_with_the_same_values_are_equal() -> None:
    assert Library("requests", "2.32", "Apache-2.0") == Library("requests", "2.32", "Apache-2.0")
