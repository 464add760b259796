import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters import logs
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths
from guarddog_gui.adapters.logs import LOG_SIZE_MAX, start_logging, start_logging_in_thread
from guarddog_gui.domain.redaction import redact
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "90_" + "aB3-_" * 30
LOG = logging.getLogger("guarddog_gui.test")


@pytest.fixture
def places(tmp_path: Path) -> AppPaths:
    return get_app_paths({"GUARDDOG_HOME": str(tmp_path)})


@pytest.fixture(autouse=True)
def root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def logged(places: AppPaths) -> str:
    return places.log_file.read_text(encoding="utf-8")


def test_line_has_time_process_and_message(places: AppPaths) -> None:
    start_logging(places)
    LOG.info("kept %s fresh", "小店")
    LOG.debug("not asked for")
    assert f" {os.getpid()} INFO guarddog_gui.test: kept 小店 fresh\n" in logged(places)
    assert "not asked for" not in logged(places)


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_log_is_private_whatever_the_umask(places: AppPaths, bits: int) -> None:
    with set_umask(bits):
        start_logging(places)
        LOG.info("x")
        LOG.info("y" * LOG_SIZE_MAX)
        LOG.info("z")
    assert permission_bits(places.log_dir) == 0o700
    assert {permission_bits(path) for path in places.log_dir.iterdir()} == {0o600}


def test_log_rotates_and_keeps_five_files(places: AppPaths) -> None:
    start_logging(places)
    for n in range(70):
        LOG.info("%d %s", n, "long line " * 10_000)
    files = sorted(path.name for path in places.log_dir.iterdir())
    assert files == ["guarddog.log", *(f"guarddog.log.{n}" for n in range(1, 5))]
    assert all(path.stat().st_size <= LOG_SIZE_MAX for path in places.log_dir.iterdir())
    assert " 69 long" in logged(places)


@pytest.mark.parametrize(
    "text",
    [
        f"GET /cgi-bin/token?grant_type=client_credential&appid=wx1&secret={SECRET} failed",
        f"appsecret={SECRET}",
        f"AppSecret: {SECRET}",
        f"url%3Fsecret%3D{SECRET}%26x",
        f'{{"grant_type": "client_credential", "secret": "{SECRET}"}}',
        f"{{'secret': '{SECRET}'}}",
        json.dumps(json.dumps({"secret": SECRET})),
        f"the secret is {SECRET.upper()}.",
        '{"secret": "not hex at all"}',
        "secret=not hex",
        f"access_token={TOKEN}&type=jsapi",
        f'{{"access_token":"{TOKEN}","expires_in":7200}}',
        f'{{"access_token":"{TOKEN}',  # cut off
        f"ticket={TOKEN}",
        f'"ticket" : "{TOKEN}"',
        f"a token standing alone: {TOKEN}",
        "access_token=short",
    ],
)
def test_secrets_tokens_and_tickets_are_redacted(text: str) -> None:
    for hidden in (SECRET[8:24], SECRET[8:24].upper(), TOKEN[8:-8], "not", "short"):
        assert hidden not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "wx00000000000000a1 ACCESS_TOKEN new, until 16:05, 90_a…7Qz4 (136)",
        "errcode 40001: invalid credential rid: 6512c7d1-1a2b3c4d-5e6f7a8b",
        "the ticket is due; the token lives",
        "/home/someone/.local/share/guarddog/dogs/wx00000000000000a1/ACCESS_TOKEN.dog: the disk is full",
    ],
)
def test_harmless_text_is_not_redacted(text: str) -> None:
    assert redact(text) == text


def test_long_value_becomes_a_fingerprint() -> None:
    assert redact(f"got {TOKEN}") == "got 90_a…B3-_ (153)"


def test_arguments_and_tracebacks_are_redacted_too(places: AppPaths) -> None:
    start_logging(places)
    try:
        int(f"https://api/?secret={SECRET}")
    except ValueError:
        LOG.exception("with %s", {"secret": SECRET})
    assert "https://api/?secret=…" in logged(places)
    assert SECRET not in logged(places)


def test_megabyte_is_redacted_quickly() -> None:  # a quadratic pattern would take hours
    for text in ("secret" * 170_000, '"secret": "' * 90_000, "secret=" * 140_000, "\\" * 10**6, "a" * 10**6):
        assert len(redact(text)) < 2 * len(text)


def test_libraries_that_log_urls_stay_at_warning_even_at_debug(places: AppPaths) -> None:
    start_logging(places, logging.DEBUG)
    for name in ("urllib3.connectionpool", "requests", "filelock"):
        logging.getLogger(name).debug("GET https://…")
    LOG.debug("ours")
    assert "https" not in logged(places)
    assert "ours" in logged(places)


def test_log_rotated_by_another_process_continues_in_a_new_file(places: AppPaths) -> None:
    start_logging(places)
    LOG.info("before")
    places.log_file.rename(places.log_file.with_name("guarddog.log.1"))
    LOG.info("after")
    assert "before" not in logged(places)
    assert "after" in logged(places)


@POSIX
def test_read_only_folder_means_no_log_and_no_output(capfd: pytest.CaptureFixture[str]) -> None:
    with unprivileged_folder() as folder:
        places = get_app_paths({"GUARDDOG_HOME": str(folder)})
        with read_only_folder(folder):
            start_logging(places)
            LOG.error("lost")
        places.log_dir.mkdir()
        with read_only_folder(places.log_dir):
            start_logging(places)
            LOG.error("lost, too")
    assert capfd.readouterr() == ("", "")


def test_folder_in_place_of_the_log_means_no_log_and_no_output(
    places: AppPaths, capfd: pytest.CaptureFixture[str]
) -> None:
    places.log_file.mkdir(parents=True)
    start_logging(places)
    LOG.error("lost")
    assert capfd.readouterr() == ("", "")


@POSIX
def test_link_in_place_of_the_log_is_not_followed_and_a_fifo_does_not_block(places: AppPaths) -> None:
    places.log_dir.mkdir(parents=True)
    theirs = places.log_dir / "theirs"
    theirs.touch()
    places.log_file.symlink_to(theirs)
    start_logging(places)
    LOG.error("lost")
    assert theirs.read_bytes() == b""
    places.log_file.unlink()
    os.mkfifo(places.log_file)
    LOG.error("lost, too")


@POSIX
def test_full_disk_stops_no_program_and_prints_nothing(tmp_path: Path) -> None:
    code = """
import logging, resource, sys
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.adapters.logs import start_logging
start_logging(get_app_paths({"GUARDDOG_HOME": sys.argv[1]}))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
for n in range(50):
    logging.error("line %d %s", n, "x" * 50)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
logging.error("room again")
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "room again" in (tmp_path / "logs" / "guarddog.log").read_text()


@POSIX
def test_inaccessible_home_means_no_log_and_no_error() -> None:
    with unprivileged_folder() as folder:
        (folder / "closed").mkdir(mode=0o000)
        start_logging(get_app_paths({"GUARDDOG_HOME": str(folder / "closed" / "home")}))
        LOG.info("this goes nowhere")
        assert (folder / "closed").stat().st_mode & 0o777 == 0


def test_a_folder_that_cannot_be_made_at_the_start_is_made_with_a_later_record(places: AppPaths) -> None:
    places.log_dir.write_text("a file in its place")
    start_logging(places)
    LOG.info("lost")
    places.log_dir.unlink()
    LOG.info("kept")
    assert "kept" in logged(places)


def test_a_thread_writes_what_was_logged_before_its_end(places: AppPaths) -> None:
    stop = start_logging_in_thread(places)
    try:
        int(SECRET + "x")
    except ValueError:
        LOG.exception("failed with %s", TOKEN)
    stop(10)
    assert "ValueError" in logged(places)
    assert SECRET not in logged(places)
    assert TOKEN not in logged(places)
    LOG.error("after the end")
    assert "after the end" not in logged(places)


def test_a_disk_that_hangs_keeps_no_caller_waiting(places: AppPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(logs, "create_private_folder", lambda _: released.wait(20))
    monkeypatch.setattr(logs, "RECORDS_MAX", 5)
    begun = time.monotonic()
    stop = start_logging_in_thread(places)
    for number in range(9):
        LOG.info("record %d", number)
    stop(0.1)
    assert time.monotonic() - begun < 5
    released.set()
