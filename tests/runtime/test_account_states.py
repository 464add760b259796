"""The states of all accounts: retry states are loaded from the history in batches."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.runtime.account_states import HISTORY_LOAD_BATCH, AccountStates
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from guarddog_gui.runtime.disk.readings import DiskReader
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import FakeAccountStore, FakeDogFileStore, FakeHistoryStore

ACCOUNTS = tuple(Account(f"wx{number:016x}", f"Account {number}") for number in range(3 * HISTORY_LOAD_BATCH))
SHOP = ACCOUNTS[0]
TOO_MANY_FILES = FileError("/config/accounts.json", FileErrorReason.TOO_MANY_OPEN_FILES)


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


@pytest.fixture
def store() -> FakeAccountStore:
    return FakeAccountStore(SHOP)


@pytest.fixture
def shop_states(qtbot: QtBot, store: FakeAccountStore) -> AccountStates:  # noqa: ARG001 - timers need an application
    reader = DiskReader(store, FakeDogFileStore(), FakeHistoryStore())
    return AccountStates(reader, CATALOGUE, BoundedCalls(quick_wait_s=10.0))


def test_a_read_error_that_passes_is_retried_though_the_file_is_unchanged(
    shop_states: AccountStates, store: FakeAccountStore
) -> None:
    store.read_error = TOO_MANY_FILES
    shop_states.reload()
    assert tuple(shop_states) == ()
    assert shop_states.list_error is TOO_MANY_FILES
    store.read_error = None
    shop_states.reload()
    assert [state.account for state in shop_states] == [SHOP]
    assert shop_states.list_error is None


def test_an_unreadable_list_is_reported_once_for_each_reason(
    shop_states: AccountStates, store: FakeAccountStore
) -> None:
    reported: list[FileError] = []
    shop_states.account_list_unreadable.connect(reported.append)
    for reason in (FileErrorReason.TOO_MANY_OPEN_FILES, FileErrorReason.PERMISSION_DENIED):
        for _ in range(3):
            store.read_error = FileError("/config/accounts.json", reason)  # a new one each time, as in reality
            shop_states.reload()
    assert [error.reason for error in reported] == ["too many open files", "permission denied"]


def test_known_accounts_stay_and_no_window_comes_up_while_the_list_is_unreadable(
    shop_states: AccountStates, store: FakeAccountStore
) -> None:
    shop_states.reload()
    reported: list[FileError] = []
    shop_states.account_list_unreadable.connect(reported.append)
    store.update(lambda accounts: accounts)
    store.read_error = TOO_MANY_FILES
    shop_states.reload()
    assert [state.account for state in shop_states] == [SHOP]
    assert shop_states.list_error is TOO_MANY_FILES
    assert reported == []


def test_a_damaged_list_without_accounts_is_reported_once(shop_states: AccountStates, store: FakeAccountStore) -> None:
    reports: list[None] = []
    shop_states.account_list_damaged.connect(lambda: reports.append(None))
    store.stored, store.is_damaged = (), True
    for _ in range(3):
        shop_states.reload()
    assert len(reports) == 1


def test_a_list_of_a_newer_version_is_used_and_named(shop_states: AccountStates, store: FakeAccountStore) -> None:
    store.is_newer_version = True
    shop_states.reload()
    assert [state.account for state in shop_states] == [SHOP]
    assert shop_states.list_error is not None
    assert shop_states.list_error.reason == FileErrorReason.NEWER_VERSION
