"""Libraries of the installation: those that the program requires, each with a short licence."""

from guarddog_gui.adapters.installed_libraries import read_libraries


def test_the_required_libraries_are_named_with_version_and_licence() -> None:
    libraries = {library.name.lower().replace("_", "-"): library for library in read_libraries()}
    assert {"requests", "keyring", "msgspec", "pyside6-essentials"} <= libraries.keys()
    assert "pytest" not in libraries
    for library in libraries.values():
        assert library.version[0].isdigit()
        assert 0 < len(library.licence) <= 60
