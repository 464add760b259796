"""The program that encrypts, and what must not load its library."""

import json
import subprocess
import sys

from guarddog_gui.adapters.transfer.age_process import REFUSED


def test_a_refusal_has_its_own_exit_code_and_the_reason() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "guarddog_gui.adapters.transfer.age_process", "decrypt"],
        input=json.dumps("passphrase").encode() + b"\nnothing that was encrypted",
        capture_output=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (REFUSED, b"")
    assert ended.stderr
    assert b"Traceback" not in ended.stderr


def test_the_library_is_loaded_by_this_program_alone() -> None:
    code = (
        "import sys, guarddog_gui.cli.accounts.transfer, guarddog_gui.adapters.transfer.age_process\n"
        "print('pyrage' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"
