"""KeyringSecretStore in a subprocess: a SecretStore whose calls go through a pipe."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts import keyring_results
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import LookupResult, SecretFound, StoreResult
from tests.desktop.processes import start_process, stop_process

ROOT = Path(__file__).parents[2]


class KeyringSubprocess:
    """Proxy of the store in the subprocess, which is killed after 60 s."""

    def __init__(self, environment: Mapping[str, str], *, deadline_s: float = 5.0, abandon_s: float = 120.0) -> None:
        self._process = start_process(
            [sys.executable, "-m", __name__, str(deadline_s), str(abandon_s)],
            {**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            output=subprocess.PIPE,
        )
        self._kill_timer = threading.Timer(60, self._process.kill)
        self._kill_timer.daemon = True
        self._kill_timer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill_timer.cancel()
        stop_process(self._process)
        assert self._process.stdout
        self._process.stdout.close()

    def get(self, appid: str) -> LookupResult:
        answer: LookupResult = self._call("get", appid)
        return answer

    def set(self, appid: str, secret: Secret) -> StoreResult:
        answer: StoreResult = self._call("set", appid, secret.reveal())
        return answer

    def remove(self, appid: str) -> StoreResult:
        answer: StoreResult = self._call("remove", appid)
        return answer

    def invalidate(self, appid: str) -> None:
        self._call("invalidate", appid)

    def thread_and_file_counts(self) -> tuple[int, int]:
        """Return the subprocess's numbers of threads and open files."""
        threads, files = self._call("count")
        return threads, files

    def _call(self, *words: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(words).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        try:
            kind, *parts = json.loads(line)
        except ValueError:
            raise AssertionError(f"unexpected answer {line!r}") from None
        if kind == "SecretFound":
            return SecretFound(Secret(parts[0]))
        return parts if kind == "count" else getattr(keyring_results, kind)(*parts) if kind else None


def main() -> None:
    """Run the subprocess: read a call per line as JSON, and print its answer as a line of JSON."""
    deadline_s, abandon_s = map(float, sys.argv[1:])
    store = KeyringSecretStore(deadline_s=deadline_s, abandon_s=abandon_s)
    for line in sys.stdin:
        method, *parts = json.loads(line)
        if method == "count":
            gc.collect()  # objects that an error's traceback refers to are only freed by a collection
            fields: list[object] = ["count", threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))]
        else:
            arguments = [*parts[:1], *map(Secret, parts[1:])]
            answer = getattr(store, method)(*arguments)
            fields = to_json_list(answer)
        print(json.dumps(fields), flush=True)  # noqa: T201  # the answer


def to_json_list(answer: object) -> list[object]:
    match answer:
        case None:
            return [None]
        case SecretFound(secret):
            return ["SecretFound", secret.reveal()]
    detail = getattr(answer, "detail", None)
    return [type(answer).__name__] if detail is None else [type(answer).__name__, detail]


if __name__ == "__main__":
    main()
