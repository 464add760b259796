"""Which entries match a typed text, and in which order."""

import pytest

from guarddog_gui.ui.shell.search_index import EntryKind, SearchEntry, find_entries


def entry(kind: EntryKind, title: str, detail: str = "") -> SearchEntry:
    return SearchEntry(kind, title, detail, lambda: None)


ENTRIES = (
    entry(EntryKind.ERRCODE, "40164", "This computer is not on the IP whitelist."),
    entry(EntryKind.ERRCODE, "40001", "The AppSecret is wrong."),
    entry(EntryKind.PAGE, "Sign a page"),
    entry(EntryKind.COMMAND, "Copy access_token · Flower shop", "wx5a0d09b0c0ffee01"),
    entry(EntryKind.ACCOUNT, "Flower shop", "wx5a0d09b0c0ffee01"),
    entry(EntryKind.ADDRESS, "https://shop.example.com/flowers/", "Flower shop"),
)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("flower", ["Flower shop", "Copy access_token · Flower shop", "https://shop.example.com/flowers/"]),
        ("FLOWER  copy", ["Copy access_token · Flower shop"]),
        ("4016", ["40164"]),
        ("whitelist", ["40164"]),
        ("ffee01", ["Flower shop", "Copy access_token · Flower shop"]),
        ("nowhere", []),
    ],
)
def test_all_words_must_match_and_titles_count_most(text: str, titles: list[str]) -> None:
    assert [found.title for found in find_entries(ENTRIES, text, 10)] == titles


def test_an_empty_text_lists_everything_but_the_errcodes() -> None:
    assert [found.kind for found in find_entries(ENTRIES, " ", 10)] == [
        EntryKind.PAGE, EntryKind.COMMAND, EntryKind.ACCOUNT, EntryKind.ADDRESS,
    ]  # fmt: skip


def test_no_more_than_the_limit_is_returned() -> None:
    assert len(find_entries(ENTRIES, "", 2)) == len(find_entries(ENTRIES, "s", 2)) == 2
