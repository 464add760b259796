"""A million rows on the history page: how long the main thread is away while a person scrolls and filters.

python -m tests.bench.bench_history_page [rows]
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guarddog_gui.app.settings_controller import SettingsInForce
from guarddog_gui.bootstrap.background_engine import Live
from guarddog_gui.bootstrap.container import Stores, open_stores
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.history.page import HistoryPage
from tests.bench.bench_history import MANY, NOW, fill

AT_MOST_MS = 50.0


class Heart:
    """Beats as often as the main thread lets it; in ms.

    `longest` is the longest time between two beats, `busiest` how much of it the main thread itself worked:
    the rest it had no core, or not Python's lock.
    """

    def __init__(self) -> None:
        self.longest = self.busiest = 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self.busiest = max(self.busiest, (worked - self._worked) * 1000)
        self._last, self._worked = now, worked

    def rest(self) -> None:
        self.longest = self.busiest = 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
    assert condition()


def scroll(page: HistoryPage, pages: int) -> None:
    for _ in range(pages):
        page._table.scrollToBottom()
        until(lambda: not page._model.is_waiting)


def deeds(page: HistoryPage) -> dict[str, Callable[[], None]]:
    filters = page._filters
    return {
        "open": page.show,
        "all time": lambda: filters._days.setCurrentIndex(3),
        "scroll ten pages": lambda: scroll(page, 10),
        "only failures": lambda: filters._failures.setChecked(True),
        "a text that is nowhere": lambda: filters._text.setText("no such words"),
        "no text": filters._text.clear,
        "one account": lambda: filters._account.setCurrentIndex(1),
        "a person's clicks": lambda: filters._trigger.setCurrentIndex(3),
        "a page of news": page._model.catch_up,
    }


def main(rows: int) -> int:
    app = QApplication([])
    gc.disable()  # as the program does, which collects in the main thread when it has come to rest
    with tempfile.TemporaryDirectory() as folder:
        stores = stores_with(Path(folder), rows)
        chosen = SettingsInForce(stores, {"GUARDDOG_LANG": "en"}, app)
        live = Live(stores)
        live.controller.read()
        page = HistoryPage(live.controller, chosen.voice)
        page.resize(960, 640)
        heart = Heart()
        worst = 0.0
        for name, deed in deeds(page).items():
            heart.rest()
            begun = time.perf_counter()
            deed()
            until(lambda: not page._model.is_waiting and page._drawing is None)
            quiet = time.perf_counter() + 0.6  # typing and drawing wait for each other
            until(lambda quiet=quiet: time.perf_counter() > quiet and not page._model.is_waiting)  # type: ignore[misc]
            until(lambda: page._drawing is None)
            worst = max(worst, heart.longest)
            took = (time.perf_counter() - begun) * 1000
            stall = f"longest stall {heart.longest:6.1f} ms, of own work {heart.busiest:6.1f} ms"
            print(f"{name:26} {stall}, done after {took:7.0f} ms")  # noqa: T201 - its job
        page.hide()
        live.stop()
    return int(worst > AT_MOST_MS)


def stores_with(folder: Path, rows: int) -> Stores:
    stores = open_stores({"GUARDDOG_HOME": str(folder)}, lambda: NOW + rows * 15)
    stores.places.history_file.parent.mkdir(parents=True)
    fill(stores.places.history_file, rows).close()
    appids = [f"wx{number:016x}" for number in range(20)]
    stores.accounts.change(lambda _: tuple(Account(appid, f"Shop {appid[-2:]}") for appid in appids))
    return stores


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
