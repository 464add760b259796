"""Check credentials before an account is saved, and use the token of the check."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, LookupResult, SecretMissing
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, Reply, Request, TransportFailure
from guarddog_gui.services.accounts.account_service import AccountSaved
from guarddog_gui.services.accounts.account_verification import VerificationResult
from guarddog_gui.services.provenance.own_values import OwnValues
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply, ticket_reply, token_reply
from tests.services.accounts.account_setup import CLASSIC, NEW, OLD, OTHER, AccountServiceSetup, make_setup

# -- the verdict --------------------------------------------------------------------------------------


def test_accepted_credentials_are_valid_and_their_token_is_kept() -> None:
    d = make_setup(token_reply("T1", 5000))

    verdict = d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert verdict.is_valid
    assert verdict.answer == IssuedToken("T1", 5000)
    assert verdict.record == TokenRecord("T1", 5000, int(NOW * 1000), "/dogs/wx0123456789abcdef", 290)
    assert (verdict.entry.result, verdict.entry.calls, verdict.entry.trigger) == (AttemptResult.NEW, 1, Trigger.USER)


def test_a_check_saves_nothing() -> None:
    d = make_setup(token_reply("T1"))

    d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert (d.accounts.stored, d.secrets.stored, d.dogs.files, d.history.entries) == ((), {}, {}, [])


def test_a_classic_account_is_verified_with_stable_token() -> None:
    d = make_setup(token_reply("T1"))

    verdict = d.account_service.verify_credentials(CLASSIC, Secret(NEW))

    assert d.transport.endpoints == ["stable_token"]
    assert dict(d.transport.requests[0].body or ())["force_refresh"] is False
    assert verdict.is_valid
    assert verdict.record is None
    assert verdict.account is CLASSIC


def test_a_refusal_has_errcode_errmsg_rid_and_ip() -> None:
    d = make_setup(error_reply(40164, "invalid ip 203.0.113.7 rid: 6176a2e0-0a0b0c0d-00000001"))

    verdict = d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert not verdict.is_valid
    assert isinstance(verdict.answer, Refusal)
    entry = verdict.entry
    assert (entry.result, entry.errcode, entry.ip) == (AttemptResult.REFUSED, 40164, "203.0.113.7")
    assert (entry.rid, entry.endpoint) == ("6176a2e0-0a0b0c0d-00000001", "stable_token")


@pytest.mark.parametrize(
    ("silence", "calls", "detail"),
    [(OFFLINE_FAILURE, 0, "offline no route"), (TransportFailure(FailureKind.TIMEOUT, "read"), 1, "timeout read")],
)
def test_without_an_answer_credentials_are_not_refused(silence: TransportFailure, calls: int, detail: str) -> None:
    verdict = make_setup(silence).account_service.verify_credentials(SHOP, Secret(NEW))

    assert verdict.answer == silence
    assert (verdict.entry.result, verdict.entry.calls, verdict.entry.detail) == (AttemptResult.NO_ANSWER, calls, detail)


def test_the_duration_of_the_check_is_recorded() -> None:
    d = make_setup()

    def slow(_: Request) -> Reply:
        d.clock.advance(1.5)
        return token_reply("T1")

    d.transport.handler = slow

    verdict = d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert verdict.entry.took_ms == 1500
    assert verdict.record is not None
    assert verdict.record.generated_at == NOW


def test_an_account_can_be_verified_with_the_stored_secret() -> None:
    d = make_setup(token_reply("T1"))
    d.knows(SHOP, OLD)

    assert d.account_service.verify_credentials(SHOP, None).is_valid
    assert dict(d.transport.requests[0].body or ())["secret"] == OLD


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (SecretMissing(), AttemptResult.NO_SECRET),
        (KeyringIsLocked("x"), AttemptResult.KEYRING_LOCKED),
        (KeyringIsDown("x"), AttemptResult.KEYRING_DOWN),
    ],
)
def test_a_check_fails_if_the_stored_secret_is_unavailable(answer: LookupResult, result: AttemptResult) -> None:
    d = make_setup()
    d.secrets.lookup_result = answer

    verdict = d.account_service.verify_credentials(SHOP, None)

    assert (verdict.answer, verdict.entry.result, verdict.entry.calls) == (answer, result, 0)
    assert not verdict.is_valid


def test_a_verification_result_shows_no_secret() -> None:
    for reply in (token_reply("T" * 40), error_reply(40125, f"you sent {NEW}"), Reply(200, NEW.encode())):
        verdict = make_setup(reply).account_service.verify_credentials(SHOP, Secret(NEW))
        assert NEW not in f"{verdict!r}"


# -- saving with a verdict ------------------------------------------------------------------------------


def checked(d: AccountServiceSetup, account: Account = SHOP) -> VerificationResult:
    d.transport.handler = lambda _: token_reply("T1")
    return d.account_service.verify_credentials(account, Secret(NEW))


def test_the_token_of_the_check_is_the_first_token_of_the_account() -> None:
    d = make_setup()
    verdict = checked(d)
    moved = replace(SHOP, dog_dir="/srv/dogs", ahead=60)

    d.account_service.save(moved, Secret(NEW), verdict)

    record = d.dogs.read(moved, TOKEN)
    assert record == TokenRecord("T1", 7200, int(NOW * 1000), "/srv/dogs", 60)
    assert d.history.entries == [verdict.entry]


@pytest.mark.parametrize(("tried", "saved"), [(CLASSIC, CLASSIC), (SHOP, CLASSIC), (CLASSIC, SHOP)])
def test_a_stable_token_is_not_written_for_a_classic_account(tried: Account, saved: Account) -> None:
    d = make_setup()
    verdict = checked(d, tried)

    d.account_service.save(saved, Secret(NEW), verdict)

    assert d.dogs.files == {}
    assert d.history.entries == [verdict.entry]


def test_a_check_of_another_account_is_ignored() -> None:
    d = make_setup()
    verdict = checked(d)

    d.account_service.save(OTHER, Secret(NEW), verdict)

    assert d.dogs.files == {}
    assert d.history.entries == []


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_rejected_token_in_a_new_folder_is_replaced(endpoint: Endpoint) -> None:
    d = make_setup(token_reply("GRANTED"), error_reply(40001))
    account = replace(SHOP, dog_dir="/theirs", endpoint=endpoint)
    d.dogs.put_text(
        account,
        TokenKind.ACCESS_TOKEN,
        dog_format.format_token_record(TokenRecord("DEAD", 7200, int(NOW * 1000), "", 2)),
    )
    ticket = TokenRecord("DEAD TOO", 7200, int(NOW * 1000), "", 2)
    d.dogs.put_record(account, TokenKind.JSAPI_TICKET, ticket)
    verdict = d.account_service.verify_credentials(account, Secret(NEW))
    assert verdict.existing_token_rejected
    d.account_service.save(account, Secret(NEW), verdict)
    record = d.dogs.read(account, TokenKind.ACCESS_TOKEN)
    assert record is not None
    assert record.value == "GRANTED"
    assert d.dogs.read(account, TokenKind.JSAPI_TICKET) is None  # its ticket is as dead


@pytest.mark.parametrize(
    ("replies", "is_rejected", "value"),
    [
        ([ticket_reply("J1"), ticket_reply("J1")], False, "THEIRS"),
        ([ticket_reply("J2"), ticket_reply("J1")], True, "GRANTED"),
        ([error_reply(40001)], True, "GRANTED"),
        ([OFFLINE_FAILURE], False, None),
        ([error_reply(-1)], False, None),
    ],
)
def test_a_classic_token_in_a_new_folder_is_used_if_its_ticket_is_the_same(
    replies: list[Reply | TransportFailure],
    is_rejected: bool,  # noqa: FBT001 - a parameter of the test
    value: str | None,
) -> None:
    d = make_setup(token_reply("GRANTED"), *replies)
    account = replace(CLASSIC, dog_dir="/theirs")
    d.dogs.put_record(account, TOKEN, TokenRecord("THEIRS", 7200, int(NOW * 1000), "", 2))
    verdict = d.account_service.verify_credentials(account, Secret(NEW))
    assert verdict.existing_token_rejected == is_rejected
    d.account_service.save(account, Secret(NEW), verdict)
    record = OwnValues(d.dogs, lambda: d.history, d.clock).read(account, TOKEN)
    assert (None if record is None else record.value) == value
    assert d.transport.endpoints[0] == "stable_token"
    assert "token" not in d.transport.endpoints


def test_a_token_refreshed_after_the_check_is_not_replaced() -> None:
    d = make_setup()
    d.knows(SHOP)
    verdict = checked(d)
    newer = TokenRecord("T2", 7200, int(NOW * 1000) + 5000, "/dogs/wx0123456789abcdef", 290)
    d.dogs.put_own_record(SHOP, TOKEN, newer)

    d.account_service.save(SHOP, None, verdict)

    assert d.dogs.read(SHOP, TOKEN) == newer


def test_an_older_token_is_replaced() -> None:
    d = make_setup()
    d.knows(SHOP)
    older = TokenRecord("T0", 7200, int(NOW * 1000) - 5000, "/dogs/wx0123456789abcdef", 290)
    d.dogs.put_record(SHOP, TOKEN, older)

    d.account_service.save(SHOP, None, checked(d))

    record = d.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == "T1"


@pytest.mark.parametrize("trouble", ["busy", "full"])
def test_a_failed_token_write_does_not_undo_the_account(trouble: str) -> None:
    d = make_setup()
    d.knows(SHOP)
    verdict = checked(d)
    d.lock.is_busy = trouble == "busy"
    d.dogs.is_disk_full = trouble == "full"

    assert d.account_service.save(SHOP, Secret(NEW), verdict) == AccountSaved(SHOP)
    assert d.accounts.stored == (SHOP,)


# -- a folder that has files already ------------------------------------------------------------------


THEIRS = TokenRecord("THEIRS-" + "b" * 60, 7200, int(NOW * 1000) - 600_000, "./tokens", 2)


def lies(d: AccountServiceSetup, record: TokenRecord, kind: TokenKind = TOKEN) -> None:
    d.dogs.put_record(SHOP, kind, record)


def adopted(d: AccountServiceSetup) -> list[tuple[str, str]]:
    return [(entry.key, entry.detail) for entry in d.history.entries if entry.result is AttemptResult.ADOPTED]


def test_the_token_of_another_account_in_a_new_folder_is_replaced() -> None:
    d = make_setup()
    lies(d, THEIRS)
    lies(d, THEIRS, TICKET)

    d.account_service.save(SHOP, Secret(NEW), checked(d))

    assert d.value_on_disk(SHOP, TOKEN) == "T1"
    assert d.value_on_disk(SHOP, TICKET) is None
    assert [(entry.result, entry.detail) for entry in d.history.entries][-1] == (AttemptResult.NOT_ADOPTED, "other")


def test_the_token_that_the_check_returns_gets_its_true_life() -> None:
    d = make_setup()
    lies(d, replace(THEIRS, value="T1"))
    d.account_service.save(SHOP, Secret(NEW), checked(d))
    record = d.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.generated_at == NOW


def test_a_file_is_used_by_nobody_if_the_account_is_not_checked() -> None:
    d = make_setup()
    lies(d, THEIRS)
    d.account_service.save(SHOP, Secret(NEW))
    assert OwnValues(d.dogs, lambda: d.history, d.clock).read(SHOP, TOKEN) is None
    assert adopted(d) == []


def test_an_account_that_keeps_its_folder_adopts_nothing() -> None:
    d = make_setup()
    d.knows(SHOP)
    lies(d, THEIRS)
    d.account_service.save(replace(SHOP, name="Renamed"), None)
    assert adopted(d) == []


@pytest.mark.parametrize("age", [7200, 7195])
def test_an_expired_or_due_value_is_replaced_by_that_of_the_check(age: int) -> None:
    d = make_setup()
    lies(d, replace(THEIRS, generated_ms=int((NOW - age) * 1000)))
    d.account_service.save(SHOP, Secret(NEW), checked(d))
    record = d.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == "T1"


def test_files_of_a_locked_account_are_adopted_later() -> None:
    d = make_setup()
    lies(d, THEIRS)
    d.lock.is_busy = True
    assert d.account_service.save(SHOP, None) == AccountSaved(SHOP)
    assert adopted(d) == []
