"""Guard Dog's own copy of a `.dog` file: the mark by which it recognises its values.

Other programs may write the `.dog` files too, and what they write may belong to another account. A `.dog` file
does not say who wrote it, so Guard Dog keeps a second `.dog` file in a private folder beside it, which no other
program knows. Readers compare the two: as long as they are equal, the history need not be read, and the value is
one that WeChat gave to Guard Dog for this account. If another program has replaced the value, the copy allows to
put it back without a call to WeChat.

The name of the copy begins with the AppID: a folder that was copied from another account does not count as own.

The copy of a classic access token also says until when it needs no check. Each call of getAccessToken, by whichever
program, ends the token before it after five minutes (WeChat's page on getAccessToken), and no notice comes. So a new
token is known to work for almost five minutes. A later check proves nothing beyond its own moment: the five minutes may
be nearly over. So from then on WeChat is asked each time before the token is handed out; programs that ask at the same
time share the answer through the copy.
"""

import json

from guarddog_gui.domain.tokens.dog_format import dog_file_name, format_token_record
from guarddog_gui.domain.tokens.expiry import OLD_TOKEN_GRACE_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

OWN_COPIES_FOLDER = ".guarddog"
NEW_TOKEN_WORKS_S = OLD_TOKEN_GRACE_S - 60  # the way to the user of the token takes time, too
CHECK_SHARED_S = 2.0  # a busy server asks at most this often
CHECK_RETRY_S = 30.0  # after a check without an answer
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


def format_own_copy(record: TokenRecord, check_at: float) -> str:
    """Return the text of the copy of `record`, which needs no check until `check_at` (Unix seconds)."""
    fields = json.loads(format_token_record(record))
    return json.dumps({**fields, _CHECK_FIELD: int(check_at * 1000)}, ensure_ascii=False)


def token_check_at(text: str, record: TokenRecord) -> float:
    """Return when the value of this copy needs a check (Unix seconds); a new one counts from its request."""
    check_ms = json.loads(text).get(_CHECK_FIELD)
    return check_ms / 1000 if isinstance(check_ms, int) else record.generated_at + NEW_TOKEN_WORKS_S


def is_check_due(check_at: float, now: float) -> bool:
    """Return True if WeChat is to be asked about the token first (Unix seconds).

    A time further ahead than that of a new token was written before the clock was set back.
    """
    return not now < check_at <= now + NEW_TOKEN_WORKS_S


def next_check_at(record: TokenRecord, checked_at: float, *, has_answer: bool) -> float:
    """Return when the next check is due, in Unix seconds as `checked_at`: when one was sent that did not refuse it."""
    pause_s = CHECK_SHARED_S if has_answer else CHECK_RETRY_S
    return max(checked_at + pause_s, record.generated_at + NEW_TOKEN_WORKS_S)
