"""Load program: many HTTP clients of one server, each with a key, as SDKs ask for tokens.

    python -m tests.bench.http_clients BASE WECHAT DURATION_S < CLIENTS > FIGURES

BASE is the server, WECHAT the embedded WeChat behind it, CLIENTS a JSON list of [appid, key]. Each client waits a random
time after each answer, one second in the mean; every other one opens a new connection each time, as most SDKs do. Of
the tokens one in fifty is tried at WeChat at once: those that it refuses are dead reads. FIGURES is a JSON object.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

TIMEOUT_S = 30.0
THINKING_S = 1.0
TRIED_SHARE = 0.02


@dataclass
class Figures:
    """What all clients have seen together; times in milliseconds."""

    times_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    tried: int = 0
    dead: int = 0


class HttpConnection:
    """Connection that is opened with the first request, and again after the server has closed it."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._tls = ssl._create_unverified_context() if parts.scheme == "https" else None  # noqa: S323 - a test
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, target: str, body: bytes = b"", key: str = "") -> tuple[int, dict[str, object]]:
        """Return the status and the JSON of the answer; a connection that the server has closed is opened again."""
        head = f"{method} {target} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(body)}\r\n"
        data = f"{head}{f'Authorization: Bearer {key}{chr(13)}{chr(10)}' if key else ''}\r\n".encode() + body
        was_open = self._streams is not None
        try:
            return await self._exchange(data)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.close()
            if not was_open:
                raise
            return await self._exchange(data)

    async def _exchange(self, data: bytes) -> tuple[int, dict[str, object]]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        reader, writer = self._streams
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split("\r\n", 1)[0])
        return int(head.split()[1]), json.loads(await reader.readexactly(length))

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Client:
    """One SDK."""

    def __init__(self, base: str, wechat: str, appid: str, key: str, figures: Figures, *, keeps_open: bool) -> None:
        self._connection = HttpConnection(base)
        self._wechat = wechat
        self._appid = appid
        self._key = key
        self._figures = figures
        self._keeps_open = keeps_open
        self._token = ""

    async def run(self, until: float) -> None:
        await asyncio.sleep(random.random() * THINKING_S)  # noqa: S311 - no secret
        while time.monotonic() < until:
            started = time.monotonic()
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    problem = await self._ask_something()
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
                problem = type(error).__name__
            self._figures.times_ms.append((time.monotonic() - started) * 1000)
            if problem:
                self._figures.errors.append(problem)
            if not self._keeps_open:
                self._connection.close()
            if self._token and random.random() < TRIED_SHARE:  # noqa: S311
                await self._try_token()
            await asyncio.sleep(random.expovariate(1 / THINKING_S))
        self._connection.close()

    async def _ask_something(self) -> str:
        """Send one request and return what is wrong with the answer, if anything."""
        chance = random.random()  # noqa: S311
        credential = {"grant_type": "client_credential", "appid": self._appid, "secret": self._key}
        if chance < 0.5 or not self._token:
            return self._read(await self._ask("POST", "/cgi-bin/stable_token", json.dumps(credential).encode()))
        if chance < 0.7:
            return self._read(await self._ask("GET", f"/cgi-bin/token?{urlencode(credential)}"))
        if chance < 0.8:
            query = urlencode({"access_token": self._token, "type": "jsapi"})
            return self._read(await self._ask("GET", f"/cgi-bin/ticket/getticket?{query}"))
        if chance < 0.9:
            return self._read(await self._ask("GET", f"/v1/token?account={self._appid}", key=self._key))
        target = f"/v1/signature?account={self._appid}&url={quote('https://a.cn/p/?id=1', safe='')}"
        return self._read(await self._ask("GET", target, key=self._key))

    async def _ask(self, method: str, target: str, body: bytes = b"", key: str = "") -> tuple[int, dict[str, object]]:
        return await self._connection.ask(method, target, body, key)

    def _read(self, answer: tuple[int, dict[str, object]]) -> str:
        status, fields = answer
        if status != 200 or fields.get("errcode"):
            return f"{status} {fields.get('errcode')}: {fields.get('errmsg')}"
        token = fields.get("access_token") or (fields.get("key") == "ACCESS_TOKEN" and fields.get("value"))
        self._token = str(token) if token else self._token
        return ""

    async def _try_token(self) -> None:
        connection = HttpConnection(self._wechat)
        _, fields = await connection.ask("GET", f"/cgi-bin/getcallbackip?access_token={quote(self._token)}")
        connection.close()
        self._figures.tried += 1
        self._figures.dead += "ip_list" not in fields


async def load(base: str, wechat: str, duration_s: float, clients: list[tuple[str, str]]) -> Figures:
    """Run all clients for this long."""
    figures, until = Figures(), time.monotonic() + duration_s
    async with asyncio.TaskGroup() as tasks:
        for number, (appid, key) in enumerate(clients):
            client = Client(base, wechat, appid, key, figures, keeps_open=number % 2 == 0)
            tasks.create_task(client.run(until))
    return figures


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> None:
    base, wechat, duration = sys.argv[1:]
    figures = asyncio.run(load(base, wechat, float(duration), json.load(sys.stdin)))
    json.dump(
        {
            "requests": len(figures.times_ms),
            "p50": percentile(figures.times_ms, 0.5),
            "p99": percentile(figures.times_ms, 0.99),
            "longest": max(figures.times_ms, default=0.0),
            "errors": len(figures.errors),
            "kinds_of_errors": sorted(set(figures.errors))[:20],
            "tried": figures.tried,
            "dead": figures.dead,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
