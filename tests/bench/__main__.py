# ruff: noqa: T201 - a bench prints
"""Measure the rows of RESULTS.md: `python3 packaging/dev.py bench [ROW ...] [--quick]`."""

from __future__ import annotations

import argparse
import compileall
import sys
import time
import traceback

from tests.bench.all_benches import ALL_BENCHES
from tests.bench.results_file import (
    RESULTS_FILE,
    ROOT,
    Cells,
    describe_machine,
    describe_run,
    merge_results,
    row_id,
    to_cells,
)
from tests.bench.rows import Bench, Size, run_bench
from tests.bench.tray_session import shared_desktop


def measure(bench: Bench, size: Size, run: str) -> list[Cells]:
    """Run one bench, and print its rows."""
    started_at = time.monotonic()
    rows = [to_cells(bench.name, result, run) for result in run_bench(bench, size)]
    for row in rows:
        print(f"{row.row:36} {row.ours:>36} {row.other:>36} {row.ratio:>7} {row.bound:>18} {row.is_in_bounds}")
    print(f"  ({time.monotonic() - started_at:.0f} s)", flush=True)
    return rows


def save(measured: list[Cells]) -> None:
    known = {row_id(bench.name, row): row for bench in ALL_BENCHES for row in bench.rows}
    earlier = RESULTS_FILE.read_text("utf-8") if RESULTS_FILE.exists() else ""
    RESULTS_FILE.write_text(merge_results(earlier, describe_machine(), measured, known), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    names = [bench.name for bench in ALL_BENCHES]
    parser.add_argument("names", nargs="*", metavar="ROW", help=f"one of {', '.join(names)}; all without any")
    parser.add_argument("--quick", action="store_true", help="few rounds, and RESULTS.md is not written")
    args = parser.parse_args()
    unknown = set(args.names) - set(names)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; rows are {', '.join(names)}")
    for folder in ("guarddog_gui", "tests"):
        compileall.compile_dir(ROOT / folder, quiet=1)  # else each start would compile it again
    run, size, failed = describe_run(), Size.QUICK if args.quick else Size.FULL, []
    with shared_desktop():
        for bench in ALL_BENCHES:
            if args.names and bench.name not in args.names:
                continue
            try:
                measured = measure(bench, size, run)
            except Exception:  # noqa: BLE001 - an hour of other rows is not to be lost
                traceback.print_exc()
                failed.append(bench.name)
                continue
            if not args.quick:
                save(measured)
    if failed:
        print(f"Not measured: {', '.join(failed)}.")
    elif not args.quick:
        print(f"{RESULTS_FILE.relative_to(ROOT)} is written.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
