"""Fate of existing files in a chosen folder."""

import pytest

from guarddog_gui.domain.accounts.existing_files import ExistingFile, ExistingFileAction, FolderContents
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

NOW = 1_790_000_000.0
TOKEN, TICKET, CARD = TokenKind
ALIVE = TokenRecord("T1", 7200, int((NOW - 60) * 1000), "", 2)


@pytest.mark.parametrize(
    ("record", "now", "fate"),
    [
        (ALIVE, NOW, ExistingFileAction.ADOPTED),
        (ALIVE, NOW + 7200, ExistingFileAction.REPLACED_EXPIRED),
        (ALIVE, NOW - 3600, ExistingFileAction.REPLACED_EXPIRED),  # from the future: its expiry is unknown
        (None, NOW, ExistingFileAction.REPLACED_DAMAGED),
    ],
)
def test_only_a_valid_value_is_adopted(record: TokenRecord | None, now: float, fate: ExistingFileAction) -> None:
    assert ExistingFile(TOKEN, record).action(now) is fate


def test_files_of_keys_that_the_account_lacks_are_left_alone() -> None:
    token, ticket = ExistingFile(TOKEN, ALIVE), ExistingFile(TICKET, None)
    folder = FolderContents((token, ticket), ("X.dog",))
    assert folder.for_token_kinds((TOKEN, TICKET)) == folder
    assert folder.for_token_kinds((TOKEN,)) == FolderContents((token,), ("JSAPI_TICKET.dog", "X.dog"))


def test_links_are_replaced_and_folders_block() -> None:
    assert ExistingFile(TOKEN, None, is_link=True).action(NOW) is ExistingFileAction.REPLACED_LINK
    assert ExistingFile(TOKEN, None, is_folder=True).action(NOW) is ExistingFileAction.BLOCKED_BY_FOLDER
