"""Random schedule of failures in a simulated month."""

from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, LookupResult, SecretMissing
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import TOMORROW, ErrcodeKind, beijing_day_start
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import OWN_IP, TransportFault, html_reply, http_503_reply, no_network, read_timeout, truncated_reply
from tests.simulation.measurement import TokenKey
from tests.simulation.simulation import DAY_S, HOUR_S, MINUTE_S, ActiveFault, Simulation

TOKEN_ENDPOINTS = frozenset({"token", "stable_token"})
TICKET_ENDPOINT = frozenset({"getticket"})
ALL_ENDPOINTS = TOKEN_ENDPOINTS | TICKET_ENDPOINT
UNEXPLAINED_ERRCODE_SHARE = 0.1  # any other of WeChat's numbers, of which its documents list thousands
DAYLIGHT_SAVING_S = HOUR_S  # a hardware clock in local time is wrong by an hour until the time is synchronised
CONTEST_INTERVAL_S = 2 * HOUR_S

CLOCK_JUMP_MAX_S = 6 * HOUR_S
# time after the end of each kind of failure until the policy must have recovered: its longest pause and a tick
RECOVERY_TRANSIENT_S = 300 * 1.25 + MINUTE_S
RECOVERY_OFFLINE_S = 60 * 1.25 + MINUTE_S
RECOVERY_HOURLY_S = 3600 * 1.25 + MINUTE_S
RECOVERY_KEYRING_S = 600 + MINUTE_S
RECOVERY_DISK_S = 600 * 1.25 + MINUTE_S
RECOVERY_QUOTA_S = 10 * MINUTE_S + HOUR_S + 2 * CLOCK_JUMP_MAX_S + MINUTE_S  # the wall clock may be wrong both times
RECOVERY_REVOKED_S = 2 * HOUR_S + MINUTE_S  # found out at the next ticket or token
RECOVERY_LOCK_S = 2 * MINUTE_S


def fault_name(fault: TransportFault | int) -> str:
    if isinstance(fault, int):
        return str(fault) if CATALOGUE.find(fault) else "an unexplained errcode"
    return fault.__name__.replace("_", " ")


class FailureSchedule:
    """Schedule of all kinds of failures; `rate` makes them more frequent."""

    def __init__(self, simulation: Simulation, rate: float = 1.0) -> None:
        self.simulation = simulation
        self.random = simulation.random
        self.rate = rate
        self.answered_errcodes: set[int] = set()  # those returned at least once

    def schedule_all(self) -> None:
        self._schedule_repeatedly(4 * DAY_S, self.network_outage)
        self._schedule_repeatedly(DAY_S / 3, self.bad_answers)
        self._schedule_repeatedly(DAY_S / 12, self.single_errcode)
        self._schedule_repeatedly(DAY_S, self.repeated_errcode)
        self._schedule_repeatedly(5 * DAY_S, self.keyring_failure)
        self._schedule_repeatedly(DAY_S, self.machine_suspended)
        self._schedule_repeatedly(4 * DAY_S, self.clock_changed)
        self._schedule_repeatedly(182 * DAY_S, self.daylight_saving_changed)
        self._schedule_repeatedly(8 * DAY_S, self.quota_exhausted)
        self._schedule_repeatedly(6 * DAY_S, self.ip_changed)
        self._schedule_repeatedly(10 * DAY_S, self.secret_reset)
        self._schedule_repeatedly(10 * DAY_S, self.account_frozen)
        self._schedule_repeatedly(8 * DAY_S, self.full_disk)
        self._schedule_repeatedly(DAY_S, self.lock_held)
        self._schedule_repeatedly(DAY_S / 3, self.foreign_write)
        self._schedule_repeatedly(2 * DAY_S, self.tokens_revoked)
        self._schedule_repeatedly(10 * DAY_S, self.classic_contest)
        self._schedule_repeatedly(3 * DAY_S, self.program_restart)
        self._schedule_repeatedly(DAY_S / 4, self.user_refresh)
        self._schedule_repeatedly(2 * DAY_S, self.repeated_force)

    def _schedule_repeatedly(self, mean_interval_s: float, action: Callable[[], None]) -> None:
        def again() -> None:
            if self.simulation.program is not None:
                action()
            self.simulation.schedule_after(self.random.expovariate(self.rate / mean_interval_s), again)

        self.simulation.schedule_after(self.random.expovariate(self.rate / mean_interval_s), again)

    # -- the network and WeChat -------------------------------------------------------------------

    def network_outage(self) -> None:
        fault: TransportFault = self.random.choice((no_network, no_network, read_timeout))
        lasts = min(3 * DAY_S, MINUTE_S * 10 ** self.random.uniform(0, 3.6))
        trouble = ActiveFault(
            fault, self._all_appids(), ALL_ENDPOINTS, duration_s=0.05 if fault is no_network else 15.0
        )
        tells = self.random.random() < 0.5
        echo = RECOVERY_OFFLINE_S if fault is no_network else RECOVERY_TRANSIENT_S

        def end() -> None:
            self.simulation.active_faults.remove(trouble)
            if tells and self.simulation.program is not None:
                self.simulation.program.on_network_up()

        self.simulation.run_outage(
            self.simulation.keys_of(None),
            lasts,
            echo,
            fault_name(fault),
            lambda: self.simulation.active_faults.append(trouble),
            end,
        )

    def bad_answers(self) -> None:
        fault: TransportFault | int = self.random.choice((html_reply, http_503_reply, truncated_reply, -1, -1000))
        self.start_fault(fault, self._random_account(), self._random_endpoints(), self._random_duration_s())

    def start_fault(
        self, fault: TransportFault | int, account: Account, endpoints: frozenset[str], duration_s: float
    ) -> None:
        """Let these endpoints fail for one account."""
        echo = self._recovery_s(fault, endpoints) if isinstance(fault, int) else RECOVERY_TRANSIENT_S
        trouble = ActiveFault(fault, frozenset({account.appid}), endpoints)
        self.simulation.run_outage(
            self._affected_keys(account, endpoints),
            duration_s,
            echo,
            fault_name(fault),
            lambda: self.simulation.active_faults.append(trouble),
            lambda: self._end_fault(trouble, account),
        )

    def _end_fault(self, active_fault: ActiveFault, account: Account) -> None:
        self.simulation.active_faults.remove(active_fault)
        if isinstance(active_fault.fault, int) and self._needs_user(active_fault.fault, active_fault.endpoints):
            self._request_refresh(account)

    def single_errcode(self) -> None:
        """Refuse one request with a random errcode of its endpoint."""
        account, endpoints = self._random_account(), self._random_endpoints()
        errcode = self._random_errcode(endpoints)
        keys = self._affected_keys(account, endpoints)

        def on_hit(_: str) -> None:
            self.answered_errcodes.add(errcode)
            if self._needs_user(errcode, endpoints):
                self.simulation.run_outage(
                    keys,
                    self._random_duration_s(),
                    MINUTE_S,
                    fault_name(errcode),
                    lambda: None,
                    lambda: self._request_refresh(account),
                )
            else:
                self.simulation.allow_outage(self._recovery_s(errcode, endpoints), fault_name(errcode), keys)

        trouble = ActiveFault(errcode, frozenset({account.appid}), endpoints, on_hit=on_hit)
        self.simulation.active_faults.append(trouble)

    def repeated_errcode(self) -> None:
        """Refuse with the same errcode for minutes to hours."""
        account, endpoints = self._random_account(), self._random_endpoints()
        errcode = self._random_errcode(endpoints)
        self.start_fault(errcode, account, endpoints, self._random_duration_s())

    def quota_exhausted(self) -> None:
        now = self.simulation.true_now
        lasts = beijing_day_start(now) + DAY_S - now
        self.start_fault(45009, self._random_account(), self._random_endpoints(), lasts)

    # -- the account ------------------------------------------------------------------------------

    def ip_changed(self) -> None:
        """Change the IP address, until the computer is back or the user has allowed the new address."""
        world = self.simulation
        away = f"198.51.100.{self.random.randrange(1, 255)}"
        home = world.transport.ip
        if home != OWN_IP or any(trouble.fault is no_network for trouble in world.active_faults):
            return
        comes_back = self.random.random() < 0.5

        def begin() -> None:
            world.transport.ip = away

        def end() -> None:
            if world.program is None:
                return
            if comes_back:
                world.transport.ip = home
                world.program.on_network_up()
                return
            for account in world.accounts:
                world.update_sandbox_account(account.appid, ip_list=(home, away))
                self._request_refresh(account)
            world.transport.ip = home

        world.run_outage(world.keys_of(None), self._random_duration_s(), MINUTE_S, "IP address", begin, end)

    def secret_reset(self) -> None:
        """Reset the AppSecret in WeChat's console; the user enters the new one later."""
        account = self._random_account()
        secret = f"{self.random.getrandbits(128):032x}"

        def end() -> None:
            self.simulation.set_secret(account.appid, secret)
            if self.simulation.program is not None:
                self.simulation.program.on_account_saved(account.appid)

        self.simulation.run_outage(
            self.simulation.keys_of(account),
            self._random_duration_s(),
            MINUTE_S,
            "AppSecret reset",
            lambda: self.simulation.update_sandbox_account(account.appid, secret=secret),
            end,
        )

    def account_frozen(self) -> None:
        account = self._random_account()

        def end() -> None:
            self.simulation.update_sandbox_account(account.appid, frozen=False)
            self._request_refresh(account)

        self.simulation.run_outage(
            self.simulation.keys_of(account),
            self._random_duration_s(),
            MINUTE_S,
            "AppSecret frozen",
            lambda: self.simulation.update_sandbox_account(account.appid, frozen=True),
            end,
        )

    def tokens_revoked(self) -> None:
        """Invalidate all tokens of an account at once, without notice."""
        account = self._random_account()
        self.simulation.allow_outage(RECOVERY_REVOKED_S, "tokens revoked", self.simulation.keys_of(account))
        self.simulation.rules.revoke_tokens(account.appid)

    def classic_contest(self) -> None:
        """Let a server elsewhere refresh a classic account for half a day; it writes no file here.

        The token here ends five minutes after each of its calls, and only the next check shows it.
        """
        classic = [account for account in self.simulation.accounts if account.endpoint is Endpoint.CLASSIC]
        account = self.random.choice(classic)

        def refresh() -> None:
            self.simulation.fetch_classic_token_externally(account)
            self.simulation.allow_outage(RECOVERY_REVOKED_S, "classic contest", self.simulation.keys_of(account))

        for number in range(self.random.randrange(1, 7)):
            self.simulation.schedule_after(number * CONTEST_INTERVAL_S, refresh)

    # -- this machine -----------------------------------------------------------------------------

    def keyring_failure(self) -> None:
        answer: LookupResult = self.random.choice(
            (KeyringIsLocked("prompt dismissed"), KeyringIsDown("no bus"), SecretMissing())
        )
        secrets = self.simulation.secrets
        if secrets.lookup_result is not None:
            return

        def begin() -> None:
            secrets.lookup_result = answer

        def end() -> None:
            secrets.lookup_result = None
            if not isinstance(answer, KeyringIsDown):
                for account in self.simulation.accounts:
                    self._request_refresh(account)

        self.simulation.run_outage(
            self.simulation.keys_of(None), self._random_duration_s(), RECOVERY_KEYRING_S, "keyring", begin, end
        )

    def machine_suspended(self) -> None:
        self.simulation.suspend(self._random_duration_s(), is_announced=self.random.random() < 0.6)

    def clock_changed(self) -> None:
        if self.simulation.clock_offset_s or self.simulation.dogs.is_disk_full:
            return  # not both: the value on disk may then seem newer than ours
        self.simulation.set_wall_clock(
            self.random.choice((-1, 1)) * self.random.uniform(10 * MINUTE_S, CLOCK_JUMP_MAX_S)
        )
        self.simulation.schedule_after(self.random.uniform(10 * MINUTE_S, DAY_S), self._correct_clock)

    def daylight_saving_changed(self) -> None:
        if self.simulation.clock_offset_s or self.simulation.dogs.is_disk_full:
            return
        self.simulation.set_wall_clock(self.random.choice((-1, 1)) * DAYLIGHT_SAVING_S)
        self.simulation.schedule_after(self.random.uniform(MINUTE_S, HOUR_S), self._correct_clock)

    def _correct_clock(self) -> None:
        if self.simulation.program is None:  # setting the clock meanwhile cannot be noticed
            self.simulation.schedule_after(MINUTE_S, self._correct_clock)
        else:
            self.simulation.set_wall_clock(0.0)

    def full_disk(self) -> None:
        if self.simulation.dogs.is_disk_full or self.simulation.clock_offset_s:
            return

        def fill(full: bool) -> None:  # noqa: FBT001 - the state itself
            self.simulation.dogs.is_disk_full = full

        self.simulation.run_outage(
            self.simulation.keys_of(None),
            self._random_duration_s(),
            RECOVERY_DISK_S,
            "full disk",
            lambda: fill(True),
            lambda: fill(False),
        )

    def lock_held(self) -> None:
        """Hold an account's lock as a hanging program does."""
        if self.simulation.lock.is_busy:
            return

        def take(busy: bool) -> None:  # noqa: FBT001 - the state itself
            self.simulation.lock.is_busy = busy

        self.simulation.run_outage(
            self.simulation.keys_of(None),
            self.random.uniform(MINUTE_S, 10 * MINUTE_S),
            RECOVERY_LOCK_S,
            "lock held",
            lambda: take(True),
            lambda: take(False),
        )

    def foreign_write(self) -> None:
        account = self._random_account()
        self.simulation.write_externally(account, self.random.choice(account.token_kinds))

    def program_restart(self) -> None:
        self.simulation.restart_after(self._random_duration_s())

    # -- the person -------------------------------------------------------------------------------

    def user_refresh(self) -> None:
        self._request_refresh(self._random_account())

    def repeated_force(self) -> None:
        """Force a new token three times within a few seconds."""
        account = self._random_account()
        for seconds in (0, self.random.uniform(1, 25), self.random.uniform(25, 50)):
            self.simulation.schedule_after(seconds, lambda: self._request_refresh(account, RefreshMode.FORCE))

    def _request_refresh(self, account: Account, mode: RefreshMode = RefreshMode.ALWAYS) -> None:
        if self.simulation.program is not None:
            self.simulation.program.request_refresh(account.appid, mode)

    # -- choosing ---------------------------------------------------------------------------------

    def _random_account(self) -> Account:
        return self.random.choice(self.simulation.accounts)

    def _all_appids(self) -> frozenset[str]:
        return frozenset(account.appid for account in self.simulation.accounts)

    def _random_endpoints(self) -> frozenset[str]:
        return self.random.choice((TOKEN_ENDPOINTS, TICKET_ENDPOINT))

    def _random_duration_s(self) -> float:
        """Return minutes to half a day, short times more often."""
        return MINUTE_S * 10 ** self.random.uniform(0, 2.8)

    def _affected_keys(self, account: Account, endpoints: frozenset[str]) -> list[TokenKey]:
        tickets = (TokenKind.JSAPI_TICKET, TokenKind.CARD_TICKET)
        return self.simulation.keys_of(account, tickets if endpoints == TICKET_ENDPOINT else tuple(TokenKind))

    def _random_errcode(self, endpoints: frozenset[str]) -> int:
        if self.random.random() < UNEXPLAINED_ERRCODE_SHARE:
            return self.random.randrange(10_000, 1_000_000)
        known = [CATALOGUE.find(code) for code in CATALOGUE.codes()]
        codes = [e.code for e in known if e and e.code and ("any" in e.endpoints or endpoints & set(e.endpoints))]
        return self.random.choice(codes)

    def _errcode_kind(self, errcode: int, endpoints: frozenset[str]) -> ErrcodeKind:
        return CATALOGUE.kind_for(errcode, min(endpoints))

    def _needs_user(self, errcode: int, endpoints: frozenset[str]) -> bool:
        return self._errcode_kind(errcode, endpoints) in (
            ErrcodeKind.CONFIG,
            ErrcodeKind.PERMISSION,
            ErrcodeKind.REQUEST,
        )

    def _recovery_s(self, errcode: int, endpoints: frozenset[str]) -> float:
        match self._errcode_kind(errcode, endpoints):
            case ErrcodeKind.TRANSIENT:
                return RECOVERY_TRANSIENT_S
            case ErrcodeKind.QUOTA:
                known = CATALOGUE.find(errcode)
                wait = known.wait if known else None
                if wait is None or wait.until == TOMORROW:
                    return DAY_S + RECOVERY_QUOTA_S
                return HOUR_S + MINUTE_S
            case _:
                return RECOVERY_HOURLY_S
