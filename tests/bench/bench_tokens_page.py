"""Benchmark of the tokens page with many accounts: the tick of a second, a full repaint, scrolling, a new overview.

python -m tests.bench.bench_tokens_page
"""

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.theme import apply_theme
from guarddog_gui.ui.time_format import format_short
from guarddog_gui.ui.tokens.page import TokensPage
from tests.errcode_catalogue import CATALOGUE
from tests.runtime.harness import RuntimeHarness, runtime_harness

RESOURCES = Path(__file__).parents[2] / "resources"
TICK_MAX_MS = 2.0
REPAINT_MAX_MS = 8.0
SCROLL_MAX_MS = 16.0  # a frame
MANY, VERY_MANY = 60, 1000


def make_accounts(count: int) -> tuple[Account, ...]:
    environments = tuple(Environment)
    return tuple(
        Account(f"wx{number:016x}", f"Shop number {number}", environment=environments[number % 3])
        for number in range(count)
    )


def make_formatter(harness: RuntimeHarness) -> Formatter:
    locale = QLocale(QLocale.Language.English)
    messages = Messages(load_message_catalog("en"), CATALOGUE, lambda at: format_short(at, harness.clock(), locale))
    jssdk = JssdkErrorCatalog.from_json((RESOURCES / "jssdk_errors.json").read_text(encoding="utf-8"))
    return Formatter(messages, lambda: jssdk, harness.clock, Icons(RESOURCES / "icons"))


def measure_ms(action: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median and the longest CPU time of the main thread, in ms."""
    durations = []
    for _ in range(times):
        started_at = time.thread_time()
        action()
        durations.append((time.thread_time() - started_at) * 1000)
    return median(durations), max(durations)


def process_events(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()


def measure_page(application: QApplication, count: int) -> dict[str, tuple[float, float, float]]:
    """Return the median, the longest and the permitted duration of each action, in ms."""
    accounts = make_accounts(count)
    with runtime_harness(*accounts) as harness:
        harness.put_fresh_values(*accounts)
        harness.controller.start()
        page = TokensPage(harness.controller, make_formatter(harness))
        page.resize(848, 720)
        page.show()
        process_events(3.0)
        page._countdown_timer.stop()
        image = QImage(page.size(), QImage.Format.Format_ARGB32_Premultiplied)

        def tick() -> None:
            harness.clock.advance(1)
            page.update_countdowns()
            application.processEvents()  # the repaint of the countdowns

        def repaint() -> None:
            page.render(image)

        bar = page._card_list.verticalScrollBar()

        def scroll() -> None:
            bar.setValue((bar.value() + 120) % bar.maximum())
            application.processEvents()

        def jump() -> None:
            bar.setValue((bar.value() + bar.maximum() // 3) % bar.maximum())
            application.processEvents()

        overview = harness.controller.overview()
        repaint()
        results = {
            "tick": (*measure_ms(tick, 60), TICK_MAX_MS),
            "full repaint": (*measure_ms(repaint, 60), REPAINT_MAX_MS),
            "scroll by 120 pixels": (*measure_ms(scroll, 200), SCROLL_MAX_MS),
            "jump to other accounts": (*measure_ms(jump, 30), float("inf")),
            "new overview": (*measure_ms(lambda: page._show_overview(overview), 30), float("inf")),
        }
        page.hide()
        page.deleteLater()
        process_events(0.2)
    return results


def main() -> int:
    application = QApplication([])
    apply_theme(application, Theme.LIGHT)
    gc.disable()  # like the program, which collects in the main thread when that is idle
    has_failed = False
    for count in (MANY, VERY_MANY):
        for name, (middle, longest, allowed) in measure_page(application, count).items():
            has_failed = has_failed or middle > allowed
            limit = f", at most {allowed:.0f} ms" if allowed < 1000 else ""
            print(f"{count:5} accounts, {name:24} {middle:6.2f} ms, longest {longest:6.2f} ms{limit}")  # noqa: T201 - its job
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
