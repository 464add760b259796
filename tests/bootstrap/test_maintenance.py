"""The maintenance: each step is done, whatever prevents the others."""

import os
from pathlib import Path

import pytest

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.bootstrap.maintenance import run_maintenance
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from tests.fakes import NOW, FakeClock, FakeSecretStore

SHOP = Account("wx00000000000000a1", "Shop")


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container({"GUARDDOG_HOME": str(tmp_path)}, FakeClock(), FakeSecretStore())


def leave_temp_file(folder: Path, name: str) -> Path:
    temp = folder / f".{name}.1-0.tmp"
    folder.mkdir(parents=True, exist_ok=True)
    temp.write_text("91_token")
    os.utime(temp, (NOW - 7200,) * 2)
    return temp


def test_temp_files_in_folders_of_removed_accounts_go_with_a_damaged_list(container: Container) -> None:
    left = [
        leave_temp_file(container.paths.dogs_dir / "wx00000000000000a1", "ACCESS_TOKEN.dog"),
        leave_temp_file(container.paths.config_dir, "accounts.json"),
    ]
    container.paths.accounts_file.write_text("not a list")
    assert run_maintenance(container) == ()
    assert [temp for temp in left if temp.exists()] == []
    container.history.close()


def test_an_unreadable_list_prevents_neither_cleaning_nor_trimming(container: Container) -> None:
    old = HistoryEntry(NOW - 400 * 86400, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NO_ANSWER)
    container.history.append(old)
    container.paths.accounts_file.mkdir(parents=True)
    left = leave_temp_file(container.paths.dogs_dir / SHOP.appid, "ACCESS_TOKEN.dog")

    errors = run_maintenance(container)

    assert {str(error) for error in errors if isinstance(error, FileError)} != set()
    assert not left.exists()
    assert container.history.latest(SHOP.appid, "ACCESS_TOKEN", 10) == ()
    container.history.close()


def test_a_history_that_cannot_be_written_does_not_keep_folders_from_being_cleaned(container: Container) -> None:
    container.accounts.update(lambda _: (SHOP,))
    container.history.append(HistoryEntry(NOW, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NO_ANSWER))
    container.history.close()
    history = container.paths.history_file
    history.unlink()
    history.mkdir()
    (history / "not empty").touch()
    container.paths.history_file.parent.chmod(0o500)
    left = leave_temp_file(container.paths.config_dir, "accounts.json")
    try:
        run_maintenance(container)
    finally:
        container.paths.history_file.parent.chmod(0o700)
    assert not left.exists()
    container.history.close()


def test_statuses_stay_while_the_list_is_damaged(container: Container) -> None:
    container.paths.config_dir.mkdir(parents=True)
    container.paths.accounts_file.write_text("not a list")
    container.paths.exports_dir.mkdir(parents=True)
    status = container.paths.exports_dir / f"{SHOP.appid}.json"
    status.write_text("{}")
    run_maintenance(container)
    assert status.exists()
    container.history.close()
