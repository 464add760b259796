"""The allocator of the C library, in processes of their own."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading
from guarddog_gui.adapters.allocator import return_large_blocks

def anonymous_kb():
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Anonymous:"))

def use_large_block():
    for _ in range(3):
        block = bytearray(b"x") * 1_900_000
        small = bytearray(b"y") * 70_000  # above the block: it could not be given back alone
        del block
        kept.append(small)
    used.wait()
    ended.wait()

if sys.argv[1] == "set":
    assert return_large_blocks()
kept = []
used, ended = threading.Barrier(9), threading.Event()
before = anonymous_kb()
threads = [threading.Thread(target=use_large_block) for _ in range(8)]
for thread in threads:
    thread.start()
used.wait()
print(anonymous_kb() - before)
ended.set()
"""


def growth_kb(argument: str) -> int:
    program = subprocess.run([sys.executable, "-c", PROGRAM, argument], capture_output=True, text=True, check=True)
    return int(program.stdout)


@pytest.mark.only_on("linux")
def test_large_blocks_that_each_thread_used_once_are_given_back() -> None:
    if growth_kb("as it is") < 8_000:
        pytest.skip("this C library gives them back by itself")
    assert growth_kb("set") < 4_000
