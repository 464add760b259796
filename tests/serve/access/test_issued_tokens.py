"""Tokens that were given out."""

from guarddog_gui.serve.access import issued_tokens
from guarddog_gui.serve.access.issued_tokens import IssuedTokens


def test_a_token_is_known_until_wechat_refuses_it() -> None:
    issued = IssuedTokens()
    issued.add("t", "wx1", 1000.0)
    assert issued.find_appid("t", 1299.0) == "wx1"
    assert issued.find_appid("t", 1300.0) is None
    assert issued.find_appid("x", 0.0) is None


def test_tokens_are_not_in_memory_and_their_number_is_limited() -> None:
    issued = IssuedTokens()
    for number in range(issued_tokens._ENTRIES_MAX + 5):
        issued.add(f"token-{number}", "wx1", 1000.0)
    assert len(issued._appids) == issued_tokens._ENTRIES_MAX
    assert issued.find_appid("token-0", 0.0) is None
    assert "token-" not in repr(issued._appids)
