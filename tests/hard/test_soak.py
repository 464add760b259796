"""A soak: the tray app with 200 accounts whose values live for seconds; nothing may grow with the time."""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from guarddog_gui.sandbox.quotas import QuotaLimit
from tests.bench.load import LoadedTray
from tests.bench.process_figures import cpu_s, fd_count, memory_mb, thread_count
from tests.desktop.tray_host import FakeTrayHost

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hard.results import PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE = "10. Soak"
ACCOUNTS = 200
LIFE_S = 12  # some 400 calls per account in half an hour: below the daily budget of automatic calls
DURATION_S = 1800
SAMPLE_S = 25.0  # all accounts are refreshed in waves: a sample has two of them
SAMPLES_MIN = 9  # in each half of the time; the first sixth is the warm-up
STALL_MAX_MS = 50.0
# between the first and the last third of the samples
THREADS_GROWTH_MAX, FDS_GROWTH_MAX, MEMORY_GROWTH_MAX_MB, DBUS_GROWTH_MAX = 0.5, 2.0, 3.0, 1.5


class Sample(NamedTuple):
    """Figures of the app at one moment; traffic, CPU time and absence are those since the sample before."""

    threads: float
    fds: float
    anonymous_mb: float
    pss_mb: float
    dbus_per_call: float
    cpu_share: float
    away_ms: float
    fresh_share: float


class Thirds(NamedTuple):
    """First and last third of the samples after the warm-up: means, but the least number of threads and files.

    While a wave of refreshes is under way there are a few more: a leak raises the least number. The D-Bus signals are
    compared with those of the middle third: the accounts start together, and one signal tells of many of them; until
    they have spread out there are more and more signals for the same number of calls.
    """

    first: Sample
    last: Sample
    sample_count: int

    @property
    def growths(self) -> list[str]:
        """Return the names of the figures that have grown."""
        first, last, count = self
        limits = {
            "threads": first.threads + THREADS_GROWTH_MAX,
            "fds": first.fds + FDS_GROWTH_MAX,
            "anonymous_mb": first.anonymous_mb + MEMORY_GROWTH_MAX_MB,
            "dbus_per_call": first.dbus_per_call * DBUS_GROWTH_MAX + 10 / count,  # a few samples hit few waves
        }
        return [name for name, limit in limits.items() if getattr(last, name) > limit]

    def __str__(self) -> str:
        first, last, _ = self
        return (
            f"threads {first.threads:.1f} to {last.threads:.1f}, files {first.fds:.1f} to {last.fds:.1f},"
            f" PSS {first.pss_mb:.1f} to {last.pss_mb:.1f} MB,"
            f" own memory {first.anonymous_mb:.1f} to {last.anonymous_mb:.1f} MB,"
            f" D-Bus signals {first.dbus_per_call:.1f} to {last.dbus_per_call:.1f} a call,"
            f" CPU {first.cpu_share:.0%} to {last.cpu_share:.0%}"
        )


def compare_thirds(samples: list[Sample]) -> Thirds:
    warm = samples[len(samples) // 6 :]
    third = max(1, len(warm) // 3)
    middle = statistics.fmean(sample.dbus_per_call for sample in warm[third:-third])
    first, last = (
        Sample(*(statistics.fmean(values) for values in zip(*part, strict=True)))._replace(
            threads=min(sample.threads for sample in part), fds=min(sample.fds for sample in part)
        )
        for part in (warm[:third], warm[-third:])
    )
    return Thirds(first._replace(dbus_per_call=middle), last, len(samples))


def take_samples(tray: LoadedTray, tray_host: FakeTrayHost, duration_s: float) -> list[Sample]:
    samples = []
    count = max(SAMPLES_MIN, round(duration_s / SAMPLE_S))
    tray.send("report")
    at, cpu, calls = time.monotonic(), cpu_s(tray.pid), tray.wechat.rules.call_counts.total()
    tray_host.signals.clear()
    for _ in range(count):
        time.sleep(duration_s / count)
        report, now, cpu_now = tray.send("report"), time.monotonic(), cpu_s(tray.pid)
        calls_now = tray.wechat.rules.call_counts.total()  # a machine that is less busy makes more of them
        sample = Sample(
            threads=thread_count(tray.pid),
            fds=fd_count(tray.pid),
            anonymous_mb=memory_mb(tray.pid, "Anonymous"),
            pss_mb=tray.pss_mb(),
            dbus_per_call=len(tray_host.signals) / max(1, calls_now - calls),
            cpu_share=(cpu_now - cpu) / (now - at),
            away_ms=report["longest_own_ms"],
            fresh_share=report["fresh"] / report["keys"],
        )
        tray_host.signals.clear()
        samples.append(sample)
        sys.stdout.write(" ".join(f"{name}={value:.2f}" for name, value in sample._asdict().items()) + "\n")
        at, cpu, calls = now, cpu_now, calls_now
    return samples


def test_nothing_grows_with_the_time(
    promise: PromiseRecorder,
    kept_folder: Path,
    secrets_in_play: set[str],
    tray_host: FakeTrayHost,
    desktop_environment: dict[str, str],
) -> None:
    half_s = promise.scaled(DURATION_S, least=300) / 2
    with LoadedTray(kept_folder, ACCOUNTS, LIFE_S, environ=desktop_environment) as tray, tray_host.wait_for_item():
        secrets_in_play.update(account.secret for account in tray.accounts)
        for path in ("/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"):
            tray.wechat.rules.set_limit(path, QuotaLimit(10**9, 10**9))
        tray.wait_until(lambda report: report["fresh"] == report["keys"] > 0)
        tray.send("hide")
        for window in ("closed", "open"):
            if window == "open":
                tray.send("show")
            calls = tray.wechat.rules.call_counts.total()
            samples = take_samples(tray, tray_host, half_s)
            calls = tray.wechat.rules.call_counts.total() - calls
            thirds = compare_thirds(samples)
            stalls = [sample.away_ms for sample in samples if sample.away_ms > STALL_MAX_MS]
            promise.record(
                PROMISE,
                f"{ACCOUNTS} accounts, lives of {LIFE_S} s, window {window}: nothing grows",
                tries=len(samples),
                failures=len(thirds.growths),
                note=f"{half_s / 60:.0f} min, {calls / half_s * 60:.0f} calls/min, {thirds};"
                f" main thread away {max(sample.away_ms for sample in samples):.0f} ms at most,"
                f" {len(stalls)} of {len(samples)} samples above {STALL_MAX_MS:.0f} ms",
            )
            assert thirds.growths == [], str(thirds)
            assert statistics.fmean(sample.fresh_share for sample in samples) > 0.5
