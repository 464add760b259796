"""Web authorisation of the sandbox: codes that can be exchanged once, for five minutes, by their account."""

from itertools import count

from guarddog_gui.sandbox.oauth_codes import CODE_LIFETIME_S, OAuthCode, OAuthCodes
from tests.fakes import NOW


def make_codes() -> OAuthCodes:
    values = count(1)
    return OAuthCodes(lambda: f"{next(values):040}")


def test_a_code_is_redeemed_once_by_its_account() -> None:
    codes = make_codes()
    code = codes.issue("wxa", "snsapi_base", NOW)
    assert codes.redeem(code, "wxb", NOW) == 40029
    redeemed = codes.redeem(code, "wxa", NOW + 1)
    assert isinstance(redeemed, OAuthCode)
    assert redeemed.scope == "snsapi_base"
    assert codes.redeem(code, "wxa", NOW + 2) == 40163
    assert codes.redeem("nothing", "wxa", NOW) == 40029


def test_a_code_lives_five_minutes() -> None:
    codes = make_codes()
    code = codes.issue("wxa", "snsapi_base", NOW)
    assert codes.redeem(code, "wxa", NOW + CODE_LIFETIME_S + 1) == 40029


def test_old_codes_are_forgotten_and_tokens_differ() -> None:
    codes = make_codes()
    first = codes.issue("wxa", "snsapi_base", NOW)
    for _ in range(1000):
        codes.issue("wxa", "snsapi_base", NOW)
    assert codes.redeem(first, "wxa", NOW) == 40029
    access_token, refresh_token = codes.make_tokens()
    assert access_token != refresh_token
