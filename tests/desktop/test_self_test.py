"""`guarddog-gui --self-test` on a real display, bus, tray host and keyring.

GUARDDOG_PROGRAM names another program to test, such as the frozen one in build/package/guarddog.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.desktop.program_process import script_path

if TYPE_CHECKING:
    from tests.desktop.gnome_keyring import GnomeKeyring
    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.tray_host import FakeTrayHost


def test_every_part_works_where_there_is_a_desktop(
    start_program: StartProgram,
    gnome_keyring: GnomeKeyring,  # noqa: ARG001 - unlocked
    tray_host: FakeTrayHost,  # noqa: ARG001 - in the place of a panel
) -> None:
    program = start_program(os.environ.get("GUARDDOG_PROGRAM") or script_path("guarddog-gui"), "--self-test")
    assert program.wait_for_exit(timeout_s=60) == 0, program.output
    outcomes = {line.split()[1]: line.split()[0] for line in program.output.splitlines() if "  " in line}
    assert outcomes.keys() >= {"qt", "tls", "keyring", "svg", "translations", "tray", "refresh", "fonts"}
    assert set(outcomes.values()) == {"ok"}, program.output
