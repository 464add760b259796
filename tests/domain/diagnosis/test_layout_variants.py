"""Wrong ways to put the four values together."""

from hashlib import sha1

import pytest

from guarddog_gui.domain.diagnosis.layout_variants import make_whole_strings
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind

M = MistakeKind
URL = "https://a.cn/p"
CORRECT = f"jsapi_ticket=T1&noncestr=n2&timestamp=1700000000&url={URL}"


def kinds_of(signed: str) -> list[MistakeKind]:
    strings = make_whole_strings("T1", "n2", "1700000000", URL, ("wxabcdefabcdef0123",))
    return next([mistake.kind for mistake in mistakes] for text, mistakes in strings if text == signed)


@pytest.mark.parametrize(
    ("signed", "kinds"),
    [
        (f"1700000000T1{URL}n2", [M.VALUES_ONLY]),
        (f"T1&n2&1700000000&{URL}", [M.VALUES_ONLY]),
        (f"appid=wxabcdefabcdef0123&{CORRECT}", [M.APPID_FIELD]),
        (f"{CORRECT}&appId=wxabcdefabcdef0123", [M.APPID_FIELD]),
        (
            f"appid=wx0123456789abcdef&jsapi_ticket=T1&mch_id=1900000109&noncestr=n2&timestamp=1700000000&url={URL}",
            [M.APPID_FIELD],
        ),
        (f"jsapi_ticket=T1&noncestr=n2&signType=SHA1&timestamp=1700000000&url={URL}", [M.EXTRA_FIELD]),
        (f"{CORRECT}&", [M.FIELD_JOIN]),
        (CORRECT.replace("&", ", "), [M.FIELD_JOIN]),
        ("jsapi_ticket=T1&noncestr=n2&timestamp=1700000000", [M.FIELD_MISSING]),
        (CORRECT.replace("noncestr", "nonceStr"), [M.NONCE_NAME]),
        (CORRECT.replace("timestamp", "time"), [M.FIELD_NAME]),
        (CORRECT.lower(), [M.STRING_CASE]),
        (CORRECT.replace("=", "%3D").replace("&", "%26").replace("/", "%2F").replace(":", "%3A"), [M.STRING_ENCODED]),
        (sha1(CORRECT.encode(), usedforsecurity=False).hexdigest(), [M.HASHED_TWICE]),
        (CORRECT.replace("&times", "&times;"), [M.TIMES_SIGN]),
    ],
)
def test_each_string_has_its_mistakes(signed: str, kinds: list[MistakeKind]) -> None:
    assert kinds_of(signed) == kinds


def test_no_ticket_is_in_a_mistake() -> None:
    strings = make_whole_strings("secret-ticket", "n", "1", URL, ())
    assert not any("secret-ticket" in repr(mistakes) for _, mistakes in strings)
