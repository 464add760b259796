"""What every store of recent addresses does, whatever is behind it; a test class of each inherits this."""

import pytest

from guarddog_gui.services.ports import RecentUrls

SHOP, CAFE = "wx00000000000000a1", "wx00000000000000b2"


class RecentUrlsContract:
    @pytest.fixture
    def store(self) -> RecentUrls:
        raise NotImplementedError

    def test_in_the_beginning_there_is_none(self, store: RecentUrls) -> None:
        assert store.recent(SHOP) == ()

    def test_the_newest_comes_first_and_accounts_do_not_mix(self, store: RecentUrls) -> None:
        store.remember(SHOP, "https://a.cn/1")
        store.remember(CAFE, "https://b.cn/")
        store.remember(SHOP, "https://a.cn/中文?q=2#top")
        assert store.recent(SHOP) == ("https://a.cn/中文?q=2#top", "https://a.cn/1")
        assert store.recent(CAFE) == ("https://b.cn/",)

    def test_one_that_is_signed_again_moves_to_the_front(self, store: RecentUrls) -> None:
        for url in ("https://a.cn/1", "https://a.cn/2", "https://a.cn/1"):
            store.remember(SHOP, url)
        assert store.recent(SHOP) == ("https://a.cn/1", "https://a.cn/2")

    def test_only_the_newest_twenty_are_known(self, store: RecentUrls) -> None:
        for number in range(25):
            store.remember(SHOP, f"https://a.cn/{number}")
        assert store.recent(SHOP) == tuple(f"https://a.cn/{number}" for number in range(24, 4, -1))

    def test_what_oauth_has_put_there_is_not_kept(self, store: RecentUrls) -> None:
        store.remember(SHOP, "https://a.cn/?a=1&code=081xyz&state=s")
        assert store.recent(SHOP) == ("https://a.cn/?a=1",)

    def test_one_that_is_too_long_is_not_kept(self, store: RecentUrls) -> None:
        store.remember(SHOP, "https://a.cn/")
        store.remember(SHOP, "https://a.cn/" + "p" * 100_000)
        assert store.recent(SHOP) == ("https://a.cn/",)

    def test_half_a_character_is_no_trouble(self, store: RecentUrls) -> None:
        store.remember(SHOP, "https://a.cn/\ud83d")
        assert store.recent(SHOP) == ("https://a.cn/\ud83d",)

    def test_what_was_cleared_is_gone_and_the_others_stay(self, store: RecentUrls) -> None:
        store.remember(SHOP, "https://a.cn/")
        store.remember(CAFE, "https://b.cn/")
        store.clear(SHOP)
        assert store.recent(SHOP) == ()
        assert store.recent(CAFE) == ("https://b.cn/",)

    def test_clearing_what_is_not_there_is_fine(self, store: RecentUrls) -> None:
        store.clear(SHOP)
        assert store.recent(SHOP) == ()
