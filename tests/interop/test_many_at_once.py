"""Python programs and the command line on one account: whoever comes first asks WeChat, for all of them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.dog_files import DogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.faults.fault import Fault, How
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.person import PROGRAM, Person
from tests.interop.judge import is_alive

pytestmark = pytest.mark.interop

ASKING = "import sys, guarddog_gui; print(guarddog_gui.access_token(sys.argv[1]))"


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with SandboxServer(time.time) as wechat:
        person = Person(tmp_path, wechat)
        assert person.add().returncode == 0
        yield person


def let_it_go_stale(person: Person) -> None:
    folder = person.home / "guarddog" / "data" / "dogs"
    dead = TokenRecord(
        "91_dead", 7200, int((time.time() - 7300) * 1000), str(folder / person.shop.appid), 290
    )
    DogFiles(folder).write(Account(person.shop.appid, "Shop"), TokenKind.ACCESS_TOKEN, dead)


def test_six_programs_with_a_stale_token_make_one_call(person: Person) -> None:
    let_it_go_stale(person)
    person.wechat.faults.fail(Fault(How.HANG, seconds=1.5), endpoint="stable_token")  # all of them meet
    before = person.wechat.rules.calls["/cgi-bin/stable_token"]
    library = [sys.executable, "-c", ASKING, person.shop.appid]
    command_line = [PROGRAM, "token", person.shop.appid]

    running = [
        subprocess.Popen(
            command, env=person.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for command in (library, command_line, library, library, command_line, library)
    ]
    said = [process.communicate(timeout=60) for process in running]

    printed, complaints = zip(*said, strict=True)
    assert complaints == ("",) * 6
    assert len(set(printed)) == 1
    assert is_alive(person.wechat, printed[0].strip())
    assert person.wechat.rules.calls["/cgi-bin/stable_token"] == before + 1
