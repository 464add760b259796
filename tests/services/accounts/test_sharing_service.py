"""Share an account, end that, and look before."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, SecretFound, SecretMissing
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.accounts.sharing_service import AccountShared, NotShared
from tests.builders import SHOP, TICKET, TOKEN
from tests.fake_sharing import DOWN
from tests.services.sharing.desks import URL, Desk, Office

LEADING, FOLLOWING = Sharing(SharingRole.LEADER, URL), Sharing(SharingRole.FOLLOWER, URL)
PASSWORD = Secret("correct horse")
WITH_PASSWORD = replace(SHOP, sharing=replace(LEADING, has_password=True))


def desk_with_account(office: Office, account: Account = SHOP) -> Desk:
    desk = office.leader()
    desk.services.accounts.update(lambda _: (account,))
    return desk


def listed(desk: Desk) -> Account:
    (account,) = desk.services.accounts.load()
    return account


def test_a_shared_account_is_saved_with_its_password_in_the_keyring_alone() -> None:
    office = Office()
    desk = desk_with_account(office)
    outcome = desk.services.make_sharing_service().share(SHOP, LEADING, PASSWORD)
    assert isinstance(outcome, AccountShared)
    assert listed(desk) == WITH_PASSWORD == outcome.account
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretFound(PASSWORD)
    assert (SHOP.appid, TOKEN) in office.redis.values
    assert "correct horse" not in repr(outcome)


def test_a_value_that_is_fresh_here_is_shared_at_once() -> None:
    office = Office()
    desk = desk_with_account(office)
    desk.refresh(account=SHOP)
    desk.services.make_sharing_service().share(SHOP, LEADING)
    assert office.redis.values[(SHOP.appid, TOKEN)].value == desk.value()


@pytest.mark.parametrize("problem", [SharingProblem.PASSWORD_WRONG, SharingProblem.UNREACHABLE])
def test_nothing_is_saved_if_redis_cannot_be_used(problem: SharingProblem) -> None:
    office = Office()
    desk = desk_with_account(office)
    desk.store.problems = (SharingFailure(problem),)
    outcome = desk.services.make_sharing_service().share(SHOP, LEADING, PASSWORD)
    assert outcome == NotShared(WITH_PASSWORD, desk.store.problems)
    assert listed(desk) == SHOP
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretMissing()


def test_a_warning_does_not_stop_it_and_a_check_can_be_left_out() -> None:
    office = Office()
    desk = desk_with_account(office)
    desk.store.problems = (SharingFailure(SharingProblem.EVICTION, "allkeys-lru"),)
    outcome = desk.services.make_sharing_service().share(SHOP, LEADING)
    assert isinstance(outcome, AccountShared)
    assert outcome.warnings == desk.store.problems
    office.redis.failure = DOWN
    assert isinstance(desk.services.make_sharing_service().share(SHOP, FOLLOWING, checks=False), AccountShared)


def test_a_keyring_that_does_not_answer_stops_it() -> None:
    desk = desk_with_account(Office())
    desk.services.redis_passwords.store_result = KeyringIsDown()
    outcome = desk.services.make_sharing_service().share(SHOP, LEADING, PASSWORD)
    assert isinstance(outcome, NotShared)
    assert outcome.storage_error == KeyringIsDown()
    assert listed(desk) == SHOP


def test_a_classic_account_cannot_lead_and_follows_without_its_endpoint() -> None:
    classic = replace(SHOP, endpoint=Endpoint.CLASSIC)
    desk = desk_with_account(Office(), classic)
    service = desk.services.make_sharing_service()
    with pytest.raises(BadInput) as refusal:
        service.share(classic, LEADING)
    assert refusal.value.problem is InputProblem.SHARING_NEEDS_STABLE
    outcome = service.share(classic, FOLLOWING)
    assert isinstance(outcome, AccountShared)
    assert listed(desk).endpoint is Endpoint.STABLE


@pytest.mark.parametrize("text", ["a\nb", "x" * 600])
def test_a_password_that_cannot_be_one_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        desk_with_account(Office()).services.make_sharing_service().share(SHOP, LEADING, Secret(text))
    assert refusal.value.problem is InputProblem.INVALID_REDIS_PASSWORD
    assert text not in str(refusal.value)


def test_an_account_without_a_secret_is_added_as_a_follower() -> None:
    office = Office()
    office.leader().refresh()
    desk = office.follower()
    outcome = desk.services.make_sharing_service().share(Account(SHOP.appid, "Production"), FOLLOWING)
    assert isinstance(outcome, AccountShared)
    assert [result.entry.result for result in outcome.results] == [AttemptResult.SHARED] * 2
    assert desk.services.secrets.get(SHOP.appid) == SecretMissing()
    assert listed(desk).role is SharingRole.FOLLOWER


def test_a_stored_password_is_not_sent_to_another_address() -> None:
    desk = desk_with_account(Office())
    service = desk.services.make_sharing_service()
    service.share(SHOP, LEADING, PASSWORD)
    service.share(listed(desk), replace(LEADING, url="redis://other.example.com"))
    assert desk.store.tried_passwords[-1] == Secret("")
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretMissing()


def test_the_stored_password_stays_while_the_address_does() -> None:
    desk = desk_with_account(Office())
    service = desk.services.make_sharing_service()
    service.share(SHOP, LEADING, PASSWORD)
    service.share(listed(desk), FOLLOWING)
    assert desk.store.tried_passwords[-1] is None
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretFound(PASSWORD)


def test_after_unshare_nothing_of_the_sharing_is_left_here() -> None:
    office = Office()
    desk = desk_with_account(office)
    service = desk.services.make_sharing_service()
    service.share(SHOP, LEADING, PASSWORD)
    assert isinstance(service.unshare(listed(desk)), AccountShared)
    assert listed(desk) == SHOP
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretMissing()
    assert desk.services.sharing_journal.load(SHOP.appid) is None
    assert (SHOP.appid, TOKEN) in office.redis.values  # others may use it


def test_a_removed_account_leaves_no_password() -> None:
    desk = desk_with_account(Office())
    desk.services.make_sharing_service().share(SHOP, LEADING, PASSWORD)
    assert desk.services.account_removals.remove(SHOP.appid, purge=True).is_complete
    assert desk.services.redis_passwords.get(SHOP.appid) == SecretMissing()


def test_a_preview_tells_what_is_there_and_changes_nothing() -> None:
    office = Office()
    leader = office.leader()
    leader.refresh()
    desk = office.follower()
    account = Account(SHOP.appid, "Production")
    preview = desk.services.make_sharing_service().preview(account, FOLLOWING)
    token, ticket = preview.values
    assert token.shared is not None
    assert (token.kind, token.shared.value, token.is_accepted, token.is_known_here) == (
        TOKEN, leader.value(), True, False,
    )  # fmt: skip
    assert (ticket.kind, ticket.is_accepted) == (TICKET, None)
    assert desk.services.accounts.load() == ()
    assert (office.redis.commands["write"], desk.value()) == (2, "")


def test_a_preview_tells_that_a_token_is_dead() -> None:
    office = Office()
    office.leader().refresh()
    office.rules.revoke_tokens(SHOP.appid)
    office.clock.advance(400)
    token, _ = office.follower().services.make_sharing_service().preview(Account(SHOP.appid, "P"), FOLLOWING).values
    assert token.is_accepted is False


def test_a_preview_without_redis_has_the_reason() -> None:
    office = Office()
    office.redis.failure = DOWN
    preview = office.follower().services.make_sharing_service().preview(Account(SHOP.appid, "P"), FOLLOWING)
    assert (preview.failure, preview.values) == (DOWN, ())
