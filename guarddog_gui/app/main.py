"""The tray app: parses arguments, wires everything, runs, and stops in order."""

import argparse
import contextlib
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from guarddog_gui import __version__
from guarddog_gui.domain.errors import BadInput, FileError

if TYPE_CHECKING:
    from guarddog_gui.services.messages.message import Messages

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Run the tray app; the exit code is one of contracts' list."""
    chosen = _make_parser().parse_args(argv)
    if chosen.version:
        print(f"guarddog-gui {__version__}")
        return 0
    if not _has_display(os.environ):
        print(
            _default_messages().text(
                "There is no display to show a window on. Use guarddogctl watch in this terminal."
            ),
            file=sys.stderr,
        )
        return 2
    try:
        return _run(chosen)
    except (BadInput, FileError) as problem:
        print(_default_messages().for_error(problem).text, file=sys.stderr)
        return 7 if isinstance(problem, FileError) else 4
    except Exception:  # the border of the program: a person gets a sentence, the log what happened
        _ensure_logging()
        log.exception("an unexpected exception")
        print(_default_messages().for_crash().text, file=sys.stderr)
        return 1


def _ensure_logging() -> None:
    """Open the log if the start did not come that far."""
    from guarddog_gui.adapters.files.paths import get_app_paths
    from guarddog_gui.adapters.logs import start_logging

    if not logging.getLogger().handlers:
        start_logging(get_app_paths(os.environ))


def _has_display(environ: Mapping[str, str]) -> bool:
    """Whether Qt will find a screen; without this question it would abort."""
    if not sys.platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _default_messages() -> "Messages":
    """Sentences for a start that came to nothing."""
    from guarddog_gui.adapters.files.paths import resource_path
    from guarddog_gui.bootstrap.container import make_messages
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

    catalogue = ErrcodeCatalog.from_json(resource_path("errcodes.json").read_text(encoding="utf-8"))
    return make_messages(os.environ, "system", catalogue, str)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guarddog-gui", description="Keeps WeChat access tokens and jsapi tickets fresh, in the tray."
    )
    parser.add_argument(
        "--sandbox", action="store_true", help="try it with an embedded WeChat; nothing stays"
    )
    parser.add_argument(
        "--show", action="store_true", help="open the window, of the running one if there is one"
    )
    parser.add_argument("--quit", action="store_true", help="end the running one")
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _run(args: argparse.Namespace) -> int:
    gc.disable()  # 15 ms of a start; from the first event on `MainThreadGarbage` sees to it
    # Qt and the rest come late: --version and a missing display must not wait for them
    from guarddog_gui.app.tray_app import TrayApp
    from guarddog_gui.bootstrap.container import make_container

    with contextlib.ExitStack() as stack:
        if args.sandbox:
            from guarddog_gui.bootstrap.sandbox_session import sandbox_session

            stores = stack.enter_context(sandbox_session(time.time))
        else:
            stores = make_container(os.environ, time.time)
        tray_app = TrayApp(stores, sys.argv[:1])
        if not tray_app.try_acquire_instance(stores.paths.data_dir):
            return tray_app.send_to_running_instance(should_quit=args.quit)
        if args.quit:
            return 0
        _install_exception_hooks()
        code = tray_app.run(show=args.show)
        if tray_app.has_hung_threads:
            stack.close()
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # a QThread that still runs would abort the process if it were destroyed
        return code


def _install_exception_hooks() -> None:
    """Exceptions in slots and threads go to the log, without the values of their frames."""

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("an unexpected exception", exc_info=(kind, error, trace))

    def on_thread_exception(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            on_exception(hook.exc_type, hook.exc_value, hook.exc_traceback)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception
