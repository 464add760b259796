"""Runs checks side by side, each to a common deadline: whatever they ask may hang."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from guarddog_gui.adapters.blocking_call import start_blocking_call
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.services.messages.health.findings import make_finding, timeout_finding
from guarddog_gui.services.messages.message import Messages

log = logging.getLogger(__name__)

CheckFunction = Callable[[], tuple[Finding, ...]]
T = TypeVar("T")


def run_checks(
    check_functions: Mapping[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> list[Finding]:
    """Return the findings in the order of the checks. Daemon threads that hang are abandoned."""
    deadline = time.monotonic() + timeout_s
    futures = {check: start_blocking_call(run, thread_name="checkup") for check, run in check_functions.items()}
    findings: list[Finding] = []
    for check, future in futures.items():
        try:
            findings += future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            findings.append(timeout_finding(check, messages))
        except Exception:
            log.exception("the check of %s ended by a mistake of its own", check)
            findings.append(make_finding(check, CheckStatus.FAILED, messages.for_crash()))
    return findings


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
