"""`doctor`: what it reports, by which code it ends, and that nothing keeps it."""

import io
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from guarddog_gui.bootstrap.catalogues import make_messages
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.cli.commands import doctor
from guarddog_gui.cli.commands.doctor import anonymize, current_home_dir, current_user_name
from guarddog_gui.cli.context import CommandContext, Terminal
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, LookupResult
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.messages.texts import ShortTimeFormat
from tests.cli.conftest import CliResult, InProcessCli
from tests.cli.subprocess_cli import SubprocessCli
from tests.fakes import FakeClock, FakeSecretStore

CHECKS = [
    "versions", "accounts", "renewal", "keyring", "files", "writers", "outlets", "proxy", "network", "clock",
    "own-address", "libraries", "tray", "clipboard", "fonts",
]  # fmt: skip
TOKEN = "ACCESS_TOKEN"


class TerminalStringIO(io.StringIO):
    def isatty(self) -> bool:
        return True


def examine(guarddogctl: InProcessCli, out: io.StringIO, patience_s: float = 14.0) -> int:
    """The command with an output and a patience of our own."""
    stores = make_container(guarddogctl.environ, guarddogctl.clock, secrets=guarddogctl.secrets)
    terminal = Terminal(
        guarddogctl.environ, io.StringIO(), out, io.StringIO(), guarddogctl.clock, secret_store=guarddogctl.secrets
    )
    sentences = make_messages(guarddogctl.environ, "en", stores.errcode_catalog, ShortTimeFormat(guarddogctl.clock))
    try:
        context = CommandContext(terminal, stores, sentences)
        return doctor.run(context, Namespace(json=False), timeout_s=patience_s)
    finally:
        stores.history.close()


def states(ran: CliResult) -> dict[str, str]:
    return {each["check"]: each["state"] for each in ran.json}


def finding(ran: CliResult, check: str) -> Any:
    return next(each for each in ran.json if each["check"] == check)


def test_a_sound_installation_is_told_in_lines_and_ends_with_0(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("doctor")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert [line.split()[2] for line in ran.stdout.splitlines() if line[0] != " "][:4] == CHECKS[:4]
    assert "✓ ok " in ran.stdout
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_json_has_every_check_in_order(ctl_with_account: InProcessCli, language: str) -> None:
    ran = ctl_with_account("doctor", "--json", GUARDDOG_LANG=language)

    assert ran.exit_code == 0
    assert [each["check"] for each in ran.json] == CHECKS
    assert set(states(ran).values()) <= {"ok", "doubtful", "not checked"}


def test_colours_are_for_a_terminal_and_no_color_is_heeded(ctl_with_account: InProcessCli) -> None:
    screen, plain = TerminalStringIO(), TerminalStringIO()

    examine(ctl_with_account, screen)
    ctl_with_account.environ["NO_COLOR"] = "1"
    examine(ctl_with_account, plain)

    assert "\x1b[32m✓ ok" in screen.getvalue()
    assert "\x1b" not in plain.getvalue()


def test_no_secret_token_or_ticket_is_in_it(ctl_with_account: InProcessCli) -> None:
    ctl_with_account("token", "--key", "JSAPI_TICKET")

    said = ctl_with_account("doctor").stdout + ctl_with_account("doctor", "--json").stdout

    for value in (
        ctl_with_account.shop.secret,
        ctl_with_account.stored_value(),
        ctl_with_account.stored_value("JSAPI_TICKET"),
    ):
        assert value not in said


def test_the_person_is_not_in_it(ctl_with_account: InProcessCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(ctl_with_account.home.parent))
    monkeypatch.setenv("USERPROFILE", str(ctl_with_account.home.parent))
    monkeypatch.setenv("LOGNAME", ctl_with_account.home.name)
    ctl_with_account.dog_path().write_text("{", encoding="utf-8")

    for ran in (ctl_with_account("doctor"), ctl_with_account("doctor", "--json")):
        assert "~/" in ran.stdout
        assert str(ctl_with_account.home.parent) not in ran.stdout
        assert f"/{ctl_with_account.home.name}/" not in ran.stdout


# -- what is wrong ---------------------------------------------------------------------------------


def test_a_locked_keyring_needs_the_user(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()

    ran = ctl_with_account("doctor", "--json")

    assert ran.exit_code == 4
    assert states(ran)["keyring"] == "bad"


def test_no_network_is_5_and_a_worse_thing_beside_it_decides(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.stop()
    ran = ctl_with_account("doctor", "--json")
    assert ran.exit_code == 5
    assert (states(ran)["network"], states(ran)["clock"]) == ("bad", "not checked")

    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    assert ctl_with_account("doctor").exit_code == 4


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_address_that_cannot_be_used_is_one_bad_check_of_many(ctl_with_account: InProcessCli, language: str) -> None:
    ran = ctl_with_account("doctor", "--json", GUARDDOG_API_BASE="weixin", GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stderr) == (4, "")
    assert [each["check"] for each in ran.json if each["state"] == "bad"] == ["address"]
    assert "weixin" in finding(ran, "address")["what"]
    assert "GUARDDOG_API_BASE" in finding(ran, "address")["what"]
    assert (states(ran)["keyring"], states(ran)["network"]) == ("ok", "not checked")
    assert [each["check"] for each in ran.json][-1] == "fonts"


def test_a_clock_that_is_wrong_is_4(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock = FakeClock(ctl_with_account.clock.now + 3600)  # our own; the sandbox keeps the right one

    ran = ctl_with_account("doctor", "--json")

    assert ran.exit_code == 4
    assert "60 minutes ahead" in finding(ran, "clock")["what"]


@pytest.mark.only_on("linux", "darwin")
def test_files_that_others_may_read_are_doubtful_and_one_that_we_may_not_is_bad(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.dog_path().chmod(0o644)
    ctl_with_account.dog_path().parent.chmod(0o755)
    ran = ctl_with_account("doctor", "--json")
    said = " ".join(each["what"] for each in ran.json if each["check"] == "files")
    assert ran.exit_code == 4
    assert "(mode 0755)" in said
    assert f"{TOKEN}.dog is open to other users of this computer (mode 0644)" in said

    ctl_with_account.dog_path().unlink()
    ctl_with_account.dog_path().mkdir()
    ran = ctl_with_account("doctor")
    assert ran.exit_code == 4
    assert f"{TOKEN}.dog could not be read or written: a folder is in its place." in ran.stdout
    assert "Move that folder away" in ran.stdout


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("in_the_way", ["locks", "locks/{appid}.lock"])
def test_where_no_lock_can_be_taken_the_user_is_needed_as_for_a_refresh(
    ctl_with_account: InProcessCli, in_the_way: str
) -> None:
    path = ctl_with_account.home / "data" / in_the_way.format(appid=ctl_with_account.shop.appid)
    if path.is_dir():
        rmtree(path)
        path.touch()
    else:
        path.unlink()
        path.mkdir()

    ran = ctl_with_account("doctor", "--json")

    assert (ran.exit_code, ctl_with_account("refresh").exit_code) == (4, 7)
    assert str(path) in finding(ran, "files")["what"]


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize(
    ("language", "words"), [("en", "the link leads nowhere. Make the folder"), ("zh_CN", "目标不存在")]
)
def test_doctor_and_refresh_report_a_chosen_folder_that_is_a_dangling_link(
    ctl_with_account: InProcessCli, tmp_path: Path, language: str, words: str
) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    assert ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--dog-dir", str(link)).exit_code == 0
    rmtree(folder)

    ran, refreshed = (
        ctl_with_account("doctor", "--json", GUARDDOG_LANG=language),
        ctl_with_account("refresh", GUARDDOG_LANG=language),
    )

    assert (ran.exit_code, refreshed.exit_code) == (4, 7)
    found = finding(ran, "files")
    assert words in f"{found['what']} {found['todo']}"
    assert words in refreshed.stderr


@pytest.mark.only_on("linux", "darwin")
def test_in_a_folder_that_a_person_named_our_files_are_judged_and_not_the_folder(
    ctl_with_account: InProcessCli, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    assert ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--dog-dir", str(shared)).exit_code == 0
    shared.chmod(0o775)
    assert finding(ctl_with_account("doctor", "--json"), "files")["state"] == "ok"

    (shared / "ACCESS_TOKEN.dog").chmod(0o644)
    (found,) = (each["what"] for each in ctl_with_account("doctor", "--json").json if each["check"] == "files")
    assert found.endswith("ACCESS_TOKEN.dog is open to other users of this computer (mode 0644).")


def test_damaged_files_are_named(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.dog_path().write_text("{", encoding="utf-8")
    assert "is damaged" in " ".join(each["what"] for each in ctl_with_account("doctor", "--json").json)

    (ctl_with_account.home / "config" / "accounts.json").write_text("{", encoding="utf-8")
    ran = ctl_with_account("doctor", "--json")
    assert ran.exit_code == 4
    assert states(ran)["accounts"] == "bad"


def test_a_place_that_could_not_be_written_is_doubtful(ctl_with_account: InProcessCli, tmp_path: Path) -> None:
    assert finding(ctl_with_account("doctor", "--json"), "outlets")["state"] == "ok"
    ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--write-php", str(tmp_path / "nowhere"))

    ran = ctl_with_account("doctor", "--json")

    assert ran.exit_code == 4
    assert finding(ran, "outlets")["state"] == "doubtful"
    assert finding(ran, "outlets")["what"].startswith("Shop: ")
    assert "access_token.json" in finding(ran, "outlets")["what"]


def test_a_value_of_another_program_is_doubtful_and_its_reason_is_named(ctl_with_account: InProcessCli) -> None:
    path = ctl_with_account.dog_path()
    foreign = path.read_text(encoding="utf-8").replace(ctl_with_account.stored_value(), "91_" + "f" * 100)
    ctl_with_account.clock.advance(60)
    path.write_text(foreign, encoding="utf-8")
    assert finding(ctl_with_account("doctor", "--json"), "renewal")["what"].startswith(
        "Shop: The value in ACCESS_TOKEN.dog is of another program."
    )

    assert ctl_with_account("refresh").exit_code == 0
    ran = ctl_with_account("doctor", "--json")

    assert ran.exit_code == 4
    assert states(ran)["renewal"] == "ok"
    found = finding(ran, "writers")
    assert found["state"] == "doubtful"
    assert found["what"].startswith("Shop: In the last 24 hours another program has written ACCESS_TOKEN.dog:")
    assert "0 values were taken over, 1 were not" in found["what"]
    assert "f" * 20 not in ran.stdout


class Broken(FakeSecretStore):
    def get(self, appid: str) -> LookupResult:
        raise ZeroDivisionError(appid)


class Hung(FakeSecretStore):
    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def get(self, appid: str) -> LookupResult:
        self.end.wait(30)
        return super().get(appid)


def test_a_check_that_fails_by_our_own_mistake_does_not_hide_the_others(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets = Broken()

    ran = ctl_with_account("doctor", "--json")

    assert [each["check"] for each in ran.json] == CHECKS
    assert states(ran)["keyring"] == "bad"
    assert "ZeroDivisionError" in (ctl_with_account.home / "logs" / "guarddog.log").read_text(encoding="utf-8")


def test_a_check_that_hangs_is_left_behind(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets = hung = Hung()
    out = io.StringIO()
    began = time.monotonic()

    code = examine(ctl_with_account, out, patience_s=1.0)

    hung.end.set()
    assert code == 5
    assert "This check did not end in time." in out.getvalue()
    assert "The clock agrees" in out.getvalue()
    assert time.monotonic() - began < 5


# -- the real program ------------------------------------------------------------------------------


@pytest.mark.only_on("linux")
def test_a_hung_keyring_bus_and_network_do_not_delay_it_beyond_its_deadline(
    tmp_path: Path, real_wechat: SandboxServer
) -> None:
    """Each for as long as it likes; together they take as long as the slowest, some five seconds."""
    person = SubprocessCli(tmp_path, real_wechat)
    assert person.add_account().returncode == 0
    (tmp_path / "hang.py").write_text(
        "import time\nfrom keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n    priority = 1\n"
        "    def get_password(self, service, username): time.sleep(60)\n"
        "    def set_password(self, service, username, password): pass\n",
        encoding="utf-8",
    )
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        began = time.monotonic()
        ran = person(
            "doctor",
            PYTHONPATH=f"{tmp_path}:{person.environ['PYTHONPATH']}",
            PYTHON_KEYRING_BACKEND="hang.Keyring",
            DISPLAY=":0",
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path}/bus",
            GUARDDOG_API_BASE=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )
        took = time.monotonic() - began

    assert (ran.returncode, ran.stderr) == (4, "")
    assert "hang.Keyring" in ran.stdout
    assert "WeChat did not answer in time." in ran.stdout
    assert "The session bus does not answer." in ran.stdout
    assert took < 15


def test_it_needs_no_qt(tmp_path: Path, real_wechat: SandboxServer) -> None:
    person = SubprocessCli(tmp_path, real_wechat)
    code = (
        "import sys; sys.argv[1:] = ['doctor']; from guarddog_gui.__main__ import ctl; ctl();"
        "sys.exit('PySide6' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", code], env=person.environ, capture_output=True, check=False)

    assert ran.returncode == 0
    assert b"PySide6 6" in ran.stdout


# -- anonymity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/al/.config/guarddog is open", "~/.config/guarddog is open"),
        ("“/home/al” is open.", "“~” is open."),
        ("无法读取 /home/al：没有权限", "无法读取 ~：没有权限"),
        ("/home/alice/x and /home/al-2/x", "/home/alice/x and /home/al-2/x"),
        ("/media/al/disk and /srv/al.", "/media/…/disk and /srv/…."),
        ("C:\\Users\\al\\x", "C:\\Users\\…\\x"),
        ("all is well, al", "all is well, al"),
    ],
)
def test_home_is_a_tilde_and_the_name_is_in_no_path(text: str, shown: str) -> None:
    assert anonymize(text, home_dir="/home/al", user_name="al") == shown


@pytest.mark.parametrize(("home", "user"), [("", ""), ("/", "")])
def test_nobody_hides_nothing(home: str, user: str) -> None:
    assert anonymize("/etc/passwd", home_dir=home, user_name=user) == "/etc/passwd"


def test_this_person_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/al")
    monkeypatch.setenv("USERPROFILE", "/home/al")
    monkeypatch.setenv("LOGNAME", "al")

    assert current_user_name() == "al"
    assert current_home_dir().replace("\\", "/") == "/home/al"
