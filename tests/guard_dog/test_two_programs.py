"""Several processes that share one file."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

LOADER = """
import sys, time
from pathlib import Path
from guarddog_gui import guard_dog
folder = Path(sys.argv[1])

def load(handler):
    with (folder / "calls").open("a") as calls:
        calls.write("x")
    time.sleep(0.2)
    handler(f"token{len((folder / 'calls').read_text())}", 7200)

"""
GETTER = (
    LOADER
    + """
while not (folder / "go").exists():
    time.sleep(0.001)
guard_dog.init("ACCESS_TOKEN", load, folder)
print(guard_dog.get("ACCESS_TOKEN"))
"""
)


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_four_programs_that_start_together_load_once(tmp_path: Path) -> None:
    programs = [python(GETTER, str(tmp_path)) for _ in range(4)]
    time.sleep(0.3)
    (tmp_path / "go").touch()
    said = [program.communicate(timeout=30) for program in programs]
    assert said == [("token1\n", "")] * 4
    assert (tmp_path / "calls").read_text() == "x"


def test_a_program_can_end_before_a_refresh_is_due(tmp_path: Path) -> None:
    began = time.monotonic()
    code = LOADER + "guard_dog.init('A', load, folder); print(guard_dog.get('A'))"
    program = python(code, str(tmp_path))
    assert program.communicate(timeout=30) == ("token1\n", "")
    assert program.returncode == 0
    assert time.monotonic() - began < 10


def test_a_program_can_end_while_a_loader_hangs(tmp_path: Path) -> None:
    code = LOADER + "guard_dog.init('A', lambda handler: time.sleep(60), folder); time.sleep(0.1)"
    program = python(code, str(tmp_path))
    assert program.communicate(timeout=10) == ("", "")
    assert program.returncode == 0


@pytest.mark.only_on("linux", "darwin")
def test_a_forked_child_gets_values_like_its_parent(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import os, warnings
warnings.simplefilter("ignore")  # newer Pythons warn of forks beside threads; this is what we stand
guard_dog.init("A", lambda handler: time.sleep(60), folder)  # a load is under way
guard_dog.init("B", load, folder)
guard_dog.get("B")
child = os.fork()
if not child:
    guard_dog.init("A", load, folder)
    print(guard_dog.get("B"), flush=True)
    (folder / "B.dog").unlink()
    print(guard_dog.get("B"), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""
    )
    program = python(code, str(tmp_path))
    said, complaint = program.communicate(timeout=30)
    assert complaint == ""
    assert said.split()[0] == "token1"
    assert said.split()[1].startswith("token")


@pytest.mark.only_on("linux", "darwin")
def test_a_load_of_a_forking_program_does_not_block_others(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import os, warnings
warnings.simplefilter("ignore")
parent = os.getpid()
def load_or_hang(handler):
    if os.getpid() != parent:
        return load(handler)
    (folder / "loading").touch()
    time.sleep(60)
guard_dog.init("A", load_or_hang, folder)
while not (folder / "loading").exists():
    time.sleep(0.001)
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.001)
while not (folder / "go").exists():
    time.sleep(0.001)
print(guard_dog.get("A"))
"""
    )
    child = python(code, str(tmp_path))
    assert child.wait(timeout=30) == 0  # that was the parent; the child has its output
    stranger = python(LOADER + "guard_dog.init('A', load, folder); print(guard_dog.get('A'))", str(tmp_path))
    assert stranger.communicate(timeout=30) == ("token1\n", "")
    (tmp_path / "A.dog").unlink()
    (tmp_path / "go").touch()
    assert child.communicate(timeout=30) == ("token2\n", "")


@pytest.mark.only_on("linux", "darwin")
def test_a_program_may_close_all_file_descriptors(tmp_path: Path) -> None:
    text = f'{{"data":"a","expires_in":7200,"gen_time":{int(time.time() * 1000)},"dir":"","ahead":2}}'
    (tmp_path / "A.dog").write_text(text)
    os.utime(tmp_path / "A.dog", (1e9, 1e9))  # it has settled: it is watched
    code = (
        LOADER
        + """
import os
def gets():
    for _ in range(3):
        assert guard_dog.get("A") == "a"
        time.sleep(0.001)  # longer than the blink for which no file is looked at
guard_dog.init("A", load, folder)
gets()
os.closerange(3, 256)  # as python-daemon does
gets()
os.closerange(3, 256)
own = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
gets()
(folder / "A.dog").write_text((folder / "A.dog").read_text().replace("7200", "7100"))
gets()
guard_dog.init("A", load, folder)
gets()
print([os.fstat(fd).st_rdev == os.stat(os.devnull).st_rdev for fd in own] == [True] * 8)
"""
    )
    program = python(code, str(tmp_path))
    assert program.communicate(timeout=30) == ("True\n", "")


@pytest.mark.only_on("linux", "darwin")
def test_a_program_may_close_all_file_descriptors_during_a_load(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import os
def load_and_close():
    os.closerange(3, 256)
    return "a", 7200
guard_dog.init("A", load_and_close, folder)
print(guard_dog.get("A"))
(folder / "A.dog").unlink()
print(guard_dog.get("A"))
"""
    )
    program = python(code, str(tmp_path))
    said, complaint = program.communicate(timeout=30)
    assert said == "a\na\n"
    assert "mistake of our own" not in complaint


@pytest.mark.only_on("linux")
def test_without_threads_a_valid_value_is_returned_or_an_error_raised(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import threading
passed = 0
dog = guard_dog.GuardDog(folder, clock=lambda: time.time() + passed)
threading.stack_size(1 << 46)  # more than there is
values = ["token1", "token2"]
dog.init("A", lambda: (values.pop(0), 7200, 300))
def asked(key):
    try:
        return dog.get(key)
    except guard_dog.LoadFailed as error:
        return error
print(asked("A"))
threading.stack_size(0)
passed += 60
print(asked("A"))
threading.stack_size(1 << 46)
passed += 7000  # a successor is due
print(asked("A"), asked("A"), asked("A"))
dog.get("A", print, print)
passed += 300
print(asked("A"))
dog.init("B", load)
print(asked("B"))
threading.stack_size(0)
passed += 60
print(asked("A"))
"""
    )
    program = python(code, str(tmp_path))
    said, complaint = program.communicate(timeout=30)
    no_thread = "no thread could be started to load it: there are too many, or the program is ending"
    assert said.splitlines() == [
        f"A: {no_thread}",
        "token1",
        "token1 token1 token1",
        "token1",
        f"A: {no_thread}",
        f"B: {no_thread}",
        "token2",
    ]
    assert complaint.count("no refreshes before somebody asks") == 1


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("later", [7000, 7200])  # the old one lives on for a while, or is dead
def test_after_a_full_disk_the_value_in_memory_is_written(tmp_path: Path, later: int) -> None:
    code = (
        LOADER
        + """
import resource
passed, values = 0, ["old", "new"]
dog = guard_dog.GuardDog(folder, clock=lambda: time.time() + passed)
dog.init("A", lambda: (values.pop(0), 7200, 300))
print(dog.get("A"))
time.sleep(0.1)
dog.get("A")  # the file has settled
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))  # not a byte more
passed += int(sys.argv[2])
while dog.get("A") != "new":
    time.sleep(0.001)
passed += 60
dog.nudge()
time.sleep(0.1)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
for _ in range(1000):
    passed += 1
    dog.nudge()
    time.sleep(0.02)
    if '"new"' in (folder / "A.dog").read_text():
        break
print(dog.get("A"), passed < 8000)
"""
    )
    program = python(code, str(tmp_path), str(later))
    said, complaint = program.communicate(timeout=30)
    assert said == "old\nnew True\n"
    assert "kept in memory only" in complaint
    assert '"new"' in (tmp_path / "A.dog").read_text()


def test_a_fresh_value_needs_no_qt_network_or_keyring(tmp_path: Path) -> None:
    text = f'{{"data":"a","expires_in":7200,"gen_time":{int(time.time() * 1000)},"dir":"","ahead":2}}'
    (tmp_path / "A.dog").write_text(text)
    code = (
        LOADER
        + """
guard_dog.init("A", load, folder)
assert guard_dog.get("A") == "a"
costly = ("PySide6", "requests", "keyring", "filelock", "platformdirs", "msgspec")
print([name for name in costly if name in sys.modules])
"""
    )
    program = python(code, str(tmp_path))
    assert program.communicate(timeout=30) == ("[]\n", "")


@pytest.mark.only_on("linux", "darwin")
def test_a_removed_working_directory_is_reported(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import os
gone = folder / "gone"
gone.mkdir()
os.chdir(gone)
gone.rmdir()
for relative in ("", "dogs"):
    try:
        guard_dog.init("A", load, relative)
    except guard_dog.FileTrouble as trouble:
        print(trouble)
guard_dog.init("A", load, folder)
print(guard_dog.get("A"))
"""
    )
    program = python(code, str(tmp_path))
    said, complaint = program.communicate(timeout=30)
    gone = "the working directory is gone; give init an absolute folder"
    assert (said, complaint) == (f".: {gone}\ndogs: {gone}\ntoken1\n", "")


def test_relative_folders_use_the_working_directory_of_init(tmp_path: Path) -> None:
    code = (
        LOADER
        + """
import os
guard_dog.init("A", load)
os.chdir("/")
print(guard_dog.get("A"))
"""
    )
    program = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert (program.stdout, program.stderr) == ("token1\n", "")
    assert (tmp_path / "A.dog").exists()
