"""The Diagnose page with a thousand accounts: how long the main thread is away while it reads and searches.

python -m tests.bench.bench_diagnose_page [accounts]

Exits with 1 when it is away for longer than 50 ms.
"""

import gc
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.main_thread_gc import MainThreadGarbage
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from tests.bench.bench_history_page import AT_MOST_MS, Heart, until
from tests.runtime.stage import stage_with
from tests.ui.conftest import voice_of

MEGABYTE = 1_000_000
BLOCK = (
    "wx.config({appId: 'wx0000000000000000', nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1414587457, "
    f"signature: '{'0' * 40}'}});"
)
PAGE = (
    "https://shop.example.cn/goods/list/?b=2&a=1&from=timeline&isappinstalled=0&utm_source=x&utm_medium=y&c=3"
)
PASTED = {
    "a block": BLOCK,
    "a megabyte of words": "lorem ipsum " * (MEGABYTE // 12) + BLOCK,
    "a megabyte on one line": BLOCK + "x" * MEGABYTE,
    "a megabyte of quotes": "'\"`" * (MEGABYTE // 3),
    "a megabyte of escapes": "\\\\'\\u0041&amp;nonceStr " * (MEGABYTE // 24),
    "a megabyte of Chinese": "中文" * (MEGABYTE // 2),
}


def searched(page: DiagnosePage) -> None:
    page.take(BLOCK, PAGE)
    page.start()
    until(page._start.isEnabled)


def cancelled(page: DiagnosePage) -> None:
    page.start()
    until(lambda: page._search is not None and page._search.done > 0)
    page._on_cancel()


def deeds(page: DiagnosePage) -> dict[str, Callable[[], None]]:
    return {
        **{name: lambda text=text: page._paste.put(text) for name, text in PASTED.items()},  # type: ignore[misc]
        "a search": lambda: searched(page),
        "another one": lambda: searched(page),
        "one that is cancelled": lambda: cancelled(page),
    }


def main(accounts: int) -> int:
    app = QApplication([])
    worst = 0.0
    with stage_with(*(Account(f"wx{n:016x}", f"Shop {n}") for n in range(accounts))) as stage:
        stage.put_fresh(*stage.accounts.known)
        stage.controller.read()
        page = DiagnosePage(stage.controller, stage.signing, voice_of(stage))
        page.resize(960, 640)
        page.show()
        garbage, often = MainThreadGarbage(), QTimer()
        garbage.start()
        often.timeout.connect(garbage.look)
        often.start(30)
        heart = Heart()
        app.processEvents()
        for name, deed in deeds(page).items():
            gc.collect()
            heart.rest()
            begun = time.perf_counter()
            deed()
            quiet = time.perf_counter() + 0.4  # what was typed is read after a moment
            until(lambda quiet=quiet: time.perf_counter() > quiet and stage.is_quiet)  # type: ignore[misc]
            worst = max(worst, heart.longest)
            took = (time.perf_counter() - begun) * 1000
            stall = f"longest stall {heart.longest:6.1f} ms, of own work {heart.busiest:6.1f} ms"
            print(f"{name:26} {stall}, done after {took:7.0f} ms")  # noqa: T201 - its job
        garbage.stop()
        page.hide()
    return int(worst > AT_MOST_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
