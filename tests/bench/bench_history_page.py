"""A million rows on the history page: how long the main thread is away while a person scrolls and filters.

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
    """Beats as often as the main thread lets it; in ms.

    `longest` is the longest time between two beats, `busiest` how much of it the main thread itself worked:
    the rest it had no core, or not Python's lock.
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


def process_events_until(condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
    end = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
    assert condition()


def scroll(page: HistoryPage, pages: int) -> None:
    for _ in range(pages):
        page._table.scrollToBottom()
        process_events_until(lambda: not page._model.is_loading)


def user_actions(page: HistoryPage) -> dict[str, Callable[[], None]]:
    filters = page._filter_bar
    return {
        "open": page.show,
        "all time": lambda: filters._time_span_combo.setCurrentIndex(3),
        "scroll ten pages": lambda: scroll(page, 10),
        "only failures": lambda: filters._only_failures_check_box.setChecked(True),
        "a text that is nowhere": lambda: filters.text_field.setText("no such words"),
        "no text": filters.text_field.clear,
        "one account": lambda: filters._account_combo.setCurrentIndex(1),
        "a person's clicks": lambda: filters._trigger_combo.setCurrentIndex(3),
        "a page of news": page._model.load_newer,
    }


def has_settled(page: HistoryPage, quiet: float) -> bool:
    return time.perf_counter() > quiet and not page._model.is_loading


def main(rows: int) -> int:
    app = QApplication([])
    gc.disable()  # as the program does, which collects in the main thread when it has come to rest
    with tempfile.TemporaryDirectory() as folder:
        stores = open_filled_container(Path(folder), rows)
        chosen = SettingsController(stores, {"GUARDDOG_LANG": "en"}, app)
        live = BackgroundEngine(stores)
        live.controller.reload_from_disk()
        page = HistoryPage(live.controller, chosen.formatter)
        page.resize(960, 640)
        heart = EventLoopMonitor()
        worst = 0.0
        for name, deed in user_actions(page).items():
            heart.reset()
            begun = time.perf_counter()
            deed()
            process_events_until(lambda: not page._model.is_loading and page._pending_timeline is None)
            quiet = time.perf_counter() + 0.6  # typing and drawing wait for each other
            process_events_until(partial(has_settled, page, quiet))
            process_events_until(lambda: page._pending_timeline is None)
            worst = max(worst, heart.longest_gap_ms)
            took = (time.perf_counter() - begun) * 1000
            stall = f"longest stall {heart.longest_gap_ms:6.1f} ms, of own work {heart.longest_work_ms:6.1f} ms"
            print(f"{name:26} {stall}, done after {took:7.0f} ms")  # noqa: T201 - its job
        page.hide()
        live.stop()
    return int(worst > STALL_MAX_MS)


def open_filled_container(folder: Path, rows: int) -> Container:
    stores = make_container({"GUARDDOG_HOME": str(folder)}, lambda: NOW + rows * 15)
    stores.paths.history_file.parent.mkdir(parents=True)
    create_history(stores.paths.history_file, rows).close()
    appids = [f"wx{number:016x}" for number in range(20)]
    stores.accounts.update(lambda _: tuple(Account(appid, f"Shop {appid[-2:]}") for appid in appids))
    return stores


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LARGE_ROWS))
