"""Verifying, adding, editing and removing accounts."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    LookupResult,
    NotPersisted,
    SecretMissing,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError, NoSuchAccount
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, Reply, Request, TransportFailure
from guarddog_gui.services.accounts import (
    AccountNotSaved,
    AccountRemoved,
    AccountSaved,
    SaveMode,
    VerificationResult,
    with_account,
)
from guarddog_gui.services.provenance.own_values import OwnValues
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import (
    NOW,
    OFFLINE_FAILURE,
    FakeAccountStore,
    error_reply,
    scripted_transport,
    ticket_reply,
    token_reply,
)
from tests.in_memory_services import ScriptedServices

OLD, NEW = "0" * 32, "1" * 32
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
OTHER = Account("wx2", "Other")


class AccountServiceSetup(ScriptedServices):
    """An AccountService on fakes."""

    def knows(self, account: Account, secret: str | None = OLD) -> None:
        self.accounts.stored = (*self.accounts.stored, account)
        if secret is not None:
            self.secrets.stored[account.appid] = Secret(secret)


def make_setup(*replies: Reply | TransportFailure) -> AccountServiceSetup:
    return AccountServiceSetup(scripted_transport(*replies))


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


@pytest.mark.parametrize(
    ("account", "secret", "problem"),
    [
        (replace(SHOP, appid="../x"), NEW, "bad-appid"),
        (replace(SHOP, ahead=600), NEW, "bad-ahead-stable"),
        (SHOP, "", "empty-secret"),
        (SHOP, "two words", "bad-secret"),
    ],
)
def test_invalid_input_is_refused_before_a_request(account: Account, secret: str, problem: str) -> None:
    d = make_setup()

    for attempt in (d.account_service.verify_credentials, d.account_service.save):
        with pytest.raises(BadInput, match=problem):
            attempt(account, Secret(secret))

    assert d.transport.requests == []
    assert d.accounts.stored == ()


def test_a_verification_result_shows_no_secret() -> None:
    for reply in (token_reply("T" * 40), error_reply(40125, f"you sent {NEW}"), Reply(200, NEW.encode())):
        verdict = make_setup(reply).account_service.verify_credentials(SHOP, Secret(NEW))
        assert NEW not in f"{verdict!r}"


# -- saving -------------------------------------------------------------------------------------------


def test_a_new_account_is_in_both_stores() -> None:
    d = make_setup()
    d.knows(OTHER)

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountSaved(SHOP)

    assert d.accounts.stored == (OTHER, SHOP)
    assert d.secrets.stored[SHOP.appid] == Secret(NEW)
    assert d.history.entries == []


def test_an_edit_keeps_the_position_and_the_secret() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.knows(OTHER)
    renamed = replace(SHOP, name="Renamed", platform=Platform.MINI_PROGRAM)

    assert d.account_service.save(renamed, None) == AccountSaved(renamed)

    assert d.accounts.stored == (renamed, OTHER)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


@pytest.mark.parametrize("answer", [KeyringIsLocked("x"), KeyringIsDown("x")])
def test_an_unavailable_keyring_changes_nothing(answer: KeyringIsLocked | KeyringIsDown) -> None:
    d = make_setup()
    d.secrets.lookup_result = answer

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountNotSaved(SHOP, answer)
    assert (d.accounts.stored, d.secrets.stored) == ((), {})


@pytest.mark.parametrize("answer", [NotPersisted(), KeyringIsLocked("x"), KeyringIsDown("x")])
def test_a_keyring_that_does_not_store_changes_nothing(answer: StoreResult) -> None:
    d = make_setup()
    d.secrets.store_result = answer

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountNotSaved(SHOP, answer)  # type: ignore[arg-type]  # never Stored
    assert d.accounts.stored == ()


def test_a_failed_list_write_restores_the_previous_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.accounts.is_disk_full = True

    outcome = d.account_service.save(replace(SHOP, name="Renamed"), Secret(NEW))

    assert isinstance(outcome, AccountNotSaved)
    assert isinstance(outcome.error, FileError)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)
    assert d.accounts.stored == (SHOP,)


def test_a_failed_list_write_removes_the_secret_of_a_new_account() -> None:
    d = make_setup()
    d.accounts.is_disk_full = True

    assert isinstance(d.account_service.save(SHOP, Secret(NEW)), AccountNotSaved)
    assert d.secrets.stored == {}


def test_a_failed_list_write_leaves_an_unchanged_secret_alone() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.accounts.is_disk_full = True

    assert isinstance(d.account_service.save(SHOP, None), AccountNotSaved)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


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


def test_two_accounts_cannot_share_a_folder() -> None:
    d = make_setup()
    d.knows(SHOP)
    shared = replace(OTHER, dog_dir=d.dogs.directory(SHOP))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.verify_credentials(shared, Secret(NEW))
    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.save(shared, Secret(NEW))
    assert d.accounts.stored == (SHOP,)
    assert isinstance(d.account_service.save(replace(SHOP, name="Again"), None), AccountSaved)


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


def test_two_accounts_cannot_export_to_the_same_file() -> None:
    d = make_setup()
    env = ExportTarget(ExportFormat.ENV, "/srv/.env")
    d.knows(replace(SHOP, exports=(env,)))

    with pytest.raises(BadInput, match="outlet-taken"):
        d.account_service.save(replace(OTHER, exports=(env,)), Secret(NEW))
    assert OTHER.appid not in d.secrets.stored
    assert isinstance(d.account_service.save(replace(SHOP, name="Again", exports=(env,)), None), AccountSaved)


def test_two_accounts_cannot_export_to_the_same_file_by_a_link() -> None:
    d = make_setup()
    d.export_files.links["/home/me/shop/.env"] = "/srv/.env"
    d.knows(replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),)))
    linked = ExportTarget(ExportFormat.ENV, "/home/me/shop/.env")

    with pytest.raises(BadInput, match="outlet-taken"):
        d.account_service.save(replace(OTHER, exports=(linked,)), Secret(NEW))
    with pytest.raises(BadInput, match="outlet-twice"):
        d.account_service.save(replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"), linked)), None)


def test_an_account_can_be_saved_after_a_failed_check() -> None:
    d = make_setup(error_reply(40164))
    verdict = d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert d.account_service.save(SHOP, Secret(NEW), verdict) == AccountSaved(SHOP)
    assert [entry.errcode for entry in d.history.entries] == [40164]
    assert d.dogs.files == {}


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


# -- removing -------------------------------------------------------------------------------------------


def with_files(d: AccountServiceSetup) -> None:
    d.knows(SHOP)
    d.knows(OTHER)
    for kind in (TOKEN, TICKET):
        d.dogs.put_text(SHOP, kind, "{}")
        d.dogs.put_text(OTHER, kind, "{}")
    d.history.append(HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW))


def test_removing_an_account_removes_its_secret_and_keeps_its_files() -> None:
    d = make_setup()
    with_files(d)

    assert d.account_service.remove(SHOP.appid, purge=False) == AccountRemoved(SHOP)

    assert d.accounts.stored == (OTHER,)
    assert list(d.secrets.stored) == [OTHER.appid]
    assert len(d.dogs.files) == 4


def test_a_purge_removes_only_the_files_of_the_account() -> None:
    d = make_setup()
    with_files(d)

    assert d.account_service.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP)

    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert len(d.history.entries) == 1


@pytest.mark.parametrize("answer", [KeyringIsLocked("x"), KeyringIsDown("x"), NotPersisted()])
def test_an_unavailable_keyring_does_not_prevent_the_removal(answer: StoreResult) -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = answer

    assert d.account_service.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP, answer)  # type: ignore[arg-type]  # never Lost

    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_files_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.dogs.is_disk_full = True

    removed = d.account_service.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert d.accounts.stored == (OTHER,)


@pytest.mark.parametrize("purge", [False, True])
def test_recently_signed_urls_are_removed_with_the_account(purge: bool) -> None:  # noqa: FBT001
    d = make_setup()
    with_files(d)
    for account in (SHOP, OTHER):
        d.recent_urls.add(account.appid, "https://a.cn/")

    d.account_service.remove(SHOP.appid, purge=purge)

    assert d.recent_urls.stored == {OTHER.appid: ("https://a.cn/",)}


def test_urls_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.recent_urls.is_disk_full = True

    removed = d.account_service.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert removed.file_error.path == "/config/recent_urls.json"
    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_a_failed_list_write_keeps_the_account_and_its_secret() -> None:
    d = make_setup()
    with_files(d)
    d.accounts.is_disk_full = True

    with pytest.raises(FileError):
        d.account_service.remove(SHOP.appid, purge=True)

    assert d.accounts.stored == (SHOP, OTHER)
    assert SHOP.appid in d.secrets.stored
    assert len(d.dogs.files) == 4


def test_a_secret_that_is_left_is_removed_by_doing_it_again() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = NotPersisted()
    d.account_service.remove(SHOP.appid, purge=True)
    assert SHOP.appid in d.secrets.stored

    d.secrets.store_result = None
    assert d.account_service.remove(SHOP.appid, purge=False).is_complete

    assert SHOP.appid not in d.secrets.stored
    assert d.accounts.removals == ()


def test_maintenance_finishes_a_removal_with_its_purge() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = KeyringIsLocked()
    d.dogs.is_disk_full = True
    first = d.account_service.remove(SHOP.appid, purge=True)
    assert isinstance(first.secret_error, KeyringIsLocked)
    assert isinstance(first.file_error, FileError)
    (still,) = d.account_service.finish_pending_removals()
    assert (still.account, still.secret_error) == (SHOP, KeyringIsLocked())

    d.secrets.store_result, d.dogs.is_disk_full = None, False
    assert d.account_service.finish_pending_removals() == ()

    assert SHOP.appid not in d.secrets.stored
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert d.accounts.removals == ()


def test_maintenance_leaves_an_account_alone_that_another_process_uses() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)
    d.accounts.start_removal(PendingRemoval(SHOP.appid, SHOP.name))
    d.lock.is_busy = True

    assert d.account_service.finish_pending_removals() == ()
    assert SHOP.appid in d.secrets.stored


def test_an_account_that_is_added_again_keeps_its_new_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.secrets.store_result = KeyringIsLocked()
    d.account_service.remove(SHOP.appid, purge=True)
    d.secrets.store_result = None

    d.account_service.save(SHOP, Secret(NEW))
    d.account_service.finish_pending_removals()

    assert d.secrets.stored[SHOP.appid] == Secret(NEW)


def test_a_secret_without_an_account_is_removed_by_its_appid() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)

    assert d.account_service.remove(SHOP.appid, purge=False).is_complete
    assert d.secrets.stored == {}


def test_the_secret_of_a_killed_addition_is_removed_later() -> None:
    class Killed(BaseException):
        pass

    class Killing(FakeAccountStore):
        def update(self, _edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
            raise Killed

    d = make_setup()
    d.accounts = Killing()
    with pytest.raises(Killed):
        d.account_service.save(SHOP, Secret(NEW))
    assert d.secrets.stored == {SHOP.appid: Secret(NEW)}

    assert d.account_service.finish_pending_removals() == ()
    assert d.secrets.stored == {}


def test_a_new_account_that_was_not_saved_leaves_no_removal() -> None:
    d = make_setup()
    d.secrets.store_result = NotPersisted()

    assert isinstance(d.account_service.save(SHOP, Secret(NEW)), AccountNotSaved)
    assert d.accounts.removals == ()


def test_an_unknown_account_cannot_be_removed() -> None:
    with pytest.raises(NoSuchAccount, match="wx0123456789abcdef"):
        make_setup().account_service.remove(SHOP.appid, purge=False)


def test_with_account_adds_or_replaces_an_account() -> None:
    renamed = replace(SHOP, name="Renamed")
    assert with_account((), SHOP) == (SHOP,)
    assert with_account((SHOP, OTHER), renamed) == (renamed, OTHER)


# -- saving what a form shows ---------------------------------------------------------------------------


def test_adding_a_known_account_is_refused() -> None:
    d = make_setup()
    d.knows(SHOP)

    with pytest.raises(BadInput, match="account-known"):
        d.account_service.save(Account(SHOP.appid, "Again"), Secret(NEW), mode=SaveMode.ADD)

    assert d.accounts.stored == (SHOP,)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_changing_a_removed_account_is_refused() -> None:
    d = make_setup()

    with pytest.raises(BadInput, match="account-gone"):
        d.account_service.save(SHOP, None, mode=SaveMode.CHANGE, edited_from=SHOP)

    assert d.accounts.stored == ()


def test_an_account_removed_during_a_save_restores_the_secret() -> None:
    class Leaving(FakeAccountStore):
        def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
            self.stored = ()
            super().update(edit)

    d = make_setup()
    d.accounts = Leaving(SHOP)

    with pytest.raises(BadInput, match="account-gone"):
        d.account_service.save(SHOP, Secret(NEW), mode=SaveMode.CHANGE, edited_from=SHOP)

    assert (d.accounts.stored, d.secrets.stored) == ((), {})


def test_concurrent_changes_of_other_fields_are_kept() -> None:
    d = make_setup()
    d.knows(replace(SHOP, name="Of now"))
    wanted = replace(SHOP, ahead=60)

    saved = d.account_service.save(wanted, None, mode=SaveMode.CHANGE, edited_from=SHOP)

    assert saved == AccountSaved(replace(SHOP, name="Of now", ahead=60))
    assert d.accounts.stored == (replace(SHOP, name="Of now", ahead=60),)


def test_an_unusable_folder_is_refused_before_the_keyring_is_used() -> None:
    d = make_setup()
    d.dogs.unusable_folders["/proc/x"] = "permission denied"
    account = replace(SHOP, dog_dir="/proc/x")

    outcome = d.account_service.save(account, Secret(NEW))

    assert isinstance(outcome, AccountNotSaved)
    assert str(outcome.error) == "/proc/x: permission denied"
    assert (d.accounts.stored, d.secrets.stored) == ((), {})
    d.knows(account)
    assert isinstance(
        d.account_service.save(replace(account, name="Again"), None), AccountSaved
    )  # about something else


def test_the_folder_of_another_account_is_not_inspected() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.dogs.existing_folders["/theirs"] = FolderContents(other_dog_files=("X.dog",))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.inspect_folder(replace(OTHER, dog_dir=d.dogs.directory(SHOP)))
    assert d.account_service.inspect_folder(replace(OTHER, dog_dir="/theirs")).other_dog_files == ("X.dog",)


def test_an_export_target_of_another_account_is_named() -> None:
    d = make_setup()
    env, free = (ExportTarget(ExportFormat.ENV, path) for path in ("/srv/.env", "/srv/free/.env"))
    d.knows(replace(SHOP, exports=(env,)))

    with pytest.raises(BadInput) as refused:
        d.account_service.save(replace(OTHER, exports=(free, env)), Secret(NEW))
    assert refused.value.subject == "/srv/.env"
