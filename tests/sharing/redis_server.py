"""A real Redis for tests: on a socket or a port of loopback, with an ACL and with TLS, to be stopped and killed."""

import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

START_TIMEOUT_S = 10.0


def require_redis() -> str:
    """Return the path of redis-server."""
    path = shutil.which("redis-server")
    if path is None:
        pytest.skip("redis-server is not installed")
    return path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class RedisServer:
    """Redis in a folder of its own, without persistence: a restarted one is empty."""

    def __init__(self, folder: Path, *options: str, uses_port: bool = False) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.port = free_port() if uses_port else 0
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}" if self.port else f"unix://{self.socket}"

    def url_of(self, user: str) -> str:
        return self.url.replace("://", f"://{user}@")

    def start(self) -> "RedisServer":
        self.socket.unlink(missing_ok=True)
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    require_redis(), "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", str(self.socket),
                    "--save", "", "--dir", str(self.folder), *self.options,
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._is_ready():
            assert self.process.poll() is None, (self.folder / "redis.log").read_text(errors="replace")
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)
        return self

    def _is_ready(self) -> bool:
        with suppress(redis.ConnectionError, OSError):
            with suppress(redis.ResponseError, redis.AuthenticationError):
                self.client().ping()
            return True
        return False

    def client(self, **options: Any) -> Any:
        """Return a client without retries: redis-py would try a refused password again, for seconds."""
        return redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0), **options)

    def keys(self) -> set[str]:
        return {key.decode() for key in self.client().keys("*")}

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.send_signal(signal.SIGCONT)
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """Kill it and start it again, empty."""
        self.kill()
        self.start()
