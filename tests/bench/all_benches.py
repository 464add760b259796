"""All benches, in the order of RESULTS.md."""

from tests.bench.bench_absence import ABSENCE
from tests.bench.bench_commands import COMMANDS_BENCH
from tests.bench.bench_diagnosis import DIAGNOSIS
from tests.bench.bench_due_at_once import DUE_AT_ONCE
from tests.bench.bench_growth import DAY, GROWTH
from tests.bench.bench_guard_dog import GUARD_DOG
from tests.bench.bench_history import HISTORY
from tests.bench.bench_idle import IDLE
from tests.bench.bench_serve import SERVE
from tests.bench.bench_signatures import SIGNATURES
from tests.bench.bench_start import START
from tests.bench.bench_window import WINDOW

ALL_BENCHES = (
    START, DAY, IDLE, WINDOW, COMMANDS_BENCH, GUARD_DOG, SIGNATURES, DUE_AT_ONCE, GROWTH, HISTORY, DIAGNOSIS,
    ABSENCE, SERVE,
)  # fmt: skip
