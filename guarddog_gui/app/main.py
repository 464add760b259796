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
from guarddog_gui.domain.errors import BadInput, FileTrouble

if TYPE_CHECKING:
    from guarddog_gui.services.messages.message import Sentences

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the tray app; the exit code is one of contracts' list."""
    chosen = _parser().parse_args(arguments)
    if chosen.version:
        print(f"guarddog-gui {__version__}")
        return 0
    if not _has_display(os.environ):
        print(_plain_sentences().say("no-display"), file=sys.stderr)
        return 2
    try:
        return _run(chosen)
    except (BadInput, FileTrouble) as problem:
        print(_plain_sentences().expected(problem).text, file=sys.stderr)
        return 7 if isinstance(problem, FileTrouble) else 4
    except Exception:  # the border of the program: a person gets a sentence, the log what happened
        _begin_log()
        log.exception("an unexpected exception")
        print(_plain_sentences().crash().text, file=sys.stderr)
        return 1


def _begin_log() -> None:
    """Open the log if the start did not come that far."""
    from guarddog_gui.adapters.files.paths import locations
    from guarddog_gui.adapters.logs import logging_started

    if not logging.getLogger().handlers:
        logging_started(locations(os.environ))


def _has_display(environ: Mapping[str, str]) -> bool:
    """Whether Qt will find a screen; without this question it would abort."""
    if not sys.platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _plain_sentences() -> "Sentences":
    """Sentences for a start that came to nothing."""
    from guarddog_gui.adapters.files.paths import resource
    from guarddog_gui.bootstrap.container import sentences_for
    from guarddog_gui.domain.wechat.errcodes import Catalogue

    catalogue = Catalogue.from_text(resource("errcodes.json").read_text(encoding="utf-8"))
    return sentences_for(os.environ, "system", catalogue, str)


def _parser() -> argparse.ArgumentParser:
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


def _run(chosen: argparse.Namespace) -> int:
    gc.disable()  # 15 ms of a start; from the first event on `MainThreadGarbage` sees to it
    # Qt and the rest come late: --version and a missing display must not wait for them
    from guarddog_gui.app.tray_app import TrayApp
    from guarddog_gui.bootstrap.container import open_stores

    with contextlib.ExitStack() as stack:
        if chosen.sandbox:
            from guarddog_gui.bootstrap.sandbox_session import playground

            stores = stack.enter_context(playground(time.time))
        else:
            stores = open_stores(os.environ, time.time)
        tray_app = TrayApp(stores, sys.argv[:1])
        if not tray_app.is_first(stores.places.data_dir):
            return tray_app.ask_first(quit_it=chosen.quit)
        if chosen.quit:
            return 0
        _catch_surprises()
        code = tray_app.run(show=chosen.show)
        if tray_app.hangs:
            stack.close()
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # a QThread that still runs would abort the process if it were destroyed
        return code


def _catch_surprises() -> None:
    """Exceptions in slots and threads go to the log, without the values of their frames."""

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("an unexpected exception", exc_info=(kind, error, trace))

    def on_thread_exception(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            on_exception(hook.exc_type, hook.exc_value, hook.exc_traceback)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception
