"""Kill commands and the start of the tray app at each system call that writes; doing it again must complete it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.desktop.processes import start_process, stop_process
from tests.desktop.program_process import script_path
from tests.hard.killed_home import check_history, run_maintenance_later, temporary_files
from tests.hard.results import PromiseRecorder
from tests.hard.system_calls import CALLS, KillPoint, find_kill_points, injection, killed_at, trace, was_killed

pytestmark = pytest.mark.only_on("linux")

PROMISE = "2. No torn file"
SAVE_SETTINGS = """
import os, sys
from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.domain.settings import Settings
SettingsFile(get_app_paths(os.environ).settings_file).save(Settings("zh_CN", 11, close_hint_shown=True))
"""
MAINTENANCE = """
import os, time
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.runtime.jobs import Maintenance
Maintenance().run(Container(os.environ, time.time).make_worker_context())
"""
EXPORTED = "exported.age"
PASSPHRASE = "correct horse battery staple"
IMPORT_SECRET_BEFORE = "fedcba9876543210" * 2
TRAY_STOP_S = 8.0  # until then its start is over, also on a busy machine


class Scene:
    """Homes of an account that is there from the start and one that is added or removed."""

    def __init__(self, folder: Path, wechat: SandboxServer) -> None:
        self.folder = folder
        self.wechat = wechat
        self.first, self.second = wechat.accounts[:2]

    def make_home(self, name: str, template: str = "") -> SubprocessCli:
        """Return a user with a new home, or with a copy of the home of that name."""
        folder = self.folder / name
        if template:
            shutil.copytree(self.folder / template, folder)
        else:
            folder.mkdir(mode=0o700)
        cli = SubprocessCli(folder, self.wechat)
        run = folder / "run"
        run.mkdir(mode=0o700, exist_ok=True)
        cli.environ |= {
            "PYTHONDONTWRITEBYTECODE": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(run),
            "LANG": "C.UTF-8",
        }
        return cli

    def export(self) -> None:
        """Export both accounts and the settings, the first account with another name."""
        cli = self.make_home("exporting", "two")
        assert cli("accounts", "edit", self.first.appid, "--name", "Imported 0", "--no-check").returncode == 0
        assert subprocess.run([sys.executable, "-c", SAVE_SETTINGS], env=cli.environ, check=False).returncode == 0
        exported = cli("accounts", "export", str(self.folder / EXPORTED), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
        assert exported.returncode == 0, exported

    def set_secret(self, cli: SubprocessCli, number: int, secret: str) -> None:
        options = ("--ask-secret", "--secret-stdin", "--no-check")
        edited = cli("accounts", "edit", self.wechat.accounts[number].appid, *options, stdin=f"{secret}\n")
        assert edited.returncode == 0, edited

    def add(self, cli: SubprocessCli, number: int) -> None:
        account = self.wechat.accounts[number]
        cli.shop = account
        result = cli.add_account("--name", f"Shop {number}", "--endpoint", "classic")
        assert result.returncode == 0, result
        assert cli("refresh", account.appid).returncode == 0


@pytest.fixture
def scene(kept_folder: Path, secrets_in_play: set[str]) -> Iterator[Scene]:
    with SandboxServer(time.time) as wechat:
        wechat.rules.set_limit("/cgi-bin/token", QuotaLimit(1_000_000))
        secrets_in_play.update(account.secret for account in wechat.accounts)
        scene = Scene(kept_folder, wechat)
        scene.add(scene.make_home("one"), 0)
        scene.add(scene.make_home("two", "one"), 1)
        make_tokens_old(scene.make_home("stale", "one"))
        scene.export()
        scene.set_secret(scene.make_home("to import into", "one"), 0, IMPORT_SECRET_BEFORE)
        yield scene


def make_tokens_old(cli: SubprocessCli) -> None:
    for file in Path(cli.environ["GUARDDOG_HOME"], "data", "dogs").rglob("*.dog"):
        fields = json.loads(file.read_text("utf-8"))
        fields["gen_time"] -= 7_300_000
        file.write_text(json.dumps(fields, separators=(",", ":")), "utf-8")


class Command(NamedTuple):
    """Command that is killed, and the check of the state after it was done again."""

    name: str
    template: str
    arguments: Callable[[Scene], list[str]]
    check: Callable[[Scene, SubprocessCli], list[str]]
    stdin: Callable[[Scene], str] = lambda _: ""
    is_tray: bool = False


def dog_values(cli: SubprocessCli, appid: str) -> dict[str, str]:
    folder = Path(cli.environ["GUARDDOG_HOME"], "data", "dogs", appid)
    return {file.stem: json.loads(file.read_text("utf-8"))["data"] for file in folder.glob("*.dog")}


def listed_appids(cli: SubprocessCli) -> list[str]:
    return [account["appid"] for account in json.loads(cli("accounts", "list", "--json").stdout)]


def has_secret(cli: SubprocessCli, secret: str) -> bool:
    return cli.keyring_file.exists() and secret in cli.keyring_file.read_text("utf-8")


def keyring_entries(cli: SubprocessCli) -> dict[str, str]:
    """Return the secrets by the names of their services."""
    entries: dict[str, str] = json.loads(cli.keyring_file.read_text("utf-8"))
    return {name.removesuffix(" appsecret"): secret for name, secret in entries.items()}


def done_again(cli: SubprocessCli, arguments: list[str], stdin: str, codes: tuple[int, ...] = (0,)) -> list[str]:
    result = cli(*arguments, stdin=stdin)
    return [] if result.returncode in codes else [f"done again, it ended with {result.returncode}: {result.stderr}"]


def check_refresh(scene: Scene, cli: SubprocessCli) -> list[str]:
    wrong = done_again(cli, ["refresh", scene.first.appid], "")
    if set(dog_values(cli, scene.first.appid)) != {"ACCESS_TOKEN", "JSAPI_TICKET"}:
        wrong.append("a .dog file is missing")
    return wrong


def check_add(scene: Scene, cli: SubprocessCli) -> list[str]:
    wrong = done_again(cli, ADD.arguments(scene)[1:], ADD.stdin(scene))
    if listed_appids(cli) != [scene.first.appid, scene.second.appid]:
        wrong.append(f"the list has {listed_appids(cli)}")
    if not has_secret(cli, scene.second.secret):
        wrong.append("the keyring lacks the AppSecret")
    return wrong


def run_maintenance(cli: SubprocessCli) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", MAINTENANCE], env=cli.environ, capture_output=True, text=True, timeout=60, check=False
    )
    return [] if result.returncode == 0 else [f"the maintenance failed: {result.stderr[-500:]}"]


def check_given_up_add(scene: Scene, cli: SubprocessCli) -> list[str]:
    """The user does not try again: the maintenance of the next engine removes a secret that is in no list."""
    wrong = run_maintenance(cli)
    is_listed = scene.second.appid in listed_appids(cli)
    if has_secret(cli, scene.second.secret) and not is_listed:
        wrong.append("the AppSecret of an unlisted account stays")
    if is_listed and not has_secret(cli, scene.second.secret):
        wrong.append("a listed account has no AppSecret")
    return wrong


def check_remove(scene: Scene, cli: SubprocessCli) -> list[str]:
    wrong = done_again(cli, REMOVE.arguments(scene)[1:], "", codes=(0, 3))
    if listed_appids(cli) != [scene.first.appid]:
        wrong.append(f"the list has {listed_appids(cli)}")
    if has_secret(cli, scene.second.secret):
        wrong.append("the AppSecret is left in the keyring")
    if dog_values(cli, scene.second.appid):
        wrong.append("its .dog files are left")
    if not has_secret(cli, scene.first.secret):
        wrong.append("the AppSecret of the other account is gone")
    return wrong


def check_import(scene: Scene, cli: SubprocessCli) -> list[str]:
    """After the maintenance of the next engine, all is imported or nothing; done again, all is."""
    wrong = run_maintenance(cli)
    names = [account["name"] for account in json.loads(cli("accounts", "list", "--json").stdout)]
    has_all = names == ["Imported 0", "Shop 1"]
    secrets = keyring_entries(cli)
    first, second = f"guarddog:{scene.first.appid}", f"guarddog:{scene.second.appid}"
    expected = {first: scene.first.secret, second: scene.second.secret} if has_all else {first: IMPORT_SECRET_BEFORE}
    if names not in (["Shop 0"], ["Imported 0", "Shop 1"]):
        wrong.append(f"the list has {names}")
    if secrets != expected:
        wrong.append(f"the keyring has AppSecrets for {sorted(secrets)}, or other ones")
    settings = SettingsFile(Path(cli.environ["GUARDDOG_HOME"], "config", "settings.json")).load()
    if settings.language != ("zh_CN" if has_all else "system"):
        wrong.append(f"the settings have {settings.language}")
    return wrong + done_again(cli, IMPORT.arguments(scene)[1:], IMPORT.stdin(scene))


def check_settings(_scene: Scene, cli: SubprocessCli) -> list[str]:
    file = SettingsFile(Path(cli.environ["GUARDDOG_HOME"], "config", "settings.json"))
    before = file.load()
    wrong = [] if before.language in ("system", "zh_CN") else [f"neither old nor new: {before}"]
    if cli("status").returncode != 0:
        wrong.append("status fails")
    return wrong


def check_tray(_scene: Scene, cli: SubprocessCli) -> list[str]:
    """The next start runs, and ends when it is told to."""
    output = cli.home / "next.txt"
    with output.open("wb") as file:
        started = start_process([script_path("guarddog-gui")], cli.environ, output=file)
    deadline = time.monotonic() + 40
    try:
        while started.poll() is None and time.monotonic() < deadline:
            time.sleep(0.3)
            quitter = start_process([script_path("guarddog-gui"), "--quit"], cli.environ)
            assert quitter.wait(20) in (0, 5)  # 5: on a busy machine it is still starting
    finally:
        code = stop_process(started)
    text = output.read_text("utf-8")
    wrong = [] if code == 0 and not text else [f"the next start ended with {code}: {text}"]
    return wrong + ([] if (cli.home / "guarddog/data/history.sqlite3").exists() else ["it did not start"])


REFRESH = Command("refresh", "one", lambda scene: [GUARDDOGCTL, "refresh", scene.first.appid], check_refresh)
ADD = Command(
    "accounts add",
    "one",
    lambda scene: [
        *(GUARDDOGCTL, "accounts", "add", "--appid", scene.second.appid, "--name", "Second", "--secret-stdin")
    ],
    check_add,
    lambda scene: f"{scene.second.secret}\n",
)
GIVEN_UP_ADD = ADD._replace(name="accounts add, not repeated", check=check_given_up_add)
REMOVE = Command(
    "accounts remove",
    "two",
    lambda scene: [GUARDDOGCTL, "accounts", "remove", scene.second.appid, "--purge"],
    check_remove,
)
IMPORT = Command(
    "accounts import --replace",
    "to import into",
    lambda scene: [
        *(GUARDDOGCTL, "accounts", "import", str(scene.folder / EXPORTED), "--replace", "--settings"),
        "--passphrase-stdin",
    ],
    check_import,
    lambda _: f"{PASSPHRASE}\n",
)
SETTINGS = Command("settings save", "one", lambda _: [sys.executable, "-c", SAVE_SETTINGS], check_settings)
TRAY = Command(
    "start, refresh and end of the tray app", "stale", lambda _: [script_path("guarddog-gui")], check_tray, is_tray=True
)


@pytest.mark.parametrize(
    "command", [REFRESH, ADD, GIVEN_UP_ADD, REMOVE, IMPORT, SETTINGS, TRAY], ids=lambda command: command.name
)
def test_a_kill_at_any_writing_call_is_repaired_by_doing_it_again(
    command: Command, scene: Scene, promise: PromiseRecorder
) -> None:
    points, total = undisturbed_points(command, scene)
    wanted = promise.scaled(len(points))
    points = points[:: max(1, len(points) // wanted)]
    wrong: list[str] = []
    killed = 0
    reached: set[str] = set()
    for number, point in enumerate(points):
        cli = scene.make_home(f"{command.name[0]}{number}", command.template)
        subject, failures = kill_and_check(command, scene, cli, point)
        if subject is not None:
            killed += 1
            reached.add(subject)
        wrong += [f"{point}, killed at {subject}: {failure}" for failure in failures]
        if not failures:
            shutil.rmtree(cli.home / "run", ignore_errors=True)
    subjects = {point.subject for point in points}
    promise.record(
        PROMISE,
        f"kill at each system call that writes: {command.name}",
        tries=killed,
        failures=wrong,
        note=f"{total} such calls; {len(reached & subjects)} of {len(subjects)} pairs of call and file",
    )
    print("not reached:", *sorted(subjects - reached), sep="\n")  # noqa: T201 - shown if the test fails
    assert wrong == []
    assert killed >= len(points) * 0.8


def undisturbed_points(command: Command, scene: Scene) -> tuple[list[KillPoint], int]:
    cli = scene.make_home(f"undisturbed-{command.name[:6]}", command.template)
    output = cli.home / "trace.txt"
    result = trace(
        command.arguments(scene),
        cli.environ,
        output,
        "-e",
        f"trace={CALLS}",
        stdin=command.stdin(scene),
        stop_after_s=TRAY_STOP_S if command.is_tray else None,
    )
    assert result.returncode == 0, result
    points = find_kill_points(output, cli.home)
    assert points
    return points, len(points)


def kill_and_check(
    command: Command, scene: Scene, cli: SubprocessCli, point: KillPoint
) -> tuple[str | None, list[str]]:
    output = cli.home / "trace.txt"
    result = trace(
        command.arguments(scene),
        cli.environ,
        output,
        *injection(point),
        stdin=command.stdin(scene),
        stop_after_s=TRAY_STOP_S if command.is_tray else None,
    )
    subject = killed_at(output, cli.home) or point.subject if was_killed(result) else None
    failures = [] if subject or result.returncode == 0 else [f"ended with {result.returncode}: {result.stderr}"]
    failures += command.check(scene, cli)
    home = Path(cli.environ["GUARDDOG_HOME"])
    failures += check_history(home)
    failures += [f"damaged: {path.name}" for path in home.rglob("*.damaged-*")]
    run_maintenance_later(home, cli.environ)
    failures += [f"left behind: {path.name}" for path in temporary_files(home)]
    output.unlink(missing_ok=True)
    return subject, failures
