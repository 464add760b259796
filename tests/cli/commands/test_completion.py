"""Completion of command lines in real shells."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import GUARDDOGCTL

ACCOUNTS = [("wx0000000000000001", "Shop A"), ("wx0000000000000002", "小店")]
BASH = """
source <(guarddogctl completion bash)
COMP_LINE="$1" COMP_POINT=${#1} COMP_TYPE=9
_python_argcomplete guarddogctl
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { }
source <(guarddogctl completion zsh)
_describe() { print -rl -- "${(@P)2}" }  # zsh shows them as a menu; print them instead
words=(guarddogctl) BUFFER="$1" CURSOR=${#1}
_python_argcomplete
"""
FISH = """
source (guarddogctl completion fish | psub)
complete -C $argv[1]
"""


class ShellUser:
    """User of a shell, with two accounts."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.config = home / "guarddog" / "config"
        self.config.mkdir(parents=True)
        items = [{"appid": appid, "name": name} for appid, name in ACCOUNTS]
        self.write(json.dumps({"version": 1, "accounts": items}))
        self.environ = {
            "PATH": os.pathsep.join((str(Path(GUARDDOGCTL).parent), os.environ["PATH"])),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "GUARDDOG_HOME": str(home / "guarddog"),
            "GUARDDOG_LANG": "en",
        }
        if "SYSTEMROOT" in os.environ:  # without it Windows starts no Python
            self.environ["SYSTEMROOT"] = os.environ["SYSTEMROOT"]

    def write(self, accounts: str) -> None:
        (self.config / "accounts.json").write_text(accounts, encoding="utf-8")

    def completions(self, shell: str, line: str) -> dict[str, str]:
        """Return the completions that the shell offers, each with its description."""
        start = {"bash": ["-c", BASH, "bash"], "zsh": ["-f", "-c", ZSH, "zsh"], "fish": ["-c", FISH]}[shell]
        ran = subprocess.run(
            [shell, *start, line], env=self.environ, cwd=self.home, capture_output=True, encoding="utf-8",
            timeout=60, check=False,
        )  # fmt: skip
        assert ran.stderr == ""
        gap = {"bash": "\0", "zsh": ":", "fish": "\t"}[shell]
        pairs = [line.partition(gap) for line in ran.stdout.splitlines() if line]
        return {word.strip(): description for word, _, description in pairs}

    def program_completions(self, line: str) -> tuple[list[str], str]:
        """Return the completions that the program writes to a file, and the log of its imports."""
        answer_file = self.home / "answer"
        asked = {
            "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SHELL": "powershell",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer_file), "COMP_LINE": line, "COMP_POINT": str(len(line)),
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "guarddog_gui"],
            env=self.environ | asked, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.stdout == ""
        text = answer_file.read_text(encoding="utf-8") if answer_file.exists() else ""
        answer_file.unlink(missing_ok=True)
        return text.split("\n") if text else [], ran.stderr


@pytest.fixture
def shell_user(tmp_path: Path) -> ShellUser:
    return ShellUser(tmp_path)


def names(shell: str) -> set[str]:
    """Return names and appids of both accounts, with blanks escaped as in this shell."""
    blank = " " if shell == "fish" else "\\ "
    return {name.replace(" ", blank) for account in ACCOUNTS for name in account}


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_options_choices_and_accounts_are_offered(shell_user: ShellUser, shell: str) -> None:
    assert shutil.which(shell), "packaging/system_packages.py names it"

    commands = shell_user.completions(shell, "guarddogctl s")
    options = shell_user.completions(shell, "guarddogctl token --")
    keys = shell_user.completions(shell, "guarddogctl token --key J")
    accounts = shell_user.completions(shell, "guarddogctl token ")

    assert {"sandbox", "sign", "sign-card", "status"} <= set(commands)
    assert {"--key", "--format", "--min-ttl", "--json"} <= set(options)
    assert set(keys) == {"JSAPI_TICKET"}
    assert set(accounts) == names(shell)
    if shell != "bash":
        assert commands["status"] == "one line per token"
        assert accounts["wx0000000000000001"].replace("\\", "") == "Shop A"


@pytest.mark.only_on("linux")
def test_after_the_two_dashes_of_exec_nothing_is_offered(shell_user: ShellUser) -> None:
    assert shell_user.completions("bash", "guarddogctl exec -- Sh") == {}
    assert set(shell_user.completions("bash", "guarddogctl exec --m")) == {"--min-ttl"}


@pytest.mark.parametrize("accounts", ["{", '{"version": 1, "accounts": [7]}', ""])
def test_a_damaged_list_offers_nothing_and_is_left_as_it_is(shell_user: ShellUser, accounts: str) -> None:
    shell_user.write(accounts)
    (shell_user.config / "settings.json").write_text("{", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in shell_user.config.parent.rglob("*")}

    offered, log = shell_user.program_completions("guarddogctl token ")

    assert offered == []
    assert "Traceback" not in log
    assert {path: path.stat().st_mtime_ns for path in shell_user.config.parent.rglob("*")} == before


def test_neither_keyring_nor_network_nor_qt_is_loaded(shell_user: ShellUser) -> None:
    offered, loaded = shell_user.program_completions("guarddogctl token --key ")

    assert offered == ["ACCESS_TOKEN", "JSAPI_TICKET", "CARD_TICKET"]
    modules = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    assert "argcomplete" in modules
    assert not modules & {"keyring", "requests", "PySide6", "jeepney"}


@pytest.mark.only_on("linux", "darwin")
def test_an_option_for_a_folder_offers_only_folders(shell_user: ShellUser) -> None:
    offered, _ = shell_user.program_completions(f"guarddogctl accounts add --dog-dir {shell_user.home}/guarddog/")

    assert offered == [f"{shell_user.home}/guarddog/config/"]


@pytest.mark.parametrize("line", ["guarddogctl nonsense ", "guarddogctl token --min-ttl x", "guarddogctl"])
def test_an_invalid_line_is_no_error(shell_user: ShellUser, line: str) -> None:
    _, log = shell_user.program_completions(line)

    assert "Traceback" not in log


def test_argcomplete_is_not_loaded_without_a_completion(shell_user: ShellUser) -> None:
    code = "import sys; sys.argv[1:] = ['status']; from guarddog_gui.__main__ import ctl; ctl()"
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        env=shell_user.environ, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip

    assert "argcomplete" not in ran.stderr


def test_the_script_for_powershell_passes_a_file_for_the_completions(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("completion", "powershell")

    assert ran.exit_code == 0
    assert ran.stdout.startswith("Register-ArgumentCompleter -Native -CommandName guarddogctl -ScriptBlock {")
    assert "$env:_ARGCOMPLETE_STDOUT_FILENAME" in ran.stdout
    assert ran.stdout.count("{") == ran.stdout.count("}")


def test_an_unknown_shell_is_a_usage_error(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("completion", "tcsh")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "powershell" in ran.stderr
