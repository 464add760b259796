"""Keyring calls that hang: the deadline, late results, and the limit on abandoned calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from guarddog_gui.adapters.keyring.deadline_calls import ABANDONED_MAX, GRACE_S, KeyringCalls
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, SecretFound, SecretMissing, SecretSaved
from tests.adapters.fake_keyring import DEADLINE_S, ENTRY, BlockingEffect, FakeKeyring, store_with_short_deadline
from tests.adapters.secret_store_contract import APPID, NEWER_SECRET, OTHER_APPID, SECRET

SLACK_S = 1.0


def in_time(call: Callable[[], Any]) -> Any:
    started = time.monotonic()
    answer = call()
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return answer


def test_a_keyring_that_hangs_is_left_at_the_deadline(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    assert in_time(lambda: store_with_short_deadline(fake).get(APPID)) == KeyringIsDown("no answer")


def test_other_requests_fail_soon_while_a_call_hangs(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = KeyringSecretStore(deadline_s=2, list_backends=lambda: [fake])
    store.get(APPID)
    started = time.monotonic()
    assert store.get(OTHER_APPID) == KeyringIsDown("no answer")
    assert store.set(OTHER_APPID, SECRET) == KeyringIsDown("no answer")
    assert store.remove(APPID) == KeyringIsDown("no answer")
    assert time.monotonic() - started < 2
    assert fake.call_count == 1


def test_a_late_result_is_used(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    assert store.get(APPID) == KeyringIsDown("no answer")
    threading.Timer(0.1, hang.release).start()
    assert store.get(APPID) == SecretFound(SECRET)  # joins the pending call
    assert store.get(APPID) == SecretFound(SECRET)
    assert fake.call_count == 1


def test_the_store_works_again_after_the_hang(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    store.get(APPID)
    hang.release()
    assert store.set(OTHER_APPID, SECRET) == SecretSaved()


@pytest.mark.parametrize("appid", [APPID, OTHER_APPID])
def test_a_call_that_hangs_for_too_long_is_abandoned(appid: str, fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake, abandon_s=DEADLINE_S * 1.2)
    store.get(APPID)
    assert store.get(appid) == KeyringIsDown("no answer")
    time.sleep(DEADLINE_S)
    assert store.get(appid) == SecretMissing()


def test_the_number_of_abandoned_calls_is_limited(fake: FakeKeyring) -> None:
    hangs = [BlockingEffect() for _ in range(ABANDONED_MAX + 3)]
    fake.side_effects = list(hangs)
    store = store_with_short_deadline(fake, abandon_s=0.0)
    try:
        for number in range(ABANDONED_MAX + 3):
            store.get(f"wx{number}")
        assert fake.call_count == ABANDONED_MAX + 1
    finally:
        for hang in hangs:
            hang.release()


def test_an_abandoned_write_cannot_overwrite_a_later_one(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake, abandon_s=0.0)
    assert store.set(APPID, SECRET) == KeyringIsDown("no answer")
    assert store.set(APPID, NEWER_SECRET) == KeyringIsDown("no answer")
    assert store.set(OTHER_APPID, NEWER_SECRET) == SecretSaved()
    hang.release()
    assert store.set(APPID, NEWER_SECRET) == SecretSaved()
    assert fake.entries[ENTRY] == NEWER_SECRET.reveal()


def test_calls_never_overlap_and_threads_do_not_accumulate(fake: FakeKeyring) -> None:
    store = KeyringSecretStore(deadline_s=20, list_backends=lambda: [fake])
    threads_before = threading.active_count()
    answers: list[object] = []

    def use(number: int) -> None:
        appid = f"wx{number}"
        for _ in range(25):
            answers.append(store.set(appid, SECRET))
            store.invalidate(appid)
            answers.append(store.get(appid))

    users = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert set(map(type, answers)) == {SecretSaved, SecretFound}
    assert fake.max_active_calls == 1
    time.sleep(0.1)
    assert threading.active_count() <= threads_before


# --- the queue by itself


def test_the_result_of_a_call_is_returned_and_the_next_call_is_a_new_one() -> None:
    calls = KeyringCalls(timeout_s=20, abandon_s=60)
    assert calls.run(APPID, "get", lambda: "first", is_write=False) == "first"
    assert calls.run(APPID, "get", lambda: "second", is_write=False) == "second"


def test_two_threads_with_the_same_request_share_one_call(hang: BlockingEffect) -> None:
    calls = KeyringCalls(timeout_s=20, abandon_s=60)
    started: list[str] = []
    results: list[str | None] = []

    def work() -> str:
        started.append("call")
        hang()
        return "answer"

    def request() -> None:
        results.append(calls.run(APPID, "get", work, is_write=False))

    threads = [threading.Thread(target=request) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert hang.started.wait(20)
    time.sleep(0.05)  # the second thread joins the call
    hang.release()
    for thread in threads:
        thread.join()
    assert results == ["answer", "answer"]
    assert started == ["call"]


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
