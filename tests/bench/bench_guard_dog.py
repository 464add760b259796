"""Benchmark of `get` with a fresh value: our guard_dog, npm's, and wechatpy with its default session.

python -m tests.bench.bench_guard_dog
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wechatpy.client import WeChatClient

from guarddog_gui.guard_dog import GuardDog

GET_COUNT = 200_000
ROUNDS = 5
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


def gets_per_second(get: Callable[[], Any]) -> float:
    started_at = time.perf_counter()
    for _ in range(GET_COUNT):
        get()
    return GET_COUNT / (time.perf_counter() - started_at)


def measure_guard_dog(folder: str) -> float:
    with GuardDog(folder) as guard_dog:
        guard_dog.init("A", lambda: ("90_value", 7200))
        guard_dog.get("A")
        time.sleep(0.1)  # older than the resolution of the file's modification time
        return gets_per_second(lambda: guard_dog.get("A"))


def measure_npm(folder: str) -> float:
    command = ["node", "-e", NODE_SCRIPT % GET_COUNT, folder]
    return float(subprocess.run(command, cwd=INTEROP, capture_output=True, text=True, check=True).stdout)


def measure_wechatpy(_: str) -> float:
    client: Any = WeChatClient("wx1", "s")  # type: ignore[no-untyped-call] # has no types
    client.session.set(client.access_token_key, "90_value", 7200)
    client.expires_at = int(time.time()) + 7200
    return gets_per_second(lambda: client.access_token)


def main() -> None:
    for name, measured in (("ours", measure_guard_dog), ("npm guard_dog", measure_npm), ("wechatpy", measure_wechatpy)):
        with tempfile.TemporaryDirectory() as folder:
            best = max(measured(folder) for _ in range(ROUNDS))
        sys.stdout.write(f"{name:>15}: {best:>10,.0f} a second\n")


if __name__ == "__main__":
    main()
