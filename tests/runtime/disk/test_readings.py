import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.runtime.disk.readings import DiskReader, HomeRequest, KnownAccount
from tests.fakes import NOW, FakeAccountStore, FakeDogFileStore, FakeHistoryStore

TOKEN, TICKET, _ = TokenKind
SHOP = Account("wx00000000000000a1", "Shop")
FAR = Account("wx00000000000000b2", "Far", dog_dir="/mnt/share")


class Disk:
    def __init__(self) -> None:
        self.accounts = FakeAccountStore(SHOP, FAR)
        self.dogs = FakeDogFileStore()
        self.history = FakeHistoryStore()
        self.reader = DiskReader(self.accounts, self.dogs, self.history)
        self.put(SHOP, "SECRET-TOKEN")

    def put(self, account: Account, value: str) -> None:
        self.dogs.put_own_record(account, TOKEN, TokenRecord(value, 7200, int(NOW * 1000), "", 290))

    def append(self, account: Account) -> None:
        self.history.append(HistoryEntry(NOW, account.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW))


@pytest.fixture
def disk() -> Disk:
    return Disk()


def test_first_reading_has_the_list_and_all_files_but_those_of_chosen_folders(disk: Disk) -> None:
    disk.put(FAR, "FAR-TOKEN")
    reading = disk.reader.read_home(HomeRequest(None, is_list_known=False, known=()))
    assert reading.account_list.accounts == (SHOP, FAR)
    shop, far = reading.accounts
    assert set(shop.files) == {TOKEN, TICKET}
    assert far.files == {}
    assert (reading.last_history_id, shop.entries) == (None, {})
    assert "SECRET-TOKEN" not in repr(reading)
    assert set(disk.reader.read_account(KnownAccount(FAR)).files) == {TOKEN, TICKET}


def test_only_changed_files_are_read_again(disk: Disk) -> None:
    first = disk.reader.read_account(KnownAccount(SHOP))
    stamps = {kind: file.stamp for kind, file in first.files.items()}
    assert disk.reader.read_account(KnownAccount(SHOP, 0, stamps)).files == {}
    disk.put(SHOP, "NEWER")
    (changed,) = disk.reader.read_account(KnownAccount(SHOP, 0, stamps)).files.items()
    assert (changed[0], changed[1].record and changed[1].record.value) == (TOKEN, "NEWER")


def test_an_unchanged_list_is_not_read_and_an_unreadable_one_says_why(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = disk.accounts.stamp()
    known = (KnownAccount(SHOP),)
    reading = disk.reader.read_home(HomeRequest(stamp, is_list_known=True, known=known))
    assert reading.account_list.accounts is None
    assert [account.account for account in reading.accounts] == [SHOP]

    def fail() -> tuple[Account, ...]:
        raise FileError("accounts.json", "too many open files")

    monkeypatch.setattr(disk.accounts, "load", fail)
    failed = disk.reader.read_home(HomeRequest(None, is_list_known=True, known=known))
    assert str(failed.account_list.error) == "accounts.json: too many open files"
    assert [account.account for account in failed.accounts] == [SHOP]


def test_an_edited_account_is_read_as_if_it_were_new(disk: Disk) -> None:
    earlier = replace(SHOP, name="Old")
    stamps = {TOKEN: disk.dogs.stamp(SHOP, TOKEN), TICKET: None}
    known = KnownAccount(earlier, 3, stamps)
    reading = disk.reader.read_home(HomeRequest(None, is_list_known=True, known=(known,)))
    assert set(reading.accounts[0].files) == {TOKEN, TICKET}


def test_history_comes_for_changed_keys_and_for_accounts_without_one(disk: Disk) -> None:
    disk.append(SHOP)
    request = HomeRequest(None, is_list_known=False, known=(KnownAccount(SHOP),), history_id=0)
    shop, far = disk.reader.read_home(request).accounts
    assert set(shop.entries) == {TOKEN}
    assert set(far.entries) == {TOKEN, TICKET}, "new in the list"
    last_id = disk.reader.read_home(request).last_history_id
    request = HomeRequest(
        None, False, (KnownAccount(SHOP), KnownAccount(FAR)), last_id, frozenset({(SHOP.appid, TICKET.value)})
    )
    reading = disk.reader.read_home(request)
    assert (set(reading.accounts[0].entries), reading.changed_keys) == ({TICKET}, frozenset())
