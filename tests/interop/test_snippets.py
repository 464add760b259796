"""The snippets for other languages: they print a valid value, or an error message with an exit code."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.interop.node import INTEROP_FOLDER

pytestmark = pytest.mark.interop

TOKEN = TokenKind.ACCESS_TOKEN
LIFE_S = 7200
SNIPPETS = ("plain_node.js", "python.py", "php.php", "go.go", "shell.sh", "bruno.js")
UNUSUAL_JSON = {
    "data 0": "0",
    "data true": "true",
    "data a list": '["91_secret"]',
    "data an object": '{"value":"91_secret"}',
    "life a text": '"7200"',  # JavaScript appends it to a number: 1 + "7200" is "17200"
    "life a list": "[7200]",
    "life an object": '{"s":7200}',
    "life null": "null",
}
Run = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module", params=SNIPPETS)
def snippet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a function that runs one of the snippets on a file."""
    name: str = request.param
    command = snippet_command(name, str(resource_path("snippets") / name), tmp_path_factory)

    def run(file: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, str(file)], capture_output=True, encoding="utf-8", timeout=30, check=False)

    return run


def snippet_command(name: str, script: str, folders: pytest.TempPathFactory) -> list[str]:
    match name:
        case "python.py":
            return [sys.executable, script]
        case "php.php":
            return [require_program("php"), script]
        case "shell.sh":
            require_program("jq")
            return [require_program("sh"), script]
        case "go.go":
            binary = folders.mktemp("go") / "snippet"
            subprocess.run([require_program("go"), "build", "-o", str(binary), script], check=True)
            return [str(binary)]
        case "bruno.js":
            return [require_program("node"), str(INTEROP_FOLDER / "bruno_script.js"), script]
        case _:
            return [require_program("node"), script]


def require_program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


class FreshDogFolder:
    """Folder with a `.dog` file that Guard Dog writes."""

    def __init__(self, folder: Path) -> None:
        self._dogs = AccountDogFiles(folder)
        self._account = Account("wx1", "Shop", dog_dir=str(folder))
        self.file = self._dogs.path(self._account, TOKEN)

    def write(self, value: str, age: float = 0.0) -> None:
        generated_ms = int((time.time() - age) * 1000)
        record = TokenRecord(value, LIFE_S, generated_ms, str(self.file.parent), 290)
        self._dogs.write(self._account, TOKEN, record)


@pytest.fixture
def dog_file(tmp_path: Path) -> FreshDogFolder:
    return FreshDogFolder(tmp_path)


def dog_text(data: str, life: str = str(LIFE_S), age: float = 0.0) -> str:
    """Return the text of a file with the times of a valid value, generated at a whole second, and this data."""
    return f'{{{data}"expires_in":{life},"gen_time":{int(time.time() - age) * 1000},"dir":"/d","ahead":2}}'


@pytest.mark.parametrize("age", [0, LIFE_S - 20])
def test_a_valid_value_is_printed_and_nothing_else(snippet: Run, dog_file: FreshDogFolder, age: float) -> None:
    dog_file.write("91_aZ09-_" * 20, age)

    result = snippet(dog_file.file)

    assert (result.returncode, result.stdout, result.stderr) == (0, "91_aZ09-_" * 20 + "\n", "")


@pytest.mark.parametrize(
    "state",
    [
        *("just dead", "long dead", "absent", "empty", "torn", "null", "no times"),
        *("no data", "data null", "data empty", "data 0", "data true", "data a list", "data an object"),
        *("life a text", "life a list", "life an object", "life null", "birth a list", "two of them"),
        *("a text", "a list", "a deep list", "a folder"),
    ],
)
def test_without_a_valid_value_it_fails_with_a_message(snippet: Run, dog_file: FreshDogFolder, state: str) -> None:
    match state:
        case "just dead":
            dog_file.write("91_secret", age=LIFE_S + 0.1)
        case "long dead":
            dog_file.write("91_secret", age=LIFE_S * 50)
        case "empty":
            dog_file.file.touch()
        case "torn":
            dog_file.file.write_text('{"data":"91_secret","expires_in":7200,"gen_t', encoding="utf-8")
        case "null":
            dog_file.file.write_text("null", encoding="utf-8")
        case "no times":
            dog_file.file.write_text('{"data":"91_secret"}', encoding="utf-8")
        case "no data":  # npm guard_dog writes this after its loader has failed
            dog_file.file.write_text(dog_text(""), encoding="utf-8")
        case "data null":
            dog_file.file.write_text(dog_text('"data":null,'), encoding="utf-8")
        case "data empty":
            dog_file.file.write_text(dog_text('"data":"",'), encoding="utf-8")
        case "data 0" | "data true" | "data a list" | "data an object":
            dog_file.file.write_text(dog_text(f'"data":{UNUSUAL_JSON[state]},'), encoding="utf-8")
        case "life a text" | "life a list" | "life an object" | "life null":
            dead = dog_text('"data":"91_secret",', UNUSUAL_JSON[state], age=LIFE_S + 60)
            dog_file.file.write_text(dead, encoding="utf-8")
        case "birth a list":
            dog_file.file.write_text('{"data":"91_a","expires_in":7200,"gen_time":[1]}', encoding="utf-8")
        case "two of them":
            dog_file.file.write_text(2 * dog_text('"data":"91_secret",'), encoding="utf-8")
        case "a text" | "a list":
            dog_file.file.write_text('"data"' if state == "a text" else "[1]", encoding="utf-8")
        case "a deep list":
            dog_file.file.write_text("[" * 100_000, encoding="utf-8")
        case "a folder":
            dog_file.file.mkdir()

    result = snippet(dog_file.file)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"No valid value in {dog_file.file}: is Guard Dog running?\n"


def test_it_reads_a_complete_file_while_the_file_is_being_replaced(snippet: Run, dog_file: FreshDogFolder) -> None:
    """The first eight digits of each value determine its length, so that a torn one is noticed."""
    stopping = Event()

    def write() -> None:
        for number in count():
            if stopping.is_set():
                return
            dog_file.write(f"{number:08d}" * (1 + number * 37 % 500))

    dog_file.write("00000000")
    writer = Thread(target=write)
    writer.start()
    printed: list[str] = []
    deadline = time.monotonic() + 30  # on a busy machine, many quick reads fit between two writes
    try:
        while len(printed) < 8 or (len(set(printed)) < 2 and time.monotonic() < deadline):
            printed.append(snippet(dog_file.file).stdout.removesuffix("\n"))
    finally:
        stopping.set()
        writer.join()

    assert all(value and value == value[:8] * (1 + int(value[:8]) * 37 % 500) for value in printed)
    assert len(set(printed)) > 1
