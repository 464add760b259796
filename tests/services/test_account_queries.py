"""Queries about a token, a rid and the quota, against the sandbox's WeChat."""

import json
from dataclasses import dataclass, field
from itertools import count

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.account_queries import QUOTA_PATHS, Quota, QuotaCleared, RidReport, TokenValid
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, Reply, Request, TransportFailure, token_request
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.services.account_queries import AccountQueries, NoLiveToken
from tests.builders import make_record
from tests.fakes import (
    OFFLINE_FAILURE,
    OWN_IP,
    FakeClock,
    FakeDogFileStore,
    FakeSecretStore,
    SandboxTransport,
    html_reply,
    http_503_reply,
    json_reply,
)

SECRET = "0123456789abcdef0123456789abcdef"
STRANGERS = "fedcba9876543210fedcba9876543210"
SHOP = Account("wx00000000000000a1", "Shop", endpoint=Endpoint.CLASSIC)
OTHER = Account("wx00000000000000b2", "Other")
TOKEN = TokenKind.ACCESS_TOKEN


@dataclass
class AccountQuerySetup:
    """Two accounts in the sandbox's WeChat, and the AccountQueries for their `.dog` files."""

    clock: FakeClock = field(default_factory=FakeClock)
    dogs: FakeDogFileStore = field(default_factory=FakeDogFileStore)

    def __post_init__(self) -> None:
        values = count(1)
        accounts = (SandboxAccount(SHOP.appid, SECRET, "Shop"), SandboxAccount(OTHER.appid, STRANGERS))
        self.rules = SandboxRules(self.clock, lambda: f"91_{next(values):04}{'q' * 120}", accounts)
        self.wire = SandboxTransport(self.rules)
        self.secrets = FakeSecretStore(**{SHOP.appid: SECRET})
        self.inquirer = AccountQueries(transport=self.wire, secrets=self.secrets, dog_files=self.dogs, clock=self.clock)

    def call(self, request: Request) -> dict[str, object]:
        """Call WeChat as another program and return its answer."""
        sent = SandboxTransport(self.rules).send(request, SHOP)
        assert isinstance(sent, Reply)
        fields: dict[str, object] = json.loads(sent.body)
        return fields

    def fetch(self, account: Account = SHOP, secret: str = SECRET) -> str:
        """Put a valid token into the account's file."""
        value = str(self.call(token_request(account, Secret(secret), force=False))["access_token"])
        self.dogs.put_record(account, TOKEN, make_record(value, at=self.clock(), ahead=account.ahead))
        return value

    def fail(self, request: Request) -> str:
        """Send a request that WeChat refuses and return its rid."""
        errmsg = str(self.call(request)["errmsg"])
        return errmsg.rpartition("rid: ")[2]


@pytest.fixture
def desk() -> AccountQuerySetup:
    return AccountQuerySetup()


# -- does it live ---------------------------------------------------------------------------------


def test_a_valid_token_is_accepted(desk: AccountQuerySetup) -> None:
    desk.fetch()
    assert desk.inquirer.check_token(SHOP) == TokenValid()


def test_a_token_replaced_by_another_program_is_refused(desk: AccountQuerySetup) -> None:
    token = desk.fetch()
    desk.rules.revoke_tokens(SHOP.appid)
    heard = desk.inquirer.check_token(SHOP)
    assert isinstance(heard, Refusal)
    assert heard.errcode == 40001
    assert token not in repr(heard)


def test_a_value_that_is_not_a_token_is_refused(desk: AccountQuerySetup) -> None:
    record = TokenRecord("91_nobody-made-this", 7200, round(desk.clock() * 1000), "", 290)
    desk.dogs.put_text(SHOP, TOKEN, dog_format.format_token_record(record))
    heard = desk.inquirer.check_token(SHOP)
    assert isinstance(heard, Refusal)
    assert heard.errcode == 40014


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        (html_reply, FailureKind.NOT_JSON),
        (http_503_reply, FailureKind.HTTP_STATUS),
        (lambda _: OFFLINE_FAILURE, FailureKind.OFFLINE),
    ],
)
def test_without_an_answer_a_token_is_neither_valid_nor_refused(
    desk: AccountQuerySetup, fault: object, how: FailureKind
) -> None:
    desk.fetch()
    desk.wire.fault_for_request = lambda _: fault  # type: ignore[assignment,return-value]  # a column of the table
    asked = (
        desk.inquirer.check_token(SHOP),
        desk.inquirer.get_rid_report(SHOP, "6176a2e0-0a0b0c0d-00000001"),
        desk.inquirer.get_quotas(SHOP),
        desk.inquirer.clear_quota(SHOP),
    )
    for heard in asked:
        assert isinstance(heard, TransportFailure)
        assert heard.kind is how
    assert desk.wire.calls_by_endpoint.total() == len(asked)  # the first of three quotas was enough


# -- without a token ------------------------------------------------------------------------------


def ask_everything(desk: AccountQuerySetup, account: Account) -> list[object]:
    return [
        desk.inquirer.check_token(account),
        desk.inquirer.get_rid_report(account, "6176a2e0-0a0b0c0d-00000001"),
        desk.inquirer.get_quotas(account),
    ]


def test_without_a_valid_token_nothing_is_sent(desk: AccountQuerySetup) -> None:
    assert ask_everything(desk, SHOP) == [NoLiveToken()] * 3
    desk.fetch()
    desk.clock.advance(7200)
    assert ask_everything(desk, SHOP) == [NoLiveToken()] * 3
    desk.dogs.put_text(SHOP, TOKEN, "half a fi")
    assert ask_everything(desk, SHOP) == [NoLiveToken()] * 3
    assert desk.wire.calls_by_endpoint.total() == 0


def test_no_query_requests_a_token_or_writes_a_file(desk: AccountQuerySetup) -> None:
    desk.fetch()
    files = dict(desk.dogs.files)
    ask_everything(desk, SHOP)
    desk.rules.revoke_tokens(SHOP.appid)
    ask_everything(desk, SHOP)
    assert desk.dogs.files == files
    assert desk.dogs.write_count == 0
    assert not {"token", "stable_token", "getticket"} & set(desk.wire.calls_by_endpoint)


# -- what is a rid about --------------------------------------------------------------------------


def test_a_rid_report_masks_the_secret_in_the_url(desk: AccountQuerySetup) -> None:
    wrong = "a1b2c3d4" * 4
    rid = desk.fail(token_request(SHOP, Secret(wrong), force=False))
    token = desk.fetch()
    heard = desk.inquirer.get_rid_report(SHOP, rid)
    assert isinstance(heard, RidReport)
    assert "/cgi-bin/token?" in heard.url
    assert f"appid={SHOP.appid}" in heard.url
    assert "40125" in heard.response
    assert (heard.requested_at, heard.client_ip) == (int(desk.clock()), OWN_IP)
    for secret in (wrong, SECRET, token):
        assert secret not in repr(heard)


def test_a_rid_report_masks_the_secret_in_the_body(desk: AccountQuerySetup) -> None:
    wrong = "a1b2c3d4" * 4
    rid = desk.fail(token_request(replace(SHOP, endpoint=Endpoint.STABLE), Secret(wrong), force=False))
    desk.fetch()
    heard = desk.inquirer.get_rid_report(SHOP, rid)
    assert isinstance(heard, RidReport)
    assert '"grant_type": "client_credential"' in heard.body
    assert wrong not in repr(heard)


def test_a_rid_report_masks_another_accounts_token_in_the_url(desk: AccountQuerySetup) -> None:
    token = desk.fetch()
    request = Request("/cgi-bin/ticket/getticket", query=(("access_token", token), ("type", "nonsense")))
    rid = desk.fail(request)
    newer = desk.fetch()
    assert newer != token
    heard = desk.inquirer.get_rid_report(SHOP, rid)
    assert isinstance(heard, RidReport)
    assert heard.url.endswith("/getticket?access_token=…&type=nonsense")


@pytest.mark.parametrize(("rid", "errcode"), [("nonsense", 76002), ("", 76002), ("6176a2e0-0a0b0c0d-00000001", 76001)])
def test_an_unknown_rid_is_refused(desk: AccountQuerySetup, rid: str, errcode: int) -> None:
    desk.fetch()
    heard = desk.inquirer.get_rid_report(SHOP, rid)
    assert isinstance(heard, Refusal)
    assert heard.errcode == errcode


def test_a_rid_of_another_account_or_of_last_week_is_refused(desk: AccountQuerySetup) -> None:
    theirs = desk.fail(token_request(OTHER, Secret("0" * 32), force=False))
    ours = desk.fail(token_request(SHOP, Secret("0" * 32), force=False))
    desk.clock.advance(7 * 86400 + 1)
    desk.fetch()
    heard = [desk.inquirer.get_rid_report(SHOP, rid) for rid in (theirs, ours)]
    assert [one.errcode for one in heard if isinstance(one, Refusal)] == [76003, 76004]


# -- quotas ---------------------------------------------------------------------------------------


def test_the_quotas_of_guard_dogs_endpoints_are_returned(desk: AccountQuerySetup) -> None:
    desk.fetch()
    desk.fetch()
    heard = desk.inquirer.get_quotas(SHOP)
    assert isinstance(heard, tuple)
    assert tuple(quota.path for quota in heard) == QUOTA_PATHS
    assert heard[0] == Quota("/cgi-bin/token", 2000, 2, 1998)
    assert heard[1] == Quota("/cgi-bin/stable_token", 500_000, 0, 500_000, 10_000, 60)


def test_the_first_refused_quota_ends_the_query(desk: AccountQuerySetup) -> None:
    desk.fetch()
    desk.wire.fault_for_request = lambda _: 76003
    heard = desk.inquirer.get_quotas(SHOP)
    assert isinstance(heard, Refusal)
    assert heard.errcode == 76003
    assert desk.wire.calls_by_endpoint["get"] == 1


def test_counters_can_be_cleared_ten_times_a_month(desk: AccountQuerySetup) -> None:
    desk.fetch()
    for _ in range(10):
        assert desk.inquirer.clear_quota(SHOP) == QuotaCleared()
    heard = desk.inquirer.clear_quota(SHOP)
    assert isinstance(heard, Refusal)
    assert heard.errcode == 48006
    quotas = desk.inquirer.get_quotas(SHOP)
    assert isinstance(quotas, tuple)
    assert quotas[0].used == 0
    desk.clock.advance(31 * 86400)
    desk.fetch()
    assert desk.inquirer.clear_quota(SHOP) == QuotaCleared()


# -- clearing the counters with the AppSecret -----------------------------------------------------


def test_without_a_token_the_stored_secret_clears_the_counters(desk: AccountQuerySetup) -> None:
    request = token_request(SHOP, Secret(SECRET), force=False)
    for _ in range(2000):
        desk.call(request)
    assert desk.call(request)["errcode"] == 45009

    assert desk.inquirer.clear_quota(SHOP) == QuotaCleared()

    (sent,) = desk.wire.sent
    assert (sent.path, sent.query) == ("/cgi-bin/clear_quota/v2", ())
    assert dict(sent.body or ()) == {"appid": SHOP.appid, "appsecret": SECRET}
    assert SECRET not in repr(sent)
    assert "access_token" in desk.call(request)


def test_a_token_call_that_is_itself_used_up_is_followed_by_the_secret(desk: AccountQuerySetup) -> None:
    desk.fetch()
    desk.wire.fault_for_request = lambda request: 45009 if request.path.endswith("quota") else None
    assert desk.inquirer.clear_quota(SHOP) == QuotaCleared()
    assert [request.path for request in desk.wire.sent] == ["/cgi-bin/clear_quota", "/cgi-bin/clear_quota/v2"]


def test_another_refusal_of_the_token_is_no_reason_to_send_the_secret(desk: AccountQuerySetup) -> None:
    desk.fetch()
    desk.wire.fault_for_request = lambda _: 48006
    heard = desk.inquirer.clear_quota(SHOP)
    assert isinstance(heard, Refusal)
    assert heard.errcode == 48006
    assert len(desk.wire.sent) == 1


@pytest.mark.parametrize("result", [SecretMissing(), KeyringIsLocked(), KeyringIsDown()])
def test_without_a_secret_nothing_is_sent(
    desk: AccountQuerySetup, result: SecretMissing | KeyringIsLocked | KeyringIsDown
) -> None:
    desk.secrets.lookup_result = result
    assert desk.inquirer.clear_quota(SHOP) == result
    assert desk.wire.sent == []


def test_the_secret_is_in_no_errmsg(desk: AccountQuerySetup) -> None:
    refused = json_reply(errcode=40125, errmsg=f"invalid appsecret {SECRET}")
    desk.wire.fault_for_request = lambda _: lambda _answer: refused
    heard = desk.inquirer.clear_quota(SHOP)
    assert isinstance(heard, Refusal)
    assert SECRET not in repr(heard)
