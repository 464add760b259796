"""`guarddog_gui.access_token` and `jsapi_ticket`, in this process and in others, against the sandbox."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import guarddog_gui
from guarddog_gui.adapters.dog_files import DogFiles
from guarddog_gui.domain.accounts import Account
from guarddog_gui.domain.errors import KeyringShut, NoSuchAccount, NoSuchKey, RefreshDelayed, RefreshRefused
from guarddog_gui.domain.tokens import TokenKind, TokenRecord
from guarddog_gui.sandbox.faults import Fault, How
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.person import Person

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def person(tmp_path: Path, wechat: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody whose Shop is known, and whose environment is this process's, too."""
    person = Person(tmp_path, wechat)
    assert person.add().returncode == 0
    for name in ("GUARDDOG_HOME", "GUARDDOG_API_BASE", "GUARDDOG_LANG"):
        monkeypatch.setenv(name, person.environ[name])
    return person


def put(person: Person, kind: TokenKind, value: str, age_s: float = 0) -> None:
    dogs = DogFiles(Path(person.environ["GUARDDOG_HOME"], "data", "dogs"))
    record = TokenRecord(value, 7200, int((time.time() - age_s) * 1000), "", 290)
    dogs.write(Account(person.shop.appid, "Shop"), kind, record)


def in_a_process(person: Person, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, guarddog_gui\nAPPID = {person.shop.appid!r}\n{code}"],
        env=person.environ,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_fresh_value_comes_from_disk(person: Person) -> None:
    put(person, TOKEN, "90_fresh")
    put(person, TICKET, "ticket_fresh")
    assert guarddog_gui.access_token(person.shop.appid) == "90_fresh"
    assert guarddog_gui.access_token("Shop") == "90_fresh"
    assert guarddog_gui.jsapi_ticket(person.shop.appid) == "ticket_fresh"


def test_a_newer_one_is_given_at_the_next_call(person: Person) -> None:
    for number in range(5):
        put(person, TOKEN, f"90_{number}")
        assert guarddog_gui.access_token("Shop") == f"90_{number}"


def test_a_fresh_value_needs_no_qt_no_network_no_keyring_and_no_millisecond(person: Person) -> None:
    put(person, TOKEN, "90_fresh")
    code = """
import time
guarddog_gui.access_token(APPID)
took = []
for _ in range(50):
    began = time.perf_counter()
    guarddog_gui.access_token(APPID)
    took.append(time.perf_counter() - began)
print(sorted(took)[25] < 0.001)
print([name for name in ("PySide6", "requests", "keyring", "filelock") if name in sys.modules])
"""
    assert in_a_process(person, code) == "True\n[]\n"


def test_the_package_alone_loads_next_to_nothing(person: Person) -> None:
    code = "print([name for name in sys.modules if name.startswith('guarddog_gui.')])"
    assert in_a_process(person, code) == "[]\n"


def test_a_stale_one_is_refreshed(person: Person, wechat: SandboxServer) -> None:
    put(person, TOKEN, "90_dead", age_s=7201)
    token, ticket = in_a_process(
        person, "print(guarddog_gui.access_token(APPID), guarddog_gui.jsapi_ticket(APPID))"
    ).split()
    assert token != "90_dead"
    assert wechat.rules.accepts_ticket(person.shop.appid, ticket)
    assert guarddog_gui.access_token("Shop") == token


def test_one_that_lives_too_shortly_is_given_when_no_other_can_be_had(
    person: Person, wechat: SandboxServer
) -> None:
    wechat.faults.fail(Fault(How.ERRCODE, number=45009))
    put(person, TOKEN, "90_short", age_s=7000)
    assert in_a_process(person, "print(guarddog_gui.access_token(APPID, min_ttl=600))") == "90_short\n"


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [(40125, RefreshRefused, "AppSecret"), (45009, RefreshDelayed, "45009"), (-1, RefreshDelayed, "-1")],
)
def test_a_refusal_is_an_error_of_its_kind_with_words(
    person: Person, wechat: SandboxServer, code: int, error: type[Exception], words: str
) -> None:
    put(person, TOKEN, "90_dead", age_s=7201)
    wechat.faults.fail(Fault(How.ERRCODE, number=code))
    said = in_a_process(person, "guarddog_gui.access_token(APPID)")
    last = said.strip().splitlines()[-1]
    assert last.startswith(f"guarddog_gui.domain.errors.{error.__name__}: ")
    assert words in last
    assert person.shop.secret not in said
    with pytest.raises(error) as raised:  # told again without a call
        guarddog_gui.access_token("Shop")
    assert getattr(raised.value, "errcode", None) == code


def test_who_keeps_asking_does_not_make_a_storm(person: Person, wechat: SandboxServer) -> None:
    put(person, TOKEN, "90_dead", age_s=7201)
    wechat.faults.fail(Fault(How.ERRCODE, number=40125), times=1000)
    code = """
for _ in range(30):
    try: guarddog_gui.access_token(APPID)
    except guarddog_gui.domain.errors.RefreshRefused: pass
"""
    assert in_a_process(person, code) == ""
    assert [left for _, left, _ in wechat.faults.planned()] == [999]


def test_a_slow_command_of_the_account_keeps_nobody_waiting_for_the_value(
    person: Person, tmp_path: Path
) -> None:
    slow = f"sh -c 'sleep 1.5; echo $WECHAT_ACCESS_TOKEN > {tmp_path}/told'"
    assert person.add("--run", slow).returncode == 0
    (tmp_path / "told").unlink()
    put(person, TOKEN, "90_dead", age_s=7201)
    code = """
import time
began = time.monotonic()
print(guarddog_gui.access_token(APPID), time.monotonic() - began < 1.4)
"""
    token, was_quick = in_a_process(person, code).split()
    assert was_quick == "True"
    assert (tmp_path / "told").read_text() == f"{token}\n"  # the program's end has waited for it


def test_a_value_that_no_disk_takes_is_kept_while_the_program_runs(
    person: Person, wechat: SandboxServer
) -> None:
    dogs = Path(person.environ["GUARDDOG_HOME"], "data", "dogs")
    dogs.rename(dogs.with_name("elsewhere"))
    dogs.write_text("a file in its place")
    before = wechat.rules.calls["/cgi-bin/stable_token"]
    code = "print({guarddog_gui.access_token(APPID) for _ in range(20)})"
    said = in_a_process(person, code)
    assert said.startswith("{'91_")
    assert said.count("91_") == 1
    assert wechat.rules.calls["/cgi-bin/stable_token"] - before == 1
    last = in_a_process(person, "guarddog_gui.access_token(APPID)").strip().splitlines()[-1]
    assert last.startswith("guarddog_gui.domain.errors.RefreshRefused: ")


def test_a_damaged_list_and_a_bad_address_are_told_in_words(person: Person) -> None:
    put(person, TOKEN, "90_dead", age_s=7201)
    person.environ["GUARDDOG_API_BASE"] = "ftp://x"
    said = in_a_process(person, "guarddog_gui.access_token(APPID)").strip().splitlines()[-1]
    assert said.startswith("guarddog_gui.domain.errors.")
    assert not said.endswith("bad-api-base")
    person.environ["GUARDDOG_API_BASE"] = person.wechat.base
    Path(person.environ["GUARDDOG_HOME"], "config", "accounts.json").write_text("{")
    assert "FileTrouble: " in in_a_process(person, "guarddog_gui.access_token(APPID)")


def test_a_locked_keyring_is_an_error_of_its_own(person: Person) -> None:
    put(person, TOKEN, "90_dead", age_s=7201)
    person.keyring.with_suffix(".locked").touch()
    said = in_a_process(person, "guarddog_gui.access_token(APPID)")
    assert f"{KeyringShut.__name__}: " in said


def test_nobody_and_nothing_have_errors_of_their_own(person: Person, wechat: SandboxServer) -> None:
    with pytest.raises(NoSuchAccount, match="guarddogctl accounts list"):
        guarddog_gui.access_token("wx-nobody")
    mini = wechat.accounts[2]
    added = person(
        "accounts", "add", "--appid", mini.appid, "--name", "Mini", "--platform", "mini-program",
        "--secret-stdin", stdin=mini.secret,
    )  # fmt: skip
    assert added.returncode == 0
    with pytest.raises(NoSuchKey, match="mini program"):
        guarddog_gui.jsapi_ticket("Mini")


def test_there_is_nothing_else_in_the_package() -> None:
    with pytest.raises(AttributeError):
        guarddog_gui.no_such_thing  # type: ignore[attr-defined]  # noqa: B018
