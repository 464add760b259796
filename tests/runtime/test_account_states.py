"""The states of all accounts: retry states are loaded from the history in batches."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.account_states import HISTORY_LOAD_BATCH, AccountStates
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from guarddog_gui.runtime.disk.readings import DiskReader
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import FakeAccountStore, FakeDogFileStore, FakeHistoryStore

ACCOUNTS = tuple(Account(f"wx{number:016x}", f"Account {number}") for number in range(3 * HISTORY_LOAD_BATCH))


@pytest.fixture
def states(qtbot: QtBot) -> AccountStates:  # noqa: ARG001 - timers need an application
    reader = DiskReader(FakeAccountStore(*ACCOUNTS), FakeDogFileStore(), FakeHistoryStore())
    states = AccountStates(reader, CATALOGUE, BoundedCalls(quick_wait_s=10.0))
    states.reload()
    return states


def test_every_key_has_a_retry_state_after_the_last_batch(states: AccountStates, qtbot: QtBot) -> None:
    with qtbot.waitSignal(states.retry_states_loaded):
        states.load_retry_states()
        assert sum(not state.needs_history for state in states) == HISTORY_LOAD_BATCH
    assert all(set(state.retry_states) == set(state.account.token_kinds) for state in states)


def test_after_a_stop_no_further_batch_is_loaded(states: AccountStates, qtbot: QtBot) -> None:
    states.load_retry_states()
    states.stop()
    qtbot.wait(50)
    assert sum(not state.needs_history for state in states) == HISTORY_LOAD_BATCH


def test_states_are_selected_by_appid(states: AccountStates) -> None:
    assert states.select(None) == tuple(states)
    (state,) = states.select(ACCOUNTS[3].appid)
    assert state is states.find(ACCOUNTS[3].appid)
    assert state.account == ACCOUNTS[3]
    assert states.select("wx-nobody") == ()
    assert states.find("wx-nobody") is None
