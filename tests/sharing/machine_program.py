"""Processes of a computer that shares an account: they ask for the token again and again, and say what they got.

    python machine_program.py HOME API_BASE APPID SECRET COUNT SECONDS MIN_TTL CLOCK_OFFSET LOCK_MS

Each of the COUNT processes writes a line for each request: its process id, the Unix time before and after the request
by the true clock, and the value or `-`. With LOCK_MS, the lock in Redis lives for that long.
"""

import os
import sys
import time
from contextlib import suppress

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.adapters.sharing import redis_store
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Secret, find_account
from guarddog_gui.domain.errors import GuardDogError
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from guarddog_gui.services.fresh_values import get_fresh_values

PAUSE_S = 0.05
MIRROR_INTERVAL_S = 1.0  # as the engine of the tray app does when Redis reports a change


def main(home: str, api_base: str, appid: str, secret: str, seconds: str, min_ttl: str, offset: str) -> None:
    secrets = MemorySecretStore()
    if secret:
        secrets.set(appid, Secret(secret))

    def clock() -> float:
        return time.time() + float(offset)

    container = make_container({"GUARDDOG_HOME": home}, clock, secrets=secrets, api_base=api_base)
    refresher = container.make_worker_context().refresher
    account = find_account(container.accounts.load(), appid)
    assert account is not None
    ends_at, mirror_at = time.monotonic() + float(seconds), 0.0
    kinds = (TokenKind.ACCESS_TOKEN,)
    while time.monotonic() < ends_at:
        if time.monotonic() >= mirror_at:
            mirror_at = time.monotonic() + MIRROR_INTERVAL_S
            refresher.refresh_without_exports(RefreshRequest(account, kinds, Trigger.TIMER, RefreshMode.MIRROR))
        started_at, value = time.time(), "-"
        with suppress(GuardDogError):
            values = get_fresh_values(
                account, kinds, float(min_ttl), dog_files=container.own_values, clock=clock,
                make_refresher=lambda: refresher,
            )  # fmt: skip
            record = values.records.get(TokenKind.ACCESS_TOKEN)
            value = record.value if record is not None else "-"
        line = f"{os.getpid()} {started_at:.3f} {time.time():.3f} {value}\n"
        os.write(sys.stdout.fileno(), line.encode())
        time.sleep(PAUSE_S)
    container.history.close()


if __name__ == "__main__":
    home, api_base, appid, secret, count, seconds, min_ttl, offset, lock_ms = sys.argv[1:]
    if int(lock_ms):
        redis_store.LOCK_MS = int(lock_ms)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    children = []
    for _ in range(int(count)):
        pid = os.fork()
        if not pid:
            main(home, api_base, appid, secret, seconds, min_ttl, offset)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
