"""Simulate a thousand desktops that follow one Redis for a week: `python -m tests.bench.simulate_sharing`.

The code of leaders and followers is the real one; WeChat is the sandbox, Redis the one in memory of
tests/fake_sharing.py, and time is simulated. What happens:

- Three leaders: a server that is always on, and two desktops. 1,000 followers. Their clocks differ by up to ten minutes.
- Desktops sleep at night and at random for an hour by day; programs on each read its `.dog` file every ten minutes.
- Each day Redis is down once, for one to thirty minutes, and comes back empty every second time; WeChat cannot be
  reached once, for ten minutes; the server is restarted once, for five minutes.
- One message in a thousand is lost, as with a connection that has died unnoticed: the next look at the ends finds it.

The delay of a message is not simulated but taken from measurements with a real Redis: 2 ms, and 30 µs for each further
subscriber. Looks at the ends of keys (every 15 s) that find nothing are counted, not executed.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import random
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from guarddog_gui.adapters.sharing.watcher import POLL_AFTER_FAILURE_S, POLL_S
from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.builders import SHOP, TICKET, TOKEN
from tests.errcode_catalogue import CATALOGUE
from tests.fake_sharing import DOWN
from tests.fakes import TransportFault
from tests.services.sharing.desks import Desk, Office

HOUR_S, DAY_S = 3600.0, 86400.0
MESSAGE_S, PER_SUBSCRIBER_S = 0.002, 30e-6
READ_INTERVAL_S = 600.0
LEADER_TICK_S = 30.0
LOST_MESSAGES = 0.001
CLOCK_OFFSET_MAX_S = 600.0
CHECK_PATH = "/cgi-bin/get_api_domain_ip"
HISTORY_KEPT = 60  # entries per desktop: a week of all would fill the memory


class Figures(NamedTuple):
    """Results of a simulation; times in seconds."""

    desktops: int
    days: float
    token_calls: int
    tokens: int
    ticket_calls: int
    commands_per_s: float
    reads: int
    reads_without_value: int
    dead_reads: int
    delay_median: float
    delay_99: float
    delay_longest: float
    changes: int

    def to_markdown(self) -> str:
        rows = (
            ("desktops · simulated days", f"{self.desktops:,} · {self.days:g}"),
            ("calls to WeChat for tokens · tokens in Redis", f"{self.token_calls:,} · {self.tokens:,}"),
            ("calls to WeChat for tickets", f"{self.ticket_calls:,}"),
            ("commands per second at Redis", f"{self.commands_per_s:.0f}"),
            ("from a change to the last follower that is awake: median · 99 % · longest",
             f"{self.delay_median * 1000:.0f} ms · {self.delay_99:.1f} s · {self.delay_longest:.1f} s ({self.changes:,} changes)"),
            ("reads of `.dog` files · without a value · dead",
             f"{self.reads:,} · {self.reads_without_value:,} · {self.dead_reads:,}"),
        )  # fmt: skip
        return "| figure | |\n|---|---:|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


class SimulatedDesk:
    """A desktop and when it is awake."""

    def __init__(self, desk: Desk, *, is_server: bool = False) -> None:
        self.desk = desk
        self.is_server = is_server
        self.is_awake = True


class Simulation:
    """Events of a week, in order."""

    def __init__(self, desktop_count: int, days: float, seed: int) -> None:
        self.office = Office()
        self.random = random.Random(seed)  # noqa: S311 - the dice of a simulation
        self.days = days
        self.ends_at = self.office.clock() + days * DAY_S
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self.leaders = [SimulatedDesk(self.office.leader("server"), is_server=True)]
        self.leaders += [SimulatedDesk(self._desk(leads=True, number=number)) for number in range(2)]
        self.followers = [SimulatedDesk(self._desk(leads=False, number=number)) for number in range(desktop_count)]
        self.office.redis.on_publish = self._on_publish
        self.office.rules.set_limit(CHECK_PATH, QuotaLimit(10**9))  # the reads of a thousand desktops are judged by it
        self._is_wechat_down = False
        self.office.wechat.fault_for_request = self._fault
        self._awake_s = 0.0
        self._delays: list[float] = []
        self._reads = self._without = self._dead = 0
        self._tokens: set[str] = set()  # all that were in Redis

    def _desk(self, *, leads: bool, number: int) -> Desk:
        make = self.office.leader if leads else self.office.follower
        offset_s = self.random.uniform(-CLOCK_OFFSET_MAX_S, CLOCK_OFFSET_MAX_S)
        return make(f"{'leader' if leads else 'desk'} {number}", clock_offset_s=offset_s)

    def _fault(self, _request: object) -> TransportFault | None:
        return (lambda _answer: TransportFailure(FailureKind.OFFLINE)) if self._is_wechat_down else None

    def at(self, moment: float, action: Callable[[], None]) -> None:
        if moment < self.ends_at:
            heapq.heappush(self._events, (moment, next(self._numbers), action))

    def run(self) -> Figures:
        start = self.office.clock()
        for each in (*self.leaders, *self.followers):
            self._plan_sleep(each, start)
            self._plan_reads(each, start)
        for leader in self.leaders:
            self._plan_ticks(leader, start)
        for follower in self.followers:
            self.at(start + self.random.uniform(1, POLL_S), lambda each=follower: self._mirror(each))  # type: ignore[misc]
        for day in range(int(self.days)):
            self._plan_failures(start + day * DAY_S)
        while self._events:
            moment, _, action = heapq.heappop(self._events)
            self.office.clock.now = max(moment, self.office.clock.now)
            action()
        return self._figures()

    # -- what happens ------------------------------------------------------------------------------

    def _plan_sleep(self, each: SimulatedDesk, start: float) -> None:
        if each.is_server:
            return
        for day in range(int(self.days) + 1):
            midnight = start + day * DAY_S
            nap_at = midnight + self.random.uniform(9, 17) * HOUR_S
            evening = midnight + self.random.uniform(18, 20) * HOUR_S
            morning = midnight + DAY_S + self.random.uniform(0, 1) * HOUR_S
            for asleep_at, awake_at in ((nap_at, nap_at + HOUR_S), (evening, morning)):
                self.at(asleep_at, lambda: setattr(each, "is_awake", False))
                self.at(awake_at, lambda: self._wake(each))

    def _wake(self, each: SimulatedDesk) -> None:
        each.is_awake = True
        self.at(self.office.clock() + self.random.uniform(0.1, 2), lambda: self._mirror(each))

    def _plan_reads(self, each: SimulatedDesk, moment: float) -> None:
        def read() -> None:
            self._read(each)
            self.at(self.office.clock() + self.random.uniform(0.5, 1.5) * READ_INTERVAL_S, read)

        self.at(moment + self.random.uniform(60, READ_INTERVAL_S), read)

    def _plan_ticks(self, leader: SimulatedDesk, moment: float) -> None:
        def tick() -> None:
            if leader.is_awake:
                self._refresh_due(leader)
                self._trim(leader)
            self.at(self.office.clock() + LEADER_TICK_S, tick)

        self.at(moment + self.random.uniform(0, LEADER_TICK_S), tick)

    def _refresh_due(self, leader: SimulatedDesk) -> None:
        """Refresh what is due, as the controller of the tray app decides it."""
        desk, now = leader.desk, leader.desk.clock()
        history, dogs = desk.services.history, desk.services.dogs
        due = []
        for kind in (TOKEN, TICKET):
            state = retries.retry_state_from_history(
                history.latest(SHOP.appid, kind, retries.RETRY_HISTORY_MAX), CATALOGUE
            )
            due_at = policy.due_at(kind, dogs.read(desk.account, kind), state, now)
            if due_at is not None and due_at <= now:
                due.append(kind)
        records = [record for kind in due if (record := dogs.read(desk.account, kind)) and record.remaining_s(now) > 0]
        is_any_fresh = any(now < record.refresh_at for record in records)
        if due:
            desk.refresh(*due, mode=RefreshMode.ALWAYS if is_any_fresh else RefreshMode.IF_NEEDED)

    def _plan_failures(self, midnight: float) -> None:
        server, redis = self.leaders[0], self.office.redis
        down_at = midnight + self.random.uniform(0, 23) * HOUR_S
        up_at = down_at + self.random.uniform(60, 1800)
        is_emptied = self.random.random() < 0.5
        self.at(down_at, lambda: setattr(redis, "failure", DOWN))
        self.at(up_at, lambda: self._restore_redis(is_emptied=is_emptied))
        wechat_at = midnight + self.random.uniform(0, 23) * HOUR_S
        self.at(wechat_at, lambda: setattr(self, "_is_wechat_down", True))
        self.at(wechat_at + 600, lambda: setattr(self, "_is_wechat_down", False))
        restart_at = midnight + self.random.uniform(0, 23) * HOUR_S
        self.at(restart_at, lambda: setattr(server, "is_awake", False))
        self.at(restart_at + 300, lambda: self._wake(server))

    def _restore_redis(self, *, is_emptied: bool) -> None:
        self.office.redis.failure = None
        if is_emptied:
            self.office.redis.wipe()
        for each in (*self.leaders, *self.followers):
            if each.is_awake:
                wait_s = self.random.uniform(0, POLL_AFTER_FAILURE_S * 1.2)
                self.at(self.office.clock() + wait_s, lambda each=each: self._mirror(each))  # type: ignore[misc]

    def _on_publish(self, _appid: str) -> None:
        """Deliver a message to all that are awake; the few that miss it look at the ends within 15 s."""
        changed_at, last = self.office.clock(), 0.0
        token = self.office.redis.live((SHOP.appid, TOKEN))
        if token is not None:
            self._tokens.add(token.value)
        for number, each in enumerate((*self.leaders, *self.followers)):
            if not each.is_awake:
                continue
            is_lost = self.random.random() < LOST_MESSAGES
            delay_s = MESSAGE_S + number * PER_SUBSCRIBER_S
            if is_lost:
                delay_s += self.random.uniform(0, POLL_S * 1.2)
            last = max(last, delay_s)
            self.at(changed_at + delay_s, lambda each=each: self._mirror(each))  # type: ignore[misc]
        self._delays.append(last)

    def _mirror(self, each: SimulatedDesk) -> None:
        if each.is_awake:
            each.desk.refresh(mode=RefreshMode.MIRROR)
            self._trim(each)

    def _trim(self, each: SimulatedDesk) -> None:
        entries = each.desk.services.history.entries
        if len(entries) > 2 * HISTORY_KEPT:
            del entries[:-HISTORY_KEPT]

    def _read(self, each: SimulatedDesk) -> None:
        """Read the file as a program does that believes what it says."""
        if not each.is_awake:
            return
        self._reads += 1
        value = each.desk.value(TOKEN)
        if not value:
            self._without += 1
        elif not self._is_accepted(value):
            self._dead += 1

    def _is_accepted(self, value: str) -> bool:
        status, fields = self.office.rules.handle("GET", CHECK_PATH, {"access_token": value}, b"", "203.0.113.7")
        return status == 200 and "ip_list" in fields

    # -- figures -----------------------------------------------------------------------------------

    def _figures(self) -> Figures:
        office, redis = self.office, self.office.redis
        count = len(self.followers) + len(self.leaders)
        # PTTL for each of two keys every 15 s, while awake: two thirds of the time, and the readings that were executed
        looks = count * self.days * DAY_S / POLL_S * 2 * self._share_awake()
        executed = redis.commands["read"] * 2 + redis.commands["write"] + redis.commands["lock"] * 2
        delays = sorted(self._delays) or [0.0]
        return Figures(
            len(self.followers), self.days, office.token_calls, len(self._tokens), office.ticket_calls,
            (looks + executed) / (self.days * DAY_S), self._reads, self._without, self._dead,
            delays[len(delays) // 2], delays[int(len(delays) * 0.99)], delays[-1], len(delays),
        )  # fmt: skip

    def _share_awake(self) -> float:
        expected = (len(self.followers) + len(self.leaders)) * self.days * DAY_S / READ_INTERVAL_S
        return min(1.0, self._reads / expected)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desktops", type=int, default=1000)
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    started_at = time.monotonic()
    figures = Simulation(options.desktops, options.days, options.seed).run()
    sys.stdout.write(f"{figures.to_markdown()}\n\nSimulated in {time.monotonic() - started_at:.0f} s.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
