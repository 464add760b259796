"""Sleep and waking up as logind tells them, on a system bus of the test's own."""

import sys

from tests.desktop.conftest import StartProgram
from tests.desktop.logind import Logind

LISTENING = """
import sys
from PySide6.QtCore import QCoreApplication
from guarddog_gui.runtime.power_events import WakeUps

app = QCoreApplication(sys.argv)
wakeups = WakeUps()
wakeups.woke.connect(lambda: print("woke", flush=True))
wakeups.slept.connect(lambda: print("slept", flush=True))
wakeups.start()
print("listening", flush=True)
sys.exit(app.exec())
"""


def test_sleep_and_waking_up_arrive_in_their_order(logind: Logind, start_program: StartProgram) -> None:
    program = start_program(sys.executable, "-c", LISTENING, DBUS_SYSTEM_BUS_ADDRESS=logind.bus)
    program.wait_for_output("listening")
    logind.fall_asleep()
    program.wait_for_output("slept")
    logind.wake_up()
    program.wait_for_output("woke")
    assert program.output == "listening\nslept\nwoke\n"
