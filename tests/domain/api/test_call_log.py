"""The log of calls: newest first, limited, and without values."""

from guarddog_gui.domain.api.call_log import CALLS_MAX, FAVOURITES_MAX, LoggedCall, add_call, with_favourite


def test_the_newest_call_stands_first_and_the_oldest_are_dropped() -> None:
    calls: tuple[LoggedCall, ...] = ()
    for number in range(CALLS_MAX + 5):
        calls = add_call(calls, LoggedCall(float(number), "GET", "/cgi-bin/x"))
    assert len(calls) == CALLS_MAX
    assert calls[0].at == CALLS_MAX + 4


def test_an_appsecret_in_a_path_is_not_kept() -> None:
    (call,) = add_call((), LoggedCall(0.0, "GET", f"/cgi-bin/{'0f' * 16}"))
    assert "0f0f" not in call.path


def test_a_logged_call_has_no_field_for_a_value() -> None:
    assert not {"query", "body", "token", "access_token"} & set(LoggedCall.__struct_fields__)


def test_a_favourite_is_there_once_and_can_be_removed() -> None:
    menu, users = ("GET", "/cgi-bin/menu/get"), ("GET", "/cgi-bin/user/get")
    kept = with_favourite(with_favourite((menu,), users, is_kept=True), menu, is_kept=True)
    assert kept == (users, menu)
    assert with_favourite(kept, menu, is_kept=False) == (users,)


def test_there_is_a_limit_of_favourites() -> None:
    many = tuple(("GET", f"/{number}") for number in range(FAVOURITES_MAX))
    assert len(with_favourite(many, ("GET", "/x"), is_kept=True)) == FAVOURITES_MAX
