"""Entry point of `guarddogctl`: the fast path of `token` first, the whole command line if that declines."""

import gc
import os
import sys
import time

from guarddog_gui.cli.fast_token import read_fresh_token


def ctl() -> int:
    """Run the command line with the arguments of this process; return the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["token"]:
        value = read_fresh_token(arguments[1:], os.environ, time.time())  # noqa: TID251 - a composition root
        if value is not None and _try_print(value):
            return 0
    # Imports and most commands make objects and no garbage: 28,000 to 43,000 until they end, which one collection would
    # examine for 3 ms. With the usual 700 a fifth of a diagnosis is collecting.
    gc.set_threshold(50_000)
    try:
        if "_ARGCOMPLETE" in os.environ:
            from guarddog_gui.cli.commands.completion import complete

            complete(os.environ)
        from guarddog_gui.cli.main import run_with_sys_streams  # imported here: the fast path is done without

        return run_with_sys_streams(arguments)
    except KeyboardInterrupt:
        return 130  # Ctrl+C during the imports; `main` handles it after that
    finally:
        gc.freeze()  # else Python examines all objects twice when it ends: 8 ms, to free what the system frees anyway


def _try_print(value: str) -> bool:
    """Print the value; return False on an error, which the whole command line then meets and reports."""
    try:
        os.write(1, f"{value}\n".encode("ascii"))  # not through sys.stdout, whose buffer would keep it
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(ctl())
