"""After every kind of fault, the AppSecret is in the keyring and in no file, output, log or process."""

import base64
import json
import shlex
import time
from pathlib import Path
from urllib.parse import quote

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.tray_item import TrayItem

ERRCODES = (-1, 40001, 40013, 40125, 40164, 40243, 45009, 45011, 50004, 89503, 123456)
HTTP = (302, 403, 500, 502, 503)


def faults(secret: str) -> list[Fault]:
    """Return every kind of fault; some answers even contain the secret, as a debugging proxy might send it."""
    echoes = (
        json.dumps({"errcode": 40125, "errmsg": f"invalid appsecret {secret} rid: 617682e0-00000000-00000000"}),
        json.dumps({"access_token": "", "expires_in": 7200, "secret": secret}),
        f"<html>{secret}</html>",
    )
    refusals = [Fault(FaultKind.ERRCODE, number=code) for code in ERRCODES]
    statuses = [Fault(FaultKind.HTTP_STATUS, number=status) for status in HTTP]
    quick = [
        Fault(kind)
        for kind in (
            FaultKind.CAPTIVE_PORTAL,
            FaultKind.EMPTY_BODY,
            FaultKind.CUT_OFF,
            FaultKind.RESET,
            FaultKind.GARBAGE,
            FaultKind.REDIRECT,
        )
    ]
    return [*refusals, *statuses, *quick, *(Fault(FaultKind.CUSTOM_BODY, text=text) for text in echoes)]


def run(start_program: StartProgram, wechat: SandboxServer, line: str) -> ProgramProcess:
    program = start_program("sh", "-c", line, GUARDDOG_API_BASE=wechat.base_url)
    program.wait_for_exit(timeout_s=30)
    return program


def test_the_secret_is_in_the_keyring_and_nowhere_else(
    start_program: StartProgram,
    desktop_folder: Path,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    ctl = shlex.quote(script_path("guarddogctl"))
    stable, classic = wechat.accounts[:2]
    for shop, endpoint in ((stable, "stable"), (classic, "classic")):
        line = (
            f"printf %s {shop.secret} | {ctl} accounts add --appid {shop.appid} --name {endpoint}"
            f" --endpoint {endpoint} --secret-stdin"
        )
        assert run(start_program, wechat, line).exit_code == 0

    programs = []
    gui = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(4)
        for shop, endpoint in ((stable, "stable"), (classic, "classic")):
            assert any(label.startswith(endpoint) for label in item.labels())
            for fault in faults(shop.secret):
                refresh_with_fault(item, wechat, endpoint, fault)
        wechat.faults.clear()
        output = item.tooltip + "".join(row.label for row in item.menu())
        for fault in faults(classic.secret)[-4:]:
            wechat.faults.add(fault, times=1)
            programs.append(run(start_program, wechat, f"{ctl} refresh classic"))
        programs += [
            run(start_program, wechat, f"{ctl} {line}")
            for line in ("status --json", "history --json --limit 500", "accounts list --json")
        ]
        running = Path(f"/proc/{gui.pid}")
        output += (running / "cmdline").read_bytes().decode() + (running / "environ").read_bytes().decode()
    assert gui.stop() == 0

    output += gui.output + "".join(program.output for program in programs)
    assert "40164" in output  # the faults really reached the program
    files = files_outside_keyring(desktop_folder)
    assert any(path.name == "guarddog.log" for path in files)
    for shop in (stable, classic):
        for encoded in encodings(shop.secret):
            assert encoded not in output
            assert [path for path in files if encoded.encode() in path.read_bytes()] == []
            assert not any(encoded in str(signal.body) for signal in tray_host.signals)
    tokens = {json.loads(path.read_bytes())["data"] for path in files if path.suffix == ".dog"}
    assert len(tokens) == 4
    for token in tokens:
        assert token not in output
        assert [path for path in files if path.suffix != ".dog" and token.encode() in path.read_bytes()] == []
        assert not any(token in str(signal.body) for signal in tray_host.signals)


def refresh_with_fault(item: TrayItem, wechat: SandboxServer, account_name: str, fault: Fault) -> None:
    """Refresh an account with the tray menu, while its first call fails."""
    wechat.faults.add(fault, times=1)
    label = next(label for label in item.labels() if label.startswith(f"{account_name} ·"))
    item.click_menu_item(label, "Refresh now")
    wait_until(lambda: not list(wechat.faults.pending()), "the fault")
    wait_until(lambda: "refreshing" not in item.headline, "the end of the refresh")
    time.sleep(0.2)


def files_outside_keyring(desktop_folder: Path) -> list[Path]:
    keyrings = desktop_folder / "home" / ".local" / "share" / "keyrings"  # encrypted
    return [path for path in desktop_folder.rglob("*") if path.is_file() and keyrings not in path.parents]


def encodings(secret: str) -> tuple[str, ...]:
    """Return the secret as it is, in URL encoding, and the beginning of its base64 encoding."""
    return secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()[:24]
