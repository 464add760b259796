"""Guard Dog's own copy of a `.dog` file: the mark by which it recognises its values.

Other programs may write the `.dog` files too, and what they write may belong to another account. A `.dog` file
does not say who wrote it, so Guard Dog keeps a second `.dog` file in a private folder beside it, which no other
program knows. Readers compare the two: as long as they are equal, the history need not be read, and the value is
one that WeChat gave to Guard Dog for this account. If another program has replaced the value, the copy allows to
put it back without a call to WeChat.

The name of the copy begins with the AppID: a folder that was copied from another account does not count as own.
"""

from guarddog_gui.domain.tokens.dog_format import dog_file_name
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

OWN_COPIES_FOLDER = ".guarddog"


def own_copy_name(appid: str, kind: TokenKind) -> str:
    return f"{appid}_{dog_file_name(kind)}"


def is_same_value_and_life(record: TokenRecord, own_copy: TokenRecord) -> bool:
    """Return True if the `.dog` file holds exactly what Guard Dog wrote there."""
    return (
        record.value == own_copy.value
        and record.expires_in == own_copy.expires_in
        and record.generated_ms == own_copy.generated_ms
    )
