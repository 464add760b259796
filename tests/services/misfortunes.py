"""What goes wrong in a simulated month, each thing at its own random moments."""

from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.keyring_results import Locked, Looked, Missing, Unavailable
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import TOMORROW, ErrKind, beijing_day_start
from guarddog_gui.services.refresh import Eagerness
from tests.catalogue import CATALOGUE
from tests.fakes import OWN_IP, Fault, cut_off, html, http_503, offline, timed_out
from tests.services.world import DAY_S, HOUR, MINUTE, Key, Trouble, World

TOKEN_ENDPOINTS = frozenset({"token", "stable_token"})
TICKET_ENDPOINT = frozenset({"getticket"})
ALL_ENDPOINTS = TOKEN_ENDPOINTS | TICKET_ENDPOINT
UNKNOWN_ERRCODE = 99999

JUMP_MAX_S = 6 * HOUR
# how long after its end each kind of trouble may still be felt: the longest wait of the policy, and a look
ECHO_TRANSIENT = 300 * 1.25 + MINUTE
ECHO_OFFLINE = 60 * 1.25 + MINUTE
ECHO_HOURLY = 3600 * 1.25 + MINUTE
ECHO_KEYRING_DOWN = 600 + MINUTE
ECHO_DISK = 600 * 1.25 + MINUTE
ECHO_QUOTA = 10 * MINUTE + HOUR + 2 * JUMP_MAX_S + MINUTE  # the wall clock may be wrong both times
ECHO_VOID = 2 * HOUR + MINUTE  # nobody tells us: found out by the next ticket, or the next token
ECHO_BUSY = 2 * MINUTE


class Misfortunes:
    """Plans them all; `often` speeds them up."""

    def __init__(self, world: World, often: float = 1.0) -> None:
        self.world = world
        self.random = world.random
        self.often = often
        self.struck: set[int] = set()  # errcodes that were answered at least once

    def plan(self) -> None:
        self._now_and_then(4 * DAY_S, self.outage)
        self._now_and_then(DAY_S / 3, self.bad_answers)
        self._now_and_then(DAY_S / 12, self.one_errcode)
        self._now_and_then(DAY_S, self.many_errcodes)
        self._now_and_then(5 * DAY_S, self.keyring)
        self._now_and_then(DAY_S, self.night)
        self._now_and_then(4 * DAY_S, self.wrong_clock)
        self._now_and_then(8 * DAY_S, self.quota_day)
        self._now_and_then(6 * DAY_S, self.other_ip)
        self._now_and_then(10 * DAY_S, self.secret_reset)
        self._now_and_then(10 * DAY_S, self.frozen)
        self._now_and_then(8 * DAY_S, self.full_disk)
        self._now_and_then(DAY_S, self.busy)
        self._now_and_then(DAY_S / 3, self.second_writer)
        self._now_and_then(2 * DAY_S, self.somebody_forces)
        self._now_and_then(3 * DAY_S, self.restart)
        self._now_and_then(DAY_S / 4, self.click)
        self._now_and_then(2 * DAY_S, self.impatience)

    def _now_and_then(self, every: float, happen: Callable[[], None]) -> None:
        def again() -> None:
            if self.world.guard is not None:
                happen()
            self.world.after(self.random.expovariate(self.often / every), again)

        self.world.after(self.random.expovariate(self.often / every), again)

    # -- the network and WeChat -------------------------------------------------------------------

    def outage(self) -> None:
        fault: Fault = self.random.choice((offline, offline, timed_out))
        lasts = min(3 * DAY_S, MINUTE * 10 ** self.random.uniform(0, 3.6))
        trouble = Trouble(fault, self._everybody(), ALL_ENDPOINTS, takes=0.05 if fault is offline else 15.0)
        tells = self.random.random() < 0.5
        echo = ECHO_OFFLINE if fault is offline else ECHO_TRANSIENT

        def end() -> None:
            self.world.troubles.remove(trouble)
            if tells and self.world.guard is not None:
                self.world.guard.network_up()

        self.world.spell(
            self.world.keys_of(None), lasts, echo, lambda: self.world.troubles.append(trouble), end
        )

    def bad_answers(self) -> None:
        fault: Fault | int = self.random.choice((html, http_503, cut_off, -1, -1000))
        self.strike(fault, self._somebody(), self._endpoints(), self._some_time())

    def strike(self, fault: Fault | int, account: Account, endpoints: frozenset[str], lasts: float) -> None:
        """One account gets no better answer than this from these endpoints."""
        echo = self._echo(fault, endpoints) if isinstance(fault, int) else ECHO_TRANSIENT
        trouble = Trouble(fault, frozenset({account.appid}), endpoints)
        self.world.spell(
            self._keys(account, endpoints),
            lasts,
            echo,
            lambda: self.world.troubles.append(trouble),
            lambda: self._mended(trouble, account),
        )

    def _mended(self, trouble: Trouble, account: Account) -> None:
        self.world.troubles.remove(trouble)
        if isinstance(trouble.fault, int) and self._waits_for_person(trouble.fault, trouble.endpoints):
            self._click(account)

    def one_errcode(self) -> None:
        """One call is refused: by any errcode that this call may answer with."""
        account, endpoints = self._somebody(), self._endpoints()
        errcode = self._errcode(endpoints)
        keys = self._keys(account, endpoints)

        def on_hit(_: str) -> None:
            self.struck.add(errcode)
            if self._waits_for_person(errcode, endpoints):
                self.world.spell(keys, self._some_time(), MINUTE, lambda: None, lambda: self._click(account))
            else:
                self.world.excuse_for(self._echo(errcode, endpoints), keys)

        trouble = Trouble(errcode, frozenset({account.appid}), endpoints, on_hit=on_hit)
        self.world.troubles.append(trouble)

    def many_errcodes(self) -> None:
        """The same errcode for minutes to hours."""
        account, endpoints = self._somebody(), self._endpoints()
        errcode = self._errcode(endpoints)
        self.strike(errcode, account, endpoints, self._some_time())

    def quota_day(self) -> None:
        now = self.world.true
        lasts = beijing_day_start(now) + DAY_S - now
        self.strike(45009, self._somebody(), self._endpoints(), lasts)

    # -- the account ------------------------------------------------------------------------------

    def other_ip(self) -> None:
        """Another network: back home later, or on the list once a person has put it there."""
        world = self.world
        away = f"198.51.100.{self.random.randrange(1, 255)}"
        home = world.transport.ip
        if home != OWN_IP or any(trouble.fault is offline for trouble in world.troubles):
            return
        comes_back = self.random.random() < 0.5

        def begin() -> None:
            world.transport.ip = away

        def end() -> None:
            if world.guard is None:
                return
            if comes_back:
                world.transport.ip = home
                world.guard.network_up()
                return
            for account in world.accounts:
                world.put_account(account.appid, ip_list=(home, away))
                self._click(account)
            world.transport.ip = home

        world.spell(world.keys_of(None), self._some_time(), MINUTE, begin, end)

    def secret_reset(self) -> None:
        """In the console; the person types the new one in later."""
        account = self._somebody()
        secret = f"{self.random.getrandbits(128):032x}"

        def end() -> None:
            self.world.keep_secret(account.appid, secret)
            if self.world.guard is not None:
                self.world.guard.saved(account.appid)

        self.world.spell(
            self.world.keys_of(account),
            self._some_time(),
            MINUTE,
            lambda: self.world.put_account(account.appid, secret=secret),
            end,
        )

    def frozen(self) -> None:
        account = self._somebody()

        def end() -> None:
            self.world.put_account(account.appid, frozen=False)
            self._click(account)

        self.world.spell(
            self.world.keys_of(account),
            self._some_time(),
            MINUTE,
            lambda: self.world.put_account(account.appid, frozen=True),
            end,
        )

    def somebody_forces(self) -> None:
        """All tokens of an account die at once, and nobody tells us."""
        account = self._somebody()
        self.world.excuse_for(ECHO_VOID, self.world.keys_of(account))
        self.world.rules.void(account.appid)

    # -- this machine -----------------------------------------------------------------------------

    def keyring(self) -> None:
        answer: Looked = self.random.choice((Locked("prompt dismissed"), Unavailable("no bus"), Missing()))
        secrets = self.world.secrets
        if secrets.trouble is not None:
            return

        def begin() -> None:
            secrets.trouble = answer

        def end() -> None:
            secrets.trouble = None
            if not isinstance(answer, Unavailable):
                for account in self.world.accounts:
                    self._click(account)

        self.world.spell(self.world.keys_of(None), self._some_time(), ECHO_KEYRING_DOWN, begin, end)

    def night(self) -> None:
        self.world.sleep(self._some_time(), tells=self.random.random() < 0.6)

    def wrong_clock(self) -> None:
        if self.world.offset or self.world.dogs.full:
            return  # both at once: what is on disk may then look newer than what we hold
        self.world.set_clock(self.random.choice((-1, 1)) * self.random.uniform(10 * MINUTE, JUMP_MAX_S))
        self.world.after(self.random.uniform(10 * MINUTE, DAY_S), self._clock_set_right)

    def _clock_set_right(self) -> None:
        if self.world.guard is None:  # a clock that is set meanwhile is not to be noticed: no such story
            self.world.after(MINUTE, self._clock_set_right)
        else:
            self.world.set_clock(0.0)

    def full_disk(self) -> None:
        if self.world.dogs.full or self.world.offset:
            return

        def fill(full: bool) -> None:  # noqa: FBT001 - the state itself
            self.world.dogs.full = full

        self.world.spell(
            self.world.keys_of(None), self._some_time(), ECHO_DISK, lambda: fill(True), lambda: fill(False)
        )

    def busy(self) -> None:
        """A program that hangs with an account's lock in its hand."""
        if self.world.lock.busy:
            return

        def take(busy: bool) -> None:  # noqa: FBT001 - the state itself
            self.world.lock.busy = busy

        self.world.spell(
            self.world.keys_of(None),
            self.random.uniform(MINUTE, 10 * MINUTE),
            ECHO_BUSY,
            lambda: take(True),
            lambda: take(False),
        )

    def second_writer(self) -> None:
        account = self._somebody()
        self.world.write_as_another(account, self.random.choice(account.kinds))

    def restart(self) -> None:
        self.world.switch_off(self._some_time())

    # -- the person -------------------------------------------------------------------------------

    def click(self) -> None:
        self._click(self._somebody())

    def impatience(self) -> None:
        """`Force a new token…`, three times within a few seconds."""
        account = self._somebody()
        for seconds in (0, self.random.uniform(1, 25), self.random.uniform(25, 50)):
            self.world.after(seconds, lambda: self._click(account, Eagerness.FORCE))

    def _click(self, account: Account, eagerness: Eagerness = Eagerness.ASK) -> None:
        if self.world.guard is not None:
            self.world.guard.click(account.appid, eagerness)

    # -- choosing ---------------------------------------------------------------------------------

    def _somebody(self) -> Account:
        return self.random.choice(self.world.accounts)

    def _everybody(self) -> frozenset[str]:
        return frozenset(account.appid for account in self.world.accounts)

    def _endpoints(self) -> frozenset[str]:
        return self.random.choice((TOKEN_ENDPOINTS, TICKET_ENDPOINT))

    def _some_time(self) -> float:
        """Minutes to half a day, rather short than long."""
        return MINUTE * 10 ** self.random.uniform(0, 2.8)

    def _keys(self, account: Account, endpoints: frozenset[str]) -> list[Key]:
        tickets = (TokenKind.JSAPI_TICKET, TokenKind.CARD_TICKET)
        return self.world.keys_of(account, tickets if endpoints == TICKET_ENDPOINT else tuple(TokenKind))

    def _errcode(self, endpoints: frozenset[str]) -> int:
        known = [CATALOGUE.find(code) for code in CATALOGUE.codes()]
        codes = [
            e.code for e in known if e and e.code and ("any" in e.endpoints or endpoints & set(e.endpoints))
        ]
        return self.random.choice((*codes, UNKNOWN_ERRCODE))

    def _kind(self, errcode: int, endpoints: frozenset[str]) -> ErrKind:
        return CATALOGUE.kind(errcode, min(endpoints))

    def _waits_for_person(self, errcode: int, endpoints: frozenset[str]) -> bool:
        return self._kind(errcode, endpoints) in (ErrKind.CONFIG, ErrKind.PERMISSION, ErrKind.REQUEST)

    def _echo(self, errcode: int, endpoints: frozenset[str]) -> float:
        match self._kind(errcode, endpoints):
            case ErrKind.TRANSIENT:
                return ECHO_TRANSIENT
            case ErrKind.QUOTA:
                known = CATALOGUE.find(errcode)
                wait = known.wait if known else None
                if wait is None or wait.until == TOMORROW:
                    return DAY_S + ECHO_QUOTA
                return HOUR + MINUTE
            case _:
                return ECHO_HOURLY
