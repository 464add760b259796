"""The queue of keyring calls; `test_store.py` has its deadlines."""

import threading
import time

from guarddog_gui.adapters.keyring.deadline_calls import GRACE_S, KeyringCalls


def test_a_call_that_hangs_when_the_keyring_is_available_again_blocks_no_other() -> None:
    calls = KeyringCalls(timeout_s=0.1, abandon_s=60)
    prompt = threading.Event()
    assert calls.run("a", "get", lambda: prompt.wait(20), is_write=False) is None
    assert calls.run("a", "get", lambda: "never asked", is_write=False) is None  # waits for the same prompt
    calls.release()
    time.sleep(GRACE_S)
    assert calls.run("a", "get", lambda: "the secret", is_write=False) == "the secret"
    prompt.set()


def test_a_call_that_goes_on_when_the_keyring_is_available_again_is_not_started_twice() -> None:
    calls = KeyringCalls(timeout_s=5.0, abandon_s=60)
    is_continued, started = threading.Event(), []

    def ask() -> str:
        started.append(1)
        is_continued.wait(20)
        return "the secret"

    results: list[str | None] = []
    first = threading.Thread(target=lambda: results.append(calls.run("a", "get", ask, is_write=False)))
    first.start()
    while not started:
        time.sleep(0.001)
    calls.release()
    is_continued.set()
    assert calls.run("a", "get", lambda: "asked again", is_write=False) == "asked again"  # after the first has ended
    first.join(5)
    assert (results, started) == (["the secret"], [1])
