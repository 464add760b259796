"""Lifetimes and replacement of tokens and tickets."""

from tests.sandbox.conftest import SHOP, RulesClient


def test_a_classic_call_issues_a_new_token_and_the_old_one_lives_five_minutes(client: RulesClient) -> None:
    first = client.fetch_token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    client.advance(1000)
    second = client.fetch_token()
    assert second["access_token"] != first["access_token"]
    client.advance(299)
    assert client.token_errcode(first["access_token"]) == 0
    client.advance(1)
    assert client.token_errcode(first["access_token"]) == 40001
    assert client.token_errcode(second["access_token"]) == 0


def test_stable_token_returns_the_same_token_with_its_remaining_lifetime(client: RulesClient) -> None:
    first = client.fetch_stable_token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    client.advance(6855)
    assert client.fetch_stable_token() == {"access_token": first["access_token"], "expires_in": 345}


def test_stable_token_returns_a_new_token_in_the_last_five_minutes_and_both_work(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(6900)
    assert client.fetch_stable_token()["access_token"] == old
    client.advance(1)
    new = client.fetch_stable_token()
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (0, 0)
    client.advance(299)
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (42001, 0)


def test_stable_token_returns_a_new_token_after_the_old_one_has_expired(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(8 * 3600)
    assert client.fetch_stable_token()["access_token"] != old
    assert client.token_errcode(old) == 42001


def test_classic_and_stable_tokens_do_not_revoke_each_other(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    client.advance(600)
    assert client.token_errcode(classic) == 0
    second_stable = client.fetch_stable_token()["access_token"]
    client.fetch_token()
    client.advance(600)
    assert (client.token_errcode(stable), client.token_errcode(second_stable)) == (40001, 0)
    assert client.token_errcode(classic) == 40001


def test_a_forced_refresh_revokes_the_old_token_at_once(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    new = client.force_stable_token()
    assert new["expires_in"] == 7200
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (40001, 0)


def test_a_forced_refresh_also_revokes_a_token_in_its_overlap(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(6950)
    middle = client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    assert (client.token_errcode(old), client.token_errcode(middle)) == (40001, 40001)


def test_tokens_revoked_by_another_server_are_refused_as_superseded(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.rules.revoke_tokens(SHOP.appid)
    assert (client.token_errcode(classic), client.token_errcode(stable)) == (40001, 40001)
    assert client.token_errcode(client.fetch_stable_token()["access_token"]) == 0


def test_a_ticket_outlives_its_token_and_is_accepted_an_hour_after_its_expiry(client: RulesClient) -> None:
    ticket = client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"]
    client.force_stable_token()
    assert ticket in client.rules.accepted_tickets(SHOP.appid)
    client.advance(7200)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"] != ticket
    client.advance(3599)
    assert ticket in client.rules.accepted_tickets(SHOP.appid)
    client.advance(1)
    assert ticket not in client.rules.accepted_tickets(SHOP.appid)
    assert "nonsense" not in client.rules.accepted_tickets(SHOP.appid)
    assert ticket not in client.rules.accepted_tickets("wxffffffffffffffff")


def test_a_short_lifetime_shortens_the_overlap(client: RulesClient) -> None:
    client.update_account(life=60)
    old = client.fetch_stable_token()
    assert old["expires_in"] == 60
    client.advance(57.5)
    assert client.fetch_stable_token() == {"access_token": old["access_token"], "expires_in": 2}
    client.advance(0.1)
    assert client.fetch_stable_token()["access_token"] != old["access_token"]
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["expires_in"] == 60


def test_a_new_lifetime_replaces_the_values_and_the_old_ones_expire(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    ticket = client.fetch_ticket(old)["ticket"]
    client.update_account(life=60)
    new = client.fetch_stable_token()
    assert new["expires_in"] == 60
    assert new["access_token"] != old
    assert client.fetch_ticket(old)["ticket"] != ticket
    client.advance(2.5)
    assert client.token_errcode(old) == 40001
