"""Decisions: what is due and when, how long to wait after each kind of failure, what may be forced.

`Standing` is what the past attempts of one key add up to. It is always derived from history entries, so
a restart, the tray and the command line come to the same conclusions.
"""

from dataclasses import dataclass, replace
from zlib import crc32

from guarddog_gui.domain.refresh.foreign_writes import FOREIGN
from guarddog_gui.domain.refresh.history import GOOD, CallCount, Entry, Result, Trigger
from guarddog_gui.domain.tokens.expiry import FUTURE_TOLERANCE_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import Catalogue, ErrKind, Wait, beijing_day_start, wait_until
from guarddog_gui.domain.wechat.protocol import Unheard

BUDGET_A_DAY = 500  # automatic calls per account, of the 2000 that WeChat allows a new one
TOKEN_SHARE = 100  # of these, kept for the access token: a ticket that is refused all day must not starve it
FORCED_A_DAY = 20  # getStableAccessToken: forced mode
FORCED_APART_S = 30.0

TICKET_LOOK_S = 20 * 60  # how often to look at a ticket whose age is not known
TICKET_LIFE_S = 7200
CLOSE_TO_DEAD_S = 2.0  # a token with less life than this is not sent along: it would die on the way
OFFLINE_MAX_S = 60.0
TRANSIENT_MAX_S = 300.0
DISK_MAX_S = 600.0  # each new try at a full disk costs a call
UNKNOWN_FIRST_S = 300.0
UNKNOWN_MAX_S = 3600.0
QUOTA_PROBE_S = 3600.0
KEYRING_WAITS_S = (10.0, 30.0, 120.0)
BUSY_S = 5.0
OVERLAP_S = 300.0  # how long WeChat takes a token beside the one that followed it
SKEW_S = 180.0  # a clock that is this far off spoils countdowns and the timestamps of signatures
DAY_S = 86400.0

TAKEN = "taken"  # detail of an Entry: the token before was refused while it should have lived
KEPT = "kept"  # detail of an Entry: the same ticket came back and the clock of its first sight still runs
FORCED = "forced"  # first word of the detail of a BUDGET Entry: a person may not force a token yet

_KEYRING = frozenset({Result.KEYRING_LOCKED, Result.KEYRING_DOWN})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one key of one account stands after its past attempts.

    `not_before` (Unix seconds) holds automatic attempts back; `stopped` holds them back until a person
    acts; `untried` says that it was stopped before this start and has not been tried since; `looked_at` is
    when WeChat last gave us a value, `value` its fingerprint.

    `born_at` is when we saw this ticket replace another, so that its age is known, else 0; `ending` says
    that it came back once more at the end of its clock, so that it changes any moment; `unwritten` that the
    disk did not take the value we have; `suspect` that its end is not known any more: the clock was set back,
    or WeChat may have replaced it.
    """

    failures: int = 0
    not_before: float = 0.0
    stopped: bool = False
    untried: bool = False
    born_at: float = 0.0
    looked_at: float = 0.0
    value: str = ""
    ending: bool = False
    unwritten: bool = False
    suspect: bool = False
    last: Entry | None = None
    last_failure: Entry | None = None


def standing_after(before: Standing, entry: Entry, catalogue: Catalogue, jitter: float) -> Standing:
    """The standing once `entry` has happened. `jitter` is from 0 to 1 and spreads the waits by a quarter."""
    if _changes_nothing(entry):
        return before
    if entry.result in GOOD:
        return _after_success(before, entry)
    if before.last_failure is not None and _is_keyring(before.last_failure) != _is_keyring(entry):
        before = replace(before, failures=0)  # a long night offline is no reason to give up on the keyring
    if entry.result is Result.NOT_WRITTEN:
        before = replace(before, unwritten=True)
        if entry.fingerprint:  # WeChat gave it all the same: it will not be new when the disk takes it
            before = replace(before, looked_at=entry.at, value=entry.fingerprint, born_at=0.0, ending=False)
    if _may_have_replaced(entry):
        before = replace(before, suspect=True)
    wait = _wait(before, entry, catalogue)
    if wait is not None and _is_our_own_wait(entry, catalogue):
        wait *= 0.75 + 0.5 * jitter
    return replace(
        before,
        failures=before.failures + 1,
        stopped=wait is None,
        untried=False,
        not_before=0.0 if wait is None else entry.at + entry.took_ms / 1000 + wait,
        last=entry,
        last_failure=entry,
    )


def _changes_nothing(entry: Entry) -> bool:
    """WeChat was not asked and need not be: the file was good, or a person wanted to force once too often."""
    return entry.result is Result.STILL_FRESH or (
        entry.result is Result.BUDGET and entry.detail.startswith(FORCED)
    )


def _after_success(before: Standing, entry: Entry) -> Standing:
    if entry.result is Result.ADOPTED:
        adopted = Standing(looked_at=before.looked_at, value=before.value, last=entry)
        # what another program got says nothing about our own AppSecret, IP or network
        return _failing_as(before, adopted) if entry.detail == FOREIGN else adopted
    # a ticket of known age is not replaced long before its end, one of unknown age at any moment
    watched = 0 < entry.at - before.looked_at <= TICKET_LOOK_S + 120 or (
        before.born_at > 0 and 0 < entry.at - before.born_at <= TICKET_LIFE_S
    )
    born_at = before.born_at if entry.detail == KEPT else 0.0
    if watched and entry.result is Result.NEW and entry.fingerprint != before.value:
        born_at = entry.at
    return Standing(
        born_at=born_at,
        ending=watched and entry.result is Result.SAME and entry.detail != KEPT,
        looked_at=entry.at,
        value=entry.fingerprint,
        last=entry,
    )


def _failing_as(before: Standing, standing: Standing) -> Standing:
    return replace(
        standing,
        failures=before.failures,
        not_before=before.not_before,
        stopped=before.stopped,
        untried=before.untried,
        last_failure=before.last_failure,
    )


def _may_have_replaced(entry: Entry) -> bool:
    """Whether WeChat may have made a new token whose answer was lost: the one we hold then dies soon."""
    return entry.result is Result.UNHEARD and entry.calls > 0 and (entry.forced or entry.endpoint == "token")


def _is_keyring(entry: Entry) -> bool:
    return entry.result in _KEYRING


def _is_our_own_wait(entry: Entry, catalogue: Catalogue) -> bool:
    """Our own waits are spread by ± a quarter; those that follow a rule of WeChat's are kept as they are."""
    if entry.result is Result.REFUSED:
        return catalogue.kind(entry.errcode or 0, entry.endpoint) is not ErrKind.QUOTA
    return entry.result in (Result.UNHEARD, Result.NOT_WRITTEN, Result.BUG)


def _wait(before: Standing, entry: Entry, catalogue: Catalogue) -> float | None:
    """Seconds until the next automatic attempt after a failure; None: not before a person acts."""
    n = before.failures
    match entry.result:
        case Result.UNHEARD if entry.detail.startswith(Unheard.OFFLINE):
            return _doubling(2.0, n, OFFLINE_MAX_S)
        case Result.UNHEARD:
            return _doubling(2.0, n, TRANSIENT_MAX_S)
        case Result.NOT_WRITTEN:
            return _doubling(2.0, n, DISK_MAX_S)
        case Result.KEYRING_LOCKED:
            return KEYRING_WAITS_S[n] if n < len(KEYRING_WAITS_S) else None
        case Result.KEYRING_DOWN:
            return KEYRING_WAITS_S[n] if n < len(KEYRING_WAITS_S) else 600.0
        case Result.BUSY:
            return BUSY_S
        case Result.BUDGET:
            return beijing_day_start(entry.at) + DAY_S - entry.at
        case Result.BUG:
            return _doubling(60.0, n, UNKNOWN_MAX_S)
        case Result.REFUSED:
            return _wait_refused(before, entry, catalogue)
        case _:
            return None


def _wait_refused(before: Standing, entry: Entry, catalogue: Catalogue) -> float | None:
    code = entry.errcode or 0
    known = catalogue.find(code)
    match catalogue.kind(code, entry.endpoint):
        case ErrKind.TRANSIENT:
            return _doubling(1.0, before.failures, TRANSIENT_MAX_S)
        case ErrKind.TOKEN:
            return _doubling(60.0, before.failures, UNKNOWN_MAX_S)
        case ErrKind.UNKNOWN:
            return _doubling(UNKNOWN_FIRST_S, before.failures, UNKNOWN_MAX_S)
        case ErrKind.QUOTA:
            return _wait_for_quota(before, entry, known.wait if known else None)
        case _:
            return None


def _wait_for_quota(before: Standing, entry: Entry, wait: Wait | None) -> float:
    """A quota that is still used up after its waiting time is looked at hourly in the end.

    Nobody documents the reset of the daily one, and asking each minute would use up our own budget.
    """
    last = before.last_failure
    waited = before.not_before - last.at if last is not None and last.errcode == entry.errcode else 0.0
    in_vain = waited > 0 and entry.at >= before.not_before
    if wait is None or (wait.until and in_vain):
        return QUOTA_PROBE_S
    if in_vain:
        return min(QUOTA_PROBE_S, 2 * waited)
    return wait_until(wait, entry.at) - entry.at


def needs_person(entry: Entry, catalogue: Catalogue) -> bool:
    """Whether nothing will change before somebody does something."""
    if entry.result is Result.NO_SECRET:
        return True
    if entry.result is not Result.REFUSED:
        return False
    kind = catalogue.kind(entry.errcode or 0, entry.endpoint)
    return kind in (ErrKind.CONFIG, ErrKind.PERMISSION, ErrKind.REQUEST)


def try_again_at(entry: Entry, catalogue: Catalogue) -> float | None:
    """When a person may try again after a refusal that names its own waiting time (89506, 89507, 45011 …)."""
    if entry.result is not Result.REFUSED:
        return None
    known = catalogue.find(entry.errcode or 0)
    return wait_until(known.wait, entry.at) if known and known.wait else None


def _doubling(first: float, times: int, most: float) -> float:
    return min(most, first * 2.0 ** min(times, 30))


def standing_of(entries: tuple[Entry, ...], catalogue: Catalogue) -> Standing:
    """The standing that a key's past entries (oldest first) add up to."""
    standing = Standing()
    for entry in entries:
        standing = standing_after(standing, entry, catalogue, jitter_of(entry))
    return standing


def jitter_of(entry: Entry) -> float:
    """From 0 to 1, different for every attempt and the same whenever it is computed again."""
    return crc32(f"{entry.appid} {entry.key} {entry.at:.3f}".encode()) % 1000 / 1000


def started(standing: Standing) -> Standing:
    """After a start: what was stopped may be tried once more, what is waiting goes on waiting."""
    return replace(standing, stopped=False, untried=True) if standing.stopped else standing


def _free(standing: Standing) -> Standing:
    """Nothing holds it back any more."""
    return replace(standing, stopped=False, untried=False, not_before=0.0, failures=0)


def acted(standing: Standing) -> Standing:
    """After a person asked for it or changed the account: what stood in the way may be gone."""
    return _free(standing)


def resumed(standing: Standing) -> Standing:
    """After a wake-up: network and keyring may be back; WeChat's refusals stand, but for one of our IP."""
    last = standing.last_failure
    if last is not None and _is_keyring(last):
        return _free(standing)
    return reconnected(standing)


def reconnected(standing: Standing) -> Standing:
    """After the network came back: what was about the network holds nothing back any more.

    That is a failure to reach WeChat, and a refusal of the address that we had before.
    """
    last = standing.last_failure
    if last is None or (last.result is not Result.UNHEARD and last.ip is None):
        return standing
    return _free(standing)


def with_new_token(ticket: Standing, catalogue: Catalogue) -> Standing:
    """A ticket that was refused because of its access token may be asked for at once with another one."""
    last = ticket.last_failure
    if last is None or last.result is not Result.REFUSED:
        return ticket
    if catalogue.kind(last.errcode or 0, last.endpoint) is not ErrKind.TOKEN:
        return ticket
    return replace(ticket, not_before=0.0)  # not `failures`: the new token may be refused just the same


def set_back(standing: Standing) -> Standing:
    """After the clock was set back: what was generated before seems to live longer than it does."""
    return replace(standing, suspect=True, born_at=0.0)


def is_last_word(entry: Entry, record: TokenRecord, now: float) -> bool:
    """Whether this entry is WeChat's own word, not long ago, that there is no other value than this one."""
    is_same = entry.result is Result.SAME and entry.fingerprint == fingerprint(record.value)
    return is_same and 0 <= now - entry.at < look_every(record.expires_in)


def look_every(expires_in: int) -> float:
    """How often to look at a ticket of unknown age, in seconds: 20 minutes of a two-hour life."""
    return min(float(TICKET_LOOK_S), max(1.0, expires_in / 6))


def again_after_same(expires_in: int) -> float:
    """How soon to ask again for a ticket that is due and came back unchanged, in seconds."""
    return min(60.0, max(1.0, expires_in / 120))


def due_at(kind: TokenKind, record: TokenRecord | None, standing: Standing, now: float) -> float | None:
    """Unix seconds at which this key wants its next automatic attempt; None while a person has to act."""
    if standing.stopped:
        return None
    held = _held_until(standing, now)
    if record is None or record.left(now) <= 0 or standing.unwritten or standing.suspect:
        return max(now, held)
    at = record.refresh_at if kind is TokenKind.ACCESS_TOKEN else _ticket_at(record, standing, now)
    return max(at, held)


def _ticket_at(record: TokenRecord, standing: Standing, now: float) -> float:
    looked_at = standing.looked_at if standing.looked_at <= now + FUTURE_TOLERANCE_S else 0.0
    again = again_after_same(record.expires_in)
    if standing.ending:
        return looked_at + again * 1.1
    at = record.refresh_at
    if abs(record.generated_at - standing.born_at) > 1.0:  # also when another program wrote another time
        at = min(at, (looked_at or record.generated_at) + look_every(record.expires_in))
    if standing.last is not None and standing.last.result is Result.SAME and looked_at >= record.refresh_at:
        at = max(at, record.expires_at - again / 2)  # once more before its end, and then just after it
    return at


def _held_until(standing: Standing, now: float) -> float:
    """A failure in the future was timed by a clock that has been set back: it holds nothing back."""
    last = standing.last_failure
    return standing.not_before if last is None or last.at <= now + FUTURE_TOLERANCE_S else 0.0


def keeps_record(record: TokenRecord | None, value: str, now: float) -> bool:
    """Whether a ticket that came back unchanged leaves the file as it is.

    getTicket always answers 7200 whatever is left, so the clock of the first sight is the better one,
    until it runs out: then WeChat's word that the ticket lives is all there is.
    """
    if record is None or record.value != value:
        return False
    return record.left(now) > again_after_same(record.expires_in)


def noteworthy_skew(skew_s: float) -> int:
    """By how many minutes a clock is wrong; 0 where it does not matter."""
    return round(skew_s / 60) if abs(skew_s) >= SKEW_S else 0


def accepted_until(old: TokenRecord, entry: Entry, now: float) -> float | None:
    """Until when WeChat takes the access token that `entry` replaced (Unix seconds); None: not any more.

    getAccessToken and getStableAccessToken: for five minutes, but a forced stable token ends the old at once.
    """
    if entry.result is not Result.NEW or (entry.forced and entry.endpoint == "stable_token"):
        return None
    until = min(old.expires_at, entry.at + OVERLAP_S)
    return until if until > now else None


@dataclass(frozen=True, slots=True)
class MayForce:
    """Whether a token may be forced now; if not, from when (Unix seconds), and how many are left today."""

    allowed: bool
    from_at: float
    left_today: int


def may_force(count: CallCount, now: float) -> MayForce:
    """getStableAccessToken: 20 forced a day, at least 30 s apart. `count` is since Beijing's midnight."""
    left = max(0, FORCED_A_DAY - count.forced)
    if not left:
        return MayForce(allowed=False, from_at=beijing_day_start(now) + DAY_S, left_today=0)
    free_at = count.last_forced_at + FORCED_APART_S
    if count.last_forced_at <= now < free_at:
        return MayForce(allowed=False, from_at=free_at, left_today=left)
    return MayForce(allowed=True, from_at=now, left_today=left)


def budget_left(count: CallCount, kind: TokenKind) -> int:
    """Automatic calls left today for this key."""
    most = BUDGET_A_DAY if kind is TokenKind.ACCESS_TOKEN else BUDGET_A_DAY - TOKEN_SHARE
    return max(0, most - count.automatic)


def is_automatic(trigger: Trigger) -> bool:
    """Whether the budget counts it: everything but a person's own click or `refresh` command."""
    return trigger is not Trigger.PERSON


def blocks_ticket(token: TokenRecord | None, now: float) -> bool:
    """Whether a ticket has to wait for its access token first."""
    return token is None or token.left(now) <= CLOSE_TO_DEAD_S


def ticket_waits(token: TokenRecord | None, token_standing: Standing, now: float) -> bool:
    """Whether a ticket can only come along with its token's next attempt.

    Also when the disk did not take the token we hold: a refresh reads it there, does not find it, and would
    ask for another each time.
    """
    return token_standing.unwritten or blocks_ticket(token, now)
