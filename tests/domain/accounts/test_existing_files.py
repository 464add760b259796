"""What becomes of the files in a folder that somebody chose."""

import pytest

from guarddog_gui.domain.accounts.existing_files import Fate, FoundFile, FoundFolder
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

NOW = 1_790_000_000.0
TOKEN, TICKET, CARD = TokenKind
ALIVE = TokenRecord("T1", 7200, int((NOW - 60) * 1000), "", 2)


@pytest.mark.parametrize(
    ("record", "now", "fate"),
    [
        (ALIVE, NOW, Fate.ADOPTED),
        (ALIVE, NOW + 7200, Fate.REPLACED_DEAD),
        (ALIVE, NOW - 3600, Fate.REPLACED_DEAD),  # from the future: nobody can say when it ends
        (None, NOW, Fate.REPLACED_DAMAGED),
    ],
)
def test_only_a_value_that_lives_is_taken_over(record: TokenRecord | None, now: float, fate: Fate) -> None:
    assert FoundFile(TOKEN, record).fate(now) is fate


def test_keys_that_an_account_does_not_have_are_left_alone() -> None:
    token, ticket = FoundFile(TOKEN, ALIVE), FoundFile(TICKET, None)
    folder = FoundFolder((token, ticket), ("X.dog",))
    assert folder.of_account((TOKEN, TICKET)) == folder
    assert folder.of_account((TOKEN,)) == FoundFolder((token,), ("JSAPI_TICKET.dog", "X.dog"))


def test_a_link_and_a_folder_have_fates_of_their_own() -> None:
    assert FoundFile(TOKEN, None, is_link=True).fate(NOW) is Fate.REPLACED_LINK
    assert FoundFile(TOKEN, None, is_folder=True).fate(NOW) is Fate.IN_THE_WAY
