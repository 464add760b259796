"""The ACL lines of the documentation, in a real Redis: a leader can do its work with them, a follower can only read."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import SharingRole
from guarddog_gui.domain.sharing.values import SharedReading
from guarddog_gui.domain.tokens.record import TokenKind
from tests.sharing.conftest import APPID, Computer
from tests.sharing.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
PASSWORD = "documented"


def computer(server: RedisServer, role: SharingRole) -> Computer:
    made = Computer(server.url_of(str(role)), password=PASSWORD)
    made.clock.now = time.time()
    return made


@pytest.mark.parametrize("page", ["README.md", "resources/docs/sharing.md"])
def test_the_documented_lines_let_each_role_do_its_work_and_no_more(
    make_redis: Callable[..., RedisServer], page: str
) -> None:
    server = make_redis()
    lines = re.findall(r"^ACL SETUSER .*$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 2
    for line in lines:
        words = line.replace("wx0123456789abcdef", APPID).replace("PASSWORD", PASSWORD).split()
        server.client().execute_command(*words)
    leader, follower = computer(server, SharingRole.LEADER), computer(server, SharingRole.FOLLOWER)
    assert leader.store.check(leader.account()) == ()
    account = follower.account(SharingRole.FOLLOWER)
    assert follower.store.check(account) == ()
    assert isinstance(follower.store.read(account, TokenKind.ACCESS_TOKEN), SharedReading)
    failures = follower.store.check(follower.account(SharingRole.LEADER))
    assert {failure.problem for failure in failures} == {SharingProblem.PERMISSION}
