"""The file of an export: what is in it, how it is written, and which files are refused as a whole."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.transfer import transfer_file
from guarddog_gui.adapters.transfer.age import EncryptionFailed
from guarddog_gui.adapters.transfer.transfer_file import load_transfer_file, open_transfer_file, write_transfer_file
from guarddog_gui.domain.accounts.account import Account, AccountColour, Environment, Platform, Secret
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.domain.transfer import LeftOutPlace, MovedAccount, TransferContent, TransferProblem

SECRET = Secret("0123456789abcdef0123456789abcdef")
SHOP = Account(
    "wx1234567890abcdef", "Shop", environment=Environment.PRODUCTION, colour=AccountColour.RED, group="Retail",
    js_domains=("a.cn",), dog_dir=str(Path("dogs").absolute()), exports=(ExportTarget(ExportFormat.ENV, str(Path(".env").absolute())),),
    api_base="https://api2.weixin.qq.com", proxy="socks5://me@proxy.example.cn:1080",
)  # fmt: skip
GAME = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
CONTENT = TransferContent(
    (MovedAccount(SHOP, SECRET, Secret("pr0xy-p4ss")), MovedAccount(GAME, None)),
    Settings(theme=Theme.DARK, default_account=SHOP.appid, copy_formats={SHOP.appid: CopyFormat.CURL}),
)
PASSPHRASE = "correct horse"


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the encryption, which takes seconds and has tests of its own."""
    monkeypatch.setattr(transfer_file, "encrypt", lambda data, _passphrase: b"plain" + data)
    monkeypatch.setattr(transfer_file, "decrypt", lambda data, _passphrase: data.removeprefix(b"plain"))
    monkeypatch.setattr(transfer_file, "header_problem", lambda _data: None)


def read(path: Path) -> TransferContent | TransferProblem:
    data = load_transfer_file(path)
    assert isinstance(data, bytes)
    return open_transfer_file(path, data, PASSPHRASE)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "accounts.age"
    write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=False)

    assert read(path) == CONTENT
    assert SECRET.reveal().encode() not in path.read_bytes()
    assert SHOP.appid.encode() not in path.read_bytes()


@pytest.mark.usefixtures("plain")
def test_the_file_is_private_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts.age"
    previous = os.umask(0)
    try:
        write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=False)
    finally:
        os.umask(previous)

    assert list(tmp_path.iterdir()) == [path]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("plain")
def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "accounts.age"
    path.write_text("mine")

    with pytest.raises(FileError) as refusal:
        write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=False)
    assert refusal.value.reason == FileErrorReason.EXISTS
    assert path.read_text() == "mine"
    write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=True)
    assert read(path) == CONTENT


def test_a_file_that_appears_while_it_is_encrypted_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.age"
    monkeypatch.setattr(transfer_file, "encrypt", lambda *_: str(path.write_text("mine")).encode())

    with pytest.raises(FileError) as refusal:
        write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=False)

    assert refusal.value.reason == FileErrorReason.EXISTS
    assert path.read_text() == "mine"


@pytest.mark.usefixtures("plain")
def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, *_: object, **__: object) -> None:
        raise FileError(os.fspath(path), FileErrorReason.DISK_FULL)

    monkeypatch.setattr(transfer_file, "atomic_write", fail)

    with pytest.raises(FileError):
        write_transfer_file(tmp_path / "accounts.age", CONTENT, PASSPHRASE, overwrites=False)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("plain")
def test_a_folder_or_a_missing_one_is_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, FileErrorReason.IS_A_FOLDER), (tmp_path / "a" / "b", FileErrorReason.NOT_FOUND)):
        with pytest.raises(FileError) as refusal:
            write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=True)
        assert refusal.value.reason == reason
    with pytest.raises(FileError) as refusal:
        load_transfer_file(tmp_path / "missing")
    assert refusal.value.reason == FileErrorReason.MISSING


@pytest.mark.usefixtures("plain")
@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("overwrites", [False, True])
def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path, *, overwrites: bool) -> None:
    fifo, link = tmp_path / "fifo", tmp_path / "link"
    os.mkfifo(fifo)
    link.symlink_to(fifo)

    for path in (fifo, link):
        with pytest.raises(FileError) as refusal:
            write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=overwrites)
        assert refusal.value.reason == FileErrorReason.NOT_A_REGULAR_FILE

    assert fifo.is_fifo()
    assert link.is_symlink()


@pytest.mark.only_on("linux", "darwin")
def test_a_fifo_that_appears_while_it_is_encrypted_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "fifo"

    def encrypt(*_: object) -> bytes:
        os.mkfifo(fifo)
        return b"encrypted"

    monkeypatch.setattr(transfer_file, "encrypt", encrypt)

    with pytest.raises(FileError) as refusal:
        write_transfer_file(fifo, CONTENT, PASSPHRASE, overwrites=True)

    assert refusal.value.reason == FileErrorReason.NOT_A_REGULAR_FILE
    assert fifo.is_fifo()


@pytest.mark.usefixtures("plain")
@pytest.mark.only_on("linux", "darwin")
def test_the_file_that_a_symbolic_link_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    target, link = tmp_path / "disk" / "accounts.age", tmp_path / "link"
    link.symlink_to("disk/accounts.age")

    for _ in range(2):  # the target is made, then replaced
        write_transfer_file(link, CONTENT, PASSPHRASE, overwrites=True)

        assert link.is_symlink()
        assert not target.is_symlink()
        assert read(target) == CONTENT


@pytest.mark.usefixtures("plain")
@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize(
    ("target", "reason"), [("missing/accounts.age", FileErrorReason.BROKEN_LINK), ("link", FileErrorReason.IS_A_LINK)]
)
def test_a_symbolic_link_that_leads_nowhere_is_refused(tmp_path: Path, target: str, reason: FileErrorReason) -> None:
    link = tmp_path / "link"
    link.symlink_to(target)

    with pytest.raises(FileError) as refusal:
        write_transfer_file(link, CONTENT, PASSPHRASE, overwrites=True)

    assert refusal.value.reason == reason
    assert link.is_symlink()


def fields_of(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "accounts.age"
    write_transfer_file(path, CONTENT, PASSPHRASE, overwrites=True)
    fields: dict[str, Any] = json.loads(path.read_bytes().removeprefix(b"plain"))
    return fields


def changed(tmp_path: Path, **changes: object) -> TransferContent | TransferProblem:
    path = tmp_path / "changed.age"
    path.write_text(json.dumps(fields_of(tmp_path) | changes))
    return read(path)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": "something else"}, TransferProblem.NOT_EXPORTED),
        ({"version": 2}, TransferProblem.NEWER_VERSION),
        ({"version": 1.5}, TransferProblem.NEWER_VERSION),
        ({"accounts": {}}, TransferProblem.DAMAGED),
        ({"accounts": [{"appid": "wx1"}]}, TransferProblem.DAMAGED),
        ({"accounts": [5]}, TransferProblem.DAMAGED),
        ({"secrets": []}, TransferProblem.DAMAGED),
        ({"secrets": {SHOP.appid: 5}}, TransferProblem.DAMAGED),
        ({"secrets": {SHOP.appid: "two words"}}, TransferProblem.DAMAGED),
        ({"settings": None}, TransferProblem.DAMAGED),
    ],
)
def test_a_part_that_cannot_be_read_makes_the_whole_unusable(
    tmp_path: Path, changes: dict[str, object], problem: TransferProblem
) -> None:
    assert changed(tmp_path, **changes) is problem


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("text", ["", "[]", "{", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_what_is_no_json_object_is_not_exported(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x"
    path.write_text(text)

    assert read(path) is TransferProblem.NOT_EXPORTED


@pytest.mark.usefixtures("plain")
def test_fields_that_this_version_does_not_know_are_ignored(tmp_path: Path) -> None:
    assert changed(tmp_path, later=5) == CONTENT


@pytest.mark.usefixtures("plain")
@pytest.mark.only_on("linux", "darwin")
def test_paths_of_windows_are_left_out_and_named(tmp_path: Path) -> None:
    accounts = fields_of(tmp_path)["accounts"]
    accounts[0]["outlets"] = [{"form": "env", "path": "C:\\shop\\.env"}, {"form": "command", "command": ["notify"]}]

    moved = changed(tmp_path, accounts=accounts)

    assert isinstance(moved, TransferContent)
    assert moved.foreign_places == (LeftOutPlace(SHOP.appid, "C:\\shop\\.env"),)
    assert moved.accounts[0].account == replace(
        SHOP, exports=(ExportTarget(ExportFormat.COMMAND, command=("notify",)),)
    )


def test_an_encryption_that_fails_is_a_file_error_without_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise EncryptionFailed("MemoryError")

    monkeypatch.setattr(transfer_file, "encrypt", fail)
    monkeypatch.setattr(transfer_file, "decrypt", fail)

    with pytest.raises(FileError, match="MemoryError"):
        write_transfer_file(tmp_path / "x", CONTENT, PASSPHRASE, overwrites=False)
    with pytest.raises(FileError, match="MemoryError"):
        open_transfer_file(tmp_path / "x", b"", PASSPHRASE)
    assert list(tmp_path.iterdir()) == []
