"""Recent addresses on disk and in memory."""

import json
import threading
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile
from guarddog_gui.domain.errors import FileError
from guarddog_gui.services.ports import RecentUrlStore
from tests.adapters.recent_urls_contract import CAFE, SHOP, RecentUrlsContract
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder
from tests.fakes import FakeRecentUrlStore

POSIX = pytest.mark.only_on("linux", "darwin")
PAGE = "https://a.cn/"


class TestRecentUrlFile(RecentUrlsContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> RecentUrlStore:
        return RecentUrlsFile(tmp_path / "config" / "recent_urls.json")


class TestMemoryUrls(RecentUrlsContract):
    @pytest.fixture
    def store(self) -> RecentUrlStore:
        return FakeRecentUrlStore()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "recent_urls.json"


def test_asking_and_clearing_make_no_file(path: Path) -> None:
    RecentUrlsFile(path).recent(SHOP)
    RecentUrlsFile(path).clear(SHOP)
    assert not path.parent.exists()


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_the_file_is_private_whatever_the_umask(path: Path, bits: int) -> None:
    with set_umask(bits):
        RecentUrlsFile(path).add(SHOP, PAGE)
    assert (permission_bits(path), permission_bits(path.parent)) == (0o600, 0o700)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[]",
        "[" * 100_000,
        '{"urls": []}',
        '{"urls": {"wx00000000000000a1": {"https://a.cn/": 1}}}',
        '{"urls": {"wx00000000000000a1": [1, null, ""]}}',
    ],
)
def test_a_damaged_file_holds_none_and_is_replaced(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    urls = RecentUrlsFile(path)
    assert urls.recent(SHOP) == ()
    urls.add(SHOP, PAGE)
    assert urls.recent(SHOP) == (PAGE,)
    assert [file.name for file in path.parent.glob("recent*")] == ["recent_urls.json"]


def test_a_damaged_file_is_cleared_as_well(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(f'{{"urls": {{"{SHOP}": ["{PAGE}')
    RecentUrlsFile(path).clear(SHOP)
    assert json.loads(path.read_text()) == {"version": 1, "urls": {}}


def test_a_list_that_somebody_made_longer_by_hand_is_cut(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"urls": {SHOP: ["p" * 2001, *(f"https://a.cn/{n}" for n in range(30))]}}))
    assert RecentUrlsFile(path).recent(SHOP) == tuple(f"https://a.cn/{n}" for n in range(20))


def test_two_programs_lose_nothing_of_each_other(path: Path) -> None:
    def sign(appid: str) -> None:
        for number in range(15):
            RecentUrlsFile(path).add(appid, f"https://a.cn/{number}")

    threads = [threading.Thread(target=sign, args=(appid,)) for appid in (SHOP, CAFE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(RecentUrlsFile(path).recent(appid)) for appid in (SHOP, CAFE)] == [15, 15]


def test_where_another_program_holds_the_file_remembering_gives_up_and_clearing_says_so(path: Path) -> None:
    urls = RecentUrlsFile(path)
    urls.add(SHOP, PAGE)
    with file_lock(path.with_name(".recent_urls.json.lock"), 1):
        urls.add(SHOP, "https://a.cn/2")
        with pytest.raises(FileError, match="another program is changing it"):
            urls.clear(SHOP)
    assert urls.recent(SHOP) == (PAGE,)


@POSIX
def test_a_folder_that_takes_nothing_is_no_trouble_for_remembering_and_is_one_for_clearing() -> None:
    with unprivileged_folder() as folder:
        urls = RecentUrlsFile(folder / "recent_urls.json")
        urls.add(SHOP, PAGE)
        with read_only_folder(folder):
            urls.add(SHOP, "https://a.cn/2")
            with pytest.raises(FileError, match="permission denied"):
                urls.clear(SHOP)
        assert urls.recent(SHOP) == (PAGE,)
