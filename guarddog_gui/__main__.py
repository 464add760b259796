"""The start of `guarddogctl`: the short way first, the whole command line only where it is needed."""

import os
import sys
import time

from guarddog_gui.cli.fast_token import read_fresh_token


def ctl() -> int:
    """Run the command line with this process's arguments; the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["token"]:
        value = read_fresh_token(arguments[1:], os.environ, time.time())  # noqa: TID251 - a composition root
        if value is not None and _try_print(value):
            return 0
    try:
        if "_ARGCOMPLETE" in os.environ:
            from guarddog_gui.cli.completion import complete

            complete(os.environ)
        from guarddog_gui.cli.main import run_with_sys_streams  # a fresh token does not pay for it

        return run_with_sys_streams(arguments)
    except KeyboardInterrupt:
        return 130  # while it was still being loaded


def _try_print(value: str) -> bool:
    """False where nobody takes it: the long way will meet that again, and has words for it."""
    try:
        os.write(1, f"{value}\n".encode("ascii"))  # past the buffer of sys.stdout, which would keep it
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(ctl())
