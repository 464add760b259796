from pathlib import Path

from guarddog_gui.adapters.windows.app_identity import identify_frozen_app, register_app
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from tests.adapters.windows.memory_registry import MemoryRegistry

APP_ID = "io.github.guarddog.GuardDog"
KEY = rf"Software\Classes\AppUserModelId\{APP_ID}"
ICON = Path("guarddog.ico")


class FakeShell:
    """shell32, which notes what the registry had when the id was given to the process."""

    def __init__(self, registry: MemoryRegistry, code: int = 0) -> None:
        self._registry = registry
        self._code = code
        self.registered: list[dict[tuple[str, str], str | bytes]] = []

    def SetCurrentProcessExplicitAppUserModelID(self, app_id: str) -> int:  # noqa: N802 - the name of Windows
        assert app_id == APP_ID
        self.registered.append(dict(self._registry.values))
        return self._code


class FullRegistry(MemoryRegistry):
    def write(self, key: str, name: str, value: str) -> None:
        raise FileError(f"{key} {name} {value}", FileErrorReason.DISK_FULL)


def test_name_and_icon_are_registered_before_the_process_gets_the_id() -> None:
    registry = MemoryRegistry()
    shell = FakeShell(registry)
    assert register_app(registry, shell, APP_ID, ICON)
    assert shell.registered == [{(KEY, "DisplayName"): "Guard Dog", (KEY, "IconUri"): "guarddog.ico"}]


def test_without_a_registration_there_is_no_id_for_it_would_hide_the_notifications() -> None:
    registry = FullRegistry()
    shell = FakeShell(registry)
    assert not register_app(registry, shell, APP_ID, ICON)
    assert shell.registered == []


def test_a_refusal_of_windows_is_told() -> None:
    registry = MemoryRegistry()
    assert not register_app(registry, FakeShell(registry, code=-2147024809), APP_ID, ICON)


def test_a_checkout_stays_without() -> None:
    identify_frozen_app(APP_ID)  # nothing on other systems either
