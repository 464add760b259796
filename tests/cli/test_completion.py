"""What a shell offers when somebody presses Tab, asked of the real shells."""

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
_describe() { print -rl -- "${(@P)2}" }  # it shows them; here they are printed
words=(guarddogctl) BUFFER="$1" CURSOR=${#1}
_python_argcomplete
"""
FISH = """
source (guarddogctl completion fish | psub)
complete -C $argv[1]
"""


class ShellCompletionUser:
    """Somebody at a shell, with two accounts."""

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

    def offered(self, shell: str, line: str) -> dict[str, str]:
        """The continuations that the shell offers, and what it says about each."""
        start = {"bash": ["-c", BASH, "bash"], "zsh": ["-f", "-c", ZSH, "zsh"], "fish": ["-c", FISH]}[shell]
        ran = subprocess.run(
            [shell, *start, line], env=self.environ, cwd=self.home, capture_output=True, encoding="utf-8",
            timeout=60, check=False,
        )  # fmt: skip
        assert ran.stderr == ""
        gap = {"bash": "\0", "zsh": ":", "fish": "\t"}[shell]
        pairs = [each.partition(gap) for each in ran.stdout.splitlines() if each]
        return {word.strip(): said for word, _, said in pairs}

    def answer(self, line: str) -> tuple[list[str], str]:
        """What our program gives a shell that passes a file's name, and every module that it loaded."""
        answer = self.home / "answer"
        asked = {
            "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SHELL": "powershell",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer), "COMP_LINE": line, "COMP_POINT": str(len(line)),
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "guarddog_gui"],
            env=self.environ | asked, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.stdout == ""
        said = answer.read_text(encoding="utf-8") if answer.exists() else ""
        answer.unlink(missing_ok=True)
        return said.split("\n") if said else [], ran.stderr


@pytest.fixture
def typist(tmp_path: Path) -> ShellCompletionUser:
    return ShellCompletionUser(tmp_path)


def names(shell: str) -> set[str]:
    """Both accounts by both names, as this shell takes a blank."""
    blank = " " if shell == "fish" else "\\ "
    return {each.replace(" ", blank) for account in ACCOUNTS for each in account}


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_options_choices_and_accounts_are_offered(typist: ShellCompletionUser, shell: str) -> None:
    assert shutil.which(shell), "packaging/system_packages.py names it"

    commands = typist.offered(shell, "guarddogctl s")
    options = typist.offered(shell, "guarddogctl token --")
    keys = typist.offered(shell, "guarddogctl token --key J")
    accounts = typist.offered(shell, "guarddogctl token ")

    assert {"sandbox", "sign", "sign-card", "status"} <= set(commands)
    assert {"--key", "--format", "--min-ttl", "--json"} <= set(options)
    assert set(keys) == {"JSAPI_TICKET"}
    assert set(accounts) == names(shell)
    if shell != "bash":
        assert commands["status"] == "one line per token"
        assert accounts["wx0000000000000001"].replace("\\", "") == "Shop A"


@pytest.mark.only_on("linux")
def test_behind_the_dashes_of_exec_nothing_of_ours_is_offered(typist: ShellCompletionUser) -> None:
    assert typist.offered("bash", "guarddogctl exec -- Sh") == {}
    assert set(typist.offered("bash", "guarddogctl exec --m")) == {"--min-ttl"}


@pytest.mark.parametrize("accounts", ["{", '{"version": 1, "accounts": [7]}', ""])
def test_a_damaged_list_offers_nothing_and_is_left_as_it_is(typist: ShellCompletionUser, accounts: str) -> None:
    typist.write(accounts)
    (typist.config / "settings.json").write_text("{", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in typist.config.parent.rglob("*")}

    offered, said = typist.answer("guarddogctl token ")

    assert offered == []
    assert "Traceback" not in said
    assert {path: path.stat().st_mtime_ns for path in typist.config.parent.rglob("*")} == before


def test_neither_keyring_nor_network_nor_qt_is_loaded(typist: ShellCompletionUser) -> None:
    offered, loaded = typist.answer("guarddogctl token --key ")

    assert offered == ["ACCESS_TOKEN", "JSAPI_TICKET", "CARD_TICKET"]
    modules = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    assert "argcomplete" in modules
    assert not modules & {"keyring", "requests", "PySide6", "jeepney"}


@pytest.mark.only_on("linux", "darwin")
def test_folders_are_offered_where_a_folder_is_meant(typist: ShellCompletionUser) -> None:
    offered, _ = typist.answer(f"guarddogctl accounts add --dog-dir {typist.home}/guarddog/")

    assert offered == [f"{typist.home}/guarddog/config/"]


@pytest.mark.parametrize("line", ["guarddogctl nonsense ", "guarddogctl token --min-ttl x", "guarddogctl"])
def test_a_line_that_means_nothing_is_borne_in_silence(typist: ShellCompletionUser, line: str) -> None:
    _, said = typist.answer(line)

    assert "Traceback" not in said


def test_the_library_is_not_loaded_where_nobody_completes(typist: ShellCompletionUser) -> None:
    code = "import sys; sys.argv[1:] = ['status']; from guarddog_gui.__main__ import ctl; ctl()"
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        env=typist.environ, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip

    assert "argcomplete" not in ran.stderr


def test_powershell_gets_a_completer_that_asks_us_by_a_file(guarddogctl: InProcessCli) -> None:
    """The shape alone: there is no PowerShell where this was written."""
    ran = guarddogctl("completion", "powershell")

    assert ran.exit_code == 0
    assert ran.stdout.startswith("Register-ArgumentCompleter -Native -CommandName guarddogctl -ScriptBlock {")
    assert "$env:_ARGCOMPLETE_STDOUT_FILENAME" in ran.stdout
    assert ran.stdout.count("{") == ran.stdout.count("}")


def test_a_shell_that_nobody_knows_is_wrong_usage(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("completion", "tcsh")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "powershell" in ran.stderr
