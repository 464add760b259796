"""Adding, editing and removing accounts, and the verdict before anything is saved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.accounts.keyring_results import Kept, Locked, Looked, Lost, Missing, Unavailable
from guarddog_gui.domain.errors import BadInput, FileTrouble, NoSuchAccount
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.refresh.foreign_writes import FOUND
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Grant, Refusal, Reply, Request, Silence, Unheard
from guarddog_gui.services.accounts import (
    AccountBook,
    Draft,
    NotSaved,
    Removed,
    Saved,
    Verdict,
    with_account,
)
from tests.catalogue import CATALOGUE
from tests.fakes import (
    NOW,
    OFFLINE,
    FakeClock,
    FakeForeignFiles,
    FakeLock,
    FakeSecrets,
    FakeTransport,
    MemoryAccounts,
    MemoryDogs,
    MemoryHistory,
    MemoryUrls,
    json_reply,
    refusal,
    replying,
    token_reply,
)

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
OLD, NEW = "0" * 32, "1" * 32
SHOP = Account("wx0123456789abcdef", "Shop")
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
OTHER = Account("wx2", "Other")


@dataclass
class Desk:
    """An AccountBook with all that it needs, in memory."""

    transport: FakeTransport
    clock: FakeClock = field(default_factory=FakeClock)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    dogs: MemoryDogs = field(default_factory=MemoryDogs)
    recent_urls: MemoryUrls = field(default_factory=MemoryUrls)
    lock: FakeLock = field(default_factory=FakeLock)
    history: MemoryHistory = field(default_factory=MemoryHistory)
    files: FakeForeignFiles = field(default_factory=FakeForeignFiles)

    @property
    def book(self) -> AccountBook:
        return AccountBook(
            transport=self.transport,
            secrets=self.secrets,
            accounts=self.accounts,
            dogs=self.dogs,
            recent_urls=self.recent_urls,
            lock=self.lock,
            history=self.history,
            catalogue=CATALOGUE,
            outlet_files=self.files,
            clock=self.clock,
        )

    def knows(self, account: Account, secret: str | None = OLD) -> None:
        self.accounts.known = (*self.accounts.known, account)
        if secret is not None:
            self.secrets.stored[account.appid] = Secret(secret)


def desk(*replies: Reply | Silence) -> Desk:
    return Desk(replying(*replies))


# -- the verdict --------------------------------------------------------------------------------------


def test_credentials_that_work_are_good_and_the_token_is_not_lost() -> None:
    d = desk(token_reply("T1", 5000))

    verdict = d.book.check(SHOP, Secret(NEW))

    assert verdict.is_good
    assert verdict.answer == Grant("T1", 5000)
    assert verdict.grant == TokenRecord("T1", 5000, int(NOW * 1000), "/dogs/wx0123456789abcdef", 290)
    assert (verdict.entry.result, verdict.entry.calls, verdict.entry.trigger) == (
        Result.NEW,
        1,
        Trigger.PERSON,
    )


def test_a_check_saves_nothing() -> None:
    d = desk(token_reply("T1"))

    d.book.check(SHOP, Secret(NEW))

    assert (d.accounts.known, d.secrets.stored, d.dogs.files, d.history.entries) == ((), {}, {}, [])


def test_a_classic_account_is_tried_by_stable_token_so_that_no_servers_token_dies() -> None:
    d = desk(token_reply("T1"))

    verdict = d.book.check(CLASSIC, Secret(NEW))

    assert d.transport.paths == ["stable_token"]
    assert dict(d.transport.requests[0].body or ())["force_refresh"] is False
    assert verdict.is_good
    assert verdict.grant is None
    assert verdict.account is CLASSIC


def test_a_refusal_comes_with_its_number_its_words_and_the_callers_address() -> None:
    d = desk(refusal(40164, "invalid ip 203.0.113.7 rid: 6176a2e0-0a0b0c0d-00000001"))

    verdict = d.book.check(SHOP, Secret(NEW))

    assert not verdict.is_good
    assert isinstance(verdict.answer, Refusal)
    entry = verdict.entry
    assert (entry.result, entry.errcode, entry.ip) == (Result.REFUSED, 40164, "203.0.113.7")
    assert (entry.rid, entry.endpoint) == ("6176a2e0-0a0b0c0d-00000001", "stable_token")


@pytest.mark.parametrize(
    ("silence", "calls", "detail"),
    [(OFFLINE, 0, "offline no route"), (Silence(Unheard.TIMEOUT, "read"), 1, "timeout read")],
)
def test_no_answer_is_no_verdict_about_the_credentials(silence: Silence, calls: int, detail: str) -> None:
    verdict = desk(silence).book.check(SHOP, Secret(NEW))

    assert verdict.answer == silence
    assert (verdict.entry.result, verdict.entry.calls, verdict.entry.detail) == (
        Result.UNHEARD,
        calls,
        detail,
    )


def test_the_time_that_it_took_is_noted() -> None:
    d = desk()

    def slow(_: Request) -> Reply:
        d.clock.advance(1.5)
        return token_reply("T1")

    d.transport.handler = slow

    verdict = d.book.check(SHOP, Secret(NEW))

    assert verdict.entry.took_ms == 1500
    assert verdict.grant is not None
    assert verdict.grant.generated_at == NOW


def test_an_account_can_be_tried_with_the_secret_that_is_stored() -> None:
    d = desk(token_reply("T1"))
    d.knows(SHOP, OLD)

    assert d.book.check(SHOP, None).is_good
    assert dict(d.transport.requests[0].body or ())["secret"] == OLD


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Missing(), Result.NO_SECRET),
        (Locked("x"), Result.KEYRING_LOCKED),
        (Unavailable("x"), Result.KEYRING_DOWN),
    ],
)
def test_a_stored_secret_that_cannot_be_had_is_the_verdict(answer: Looked, result: Result) -> None:
    d = desk()
    d.secrets.trouble = answer

    verdict = d.book.check(SHOP, None)

    assert (verdict.answer, verdict.entry.result, verdict.entry.calls) == (answer, result, 0)
    assert not verdict.is_good


@pytest.mark.parametrize(
    ("account", "secret", "problem"),
    [
        (replace(SHOP, appid="../x"), NEW, "bad-appid"),
        (replace(SHOP, ahead=600), NEW, "bad-ahead-stable"),
        (SHOP, "", "empty-secret"),
        (SHOP, "two words", "bad-secret"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(
    account: Account, secret: str, problem: str
) -> None:
    d = desk()

    for attempt in (d.book.check, d.book.save):
        with pytest.raises(BadInput, match=problem):
            attempt(account, Secret(secret))

    assert d.transport.requests == []
    assert d.accounts.known == ()


def test_no_secret_is_in_what_a_check_tells() -> None:
    for reply in (token_reply("T" * 40), refusal(40125, f"you sent {NEW}"), Reply(200, NEW.encode())):
        verdict = desk(reply).book.check(SHOP, Secret(NEW))
        assert NEW not in f"{verdict!r}"


# -- saving -------------------------------------------------------------------------------------------


def test_a_new_account_is_in_both_stores() -> None:
    d = desk()
    d.knows(OTHER)

    assert d.book.save(SHOP, Secret(NEW)) == Saved(SHOP)

    assert d.accounts.known == (OTHER, SHOP)
    assert d.secrets.stored[SHOP.appid] == Secret(NEW)
    assert d.history.entries == []


def test_an_edit_changes_the_account_in_its_place_and_keeps_the_secret() -> None:
    d = desk()
    d.knows(SHOP)
    d.knows(OTHER)
    renamed = replace(SHOP, name="Renamed", platform=Platform.MINI_PROGRAM)

    assert d.book.save(renamed, None) == Saved(renamed)

    assert d.accounts.known == (renamed, OTHER)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


@pytest.mark.parametrize("answer", [Locked("x"), Unavailable("x")])
def test_a_keyring_that_does_not_answer_changes_nothing(answer: Locked | Unavailable) -> None:
    d = desk()
    d.secrets.trouble = answer

    assert d.book.save(SHOP, Secret(NEW)) == NotSaved(SHOP, answer)
    assert (d.accounts.known, d.secrets.stored) == ((), {})


@pytest.mark.parametrize("answer", [Lost(), Locked("x"), Unavailable("x")])
def test_a_keyring_that_keeps_nothing_changes_nothing(answer: Kept) -> None:
    d = desk()
    d.secrets.keeps = answer

    assert d.book.save(SHOP, Secret(NEW)) == NotSaved(SHOP, answer)  # type: ignore[arg-type]  # never Stored
    assert d.accounts.known == ()


def test_a_list_that_cannot_be_written_gives_the_keyring_back_what_it_had() -> None:
    d = desk()
    d.knows(SHOP, OLD)
    d.accounts.full = True

    outcome = d.book.save(replace(SHOP, name="Renamed"), Secret(NEW))

    assert isinstance(outcome, NotSaved)
    assert isinstance(outcome.reason, FileTrouble)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)
    assert d.accounts.known == (SHOP,)


def test_a_list_that_cannot_be_written_leaves_no_secret_of_an_account_that_is_none() -> None:
    d = desk()
    d.accounts.full = True

    assert isinstance(d.book.save(SHOP, Secret(NEW)), NotSaved)
    assert d.secrets.stored == {}


def test_a_list_that_cannot_be_written_leaves_a_secret_alone_that_was_not_touched() -> None:
    d = desk()
    d.knows(SHOP, OLD)
    d.accounts.full = True

    assert isinstance(d.book.save(SHOP, None), NotSaved)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


# -- saving with a verdict ------------------------------------------------------------------------------


def checked(d: Desk, account: Account = SHOP) -> Verdict:
    d.transport.handler = lambda _: token_reply("T1")
    return d.book.check(account, Secret(NEW))


def test_the_token_of_the_check_is_the_accounts_first_one() -> None:
    d = desk()
    verdict = checked(d)
    moved = replace(SHOP, dog_dir="/srv/dogs", ahead=60)

    d.book.save(moved, Secret(NEW), verdict)

    record = d.dogs.read(moved, TOKEN)
    assert record == TokenRecord("T1", 7200, int(NOW * 1000), "/srv/dogs", 60)
    assert d.history.entries == [verdict.entry]


@pytest.mark.parametrize(("tried", "saved"), [(CLASSIC, CLASSIC), (SHOP, CLASSIC), (CLASSIC, SHOP)])
def test_a_token_of_the_other_call_is_not_written(tried: Account, saved: Account) -> None:
    d = desk()
    verdict = checked(d, tried)

    d.book.save(saved, Secret(NEW), verdict)

    assert d.dogs.files == {}
    assert d.history.entries == [verdict.entry]


def test_a_verdict_about_another_account_is_none_about_this() -> None:
    d = desk()
    verdict = checked(d)

    d.book.save(OTHER, Secret(NEW), verdict)

    assert d.dogs.files == {}
    assert d.history.entries == []


def test_two_accounts_do_not_share_a_folder() -> None:
    d = desk()
    d.knows(SHOP)
    shared = replace(OTHER, dog_dir=d.dogs.directory(SHOP))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.book.check(shared, Secret(NEW))
    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.book.save(shared, Secret(NEW))
    assert d.accounts.known == (SHOP,)
    assert isinstance(d.book.save(replace(SHOP, name="Again"), None), Saved)


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_token_in_a_new_folder_that_wechat_refuses_is_replaced(endpoint: Endpoint) -> None:
    d = desk(token_reply("GRANTED"), refusal(40001))
    account = replace(SHOP, dog_dir="/theirs", endpoint=endpoint)
    d.dogs.put(
        account, TokenKind.ACCESS_TOKEN, dogfile.to_text(TokenRecord("DEAD", 7200, int(NOW * 1000), "", 2))
    )
    ticket = TokenRecord("DEAD TOO", 7200, int(NOW * 1000), "", 2)
    d.dogs.put(account, TokenKind.JSAPI_TICKET, dogfile.to_text(ticket))
    verdict = d.book.check(account, Secret(NEW))
    assert verdict.found_dead
    d.book.save(account, Secret(NEW), verdict)
    record = d.dogs.read(account, TokenKind.ACCESS_TOKEN)
    assert record is not None
    assert record.value == "GRANTED"
    assert d.dogs.read(account, TokenKind.JSAPI_TICKET) is None  # its ticket is as dead


def test_one_that_wechat_takes_or_says_nothing_about_stays() -> None:
    for said in (json_reply(ip_list=["203.0.113.1"]), OFFLINE, refusal(-1)):
        d = desk(token_reply("GRANTED"), said)
        account = replace(SHOP, dog_dir="/theirs")
        theirs = TokenRecord("THEIRS", 7200, int(NOW * 1000), "", 2)
        d.dogs.put(account, TokenKind.ACCESS_TOKEN, dogfile.to_text(theirs))
        verdict = d.book.check(account, Secret(NEW))
        assert not verdict.found_dead
        d.book.save(account, Secret(NEW), verdict)
        record = d.dogs.read(account, TokenKind.ACCESS_TOKEN)
        assert record is not None
        assert record.value == "THEIRS"


def test_two_accounts_are_not_written_to_the_same_file() -> None:
    d = desk()
    env = Outlet(OutletForm.ENV, "/srv/.env")
    d.knows(replace(SHOP, outlets=(env,)))

    with pytest.raises(BadInput, match="outlet-taken"):
        d.book.save(replace(OTHER, outlets=(env,)), Secret(NEW))
    assert OTHER.appid not in d.secrets.stored
    assert isinstance(d.book.save(replace(SHOP, name="Again", outlets=(env,)), None), Saved)


def test_nor_by_way_of_a_link() -> None:
    d = desk()
    d.files.links["/home/me/shop/.env"] = "/srv/.env"
    d.knows(replace(SHOP, outlets=(Outlet(OutletForm.ENV, "/srv/.env"),)))
    linked = Outlet(OutletForm.ENV, "/home/me/shop/.env")

    with pytest.raises(BadInput, match="outlet-taken"):
        d.book.save(replace(OTHER, outlets=(linked,)), Secret(NEW))
    with pytest.raises(BadInput, match="outlet-twice"):
        d.book.save(replace(SHOP, outlets=(Outlet(OutletForm.ENV, "/srv/.env"), linked)), None)


def test_a_bad_verdict_can_be_saved_all_the_same() -> None:
    d = desk(refusal(40164))
    verdict = d.book.check(SHOP, Secret(NEW))

    assert d.book.save(SHOP, Secret(NEW), verdict) == Saved(SHOP)
    assert [entry.errcode for entry in d.history.entries] == [40164]
    assert d.dogs.files == {}


def test_a_token_that_was_refreshed_while_the_person_thought_about_it_is_not_replaced_by_an_older_one() -> (
    None
):
    d = desk()
    d.knows(SHOP)
    verdict = checked(d)
    newer = TokenRecord("T2", 7200, int(NOW * 1000) + 5000, "/dogs/wx0123456789abcdef", 290)
    d.dogs.put(SHOP, TOKEN, dogfile.to_text(newer))

    d.book.save(SHOP, None, verdict)

    assert d.dogs.read(SHOP, TOKEN) == newer


def test_an_older_token_is_replaced() -> None:
    d = desk()
    d.knows(SHOP)
    older = TokenRecord("T0", 7200, int(NOW * 1000) - 5000, "/dogs/wx0123456789abcdef", 290)
    d.dogs.put(SHOP, TOKEN, dogfile.to_text(older))

    d.book.save(SHOP, None, checked(d))

    record = d.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == "T1"


@pytest.mark.parametrize("trouble", ["busy", "full"])
def test_a_token_that_cannot_be_written_does_not_undo_the_account(trouble: str) -> None:
    d = desk()
    verdict = checked(d)
    d.lock.busy = trouble == "busy"
    d.dogs.full = trouble == "full"

    assert d.book.save(SHOP, Secret(NEW), verdict) == Saved(SHOP)
    assert d.accounts.known == (SHOP,)


# -- a folder that has files already ------------------------------------------------------------------


THEIRS = TokenRecord("THEIRS-" + "b" * 60, 7200, int(NOW * 1000) - 600_000, "./tokens", 2)


def lies(d: Desk, record: TokenRecord, kind: TokenKind = TOKEN) -> None:
    d.dogs.put(SHOP, kind, dogfile.to_text(record))


def adopted(d: Desk) -> list[tuple[str, str]]:
    return [(entry.key, entry.detail) for entry in d.history.entries if entry.result is Result.ADOPTED]


@pytest.mark.parametrize("account", [SHOP, CLASSIC])
def test_what_lives_in_the_folder_of_a_new_account_is_not_overwritten_by_its_check(account: Account) -> None:
    d = desk()
    lies(d, THEIRS)
    lies(d, THEIRS, TICKET)

    d.book.save(account, Secret(NEW), checked(d, account))

    assert d.dogs.writes == 0
    assert adopted(d) == [(TOKEN, FOUND), (TICKET, FOUND)]


def test_an_account_that_moves_to_another_folder_spares_what_lives_there() -> None:
    d = desk()
    d.knows(SHOP)
    lies(d, THEIRS)

    d.book.save(replace(SHOP, dog_dir="/srv/dogs"), None, checked(d))

    assert d.dogs.writes == 0
    assert adopted(d) == [(TOKEN, FOUND)]


def test_an_account_that_stays_where_it_is_adopts_nothing() -> None:
    d = desk()
    d.knows(SHOP)
    lies(d, THEIRS)
    d.book.save(replace(SHOP, name="Renamed"), None)
    assert adopted(d) == []


@pytest.mark.parametrize("age", [7200, 7195])
def test_a_value_that_is_dead_or_due_is_replaced_by_that_of_the_check(age: int) -> None:
    d = desk()
    lies(d, replace(THEIRS, generated_ms=int((NOW - age) * 1000)))
    d.book.save(SHOP, Secret(NEW), checked(d))
    record = d.dogs.read(SHOP, TOKEN)
    assert record is not None
    assert record.value == "T1"


def test_files_that_somebody_holds_are_taken_over_later() -> None:
    d = desk()
    lies(d, THEIRS)
    d.lock.busy = True
    assert d.book.save(SHOP, Secret(NEW)) == Saved(SHOP)
    assert adopted(d) == []


# -- removing -------------------------------------------------------------------------------------------


def with_files(d: Desk) -> None:
    d.knows(SHOP)
    d.knows(OTHER)
    for kind in (TOKEN, TICKET):
        d.dogs.put(SHOP, kind, "{}")
        d.dogs.put(OTHER, kind, "{}")
    d.history.append(Entry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, Result.NEW))


def test_an_account_goes_with_its_secret_and_its_files_stay() -> None:
    d = desk()
    with_files(d)

    assert d.book.remove(SHOP.appid, purge=False) == Removed(SHOP)

    assert d.accounts.known == (OTHER,)
    assert list(d.secrets.stored) == [OTHER.appid]
    assert len(d.dogs.files) == 4


def test_a_purge_takes_its_files_and_nobody_elses_and_keeps_the_history() -> None:
    d = desk()
    with_files(d)

    assert d.book.remove(SHOP.appid, purge=True) == Removed(SHOP)

    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert len(d.history.entries) == 1


@pytest.mark.parametrize("answer", [Locked("x"), Unavailable("x")])
def test_a_keyring_that_does_not_open_keeps_no_account_alive_and_no_files(answer: Kept) -> None:
    d = desk()
    with_files(d)
    d.secrets.keeps = answer

    assert d.book.remove(SHOP.appid, purge=True) == Removed(SHOP, answer)  # type: ignore[arg-type]  # never Lost

    assert d.accounts.known == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_files_that_cannot_be_removed_are_told() -> None:
    d = desk()
    with_files(d)
    d.dogs.full = True

    removed = d.book.remove(SHOP.appid, purge=True)

    assert isinstance(removed.left_behind, FileTrouble)
    assert d.accounts.known == (OTHER,)


@pytest.mark.parametrize("purge", [False, True])
def test_the_addresses_that_were_signed_for_it_go_with_the_account(purge: bool) -> None:  # noqa: FBT001
    d = desk()
    with_files(d)
    for account in (SHOP, OTHER):
        d.recent_urls.remember(account.appid, "https://a.cn/")

    d.book.remove(SHOP.appid, purge=purge)

    assert d.recent_urls.urls == {OTHER.appid: ("https://a.cn/",)}


def test_addresses_that_cannot_be_forgotten_are_told_and_keep_no_account_alive() -> None:
    d = desk()
    with_files(d)
    d.recent_urls.full = True

    removed = d.book.remove(SHOP.appid, purge=True)

    assert isinstance(removed.left_behind, FileTrouble)
    assert removed.left_behind.path == "/config/recent_urls.json"
    assert d.accounts.known == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_a_list_that_cannot_be_written_keeps_the_account_with_its_secret() -> None:
    d = desk()
    with_files(d)
    d.accounts.full = True

    with pytest.raises(FileTrouble):
        d.book.remove(SHOP.appid, purge=True)

    assert d.accounts.known == (SHOP, OTHER)
    assert SHOP.appid in d.secrets.stored
    assert len(d.dogs.files) == 4


def test_nobody_can_be_removed_who_is_not_there() -> None:
    with pytest.raises(NoSuchAccount, match="wx0123456789abcdef"):
        desk().book.remove(SHOP.appid, purge=False)


def test_a_list_with_an_account_has_it_once() -> None:
    renamed = replace(SHOP, name="Renamed")
    assert with_account((), SHOP) == (SHOP,)
    assert with_account((SHOP, OTHER), renamed) == (renamed, OTHER)


# -- saving what a form shows ---------------------------------------------------------------------------


def test_one_that_is_to_be_added_does_not_replace_the_one_that_is_there() -> None:
    d = desk()
    d.knows(SHOP)

    with pytest.raises(BadInput, match="account-known"):
        d.book.save(Account(SHOP.appid, "Again"), Secret(NEW), draft=Draft.ADD)

    assert d.accounts.known == (SHOP,)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_one_that_is_to_be_changed_and_is_gone_does_not_come_back() -> None:
    d = desk()

    with pytest.raises(BadInput, match="account-gone"):
        d.book.save(SHOP, None, draft=Draft.CHANGE, seen=SHOP)

    assert d.accounts.known == ()


def test_one_that_goes_at_the_very_moment_gives_the_keyring_back_what_it_had() -> None:
    class Leaving(MemoryAccounts):
        def change(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
            self.known = ()
            super().change(edit)

    d = desk()
    d.accounts = Leaving(SHOP)

    with pytest.raises(BadInput, match="account-gone"):
        d.book.save(SHOP, Secret(NEW), draft=Draft.CHANGE, seen=SHOP)

    assert (d.accounts.known, d.secrets.stored) == ((), {})


def test_what_was_changed_elsewhere_meanwhile_stays_changed() -> None:
    d = desk()
    d.knows(replace(SHOP, name="Of now"))
    wanted = replace(SHOP, ahead=60)

    saved = d.book.save(wanted, None, draft=Draft.CHANGE, seen=SHOP)

    assert saved == Saved(replace(SHOP, name="Of now", ahead=60))
    assert d.accounts.known == (replace(SHOP, name="Of now", ahead=60),)


def test_a_new_folder_that_cannot_be_used_is_refused_before_the_keyring_is_asked() -> None:
    d = desk()
    d.dogs.unusable["/proc/x"] = "permission denied"
    account = replace(SHOP, dog_dir="/proc/x")

    outcome = d.book.save(account, Secret(NEW))

    assert isinstance(outcome, NotSaved)
    assert str(outcome.reason) == "/proc/x: permission denied"
    assert (d.accounts.known, d.secrets.stored) == ((), {})
    d.knows(account)
    assert isinstance(d.book.save(replace(account, name="Again"), None), Saved)  # about something else


def test_the_folder_of_another_account_is_not_looked_into() -> None:
    d = desk()
    d.knows(SHOP)
    d.dogs.folders["/theirs"] = FoundFolder(others=("X.dog",))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.book.survey(replace(OTHER, dog_dir=d.dogs.directory(SHOP)))
    assert d.book.survey(replace(OTHER, dog_dir="/theirs")).others == ("X.dog",)


def test_an_outlet_that_is_taken_is_named() -> None:
    d = desk()
    env, free = (Outlet(OutletForm.ENV, path) for path in ("/srv/.env", "/srv/free/.env"))
    d.knows(replace(SHOP, outlets=(env,)))

    with pytest.raises(BadInput) as refused:
        d.book.save(replace(OTHER, outlets=(free, env)), Secret(NEW))
    assert refused.value.about == "/srv/.env"
