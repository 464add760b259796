"""Files of other programs: our values come in, and nothing else about the files changes."""

import os
from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.files import ExportFiles
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.adapters.unprivileged import permission_bits, read_only_folder, unprivileged_folder
from tests.fakes import NOW

APPID = "wx0123456789abcdef"
POSIX = pytest.mark.only_on("linux", "darwin")


def values(token: str = "91_token", ticket: str = "sM4A") -> ValidRecords:  # noqa: S107 - not a secret
    born_ms = int(NOW * 1000)
    return {
        TokenKind.ACCESS_TOKEN: TokenRecord(token, 7200, born_ms, "/d", 290),
        TokenKind.JSAPI_TICKET: TokenRecord(ticket, 7200, born_ms, "/d", 290),
    }


def env(path: Path) -> ExportTarget:
    return ExportTarget(ExportFormat.ENV, str(path))


def write(outlet: ExportTarget, what: ValidRecords | None = None) -> None:
    ExportFiles().write(outlet, APPID, what or values())


@pytest.mark.parametrize(
    ("form", "end"), [(ExportFormat.PHP_JSON, 1790007200), (ExportFormat.INTERACTION_JSON, 1790007200000)]
)
def test_a_folder_gets_both_files_and_they_are_replaced(tmp_path: Path, form: ExportFormat, end: int) -> None:
    for token in ("first", "second"):
        write(ExportTarget(form, str(tmp_path)), values(token))
        assert (
            tmp_path / "access_token.json"
        ).read_text() == f'{{"expire_time":{end},"access_token":"{token}"}}'
    assert (tmp_path / "jsapi_ticket.json").read_text() == f'{{"expire_time":{end},"jsapi_ticket":"sM4A"}}'
    assert len(list(tmp_path.iterdir())) == 2


def test_an_env_file_is_made_or_changed(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    write(env(file))
    assert (
        file.read_text() == f"WECHAT_APPID={APPID}\nWECHAT_ACCESS_TOKEN=91_token\nWECHAT_JSAPI_TICKET=sM4A\n"
    )

    file.write_bytes(b"# mine\r\nexport WECHAT_APPID='x'\r\nA=\xff")
    write(env(file), values("T2"))
    assert file.read_bytes() == (
        b"# mine\r\nexport WECHAT_APPID='wx0123456789abcdef'\r\nA=\xff\r\nWECHAT_ACCESS_TOKEN=T2\r\nWECHAT_JSAPI_TICKET=sM4A"
    )


@pytest.mark.parametrize("form", [ExportFormat.ENV, ExportFormat.PHP_JSON])
def test_a_file_that_has_the_values_is_not_touched(tmp_path: Path, form: ExportFormat) -> None:
    outlet = ExportTarget(form, str(tmp_path / ".env" if form is ExportFormat.ENV else tmp_path))
    write(outlet)
    before = {path: path.stat().st_ino for path in tmp_path.iterdir()}

    write(outlet)

    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == before


@POSIX
def test_a_new_file_is_private_and_one_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)))
    token = tmp_path / "access_token.json"
    assert permission_bits(token) == 0o600

    token.chmod(0o640)
    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)), values("T2"))
    assert permission_bits(token) == 0o640


@POSIX
def test_a_persons_own_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared.env", tmp_path / ".env"
    shared.write_text("A=1\n")
    link.symlink_to(shared)

    write(env(link))

    assert link.is_symlink()
    assert shared.read_text().startswith("A=1\nWECHAT_APPID=")


@POSIX
def test_what_belongs_to_somebody_else_is_left_alone() -> None:
    with unprivileged_folder() as folder:  # where nobody is root, what is root's is somebody else's
        ours, link = folder / "ours", folder / "link"
        ours.write_text("A=1\n")
        link.symlink_to("/etc/passwd")

        for path in (Path("/etc/passwd"), link):
            with pytest.raises(FileError, match="it belongs to somebody else"):
                write(env(path))


@pytest.mark.only_on("linux")
def test_a_link_of_somebody_elses_is_not_even_followed() -> None:
    with unprivileged_folder(), pytest.raises(FileError, match="it belongs to somebody else"):
        write(env(Path("/proc/1/cwd")))  # a link of root's, which nobody else may follow


@POSIX
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    fifo, folder, nowhere = tmp_path / "fifo", tmp_path / "folder", tmp_path / "link"
    os.mkfifo(fifo)
    folder.mkdir()
    nowhere.symlink_to(tmp_path / "gone")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    for path, reason in (
        (fifo, "not a regular file"),
        (folder, "not a regular file"),
        (nowhere, "the link leads nowhere"),
        (loop, "a symbolic link is in its place"),
    ):
        with pytest.raises(FileError, match=reason):
            write(env(path))


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file or folder"):
        write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path / "typo")))
    assert not (tmp_path / "typo").exists()


@POSIX
def test_a_folder_that_cannot_be_written_keeps_the_old_file_and_no_other() -> None:
    with unprivileged_folder() as folder:
        file = folder / ".env"
        file.write_text("A=1\n")
        with read_only_folder(folder), pytest.raises(FileError, match="permission denied"):
            write(env(file))
        assert [path.name for path in folder.iterdir()] == [".env"]
        assert file.read_text() == "A=1\n"


@pytest.mark.parametrize("text", ["A=1\n".encode("utf-16"), b"\0"])
def test_a_file_that_is_no_plain_text_stays_as_it_is(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(text)

    with pytest.raises(FileError, match="not a plain text file"):
        write(env(file))
    assert file.read_bytes() == text


def test_a_value_that_a_shell_would_execute_never_gets_into_an_env_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"

    with pytest.raises(FileError, match="characters that cannot stand in it") as caught:
        write(env(file), values(token="$(reboot)"))
    assert "reboot" not in str(caught.value)
    assert not file.exists()


@POSIX
def test_two_names_of_one_place_come_out_equal(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "link").symlink_to("shop")
    run = ExportTarget(ExportFormat.COMMAND, command=("notify-send", "x"))
    there, linked, missing = (env(tmp_path / name / ".env") for name in ("shop", "link", "gone"))

    assert ExportFiles().resolve_links((there, linked, missing, run)) == (there, there, missing, run)
