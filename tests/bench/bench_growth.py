# ruff: noqa: T201 - a bench prints
"""Figures of the tray app while its history grows, and of its main thread when all accounts change at once.

python -m tests.bench.bench_growth [--accounts 100] [--life 20] [--seconds 480] [--rows 0] [--show] [--profile 40]
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from guarddog_gui.sandbox.quotas import QuotaLimit
from tests.bench.load import LoadedTray, cpu_s


def fill_history(tray: LoadedTray, row_count: int) -> None:
    """Add successes of the last hours for the keys of all accounts."""
    from guarddog_gui.adapters.history.store import SqliteHistoryStore
    from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger

    store = SqliteHistoryStore(tray.home / "data" / "history.sqlite3", time.time)
    first = HistoryEntry(time.time(), tray.accounts[0].appid, "ACCESS_TOKEN", Trigger.USER, AttemptResult.NEW)
    store.append(first)
    store.close()
    db = sqlite3.connect(tray.home / "data" / "history.sqlite3")
    now, span_s = time.time(), 6000.0
    keys = ("ACCESS_TOKEN", "JSAPI_TICKET")
    rows = (
        (
            now - span_s * (1 - n / row_count), tray.accounts[n // 2 % len(tray.accounts)].appid, keys[n % 2], "person", "new",
            0, 1, "", 100, f"{n:08x}", "", "stable_token", now - 60, 1,
        )
        for n in range(row_count)
    )  # fmt: skip
    columns = "at, appid, key, trigger, result, forced, calls, errmsg, took_ms, fingerprint, detail, endpoint, expires_at, good"
    db.executemany(f"INSERT INTO attempt ({columns}) VALUES ({', '.join('?' * 14)})", rows)  # noqa: S608
    db.commit()
    db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--life", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--every", type=float, default=30)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--profile", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gd-bench-") as folder:
        tray = LoadedTray(Path(folder), args.accounts, args.life, show=args.show)
        if args.rows:
            fill_history(tray, args.rows)
        with tray:
            for path in ("/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"):
                tray.wechat.rules.set_limit(path, QuotaLimit(10**9, 10**9))
            started = time.monotonic()
            ready = tray.wait_until(lambda report: report["fresh"] == report["keys"] > 0, 60)
            print(f"all fresh after {time.monotonic() - started:.1f} s, longest absence {ready['longest_ms']} ms")
            if args.profile:
                tray.send("profile")
            started, cpu, calls = time.monotonic(), cpu_s(tray.pid), tray.wechat.rules.call_counts.total()
            main_cpu = ready["main_cpu_s"]
            at = started
            while at - started < args.seconds:
                time.sleep(args.every)
                now, cpu_now, calls_now = time.monotonic(), cpu_s(tray.pid), tray.wechat.rules.call_counts.total()
                report = tray.send("report")
                print(
                    f"{now - started:5.0f} s  cpu {(cpu_now - cpu) / (now - at):6.1%}"
                    f"  main {(report['main_cpu_s'] - main_cpu) / (now - at):6.1%}"
                    f"  {(calls_now - calls) / (now - at) * 60:6.0f} calls/min"
                    f"  {(cpu_now - cpu) / max(1, calls_now - calls) * 1000:5.1f} ms/call  pss {tray.pss_mb():5.1f} MB"
                    f"  rows {tray.history_rows():7}  away {report['longest_ms']:6.1f} ms"
                    f" (own {report['longest_own_ms']:5.1f}, cpu {report['longest_cpu_ms']:5.1f})  >50ms {report['above_50_ms']:3}"
                    f"  objects {tray.send('objects')}  fresh {report['fresh']}/{report['keys']}",
                    flush=True,
                )
                at, cpu, calls, main_cpu = now, cpu_now, calls_now, report["main_cpu_s"]
            if args.profile:
                sys.stdout.write(tray.send(f"stats {args.profile}"))


if __name__ == "__main__":
    main()
