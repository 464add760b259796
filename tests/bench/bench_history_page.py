"""Benchmark of the history page with a million rows: longest stall of the main thread during user actions.

python -m tests.bench.bench_history_page [rows]
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.history.page import HistoryPage
from tests.bench.bench_history import LARGE_ROWS, NOW, create_history

STALL_MAX_MS = 50.0


class EventLoopMonitor:
    """Timer that measures stalls of the event loop, in ms.

    `longest_gap_ms` is the longest time between two timeouts. `longest_work_ms` is the longest CPU time of the
    main thread in such a gap: for the rest of it, the thread waited for a core or for Python's lock.
    """

    def __init__(self) -> None:
        self.longest_gap_ms = self.longest_work_ms = 0.0
        self._last_at_s, self._last_cpu_s = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(1)

    def _on_timeout(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest_gap_ms = max(self.longest_gap_ms, (now - self._last_at_s) * 1000)
        self.longest_work_ms = max(self.longest_work_ms, (worked - self._last_cpu_s) * 1000)
        self._last_at_s, self._last_cpu_s = now, worked

    def reset(self) -> None:
        self.longest_gap_ms = self.longest_work_ms = 0.0
        self._last_at_s, self._last_cpu_s = time.perf_counter(), time.thread_time()


def process_events_until(condition: Callable[[], bool], timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
    assert condition()


def scroll(page: HistoryPage, pages: int) -> None:
    for _ in range(pages):
        page._model.allow_more()
        page._list_card.list.scrollToBottom()
        process_events_until(lambda: page._model._pending_query is None)


def user_actions(page: HistoryPage) -> dict[str, Callable[[], None]]:
    filters = page._filter_bar
    view = page._list_card.list
    first = page._model.index
    return {
        "open": page.show,
        "30 days": filters.show_longest_span,
        "scroll ten pages": lambda: scroll(page, 10),
        "expand": lambda: page._model.set_expanded(first(1), expanded=True),
        "to the end": view.scrollToBottom,
        "problems only": lambda: filters.set_filters({"span": "30d", "problems_only": True}),
        "a text that is nowhere": lambda: filters.text_field.setText("no such words"),
        "no text": filters.clear,
        "an account by its name": lambda: filters.text_field.setText("Shop 03"),
        "one account": lambda: filters.select_account(f"wx{3:016x}"),
        "all accounts": filters.clear,
        "a page of news": page._model.load_newer,
    }


def has_settled(page: HistoryPage, quiet: float) -> bool:
    return time.perf_counter() > quiet and page._model._pending_query is None


def main(rows: int) -> int:
    app = QApplication([])
    gc.disable()  # like the program, which collects in the main thread when that is idle
    with tempfile.TemporaryDirectory() as folder:
        container = open_filled_container(Path(folder), rows)
        settings_controller = SettingsController(container, {"GUARDDOG_LANG": "en"}, app)
        engine = BackgroundEngine(container)
        engine.controller.reload_from_disk()
        page = HistoryPage(engine.controller, settings_controller.formatter)
        page.resize(960, 640)
        monitor = EventLoopMonitor()
        worst = 0.0
        for name, action in user_actions(page).items():
            monitor.reset()
            started_at = time.perf_counter()
            action()
            process_events_until(lambda: page._model._pending_query is None and page._pending_timeline is None)
            quiet = time.perf_counter() + 0.6  # typed text is applied, and the page drawn, after a delay
            process_events_until(partial(has_settled, page, quiet))
            process_events_until(lambda: page._pending_timeline is None)
            worst = max(worst, monitor.longest_gap_ms)
            took = (time.perf_counter() - started_at) * 1000
            stall = f"longest stall {monitor.longest_gap_ms:6.1f} ms, of own work {monitor.longest_work_ms:6.1f} ms"
            print(f"{name:26} {stall}, done after {took:7.0f} ms")  # noqa: T201 - its job
        page.hide()
        engine.stop()
    return int(worst > STALL_MAX_MS)


def open_filled_container(folder: Path, rows: int) -> Container:
    container = make_container({"GUARDDOG_HOME": str(folder)}, lambda: NOW + rows * 15)
    container.paths.history_file.parent.mkdir(parents=True)
    create_history(container.paths.history_file, rows).close()
    appids = [f"wx{number:016x}" for number in range(20)]
    container.accounts.update(lambda _: tuple(Account(appid, f"Shop {appid[-2:]}") for appid in appids))
    return container


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LARGE_ROWS))
