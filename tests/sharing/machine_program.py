"""One process of a computer that shares an account: asks for the token again and again, and says what it was given.

    python machine_program.py HOME API_BASE APPID SECRET SECONDS MIN_TTL CLOCK_OFFSET

Each line of output: the Unix time before and after the request by the true clock, and the value or `-`.
"""

import sys
import time
from contextlib import suppress

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Secret, find_account
from guarddog_gui.domain.errors import GuardDogError
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.fresh_values import get_fresh_values

PAUSE_S = 0.05


def main(home: str, api_base: str, appid: str, secret: str, seconds: str, min_ttl: str, offset: str) -> None:
    secrets = MemorySecretStore()
    if secret:
        secrets.set(appid, Secret(secret))

    def clock() -> float:
        return time.time() + float(offset)

    container = make_container({"GUARDDOG_HOME": home}, clock, secrets=secrets, api_base=api_base)
    context = container.make_worker_context()
    account = find_account(container.accounts.load(), appid)
    assert account is not None
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    ends_at = time.monotonic() + float(seconds)
    kinds = (TokenKind.ACCESS_TOKEN,)
    while time.monotonic() < ends_at:
        started_at, value = time.time(), "-"
        with suppress(GuardDogError):
            values = get_fresh_values(
                account, kinds, float(min_ttl), dog_files=container.own_values, clock=clock,
                make_refresher=lambda: context.refresher,
            )  # fmt: skip
            record = values.records.get(TokenKind.ACCESS_TOKEN)
            value = record.value if record is not None else "-"
        sys.stdout.write(f"{started_at:.3f} {time.time():.3f} {value}\n")
        sys.stdout.flush()
        time.sleep(PAUSE_S)
    container.history.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
