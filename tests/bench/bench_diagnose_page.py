"""Benchmark of the Diagnose page with a thousand accounts: longest stall of the main thread during searches.

python -m tests.bench.bench_diagnose_page [accounts]

Exits with 1 if a stall is longer than 50 ms.
"""

import gc
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QProgressBar

from guarddog_gui.app.main_thread_gc import MainThreadCollector
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.signing.diagnose_form import PasteField
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from tests.bench.bench_history_page import STALL_MAX_MS, EventLoopMonitor, process_events_until
from tests.runtime.harness import runtime_harness
from tests.ui import find
from tests.ui.conftest import make_formatter

MEGABYTE = 1_000_000
BLOCK = (
    "wx.config({appId: 'wx0000000000000000', nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1414587457, "
    f"signature: '{'0' * 40}'}});"
)
PAGE = "https://shop.example.cn/goods/list/?b=2&a=1&from=timeline&isappinstalled=0&utm_source=x&utm_medium=y&c=3"
PASTED = {
    "a block": BLOCK,
    "a megabyte of words": "lorem ipsum " * (MEGABYTE // 12) + BLOCK,
    "a megabyte on one line": BLOCK + "x" * MEGABYTE,
    "a megabyte of quotes": "'\"`" * (MEGABYTE // 3),
    "a megabyte of escapes": "\\\\'\\u0041&amp;nonceStr " * (MEGABYTE // 24),
    "a megabyte of Chinese": "中文" * (MEGABYTE // 2),
}


def run_search(page: DiagnosePage) -> None:
    page.set_input(BLOCK, PAGE)
    page.start()
    process_events_until(lambda: not page.is_running)


def cancel_search(page: DiagnosePage) -> None:
    page.start()
    process_events_until(lambda: find.widget(page, QProgressBar).value() > 0)
    find.button(page, "Cancel").click()


def user_actions(page: DiagnosePage) -> dict[str, Callable[[], None]]:
    return {
        **{
            name: lambda text=text: find.widget(page, PasteField).set_text(text)  # type: ignore[misc]
            for name, text in PASTED.items()
        },
        "a search": lambda: run_search(page),
        "another one": lambda: run_search(page),
        "one that is cancelled": lambda: cancel_search(page),
    }


def main(accounts: int) -> int:
    app = QApplication([])
    worst = 0.0
    with runtime_harness(*(Account(f"wx{n:016x}", f"Shop {n}") for n in range(accounts))) as harness:
        harness.put_fresh_values(*harness.accounts.stored)
        harness.controller.reload_from_disk()
        page = DiagnosePage(harness.controller, harness.signing, make_formatter(harness))
        page.resize(960, 640)
        page.show()
        collector, timer = MainThreadCollector(), QTimer()
        collector.start()
        timer.timeout.connect(collector.collect_if_needed)
        timer.start(30)
        monitor = EventLoopMonitor()
        app.processEvents()
        for name, action in user_actions(page).items():
            gc.collect()
            monitor.reset()
            started_at = time.perf_counter()
            action()
            quiet = time.perf_counter() + 0.4  # typed text is parsed after a delay
            process_events_until(lambda quiet=quiet: time.perf_counter() > quiet and harness.is_idle)  # type: ignore[misc]
            worst = max(worst, monitor.longest_gap_ms)
            took = (time.perf_counter() - started_at) * 1000
            stall = f"longest stall {monitor.longest_gap_ms:6.1f} ms, of own work {monitor.longest_work_ms:6.1f} ms"
            print(f"{name:26} {stall}, done after {took:7.0f} ms")  # noqa: T201 - its job
        collector.stop()
        page.hide()
    return int(worst > STALL_MAX_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
