"""The snippets for other languages: a live value on stdout, or a word on stderr and an exit code."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.interop.node import INTEROP_FOLDER

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
LIFE_S = 7200
SNIPPETS = ("plain_node.js", "python.py", "php.php", "go.go", "shell.sh", "bruno.js")
OTHERWISE = {
    "data 0": "0",
    "data true": "true",
    "data a list": '["91_secret"]',
    "data an object": '{"value":"91_secret"}',
    "life a text": '"7200"',  # behind a number it makes a longer one in JavaScript
    "life a list": "[7200]",
    "life an object": '{"s":7200}',
    "life null": "null",
}
Run = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module", params=SNIPPETS)
def snippet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs one of the snippets on a file."""
    name: str = request.param
    command = command_of(name, str(resource_path("snippets") / name), tmp_path_factory)

    def run(file: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, str(file)], capture_output=True, encoding="utf-8", timeout=30, check=False)

    return run


def command_of(name: str, script: str, folders: pytest.TempPathFactory) -> list[str]:
    match name:
        case "python.py":
            return [sys.executable, script]
        case "php.php":
            return [program("php"), script]
        case "shell.sh":
            program("jq")
            return [program("sh"), script]
        case "go.go":
            binary = folders.mktemp("go") / "snippet"
            subprocess.run([program("go"), "build", "-o", str(binary), script], check=True)
            return [str(binary)]
        case "bruno.js":
            return [program("node"), str(INTEROP_FOLDER / "bruno_script.js"), script]
        case _:
            return [program("node"), script]


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


class FreshDogFolder:
    """A `.dog` file that we keep."""

    def __init__(self, folder: Path) -> None:
        self._dogs = AccountDogFiles(folder)
        self._account = Account("wx1", "Shop", dog_dir=str(folder))
        self.file = self._dogs.path(self._account, TOKEN)

    def write(self, value: str, age: float = 0.0) -> None:
        generated_ms = int((time.time() - age) * 1000)
        record = TokenRecord(value, LIFE_S, generated_ms, str(self.file.parent), 290)
        self._dogs.write(self._account, TOKEN, record)


@pytest.fixture
def kept(tmp_path: Path) -> FreshDogFolder:
    return FreshDogFolder(tmp_path)


def living(data: str, life: str = str(LIFE_S), age: float = 0.0) -> str:
    """A file whose times are those of a live value, unless it is told otherwise; born at a whole second."""
    return f'{{{data}"expires_in":{life},"gen_time":{int(time.time() - age) * 1000},"dir":"/d","ahead":2}}'


@pytest.mark.parametrize("age", [0, LIFE_S - 20])
def test_a_live_value_is_printed_and_nothing_else(snippet: Run, kept: FreshDogFolder, age: float) -> None:
    kept.write("91_aZ09-_" * 20, age)

    ran = snippet(kept.file)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "91_aZ09-_" * 20 + "\n", "")


@pytest.mark.parametrize(
    "state",
    [
        *("just dead", "long dead", "absent", "empty", "torn", "null", "no times"),
        *("no data", "data null", "data empty", "data 0", "data true", "data a list", "data an object"),
        *("life a text", "life a list", "life an object", "life null", "birth a list", "two of them"),
        *("a text", "a list", "a deep list", "a folder"),
    ],
)
def test_without_one_it_says_so_and_fails(snippet: Run, kept: FreshDogFolder, state: str) -> None:
    match state:
        case "just dead":
            kept.write("91_secret", age=LIFE_S + 0.1)
        case "long dead":
            kept.write("91_secret", age=LIFE_S * 50)
        case "empty":
            kept.file.touch()
        case "torn":
            kept.file.write_text('{"data":"91_secret","expires_in":7200,"gen_t', encoding="utf-8")
        case "null":
            kept.file.write_text("null", encoding="utf-8")
        case "no times":
            kept.file.write_text('{"data":"91_secret"}', encoding="utf-8")
        case "no data":  # what npm guard_dog writes after a loader that failed
            kept.file.write_text(living(""), encoding="utf-8")
        case "data null":
            kept.file.write_text(living('"data":null,'), encoding="utf-8")
        case "data empty":
            kept.file.write_text(living('"data":"",'), encoding="utf-8")
        case "data 0" | "data true" | "data a list" | "data an object":
            kept.file.write_text(living(f'"data":{OTHERWISE[state]},'), encoding="utf-8")
        case "life a text" | "life a list" | "life an object" | "life null":
            dead = living('"data":"91_secret",', OTHERWISE[state], age=LIFE_S + 60)
            kept.file.write_text(dead, encoding="utf-8")
        case "birth a list":
            kept.file.write_text('{"data":"91_a","expires_in":7200,"gen_time":[1]}', encoding="utf-8")
        case "two of them":
            kept.file.write_text(2 * living('"data":"91_secret",'), encoding="utf-8")
        case "a text" | "a list":
            kept.file.write_text('"data"' if state == "a text" else "[1]", encoding="utf-8")
        case "a deep list":
            kept.file.write_text("[" * 100_000, encoding="utf-8")
        case "a folder":
            kept.file.mkdir()

    ran = snippet(kept.file)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"No live value in {kept.file}: is Guard Dog running?\n"


def test_while_the_file_is_being_replaced_it_reads_a_whole_one(snippet: Run, kept: FreshDogFolder) -> None:
    """Each value says its own length; one torn, or none, would be noticed."""
    stopping = Event()

    def write() -> None:
        for number in count():
            if stopping.is_set():
                return
            kept.write(f"{number:08d}" * (1 + number * 37 % 500))

    kept.write("00000000")
    writer = Thread(target=write)
    writer.start()
    try:
        printed = [snippet(kept.file).stdout.removesuffix("\n") for _ in range(8)]
    finally:
        stopping.set()
        writer.join()

    assert all(value and value == value[:8] * (1 + int(value[:8]) * 37 % 500) for value in printed)
    assert len(set(printed)) > 1
