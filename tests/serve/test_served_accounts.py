"""Which account a client gets."""

import pytest

from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.serve.served_accounts import Caller
from tests.builders import SHOP, make_record
from tests.serve.in_memory_server import KEY, OTHER, OTHER_KEY, InMemoryServer


@pytest.mark.parametrize(
    ("key", "name", "appid"),
    [
        (KEY, "", SHOP.appid),
        (KEY, "Shop", SHOP.appid),
        (OTHER_KEY, "Other", OTHER.appid),
        (OTHER_KEY, OTHER.appid, OTHER.appid),
    ],
)
def test_an_account_is_named_by_appid_or_name_or_is_the_only_one(key: str, name: str, appid: str) -> None:
    caller = InMemoryServer().served.identify(key, "a", name)
    assert isinstance(caller, Caller)
    assert caller.account.appid == appid


@pytest.mark.parametrize(
    ("key", "name", "result"), [(OTHER_KEY, "", "41002"), (KEY, "Other", "40013"), ("x", "Shop", "40125")]
)
def test_others_are_refused(key: str, name: str, result: str) -> None:
    answer = InMemoryServer().served.identify(key, "a", name)
    assert isinstance(answer, Answer)
    assert answer.result == result


def test_changes_of_the_list_count_at_once() -> None:
    server = InMemoryServer()
    assert len(server.served.accounts()) == 2
    server.services.accounts.update(lambda _: (SHOP,))
    assert server.served.accounts() == (SHOP,)


def test_a_life_is_never_zero_for_a_client() -> None:
    server = InMemoryServer()
    assert server.served.seconds_left(make_record("t", at=server.services.clock() - 7199.9)) == 1
