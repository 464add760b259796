"""Export to files of other programs, in which only the values change."""

import os
from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.files import ExportFiles, ExportStatusStore
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
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


def write(target: ExportTarget, what: ValidRecords | None = None) -> None:
    ExportFiles().write(target, APPID, what or values())


@pytest.mark.parametrize(
    ("form", "end"), [(ExportFormat.PHP_JSON, 1790007200), (ExportFormat.INTERACTION_JSON, 1790007200000)]
)
def test_folder_gets_both_files_and_they_are_replaced(tmp_path: Path, form: ExportFormat, end: int) -> None:
    for token in ("first", "second"):
        write(ExportTarget(form, str(tmp_path)), values(token))
        assert (tmp_path / "access_token.json").read_text() == f'{{"expire_time":{end},"access_token":"{token}"}}'
    assert (tmp_path / "jsapi_ticket.json").read_text() == f'{{"expire_time":{end},"jsapi_ticket":"sM4A"}}'
    assert len(list(tmp_path.iterdir())) == (4 if form is ExportFormat.PHP_JSON else 2)


def test_no_form_of_the_php_sample_stays_stale_where_both_are(tmp_path: Path) -> None:
    for name in ("access_token.json", "access_token.php"):
        (tmp_path / name).write_text("stale")

    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)))

    plain = (tmp_path / "access_token.json").read_text()
    assert plain == '{"expire_time":1790007200,"access_token":"91_token"}'
    assert (tmp_path / "access_token.php").read_text() == "<?php exit();?>" + plain


def test_a_file_that_cannot_be_written_is_an_error_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "access_token.json").mkdir()

    with pytest.raises(FileError, match=r"access_token\.json"):
        write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)))

    assert (tmp_path / "access_token.php").read_text().endswith('"access_token":"91_token"}')
    assert (tmp_path / "jsapi_ticket.php").is_file()


def test_a_folder_of_todays_php_sample_alone_stays_without_plain_files(tmp_path: Path) -> None:
    (tmp_path / "access_token.php").write_text("<?php exit();?>")
    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["access_token.php", "jsapi_ticket.php"]


def test_env_file_is_created_or_changed(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    write(env(file))
    assert file.read_text() == f"WECHAT_APPID={APPID}\nWECHAT_ACCESS_TOKEN=91_token\nWECHAT_JSAPI_TICKET=sM4A\n"

    file.write_bytes(b"# mine\r\nexport WECHAT_APPID='x'\r\nA=\xff")
    write(env(file), values("T2"))
    assert file.read_bytes() == (
        b"# mine\r\nexport WECHAT_APPID='wx0123456789abcdef'\r\nA=\xff\r\nWECHAT_ACCESS_TOKEN=T2\r\nWECHAT_JSAPI_TICKET=sM4A"
    )


@pytest.mark.parametrize("form", [ExportFormat.ENV, ExportFormat.PHP_JSON])
def test_file_that_has_the_values_is_not_touched(tmp_path: Path, form: ExportFormat) -> None:
    target = ExportTarget(form, str(tmp_path / ".env" if form is ExportFormat.ENV else tmp_path))
    write(target)
    before = {path: path.stat().st_ino for path in tmp_path.iterdir()}

    write(target)

    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == before


@POSIX
def test_new_file_is_private_and_an_existing_one_keeps_its_mode(tmp_path: Path) -> None:
    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)))
    token = tmp_path / "access_token.json"
    assert permission_bits(token) == 0o600

    token.chmod(0o640)
    write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path)), values("T2"))
    assert permission_bits(token) == 0o640


@POSIX
def test_link_of_the_user_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared.env", tmp_path / ".env"
    shared.write_text("A=1\n")
    link.symlink_to(shared)

    write(env(link))

    assert link.is_symlink()
    assert shared.read_text().startswith("A=1\nWECHAT_APPID=")


@POSIX
def test_file_of_another_user_is_left_alone() -> None:
    with unprivileged_folder() as folder:  # not as root, so files of root belong to another user
        ours, link = folder / "ours", folder / "link"
        ours.write_text("A=1\n")
        link.symlink_to("/etc/passwd")

        for path in (Path("/etc/passwd"), link):
            with pytest.raises(FileError, match="it belongs to somebody else"):
                write(env(path))


@pytest.mark.only_on("linux")
def test_link_of_another_user_is_not_followed() -> None:
    with unprivileged_folder(), pytest.raises(FileError, match="it belongs to somebody else"):
        write(env(Path("/proc/1/cwd")))  # a link of root that other users cannot follow


@POSIX
def test_anything_but_a_file_is_refused_without_blocking(tmp_path: Path) -> None:
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


def test_missing_folder_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file or folder"):
        write(ExportTarget(ExportFormat.PHP_JSON, str(tmp_path / "typo")))
    assert not (tmp_path / "typo").exists()


@POSIX
def test_read_only_folder_is_an_error_and_the_old_file_stays() -> None:
    with unprivileged_folder() as folder:
        file = folder / ".env"
        file.write_text("A=1\n")
        with read_only_folder(folder), pytest.raises(FileError, match="permission denied"):
            write(env(file))
        assert [path.name for path in folder.iterdir()] == [".env"]
        assert file.read_text() == "A=1\n"


@pytest.mark.parametrize("text", ["A=1\n".encode("utf-16"), b"\0"])
def test_file_that_is_not_plain_text_stays_unchanged(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(text)

    with pytest.raises(FileError, match="not a plain text file"):
        write(env(file))
    assert file.read_bytes() == text


def test_value_with_shell_syntax_is_not_written_to_an_env_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"

    with pytest.raises(FileError, match="characters that cannot stand in it") as caught:
        write(env(file), values(token="$(reboot)"))
    assert "reboot" not in str(caught.value)
    assert not file.exists()


@POSIX
def test_two_paths_of_one_file_resolve_to_the_same_target(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "link").symlink_to("shop")
    run = ExportTarget(ExportFormat.COMMAND, command=("notify-send", "x"))
    there, linked, missing = (env(tmp_path / name / ".env") for name in ("shop", "link", "gone"))

    assert ExportFiles().resolve_links((there, linked, missing, run)) == (there, there, missing, run)


ENV = ExportStatus(ExportTarget(ExportFormat.ENV, "/srv/小店/\udcff/.env"), NOW, ((TokenKind.ACCESS_TOKEN, 1),))
RUN = ExportStatus(
    ExportTarget(ExportFormat.COMMAND, command=("x",)), error=ExportError(ExportErrorKind.FILE, "/\udcff: full")
)


def test_each_account_has_exactly_the_statuses_that_were_saved(tmp_path: Path) -> None:
    journal = ExportStatusStore(tmp_path / "outlets")
    assert journal.load("wx1") == ()

    journal.save("wx1", (ENV, RUN))
    journal.save("wx2", (RUN,))
    assert (journal.load("wx1"), journal.load("wx2")) == ((ENV, RUN), (RUN,))

    journal.save("wx1", ())
    journal.save("wx3", ())
    assert journal.load("wx1") == ()
    assert [path.name for path in (tmp_path / "outlets").iterdir()] == ["wx2.json"]


@pytest.mark.only_on("linux", "darwin")
def test_file_and_folder_are_private(tmp_path: Path) -> None:
    ExportStatusStore(tmp_path / "outlets").save("wx1", (ENV,))

    assert (permission_bits(tmp_path / "outlets"), permission_bits(tmp_path / "outlets" / "wx1.json")) == (0o700, 0o600)


def test_write_errors_and_damaged_files_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ExportStatusStore(tmp_path / "file").save("wx1", (ENV,))
    ExportStatusStore(tmp_path / "file").save("wx1", ())

    (tmp_path / "wx1.json").write_bytes(b"\xff")
    assert ExportStatusStore(tmp_path).load("wx1") == ()


def test_only_files_of_removed_accounts_are_deleted(tmp_path: Path) -> None:
    journal = ExportStatusStore(tmp_path)
    journal.save("wx1", (ENV,))
    journal.save("wx2", (ENV,))
    (tmp_path / "notes.txt").write_text("")

    journal.delete_all_except({"wx2"})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "wx2.json"]
    ExportStatusStore(tmp_path / "missing").delete_all_except(set())
