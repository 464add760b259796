"""Suspend and resume, announced by logind on a private system bus."""

import sys

from tests.desktop.guarddog_program import StartProgram
from tests.desktop.logind import FakeLogind

LISTENING = """
import sys
from PySide6.QtCore import QCoreApplication
from guarddog_gui.runtime.power_events import PowerEvents

app = QCoreApplication(sys.argv)
events = PowerEvents()
events.system_resumed.connect(lambda: print("woke", flush=True))
events.system_suspending.connect(lambda: print("slept", flush=True))
events.start()
print("listening", flush=True)
sys.exit(app.exec())
"""


def test_suspend_and_resume_arrive_in_order(logind: FakeLogind, start_program: StartProgram) -> None:
    program = start_program(sys.executable, "-c", LISTENING, DBUS_SYSTEM_BUS_ADDRESS=logind.bus)
    program.wait_for_output("listening")
    logind.suspend()
    program.wait_for_output("slept")
    logind.resume()
    program.wait_for_output("woke")
    assert program.output == "listening\nslept\nwoke\n"
