"""Recent URLs on disk and in memory."""

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


def test_reading_and_clearing_create_no_file(path: Path) -> None:
    RecentUrlsFile(path).recent(SHOP)
    RecentUrlsFile(path).clear(SHOP)
    assert not path.parent.exists()


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_file_is_private_whatever_the_umask(path: Path, bits: int) -> None:
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
def test_damaged_file_counts_as_empty_and_is_replaced(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    urls = RecentUrlsFile(path)
    assert urls.recent(SHOP) == ()
    urls.add(SHOP, PAGE)
    assert urls.recent(SHOP) == (PAGE,)
    assert [file.name for file in path.parent.glob("recent*")] == ["recent_urls.json"]


def test_damaged_file_can_be_cleared(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(f'{{"urls": {{"{SHOP}": ["{PAGE}')
    RecentUrlsFile(path).clear(SHOP)
    assert json.loads(path.read_text()) == {"version": 1, "urls": {}}


def test_list_edited_by_hand_is_truncated(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"urls": {SHOP: ["p" * 2001, *(f"https://a.cn/{n}" for n in range(30))]}}))
    assert RecentUrlsFile(path).recent(SHOP) == tuple(f"https://a.cn/{n}" for n in range(20))


def test_concurrent_writers_lose_nothing(path: Path) -> None:
    def sign(appid: str) -> None:
        for number in range(15):
            RecentUrlsFile(path).add(appid, f"https://a.cn/{number}")

    threads = [threading.Thread(target=sign, args=(appid,)) for appid in (SHOP, CAFE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(RecentUrlsFile(path).recent(appid)) for appid in (SHOP, CAFE)] == [15, 15]


def test_locked_file_is_ignored_when_adding_and_an_error_when_clearing(path: Path) -> None:
    urls = RecentUrlsFile(path)
    urls.add(SHOP, PAGE)
    with file_lock(path.with_name(".recent_urls.json.lock"), 1):
        urls.add(SHOP, "https://a.cn/2")
        with pytest.raises(FileError, match="another program is changing it"):
            urls.clear(SHOP)
    assert urls.recent(SHOP) == (PAGE,)


@POSIX
def test_read_only_folder_is_ignored_when_adding_and_an_error_when_clearing() -> None:
    with unprivileged_folder() as folder:
        urls = RecentUrlsFile(folder / "recent_urls.json")
        urls.add(SHOP, PAGE)
        with read_only_folder(folder):
            urls.add(SHOP, "https://a.cn/2")
            with pytest.raises(FileError, match="permission denied"):
                urls.clear(SHOP)
        assert urls.recent(SHOP) == (PAGE,)


@POSIX
def test_a_file_that_cannot_be_read_is_not_replaced_by_an_empty_list() -> None:
    with unprivileged_folder() as folder:
        path = folder / "recent_urls.json"
        urls = RecentUrlsFile(path)
        urls.add(SHOP, PAGE)
        path.chmod(0o000)
        urls.add(CAFE, PAGE)
        with pytest.raises(FileError, match="permission denied"):
            urls.clear(CAFE)
        path.chmod(0o600)
        assert (urls.recent(SHOP), urls.recent(CAFE)) == ((PAGE,), ())


def test_a_file_of_a_newer_version_is_read_but_never_written(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 2, "urls": {SHOP: [PAGE]}, "more": 1}))
    before = path.read_bytes()
    urls = RecentUrlsFile(path)
    urls.add(CAFE, PAGE)
    assert urls.recent(SHOP) == (PAGE,)
    assert path.read_bytes() == before
