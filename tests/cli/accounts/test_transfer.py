"""`accounts export` and `accounts import`: from one computer to another, encrypted, all or nothing."""

import json
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.adapters.files.lock import AccountLockFiles
from guarddog_gui.adapters.transfer import transfer_file
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, StoreResult
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.transfer import TransferProblem
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.conftest import InProcessCli
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.cli.subprocess_cli import SubprocessCli
from tests.fakes import FakeClock

PASSPHRASE = "correct horse battery"


@pytest.fixture
def simple(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the encryption, which takes seconds, by one that checks the passphrase."""
    prefix = b"encrypted with "

    def encrypt(data: bytes, passphrase: str) -> bytes:
        return prefix + passphrase.encode() + b"\n" + data

    def decrypt(data: bytes, passphrase: str) -> bytes | TransferProblem:
        start = prefix + passphrase.encode() + b"\n"
        return data.removeprefix(start) if data.startswith(start) else TransferProblem.WRONG_PASSPHRASE

    monkeypatch.setattr(transfer_file, "encrypt", encrypt)
    monkeypatch.setattr(transfer_file, "decrypt", decrypt)
    monkeypatch.setattr(
        transfer_file, "header_problem", lambda data: None if data.startswith(prefix) else TransferProblem.NOT_EXPORTED
    )


@pytest.fixture
def old(guarddogctl: InProcessCli, simple: None) -> InProcessCli:  # noqa: ARG001 - it replaces the encryption
    """Return the old computer, with two accounts and a default one."""
    guarddogctl.add_account(None, "Shop", "--environment", "production", "--group", "Retail")
    guarddogctl.add_account(guarddogctl.mini, "Game", "--platform", "mini-program")
    guarddogctl("use", "Game")
    return guarddogctl


@pytest.fixture
def new(tmp_path: Path, wechat: SandboxServer, clock: FakeClock) -> InProcessCli:
    """Return the new computer, without accounts."""
    return InProcessCli(tmp_path / "new", wechat, clock)


@pytest.fixture
def file(old: InProcessCli, tmp_path: Path) -> Path:
    """Return the file that the old computer has exported."""
    path = tmp_path / "accounts.age"
    ran = old("accounts", "export", str(path), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    assert (ran.exit_code, ran.stdout) == (0, f"2 accounts are exported to {path}.\n")
    return path


def import_file(cli: InProcessCli, file: Path, *options: str, passphrase: str = PASSPHRASE) -> tuple[int, str, str]:
    ran = cli("accounts", "import", str(file), "--passphrase-stdin", *options, stdin=f"{passphrase}\n")
    assert all(account.secret not in ran.stdout + ran.stderr for account in cli.wechat.accounts)
    assert passphrase not in ran.stdout + ran.stderr
    return ran.exit_code, ran.stdout, ran.stderr


def stored(cli: InProcessCli) -> object:
    folder = cli.home / "config"
    files = {path.name: path.read_text() for path in folder.glob("*.json")} if folder.exists() else {}
    return files, dict(cli.secrets.stored)


def test_the_new_computer_has_accounts_and_secrets(new: InProcessCli, old: InProcessCli, file: Path) -> None:
    code, out, err = import_file(new, file)

    assert code == 0
    assert out.splitlines() == [
        f"added  Shop  {old.shop.appid}  production",
        f"added  Game  {old.mini.appid}",
        "2 accounts are imported",
    ]
    assert "--settings takes those of the file" in err
    assert new("accounts", "list", "--json").json == old("accounts", "list", "--json").json
    assert new.secrets.stored == old.secrets.stored
    assert new("token", "Shop").exit_code == 0
    assert new("use").exit_code == 3, "settings are taken over on request only"


def test_settings_are_taken_over_on_request(new: InProcessCli, old: InProcessCli, file: Path) -> None:
    code, out, _ = import_file(new, file, "--settings")

    assert code == 0
    assert out.endswith("The settings of the file are in use.\n")
    assert new("use").stdout == f"{old.mini.appid}  Game\n"


def test_accounts_that_exist_here_are_shown_and_kept(new: InProcessCli, file: Path) -> None:
    new.add_account(None, "Shop here")

    code, out, err = import_file(new, file)

    assert code == 0
    assert out.splitlines()[1:] == [
        f"kept   Shop  {new.shop.appid}  production",
        "1 account is imported · 1 is kept as it is here",
    ]
    assert "--replace takes those of the file" in err
    names = [account["name"] for account in new("accounts", "list", "--json").json]
    assert names == ["Shop here", "Game"]


def test_they_are_replaced_on_request_in_their_place(new: InProcessCli, file: Path) -> None:
    new.add_account(None, "Shop here")
    new.secrets.stored[new.shop.appid] = Secret("another-secret-of-the-shop")

    code, out, _ = import_file(new, file, "--replace")

    assert code == 0
    assert out.endswith("1 account is imported · 1 is replaced\n")
    assert [account["name"] for account in new("accounts", "list", "--json").json] == ["Shop", "Game"]
    assert new.secrets.stored[new.shop.appid].reveal() == new.shop.secret


def test_a_trial_changes_nothing(new: InProcessCli, file: Path) -> None:
    before = stored(new)

    code, out, err = import_file(new, file, "--dry-run")

    assert (code, len(out.splitlines())) == (0, 2)
    assert "this was a trial" in err
    assert stored(new) == before


def test_a_wrong_passphrase_is_one_sentence_and_changes_nothing(new: InProcessCli, file: Path) -> None:
    before = stored(new)

    code, out, err = import_file(new, file, passphrase="wrong horse battery")

    assert (code, out) == (4, "")
    assert err.startswith(f"Nothing is imported. The passphrase does not open {file}.")
    assert len(err.splitlines()) == 1
    assert stored(new) == before


def test_another_file_is_refused_before_the_passphrase_is_asked_for(new: InProcessCli, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("{}")

    ran = new("accounts", "import", str(other))
    assert (ran.exit_code, ran.stdout) == (7, "")
    assert "no file that Guard Dog has exported" in ran.stderr
    ran = new("accounts", "import", str(tmp_path / "missing"))
    assert ran.exit_code == 7
    assert "there is no such file" in ran.stderr
    assert new.hidden_prompt == ""


def test_a_file_of_a_newer_version_is_refused(new: InProcessCli, file: Path) -> None:
    head, fields = file.read_bytes().split(b"\n", 1)
    file.write_bytes(head + b"\n" + json.dumps({**json.loads(fields), "version": 2}).encode())

    code, _, err = import_file(new, file)

    assert code == 7
    assert "was exported by a newer Guard Dog" in err


def test_a_keyring_that_locks_in_the_middle_imports_nothing(
    new: InProcessCli, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_set = new.secrets.set
    results: list[StoreResult | None] = [None, KeyringIsLocked()]

    def set_secret(appid: str, secret: Secret) -> StoreResult:
        result = results.pop(0) if results else None
        return real_set(appid, secret) if result is None else result

    monkeypatch.setattr(new.secrets, "set", set_secret)

    code, out, err = import_file(new, file)

    assert (code, out) == (6, ""), "what would be added is not shown as added"
    assert "Nothing is imported. The keyring is locked." in err
    assert new("accounts", "list", "--json").json == []
    assert new.secrets.stored == {}


def test_a_name_that_is_taken_here_imports_nothing(new: InProcessCli, file: Path) -> None:
    new.add_account(new.wechat.accounts[1], "Shop", "--environment", "production")
    before = stored(new)

    code, out, err = import_file(new, file)

    assert (code, out) == (4, "")
    assert "Nothing is imported. About Shop: Another account has this name already." in err
    assert stored(new) == before


def test_a_list_of_a_newer_version_is_not_changed(new: InProcessCli, file: Path) -> None:
    (new.home / "config").mkdir(parents=True)
    (new.home / "config" / "accounts.json").write_text('{"version": 2, "accounts": []}')

    code, out, err = import_file(new, file)

    assert (code, out) == (7, "")
    assert "newer Guard Dog" in err
    assert new.secrets.stored == {}


@pytest.mark.parametrize(
    ("place", "error", "exit_code"),
    [
        ((AccountLockFiles, "acquire"), FileError("/home/me/locks", "read-only file system"), 7),
        ((AccountLockFiles, "acquire"), LockBusy("wx1234567890abcdef"), 5),
        ((AccountsFile, "store_import"), FileError("/home/me/accounts.json", "no space left on device"), 7),
    ],
    ids=["read-only", "busy", "full"],
)
def test_a_home_that_cannot_be_written_says_that_nothing_is_imported(
    new: InProcessCli,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[type, str],
    error: Exception,
    exit_code: int,
) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(*place, fail)

    code, out, err = import_file(new, file)

    assert (code, out) == (exit_code, "")
    assert err.startswith("Nothing is imported. ")
    assert err.count("Nothing is imported") == 1
    assert new.secrets.stored == {}


def test_a_place_that_is_missing_here_is_left_out_and_named(
    new: InProcessCli, old: InProcessCli, tmp_path: Path
) -> None:
    folder = tmp_path / "php"
    folder.mkdir()
    assert old("accounts", "edit", "Shop", "--write-php", str(folder), "--run", "notify 'a b'").exit_code == 0
    path = tmp_path / "second.age"
    old("accounts", "export", str(path), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()

    code, out, err = import_file(new, path)

    assert code == 0
    assert f"{folder} of Shop does not exist here and is left out." in err
    assert "also written  Shop  notify 'a b'" in out, "what it runs here is shown"


def test_an_export_never_replaces_a_file_without_force(old: InProcessCli, file: Path) -> None:
    before = file.read_bytes()

    ran = old("accounts", "export", str(file))
    assert ran.exit_code == 7
    assert "there is a file of this name" in ran.stderr
    assert old.hidden_prompt == "", "the passphrase is not asked for in vain"
    assert file.read_bytes() == before
    assert old("accounts", "export", str(file), "--force", "--passphrase-stdin", stdin="another one\n").exit_code == 0
    assert file.read_bytes() != before


@pytest.mark.only_on("linux", "darwin")
def test_not_even_force_replaces_a_pipe(old: InProcessCli, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    ran = old("accounts", "export", str(fifo), "--force")

    assert (ran.exit_code, ran.stdout) == (7, "")
    assert f"{fifo} could not be read or written: not a regular file. Name another file" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert old.hidden_prompt == "", "the passphrase is not asked for in vain"
    assert fifo.is_fifo()


def test_the_export_does_not_go_to_standard_output(
    old: InProcessCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = old("accounts", "export", "-", "--force", "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "The export is not written to standard output. Name a file" in ran.stderr
    assert not (tmp_path / "-").exists()


def test_the_passphrase_is_asked_for_twice(old: InProcessCli, tmp_path: Path) -> None:
    old.hidden_input = PASSPHRASE
    assert old("accounts", "export", str(tmp_path / "x")).exit_code == 0
    assert old.hidden_prompt == "Once more: "


@pytest.mark.parametrize(
    ("stdin", "text"), [("short\n", "too short"), ("", "too short"), ("\ufeff1234567\n", "too short")]
)
def test_a_passphrase_that_protects_nothing_is_refused(
    old: InProcessCli, tmp_path: Path, stdin: str, text: str
) -> None:
    ran = old("accounts", "export", str(tmp_path / "x"), "--passphrase-stdin", stdin=stdin)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert text in ran.stderr
    assert not (tmp_path / "x").exists()


def test_without_a_terminal_the_option_is_named(old: InProcessCli, tmp_path: Path) -> None:
    ran = old("accounts", "export", str(tmp_path / "x"))

    assert ran.exit_code == 2
    assert "--passphrase-stdin" in ran.stderr


def test_a_locked_keyring_exports_nothing(old: InProcessCli, tmp_path: Path) -> None:
    old.secrets.lookup_result = KeyringIsLocked()

    ran = old("accounts", "export", str(tmp_path / "x"), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")

    assert ran.exit_code == 6
    assert not (tmp_path / "x").exists()


def test_without_accounts_there_is_nothing_to_export(new: InProcessCli, tmp_path: Path) -> None:
    ran = new("accounts", "export", str(tmp_path / "x"))

    assert ran.exit_code == 3
    assert "no account yet" in ran.stderr


@pytest.mark.only_on("linux", "darwin")
def test_the_installed_program_moves_an_account(
    installed_ctl: SubprocessCli, real_wechat: SandboxServer, tmp_path: Path
) -> None:
    old, path = installed_ctl, tmp_path / "accounts.age"
    assert old.add_account().returncode == 0
    terminal = PseudoTerminal(["accounts", "export", str(path)], old.environ)
    for prompt in ("Passphrase (not shown): ", "Once more: "):
        terminal.wait_for(prompt)
        terminal.type(f"{PASSPHRASE}\n")
    assert terminal.wait_for_exit() == 0
    assert PASSPHRASE not in terminal.shown
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert old.shop.secret.encode() not in path.read_bytes()
    (tmp_path / "b").mkdir()
    new = SubprocessCli(tmp_path / "b", real_wechat)

    wrong = new("accounts", "import", str(path), "--passphrase-stdin", stdin="wrong horse battery\n")
    assert (wrong.returncode, wrong.stdout) == (4, "")
    assert not new.keyring_file.exists()
    path.write_bytes(path.read_bytes() + b"\n")
    longer = new("accounts", "import", str(path), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    assert longer.returncode == 7
    assert "is cut off or was changed" in longer.stderr
    path.write_bytes(path.read_bytes()[:-1])
    moved = new("accounts", "import", str(path), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    assert moved.returncode == 0, moved.stderr
    assert json.loads(new.keyring_file.read_text()) == json.loads(old.keyring_file.read_text())
    assert new("token").stdout == old("token").stdout, "the stable endpoint gives both the same one"
