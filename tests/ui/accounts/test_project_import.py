"""Import from a project folder into the dialog: real files, one choice, and the check that follows."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from guarddog_gui.domain.accounts.account import Platform
from tests.runtime.harness import CAFE, SECRET, RuntimeHarness
from tests.ui.accounts.account_dialog_driver import AccountDialogDriver
from tests.ui.find import button, label

OTHER = "wx1111111111111111"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    (tmp_path / ".env").write_text(f"WX_APPID={CAFE.appid}\nWX_SECRET={SECRET}\n", "utf-8")
    (tmp_path / "project.config.json").write_text(
        json.dumps({"appid": CAFE.appid, "projectname": "Corner", "compileType": "miniprogram"}), "utf-8"
    )
    return tmp_path


def choose_folder(form: AccountDialogDriver) -> str:
    button(form.dialog, "From a project folder…").click()
    form.harness.wait_until_idle(form.qtbot)
    return " ".join(label(form.dialog, f"project-{part}").text() for part in ("summary", "advice"))


def test_the_dialog_is_filled_in_and_the_secret_pointed_out(form: AccountDialogDriver, project: Path) -> None:
    text = choose_folder(form)
    account = form.form.entered_account()
    assert (account.appid, account.name, account.platform) == (CAFE.appid, "Corner", Platform.MINI_PROGRAM)
    assert form.secret.text() == SECRET
    assert text.startswith(f"Found in {project.name}: {CAFE.appid}")
    assert ".env, line 2" in text
    form.test()
    assert form.message == "WeChat accepts them. A token is ready."


def test_the_folder_of_dog_files_is_offered(form: AccountDialogDriver, project: Path, harness: RuntimeHarness) -> None:
    gen_time = int(harness.clock() * 1000)
    dog = {"data": "T", "expires_in": 7200, "gen_time": gen_time, "dir": "x", "ahead": 2}
    (project / "cache").mkdir()
    (project / "cache" / "ACCESS_TOKEN.dog").write_text(json.dumps(dog), "utf-8")
    text = choose_folder(form)
    assert form.folder_field.text() == str(project / "cache")
    assert "ACCESS_TOKEN.dog" in text


def test_one_of_several_accounts_is_chosen(
    form: AccountDialogDriver, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "other.json").write_text(json.dumps({"appid": OTHER}), "utf-8")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *args, **_: (args[3][1], True))
    choose_folder(form)
    assert form.appid_field.text() == OTHER
    assert form.secret.text() == ""


def test_a_folder_without_an_account_says_so(form: AccountDialogDriver, project: Path) -> None:
    for file in project.iterdir():
        file.unlink()
    assert choose_folder(form).startswith(f"No AppID was found in {project.name}.")
    assert form.appid_field.text() == ""
