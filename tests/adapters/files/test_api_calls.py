"""Calls of the API console on disk and in memory."""

import json
import threading
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.api_calls import ApiCallsFile
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.domain.api.call_log import CALLS_MAX, LoggedCall
from guarddog_gui.domain.errors import FileError
from guarddog_gui.services.ports import ApiCallStore
from tests.adapters.unprivileged import permission_bits, set_umask
from tests.api_fakes import FakeApiCallStore

SHOP, CAFE = "wx00000000000000a1", "wx00000000000000b2"
CALL = LoggedCall(1_795_000_000.0, "GET", "/cgi-bin/menu/get", 200, 46003, "6566c1a8-2c4b1d0e-7f3a9b12", 74, 136)
MENU = ("GET", "/cgi-bin/menu/get")


class ApiCallsContract:
    """What every store of calls does."""

    def test_calls_are_kept_per_account_newest_first(self, store: ApiCallStore) -> None:
        later = LoggedCall(CALL.at + 1, "POST", "/cgi-bin/menu/create", failure="timeout")
        for call in (CALL, later):
            store.add(SHOP, call)
        assert store.calls(SHOP) == (later, CALL)
        assert store.calls(CAFE) == ()

    def test_the_calls_of_one_account_can_be_cleared(self, store: ApiCallStore) -> None:
        for appid in (SHOP, CAFE):
            store.add(appid, CALL)
        store.clear(SHOP)
        assert (store.calls(SHOP), store.calls(CAFE)) == ((), (CALL,))

    def test_favourites_survive_a_clearing(self, store: ApiCallStore) -> None:
        store.set_favourite(MENU, is_kept=True)
        store.add(SHOP, CALL)
        store.clear(SHOP)
        assert store.favourites() == (MENU,)
        store.set_favourite(MENU, is_kept=False)
        assert store.favourites() == ()

    def test_there_is_a_limit(self, store: ApiCallStore) -> None:
        for _ in range(CALLS_MAX + 1):
            store.add(SHOP, CALL)
        assert len(store.calls(SHOP)) == CALLS_MAX


class TestApiCallsFile(ApiCallsContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> ApiCallStore:
        return ApiCallsFile(tmp_path / "data" / "api_calls.json")


class TestCallsInMemory(ApiCallsContract):
    @pytest.fixture
    def store(self) -> ApiCallStore:
        return FakeApiCallStore()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "api_calls.json"


def test_reading_and_clearing_create_no_file(path: Path) -> None:
    ApiCallsFile(path).calls(SHOP)
    ApiCallsFile(path).favourites()
    ApiCallsFile(path).clear(SHOP)
    assert not path.parent.exists()


@pytest.mark.only_on("linux", "darwin")
def test_the_file_is_private_whatever_the_umask(path: Path) -> None:
    with set_umask(0):
        ApiCallsFile(path).add(SHOP, CALL)
    assert (permission_bits(path), permission_bits(path.parent)) == (0o600, 0o700)


@pytest.mark.parametrize("content", ["", "{", "null", "[]", '{"calls": []}', '{"calls": {"' + SHOP + '": 1}}'])
def test_a_damaged_file_counts_as_empty_and_is_replaced(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    store = ApiCallsFile(path)
    assert store.calls(SHOP) == ()
    assert store.favourites() == ()
    store.add(SHOP, CALL)
    assert store.calls(SHOP) == (CALL,)


def test_a_damaged_call_costs_only_itself(path: Path) -> None:
    ApiCallsFile(path).add(SHOP, CALL)
    fields = json.loads(path.read_text(encoding="utf-8"))
    fields["calls"][SHOP].append({"at": "yesterday"})
    path.write_text(json.dumps(fields), encoding="utf-8")
    assert ApiCallsFile(path).calls(SHOP) == (CALL,)


def test_the_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 2}', encoding="utf-8")
    store = ApiCallsFile(path)
    store.add(SHOP, CALL)
    with pytest.raises(FileError):
        store.set_favourite(MENU, is_kept=True)
    assert path.read_text(encoding="utf-8") == '{"version": 2}'


def test_calls_of_several_threads_are_all_kept(path: Path) -> None:
    store = ApiCallsFile(path)
    threads = [threading.Thread(target=store.add, args=(SHOP, CALL)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.calls(SHOP)) == 8


def test_a_call_is_not_held_up_by_a_lock_for_long(path: Path) -> None:
    path.parent.mkdir()
    with file_lock(path.with_name(f".{path.name}.lock"), 1.0):
        ApiCallsFile(path).add(SHOP, CALL)
