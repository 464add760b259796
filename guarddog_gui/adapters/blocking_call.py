"""Run a blocking call in a thread, so that its callers can stop waiting for it at their deadlines."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def start_blocking_call(work: Callable[[], T], *, thread_name: str) -> Future[T]:
    """Start `work` in a daemon thread of its own and return the future of its result.

    For calls that cannot be interrupted: name resolution, keyrings, D-Bus. Callers wait with
    `result(timeout_s)`, which raises TimeoutError at the deadline and whatever `work` raised. After a timeout
    the call continues, and other callers may wait for the same future.

    The thread is a daemon, unlike those of `ThreadPoolExecutor`, which Python joins at exit: a call that
    hangs must not keep the program from ending. Raises RuntimeError if no thread can be started.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  # it is raised again in the threads that wait
            future.set_exception(error)

    threading.Thread(target=run, name=thread_name, daemon=True).start()
    return future
