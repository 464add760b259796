"""Log with one line per request, without values, keys and unknown paths, written by a separate thread."""

import threading
from collections.abc import Callable
from queue import Empty, Full, Queue

from guarddog_gui.serve.access.rate_limits import RateLimit
from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.services.messages.texts import format_iso

_LINES_MAX = 10_000  # that wait for a reader of the output which is slow, or stopped with Ctrl+S
_ANONYMOUS_PER_MINUTE = 120  # lines of requests without a correct key; a flood of them must not fill the disk
_END_TIMEOUT_S = 1.0


class AccessLog:
    """Log of the requests. No request waits for it: lines above the limits are counted in the next line."""

    def __init__(self, write: Callable[[str], None], monotonic: Callable[[], float]) -> None:
        """Store the function that writes a line, which raises an exception if the output is closed."""
        self._write = write
        self._monotonic = monotonic
        self._lines: Queue[str | None] = Queue(_LINES_MAX)
        self._anonymous = RateLimit(_ANONYMOUS_PER_MINUTE, _ANONYMOUS_PER_MINUTE)
        self._lock = threading.Lock()
        self._left_out = 0
        self._thread = threading.Thread(target=self._run, name="serve-log", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, for a second at most."""
        try:
            self._lines.put(None, timeout=_END_TIMEOUT_S)
        except Full:
            return
        self._thread.join(_END_TIMEOUT_S)

    def add(self, now: float, address: str, method: str, path: str, answer: Answer, seconds: float) -> None:
        """Add the line of a request; `path` is one of ours or "other", `method` a known one or "other"."""
        is_anonymous = not answer.client and not answer.appid
        if is_anonymous and self._anonymous.take("", self._monotonic()):
            self._leave_out()
            return
        with self._lock:
            left_out, self._left_out = self._left_out, 0
        line = (
            f"{format_iso(now)} from={address} client={answer.client or '-'} account={answer.appid or '-'} "
            f"{method} {path} status={answer.status} result={answer.result} ms={seconds * 1000:.0f}"
        )
        try:
            self._lines.put_nowait(f"{line} left_out={left_out}" if left_out else line)
        except Full:
            self._leave_out(left_out + 1)

    def _leave_out(self, count: int = 1) -> None:
        with self._lock:
            self._left_out += count

    def _run(self) -> None:
        is_open = True
        while True:
            lines = [self._lines.get()]
            try:
                while lines[-1] is not None:
                    lines.append(self._lines.get_nowait())
            except Empty:
                pass
            text = "\n".join(line for line in lines if line is not None)
            if text and is_open:
                try:
                    self._write(text)
                except Exception:  # noqa: BLE001 - whatever the output is; the server goes on without a log
                    is_open = False
            if lines[-1] is None:
                return
