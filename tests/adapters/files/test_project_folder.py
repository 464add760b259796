"""Project folders: what is found in real files, and what is never read, followed, run or waited for."""

import json
import os
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.files import project_folder
from guarddog_gui.adapters.files.project_folder import read_project_folder
from guarddog_gui.domain.accounts.project import FoundValue, ValueFormat
from guarddog_gui.domain.tokens.record import TokenKind

NOW = 1_795_157_576.0
APPID = "wx5a0d09b0c0f00004"
SECRET = "0123456789abcdef0123456789abcdef"


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_appid_secret_and_name_are_joined_from_several_files(tmp_path: Path) -> None:
    put(tmp_path, "mini/project.config.json", json.dumps({"appid": APPID, "projectname": "Shop", "setting": {}}))
    put(tmp_path, "server/.env", f"PORT=3000\nWX_APPID={APPID}\nWX_SECRET={SECRET}\n")
    project = read_project_folder(str(tmp_path), NOW)
    (account,) = project.accounts
    assert (account.appid, account.secret, account.name, account.is_mini_program) == (APPID, SECRET, "Shop", True)
    assert (account.secret_file, account.secret_line) == ("server/.env", 3)
    assert project.is_complete
    assert SECRET not in repr(project)


def test_a_secret_in_a_file_without_an_appid_belongs_to_the_only_account(tmp_path: Path) -> None:
    put(tmp_path, "project.config.json", json.dumps({"appid": APPID, "projectname": "Shop"}))
    put(tmp_path, ".env.local", f"WX_SECRET={SECRET}\n")
    (account,) = read_project_folder(str(tmp_path), NOW).accounts
    assert (account.secret, account.secret_file, account.secret_line) == (SECRET, ".env.local", 1)


@pytest.mark.parametrize(
    ("name", "content", "kind", "form", "expires_at"),
    [
        ("access_token.json", {"expire_time": NOW + 60, "access_token": "T"}, "T", ValueFormat.PHP_SAMPLE, NOW + 60),
        (
            "jsapi_ticket.json",
            {"expire_time": (NOW + 60) * 1000, "jsapi_ticket": "J"},
            "J",
            ValueFormat.INTERACTION,
            NOW + 60,
        ),
        (
            "access_token.txt",
            {"accessToken": "T", "expireTime": (NOW + 60) * 1000},
            "T",
            ValueFormat.CO_WECHAT,
            NOW + 60,
        ),
        (
            "wechat_access_token",
            {"access_token": "T", "got_token_at": NOW - 100, "token_expires_in": 7200},
            "T",
            ValueFormat.RUBY,
            NOW + 7100,
        ),
        (
            "wechat-info.json",
            {"globalToken": {"accessToken": "T", "modifyDate": "2026-11-20T06:52:56+00:00"}},
            "T",
            ValueFormat.JSSDK,
            NOW + 119 * 60,
        ),
    ],
)
def test_live_values_of_other_libraries_are_found(
    tmp_path: Path, name: str, content: dict[str, object], kind: str, form: ValueFormat, expires_at: float
) -> None:
    put(tmp_path, name, json.dumps(content))
    (value,) = read_project_folder(str(tmp_path), NOW).values
    kinds = {"T": TokenKind.ACCESS_TOKEN, "J": TokenKind.JSAPI_TICKET}
    assert value == FoundValue(kinds[kind], name, form, pytest.approx(expires_at))  # type: ignore[arg-type]


def test_the_guarded_form_of_the_php_sample_is_read(tmp_path: Path) -> None:
    put(tmp_path, "access_token.php", f'<?php exit();?>{{"expire_time":{NOW + 60},"access_token":"T"}}')
    assert [value.format for value in read_project_folder(str(tmp_path), NOW).values] == [ValueFormat.PHP_SAMPLE]


def test_dog_files_offer_their_folder_and_expired_values_do_not(tmp_path: Path) -> None:
    dog = {"data": "T", "expires_in": 7200, "gen_time": int((NOW - 60) * 1000), "dir": "x", "ahead": 2}
    put(tmp_path, "cache/ACCESS_TOKEN.dog", json.dumps(dog))
    put(tmp_path, "old/ACCESS_TOKEN.dog", json.dumps({**dog, "gen_time": 1}))
    put(tmp_path, "old/access_token.json", json.dumps({"expire_time": NOW - 1, "access_token": "T"}))
    project = read_project_folder(str(tmp_path), NOW)
    assert project.dog_folders == (str(tmp_path / "cache"),)
    assert [value.file for value in project.values] == ["cache/ACCESS_TOKEN.dog"]


def test_dependencies_links_and_large_files_are_not_read(tmp_path: Path) -> None:
    text = f"WX_APPID={APPID}\nWX_SECRET={SECRET}\n"
    outside = put(tmp_path, "outside/.env", text).parent
    root = tmp_path / "project"
    put(root, "node_modules/x/.env", text)
    put(root, ".git/config.ini", text)
    put(root, "large.env", text + "#" * project_folder.FILE_SIZE_MAX)
    put(root, "a/b/c/d/e/f/g/.env", text)
    (root / "link").symlink_to(outside)
    (root / ".env").symlink_to(outside / ".env")
    assert read_project_folder(str(root), NOW).accounts == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    begin = time.monotonic()
    assert read_project_folder(str(tmp_path), NOW).accounts == ()
    assert time.monotonic() - begin < 2


def test_a_huge_folder_is_read_in_part_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_folder, "FILES_MAX", 5)
    for number in range(9):
        put(tmp_path, f"{number}.txt", "x")
    assert not read_project_folder(str(tmp_path), NOW).is_complete


@pytest.mark.parametrize("text", ["{" * 100_000, "[1", "\0" * 100, '{"expire_time": "x", "access_token": "T"}', "null"])
def test_damaged_files_are_skipped(tmp_path: Path, text: str) -> None:
    put(tmp_path, "access_token.json", text)
    assert read_project_folder(str(tmp_path), NOW).values == ()


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert read_project_folder(str(tmp_path / "gone"), NOW).accounts == ()
