"""The start of `guarddogctl`: the short way first, the whole command line only where it is needed."""

import os
import sys
import time

from guarddog_gui.cli.fresh_token import fresh_token


def ctl() -> int:
    """Run the command line with this process's arguments; the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["token"]:
        value = fresh_token(arguments[1:], os.environ, time.time())  # noqa: TID251 - a composition root
        if value is not None and _printed(value):
            return 0
    from guarddog_gui.cli.main import start  # a fresh token does not pay for it

    return start(arguments)


def _printed(value: str) -> bool:
    try:
        sys.stdout.write(value + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has gone; without this the interpreter complains when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


if __name__ == "__main__":
    sys.exit(ctl())
