"""Tests of every RecentUrlStore; the test class of each store inherits them."""

import pytest

from guarddog_gui.services.ports import RecentUrlStore

SHOP, CAFE = "wx00000000000000a1", "wx00000000000000b2"


class RecentUrlsContract:
    @pytest.fixture
    def store(self) -> RecentUrlStore:
        raise NotImplementedError

    def test_empty_at_first(self, store: RecentUrlStore) -> None:
        assert store.recent(SHOP) == ()

    def test_newest_first_per_account(self, store: RecentUrlStore) -> None:
        store.add(SHOP, "https://a.cn/1")
        store.add(CAFE, "https://b.cn/")
        store.add(SHOP, "https://a.cn/中文?q=2#top")
        assert store.recent(SHOP) == ("https://a.cn/中文?q=2#top", "https://a.cn/1")
        assert store.recent(CAFE) == ("https://b.cn/",)

    def test_repeated_url_moves_to_front(self, store: RecentUrlStore) -> None:
        for url in ("https://a.cn/1", "https://a.cn/2", "https://a.cn/1"):
            store.add(SHOP, url)
        assert store.recent(SHOP) == ("https://a.cn/1", "https://a.cn/2")

    def test_at_most_twenty_urls(self, store: RecentUrlStore) -> None:
        for number in range(25):
            store.add(SHOP, f"https://a.cn/{number}")
        assert store.recent(SHOP) == tuple(f"https://a.cn/{number}" for number in range(24, 4, -1))

    def test_oauth_parameters_are_removed(self, store: RecentUrlStore) -> None:
        store.add(SHOP, "https://a.cn/?a=1&code=081xyz&state=s")
        assert store.recent(SHOP) == ("https://a.cn/?a=1",)

    def test_too_long_url_is_ignored(self, store: RecentUrlStore) -> None:
        store.add(SHOP, "https://a.cn/")
        store.add(SHOP, "https://a.cn/" + "p" * 100_000)
        assert store.recent(SHOP) == ("https://a.cn/",)

    def test_lone_surrogate_is_stored(self, store: RecentUrlStore) -> None:
        store.add(SHOP, "https://a.cn/\ud83d")
        assert store.recent(SHOP) == ("https://a.cn/\ud83d",)

    def test_clear_removes_only_this_account(self, store: RecentUrlStore) -> None:
        store.add(SHOP, "https://a.cn/")
        store.add(CAFE, "https://b.cn/")
        store.clear(SHOP)
        assert store.recent(SHOP) == ()
        assert store.recent(CAFE) == ("https://b.cn/",)

    def test_clearing_empty_list_succeeds(self, store: RecentUrlStore) -> None:
        store.clear(SHOP)
        assert store.recent(SHOP) == ()
