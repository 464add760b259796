"""Autostart on Windows: the Run key, the Task Manager's switch, and command lines."""

import os

import pytest

from guarddog_gui.adapters.autostart.entry_files import DesktopFile, LaunchAgent
from guarddog_gui.adapters.autostart.factory import AutostartEntry
from guarddog_gui.adapters.windows.registry import Registry
from guarddog_gui.adapters.windows.run_key import RUN_KEY, STARTUP_APPROVED_KEY, RunKey, program_from_command_line
from tests.adapters.windows.memory_registry import MemoryRegistry

PROGRAM = r"C:\Program Files\Guard Dog\guarddog-gui.exe"


def test_the_run_key_holds_the_quoted_path() -> None:
    registry = MemoryRegistry()
    entry = RunKey(registry, "Guard Dog")
    assert entry.read_program() is None
    entry.write(PROGRAM)
    assert registry.values == {(RUN_KEY, "Guard Dog"): f'"{PROGRAM}"'}
    assert entry.read_program() == PROGRAM
    entry.remove()
    assert registry.values == {}


@pytest.mark.parametrize(
    ("approved", "off"),
    [
        (None, False),
        (b"", False),
        (b"\x02" + bytes(11), False),
        (b"\x06" + bytes(11), False),
        (b"\x03" + bytes(3) + b"\x10\x20\x30\x40\x50\x60\x70\x01", True),
        (b"\x07" + bytes(11), True),
    ],
)
def test_a_value_disabled_in_the_task_manager_is_recognised(approved: bytes | None, off: bool) -> None:  # noqa: FBT001
    registry = MemoryRegistry()
    entry = RunKey(registry, "Guard Dog")
    entry.write(PROGRAM)
    if approved is not None:
        registry.values[STARTUP_APPROVED_KEY, "Guard Dog"] = approved
    assert entry.is_disabled() is off
    entry.write(PROGRAM)
    assert not entry.is_disabled()


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (f'"{PROGRAM}"', PROGRAM),
        (f'"{PROGRAM}" --show', PROGRAM),
        (PROGRAM, PROGRAM),
        (rf"{PROGRAM} --show", PROGRAM),
        (r"D:\guarddog-gui", r"D:\guarddog-gui"),
        ("", None),
        ('""', None),
    ],
)
def test_the_program_of_a_command_line(command: str, program: str | None) -> None:
    assert program_from_command_line(command) == program


@pytest.mark.only_on("win32")
def test_the_real_registry_stores_the_value() -> None:
    from guarddog_gui.adapters.windows.registry import current_user_registry

    entry = RunKey(current_user_registry(), f"Guard Dog test {os.getpid()}")
    try:
        entry.write(PROGRAM)
        assert entry.read_program() == PROGRAM
        assert not entry.is_disabled()
    finally:
        entry.remove()
    assert entry.read_program() is None


def _implement_the_protocols(
    file: DesktopFile, agent: LaunchAgent, key: RunKey, registry: MemoryRegistry
) -> tuple[AutostartEntry, AutostartEntry, AutostartEntry, Registry]:  # for mypy
    return file, agent, key, registry
