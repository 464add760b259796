"""Run checks side by side, to a common deadline: whatever they ask may hang."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from msgspec import json

from guarddog_gui.adapters.blocking_call import start_blocking_call
from guarddog_gui.adapters.forked_call import lines_from_child
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.services.messages.health.findings import make_finding, timeout_finding
from guarddog_gui.services.messages.message import Messages

log = logging.getLogger(__name__)

_CHILD_GRACE_S = 1.0  # for the start of the process and its last findings

CheckFunction = Callable[[], tuple[Finding, ...]]
T = TypeVar("T")


def run_checks(
    check_functions: Mapping[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> list[Finding]:
    """Return the findings in the order of the checks, with one about the time for each check that hangs."""
    found = dict(_results_as_they_come(check_functions, timeout_s, messages))
    return [finding for check in check_functions for finding in found.get(check, [timeout_finding(check, messages)])]


def _results_as_they_come(
    check_functions: Mapping[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> Iterator[tuple[HealthCheck, list[Finding]]]:
    if sys.platform != "linux":
        yield from _run_in_threads(check_functions, timeout_s, messages)
        return

    def produce() -> Iterator[bytes]:
        for result in _run_in_threads(check_functions, timeout_s, messages):
            yield json.encode(result)

    for line in lines_from_child(produce, timeout_s + _CHILD_GRACE_S):
        yield json.decode(line, type=tuple[HealthCheck, list[Finding]])


def _run_in_threads(
    check_functions: Mapping[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> Iterator[tuple[HealthCheck, list[Finding]]]:
    """Yield the findings of each check that ends in time. Daemon threads that hang are abandoned."""
    deadline = time.monotonic() + timeout_s
    futures = {check: start_blocking_call(run, thread_name="checkup") for check, run in check_functions.items()}
    for check, future in futures.items():
        try:
            findings = list(future.result(max(0.0, deadline - time.monotonic())))
        except TimeoutError:
            continue
        except Exception:
            log.exception("the check of %s ended by a mistake of its own", check)
            findings = [make_finding(check, CheckStatus.FAILED, messages.for_crash())]
        yield check, findings


def run_in_groups(groups: Sequence[Sequence[Callable[[], T]]], timeout_s: float) -> list[list[T]]:
    """Return the results of the calls of each group: fewer than there are calls if one of them hangs.

    The calls of a group are made one after the other in one thread. A group is what hangs together, such as all
    folders of one network share, so that it costs one thread and does not delay the others.
    """
    results: list[list[T]] = [[] for _ in groups]
    is_over = threading.Event()
    deadline = time.monotonic() + timeout_s

    def run_group(number: int) -> None:
        for call in groups[number]:
            result = call()
            if is_over.is_set():
                return
            results[number].append(result)

    futures = [start_blocking_call(partial(run_group, n), thread_name="checkup") for n in range(len(groups))]
    for future in futures:
        try:
            future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            continue
    is_over.set()
    return [list(group) for group in results]
