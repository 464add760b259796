"""`guarddog_gui.access_token` and `jsapi_ticket`, in this process and in others, against the sandbox."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import guarddog_gui
from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import KeyringUnavailable, NoSuchAccount, NoSuchKey, RefreshDelayed, RefreshRefused
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def installed_ctl(tmp_path: Path, wechat: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> SubprocessCli:
    """Install the command line with an account, and use its environment in this process too."""
    installed_ctl = SubprocessCli(tmp_path, wechat)
    assert installed_ctl.add_account().returncode == 0
    for name in ("GUARDDOG_HOME", "GUARDDOG_API_BASE", "GUARDDOG_LANG"):
        monkeypatch.setenv(name, installed_ctl.environ[name])
    return installed_ctl


def put(installed_ctl: SubprocessCli, kind: TokenKind, value: str, age_s: float = 0) -> None:
    dogs = AccountDogFiles(Path(installed_ctl.environ["GUARDDOG_HOME"], "data", "dogs"))
    record = TokenRecord(value, 7200, int((time.time() - age_s) * 1000), "", 290)
    dogs.write(Account(installed_ctl.shop.appid, "Shop"), kind, record)


def in_a_process(installed_ctl: SubprocessCli, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, guarddog_gui\nAPPID = {installed_ctl.shop.appid!r}\n{code}"],
        env=installed_ctl.environ,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_fresh_value_comes_from_disk(installed_ctl: SubprocessCli) -> None:
    put(installed_ctl, TOKEN, "90_fresh")
    put(installed_ctl, TICKET, "ticket_fresh")
    assert guarddog_gui.access_token(installed_ctl.shop.appid) == "90_fresh"
    assert guarddog_gui.access_token("Shop") == "90_fresh"
    assert guarddog_gui.jsapi_ticket(installed_ctl.shop.appid) == "ticket_fresh"


def test_a_newer_value_on_disk_is_returned_at_the_next_call(installed_ctl: SubprocessCli) -> None:
    for number in range(5):
        put(installed_ctl, TOKEN, f"90_{number}")
        assert guarddog_gui.access_token("Shop") == f"90_{number}"


def test_a_fresh_value_is_fast_without_qt_network_or_keyring(installed_ctl: SubprocessCli) -> None:
    put(installed_ctl, TOKEN, "90_fresh")
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
    assert in_a_process(installed_ctl, code) == "True\n[]\n"


def test_importing_the_package_loads_next_to_nothing(installed_ctl: SubprocessCli) -> None:
    code = "print([name for name in sys.modules if name.startswith('guarddog_gui.')])"
    assert in_a_process(installed_ctl, code) == "[]\n"


def test_an_expired_value_is_refreshed(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    token, ticket = in_a_process(
        installed_ctl, "print(guarddog_gui.access_token(APPID), guarddog_gui.jsapi_ticket(APPID))"
    ).split()
    assert token != "90_dead"
    assert ticket in wechat.rules.accepted_tickets(installed_ctl.shop.appid)
    assert guarddog_gui.access_token("Shop") == token


def test_a_value_below_min_ttl_is_returned_if_there_is_no_other(
    installed_ctl: SubprocessCli, wechat: SandboxServer
) -> None:
    wechat.faults.add(Fault(FaultKind.ERRCODE, number=45009))
    put(installed_ctl, TOKEN, "90_short", age_s=7000)
    assert in_a_process(installed_ctl, "print(guarddog_gui.access_token(APPID, min_ttl=600))") == "90_short\n"


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [(40125, RefreshRefused, "AppSecret"), (45009, RefreshDelayed, "45009"), (-1, RefreshDelayed, "-1")],
)
def test_a_refusal_raises_an_error_of_its_kind_with_a_message(
    installed_ctl: SubprocessCli, wechat: SandboxServer, code: int, error: type[Exception], words: str
) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    wechat.faults.add(Fault(FaultKind.ERRCODE, number=code))
    said = in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)")
    last = said.strip().splitlines()[-1]
    assert last.startswith(f"guarddog_gui.domain.errors.{error.__name__}: ")
    assert words in last
    assert installed_ctl.shop.secret not in said
    with pytest.raises(error) as raised:  # told again without a call
        guarddog_gui.access_token("Shop")
    assert getattr(raised.value, "errcode", None) == code


def test_frequent_calls_do_not_cause_frequent_requests(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    wechat.faults.add(Fault(FaultKind.ERRCODE, number=40125), times=1000)
    code = """
for _ in range(30):
    try: guarddog_gui.access_token(APPID)
    except guarddog_gui.domain.errors.RefreshRefused: pass
"""
    assert in_a_process(installed_ctl, code) == ""
    assert [left for _, left, _ in wechat.faults.pending()] == [999]


def test_a_slow_export_command_does_not_delay_the_value(installed_ctl: SubprocessCli, tmp_path: Path) -> None:
    slow = f"sh -c 'sleep 4; echo $WECHAT_ACCESS_TOKEN > {tmp_path}/told'"
    assert installed_ctl.add_account("--run", slow).returncode == 0
    (tmp_path / "told").unlink()
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    code = """
import time
began = time.monotonic()
print(guarddog_gui.access_token(APPID), time.monotonic() - began < 3.9)
"""
    token, was_quick = in_a_process(installed_ctl, code).split()
    assert was_quick == "True"
    assert (tmp_path / "told").read_text() == f"{token}\n"  # the program's end has waited for it


def test_an_unwritten_value_is_kept_in_memory(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    dogs = Path(installed_ctl.environ["GUARDDOG_HOME"], "data", "dogs")
    dogs.rename(dogs.with_name("elsewhere"))
    dogs.write_text("a file in its place")
    before = wechat.rules.call_counts["/cgi-bin/stable_token"]
    code = "print({guarddog_gui.access_token(APPID) for _ in range(20)})"
    said = in_a_process(installed_ctl, code)
    assert said.startswith("{'91_")
    assert said.count("91_") == 1
    assert wechat.rules.call_counts["/cgi-bin/stable_token"] - before == 1
    # the disk is no reason for another program to go without the value
    assert in_a_process(installed_ctl, "print(guarddog_gui.access_token(APPID)[:3])").strip() == "91_"


def test_a_ticket_is_requested_with_an_unwritten_token(installed_ctl: SubprocessCli) -> None:
    dogs = Path(installed_ctl.environ["GUARDDOG_HOME"], "data", "dogs")
    dogs.rename(dogs.with_name("elsewhere"))
    dogs.write_text("a file in its place")
    for calls_in_order in ("access_token jsapi_ticket access_token", "jsapi_ticket access_token jsapi_ticket"):
        code = f"print([getattr(guarddog_gui, name)(APPID)[:3] for name in {calls_in_order.split()}])"
        said = in_a_process(installed_ctl, code)
        assert said.count("'") == 6, said


def calls(wechat: SandboxServer) -> int:
    return wechat.rules.call_counts["/cgi-bin/stable_token"] + wechat.rules.call_counts["/cgi-bin/token"]


@pytest.mark.parametrize("endpoint", ["stable", "classic"])
def test_a_min_ttl_above_the_life_does_not_cause_a_request_per_call(
    installed_ctl: SubprocessCli, wechat: SandboxServer, endpoint: str
) -> None:
    assert installed_ctl.add_account("--endpoint", endpoint).returncode == 0
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    before = calls(wechat)
    code = "print(len({guarddog_gui.access_token(APPID, min_ttl=10**6) for _ in range(50)}))"
    assert in_a_process(installed_ctl, code) == "1\n"
    assert calls(wechat) - before <= 2


def test_a_value_confirmed_by_wechat_is_requested_once(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    token = "90_short"
    put(installed_ctl, TOKEN, token, age_s=6000)  # 1,200 of its seconds are left, and WeChat goes on giving it
    wechat.faults.add(
        Fault(FaultKind.CUSTOM_BODY, text=json.dumps({"access_token": token, "expires_in": 1200})), times=1000
    )
    code = "print({guarddog_gui.access_token(APPID, min_ttl=3000) for _ in range(20)})"
    assert in_a_process(installed_ctl, code) == f"{{{token!r}}}\n"
    assert [left for _, left, _ in wechat.faults.pending()] == [999]


def test_a_classic_token_that_another_program_ended_is_not_returned(installed_ctl: SubprocessCli) -> None:
    assert installed_ctl.add_account("--endpoint", "classic").returncode == 0
    put(installed_ctl, TOKEN, "90_ended", age_s=600)
    code = "print(guarddog_gui.access_token(APPID), guarddog_gui.access_token(APPID))"
    first, second = in_a_process(installed_ctl, code).split()
    assert first == second != "90_ended"


def test_a_refused_classic_token_is_not_returned_without_a_keyring_either(installed_ctl: SubprocessCli) -> None:
    assert installed_ctl.add_account("--endpoint", "classic").returncode == 0
    put(installed_ctl, TOKEN, "90_ended", age_s=600)
    for _ in range(2):
        with pytest.raises(KeyringUnavailable):  # this process has none
            guarddog_gui.access_token("Shop")


@pytest.mark.parametrize("number", [45009, 45011, -1])
def test_simultaneous_programs_share_one_refusal(
    installed_ctl: SubprocessCli, wechat: SandboxServer, number: int
) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    wechat.faults.add(Fault(FaultKind.ERRCODE, number=number), times=1000)
    before = calls(wechat)
    code = """
from threading import Thread
heard = []
def ask():
    try: guarddog_gui.access_token(APPID)
    except guarddog_gui.domain.errors.RefreshDelayed as error: heard.append(error.errcode)
threads = [Thread(target=ask) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(heard), set(heard))
"""
    assert in_a_process(installed_ctl, code) == f"20 {{{number}}}\n"
    assert calls(wechat) - before <= 2  # a busy WeChat may be asked again after a second


def test_a_changed_secret_is_used_at_once(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    code = f"""
import guarddog_gui
guarddog_gui.access_token({installed_ctl.shop.appid!r})  # it remembers the secret
print("ready", flush=True)
input()
print(guarddog_gui.access_token({installed_ctl.shop.appid!r}))
"""
    running = subprocess.Popen(
        [sys.executable, "-c", code],
        env=installed_ctl.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    changed = replace(installed_ctl.shop, secret="f" * 32)
    wechat.rules.set_account(changed)
    installed_ctl.shop = changed
    assert installed_ctl.add_account().returncode == 0
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    said, _ = running.communicate("\n", timeout=60)
    assert said.startswith("91_")


def test_a_secret_saved_without_a_check_is_tried_at_once(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    right = installed_ctl.shop
    wechat.rules.set_account(replace(right, secret="f" * 32))
    assert "RefreshRefused: " in in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)")
    installed_ctl.shop = replace(right, secret="f" * 32)
    time.sleep(0.05)  # the change of the list is after the failure
    assert installed_ctl.add_account("--no-check").returncode == 0
    assert in_a_process(installed_ctl, "print(guarddog_gui.access_token(APPID))").startswith("91_")


def test_short_lived_programs_do_not_cause_one_request_each(
    installed_ctl: SubprocessCli, wechat: SandboxServer
) -> None:
    token, ticket = "90_short", "ticket_short"
    put(installed_ctl, TOKEN, token, age_s=6000)
    put(installed_ctl, TICKET, ticket, age_s=6000)
    for fields in ({"access_token": token}, {"ticket": ticket}):
        said = json.dumps(fields | {"expires_in": 1200})
        endpoint = "stable_token" if "access_token" in fields else "getticket"
        wechat.faults.add(Fault(FaultKind.CUSTOM_BODY, text=said), times=1000, endpoint=endpoint)
    code = "print(guarddog_gui.access_token(APPID, min_ttl=3000), guarddog_gui.jsapi_ticket(APPID, min_ttl=3000))"
    for _ in range(3):
        assert in_a_process(installed_ctl, code) == f"{token} {ticket}\n"
    assert installed_ctl("token", "--key", "JSAPI_TICKET", "--min-ttl", "3000").stdout == f"{ticket}\n"
    assert sorted(left for _, left, _ in wechat.faults.pending()) == [999, 999]


def test_a_program_without_a_keyring_does_not_affect_others(installed_ctl: SubprocessCli) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    with_one = installed_ctl.environ["PYTHON_KEYRING_BACKEND"]
    installed_ctl.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    assert "KeyringUnavailable: " in in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)")
    installed_ctl.environ["PYTHON_KEYRING_BACKEND"] = with_one
    assert in_a_process(installed_ctl, "print(guarddog_gui.access_token(APPID))").startswith("91_")


@pytest.mark.only_on("linux")
def test_a_refresh_leaves_no_open_connection(installed_ctl: SubprocessCli) -> None:
    dog = AccountDogFiles(Path(installed_ctl.environ["GUARDDOG_HOME"], "data", "dogs")).path(
        Account(installed_ctl.shop.appid, "Shop"), TOKEN
    )
    code = f"""
import os
def sockets():
    names = (f"/proc/self/fd/{{fd}}" for fd in os.listdir("/proc/self/fd"))
    return sum(os.path.exists(name) and os.readlink(name).startswith("socket:") for name in names)
for _ in range(12):
    os.unlink({str(dog)!r})
    guarddog_gui.access_token(APPID)
print(sockets())
"""
    assert in_a_process(installed_ctl, code) == "0\n"


@pytest.mark.only_on("linux", "darwin")
def test_a_forked_child_does_not_wait_for_locks_of_the_parent(installed_ctl: SubprocessCli) -> None:
    """Fork while a thread of the parent holds locks in the middle of a refresh."""
    home = Path(installed_ctl.environ["GUARDDOG_HOME"])
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    code = f"""
import os, sqlite3, threading, time
held = sqlite3.connect({str(home / "data" / "history.sqlite3")!r}, isolation_level=None)
held.execute("BEGIN IMMEDIATE")
thread = threading.Thread(target=guarddog_gui.access_token, args=(APPID,))
thread.start()
time.sleep(1)  # it is in the history by now; if not, the child has nothing to wait for
child = os.fork()
if child == 0:
    import faulthandler
    faulthandler.dump_traceback_later(30, exit=True)
    os.unlink({str(home / "data" / "dogs" / installed_ctl.shop.appid / "ACCESS_TOKEN.dog")!r})
    guarddog_gui.access_token(APPID)
    os._exit(0)
held.execute("ROLLBACK")
thread.join()
print(os.waitpid(child, 0)[1])
"""
    assert in_a_process(installed_ctl, code).splitlines()[-1] == "0"


@pytest.mark.parametrize("min_ttl", [float("nan"), -1, float("inf")])
def test_a_min_ttl_that_is_not_a_number_of_seconds_is_refused(installed_ctl: SubprocessCli, min_ttl: float) -> None:
    put(installed_ctl, TOKEN, "90_fresh")
    with pytest.raises(ValueError, match="min_ttl has to be"):
        guarddog_gui.access_token("Shop", min_ttl=min_ttl)  # type: ignore[arg-type]


def test_a_damaged_list_and_an_invalid_api_base_raise_clear_errors(installed_ctl: SubprocessCli) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    installed_ctl.environ["GUARDDOG_API_BASE"] = "ftp://x"
    said = in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)").strip().splitlines()[-1]
    assert said.startswith("guarddog_gui.domain.errors.")
    assert not said.endswith("bad-api-base")
    installed_ctl.environ["GUARDDOG_API_BASE"] = installed_ctl.wechat.base_url
    Path(installed_ctl.environ["GUARDDOG_HOME"], "config", "accounts.json").write_text("{")
    assert "FileError: " in in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)")


def test_a_locked_keyring_raises_keyring_unavailable(installed_ctl: SubprocessCli) -> None:
    put(installed_ctl, TOKEN, "90_dead", age_s=7201)
    installed_ctl.keyring_file.with_suffix(".locked").touch()
    said = in_a_process(installed_ctl, "guarddog_gui.access_token(APPID)")
    assert f"{KeyringUnavailable.__name__}: " in said


def test_unknown_accounts_and_keys_have_their_own_errors(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    with pytest.raises(NoSuchAccount, match="guarddogctl accounts list"):
        guarddog_gui.access_token("wx-nobody")
    mini = wechat.accounts[2]
    added = installed_ctl(
        "accounts", "add", "--appid", mini.appid, "--name", "Mini", "--platform", "mini-program",
        "--secret-stdin", stdin=mini.secret,
    )  # fmt: skip
    assert added.returncode == 0
    with pytest.raises(NoSuchKey, match="mini program"):
        guarddog_gui.jsapi_ticket("Mini")


def test_an_ambiguous_account_name_is_refused(installed_ctl: SubprocessCli, wechat: SandboxServer) -> None:
    other = wechat.accounts[1]
    added = installed_ctl(
        *("accounts", "add", "--appid", other.appid, "--name", "Other", "--secret-stdin"), stdin=other.secret
    )
    assert added.returncode == 0
    accounts = Path(installed_ctl.environ["GUARDDOG_HOME"], "config", "accounts.json")  # as an earlier version left it
    accounts.write_text(accounts.read_text(encoding="utf-8").replace('"Other"', '"Shop"'), encoding="utf-8")
    with pytest.raises(NoSuchAccount, match=r"several accounts are called 'Shop'.* AppID"):
        guarddog_gui.access_token("Shop")
    assert guarddog_gui.access_token(other.appid).startswith("91_")


def test_the_package_exports_nothing_else() -> None:
    with pytest.raises(AttributeError):
        guarddog_gui.no_such_thing  # type: ignore[attr-defined]  # noqa: B018
