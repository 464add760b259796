"""Guard Dog's own copy of a `.dog` file: the mark by which it recognises its values.

Other programs may write the `.dog` files too, and what they write may belong to another account. A `.dog` file
does not say who wrote it, so Guard Dog keeps a second `.dog` file in a private folder beside it, which no other
program knows. Readers compare the two: as long as they are equal, the history need not be read, and the value is
one that WeChat gave to Guard Dog for this account. If another program has replaced the value, the copy allows to
put it back without a call to WeChat.

The name of the copy begins with the AppID: a folder that was copied from another account does not count as own.

The copy of a classic access token also says until when it needs no check. Each call of getAccessToken, by whichever
program, ends the token before it after five minutes (WeChat's page on getAccessToken), and no notice comes. So such a
token is known to work for a few minutes after WeChat has given or accepted it; after that, WeChat is asked before it is
handed out. Programs that start, take the token and end share the answer through the copy.
"""

import json

from guarddog_gui.domain.tokens.dog_format import dog_file_name, format_token_record
from guarddog_gui.domain.tokens.expiry import OLD_TOKEN_GRACE_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

OWN_COPIES_FOLDER = ".guarddog"
TOKEN_CHECK_INTERVAL_S = OLD_TOKEN_GRACE_S - 60  # the check and the way to the user of the token take time, too
TOKEN_CHECK_RETRY_S = 30.0  # after a check without an answer
_CHECK_FIELD = "check_time"  # Unix milliseconds


def own_copy_name(appid: str, kind: TokenKind) -> str:
    return f"{appid}_{dog_file_name(kind)}"


def is_same_value_and_life(record: TokenRecord, own_copy: TokenRecord) -> bool:
    """Return True if the `.dog` file holds exactly what Guard Dog wrote there."""
    return (
        record.value == own_copy.value
        and record.expires_in == own_copy.expires_in
        and record.generated_ms == own_copy.generated_ms
    )


def format_own_copy(record: TokenRecord, check_at: float | None = None) -> str:
    """Return the text of the copy of `record`, which needs no check until `check_at` (Unix seconds), if given."""
    text = format_token_record(record)
    return text if check_at is None else f'{text[:-1]},"{_CHECK_FIELD}":{int(check_at * 1000)}}}'


def token_check_at(text: str, record: TokenRecord) -> float:
    """Return when the value of this copy needs a check (Unix seconds); a new one counts from its request."""
    check_ms = json.loads(text).get(_CHECK_FIELD)
    return check_ms / 1000 if isinstance(check_ms, int) else record.generated_at + TOKEN_CHECK_INTERVAL_S


def is_check_due(check_at: float, now: float) -> bool:
    """Return True if WeChat is to be asked about the token first (Unix seconds).

    A time further ahead than the interval was written before the clock was set back.
    """
    return not now < check_at <= now + TOKEN_CHECK_INTERVAL_S
