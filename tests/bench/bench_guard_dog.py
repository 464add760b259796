"""`get` with a fresh value: our guard_dog, npm's, and wechatpy with its default session."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wechatpy.client import WeChatClient

from guarddog_gui.guard_dog import GuardDog
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_least_times

INTEROP = Path(__file__).parents[1] / "interop"
NODE_SCRIPT = """
const guard_dog = require('guard_dog')
guard_dog.init('A', handler => handler('90_value', 7200), process.argv[1])
let got = 0
const started_at = process.hrtime.bigint()
for (let i = 0; i < %d; i++) guard_dog.get('A', () => { got++ })
console.log(got / (Number(process.hrtime.bigint() - started_at) / 1e9))
process.exit(0)
"""


def calls_per_second(call: Callable[[], Any], count: int) -> float:
    started_at = time.perf_counter()
    for _ in range(count):
        call()
    return count / (time.perf_counter() - started_at)


def measure_guard_dog(folder: str, count: int) -> float:
    with GuardDog(folder) as guard_dog:
        guard_dog.init("A", lambda: ("90_value", 7200))
        guard_dog.get("A")
        time.sleep(0.1)  # older than the resolution of the file's modification time
        return calls_per_second(lambda: guard_dog.get("A"), count)


def measure_npm(folder: str, count: int) -> float:
    command = ["node", "-e", NODE_SCRIPT % count, folder]
    return float(subprocess.run(command, cwd=INTEROP, capture_output=True, text=True, check=True).stdout)


def measure_wechatpy(count: int) -> float:
    client: Any = WeChatClient("wx1", "s")  # type: ignore[no-untyped-call] # has no types
    client.session.set(client.access_token_key, "90_value", 7200)
    client.expires_at = int(time.time()) + 7200
    return calls_per_second(lambda: client.access_token, count)


@contextmanager
def open_gets(size: Size) -> Iterator[Sides]:
    count = size.choose(200_000, 50_000, 100)

    def ours() -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            figure = measure_guard_dog(folder, count)
        return {"npm": figure, "wechatpy": figure}

    def other() -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            return {"npm": measure_npm(folder, count), "wechatpy": measure_wechatpy(count)}

    yield Sides(ours, other)


GUARD_DOG = Bench(
    "guard_dog",
    (
        Row("npm", "`guard_dog.get` of a fresh key", "npm `guard_dog`", "a second", at_least_times(1)),
        Row("wechatpy", "`guard_dog.get` of a fresh key", "`wechatpy`, default session", "a second", at_least_times(1)),
    ),
    rounds=7,
    quick_rounds=2,
    open=open_gets,
)
