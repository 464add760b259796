"""Other programs that write the files of an account, and a second Guard Dog."""

import json
import os
import shutil

import pytest

from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks import writers
from guarddog_gui.cli.health_checks.writers import check_other_writers
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.results import EngineProcess
from tests.cli.conftest import InProcessCli


def write_as_another_program(ctl: InProcessCli) -> None:
    path = ctl.dog_path()
    path.write_text(path.read_text(encoding="utf-8").replace(ctl.stored_value(), "91_" + "f" * 100), encoding="utf-8")


def test_without_another_program_all_is_well(context: CommandContext) -> None:
    (finding,) = check_other_writers(context)
    assert finding.status is CheckStatus.OK


def test_a_rejected_value_of_the_last_day_is_reported(ctl_with_account: InProcessCli, context: CommandContext) -> None:
    ctl_with_account.clock.advance(60)
    write_as_another_program(ctl_with_account)
    assert ctl_with_account("refresh").exit_code == 0

    (finding,) = check_other_writers(context)
    assert finding.status is CheckStatus.WARNING
    assert "1 were not" in finding.summary
    assert "f" * 20 not in finding.summary

    ctl_with_account.clock.advance(86_400)
    assert [finding.status for finding in check_other_writers(context)] == [CheckStatus.OK]


@pytest.mark.only_on("linux", "darwin")
def test_the_owner_of_the_file_is_named(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctl_with_account.clock.advance(60)
    write_as_another_program(ctl_with_account)
    assert ctl_with_account("refresh").exit_code == 0
    uid = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)

    (finding,) = check_other_writers(context)

    assert f"uid {uid}" in finding.summary


@pytest.mark.parametrize(
    ("shares_account", "api_base", "is_reported"),
    [(True, "", True), (False, "", False), (True, "http://127.0.0.1:9", False)],
)
def test_a_second_guard_dog_counts_if_it_has_the_same_account_at_the_same_wechat(
    ctl_with_account: InProcessCli,
    context: CommandContext,
    monkeypatch: pytest.MonkeyPatch,
    *,
    shares_account: bool,
    api_base: str,
    is_reported: bool,
) -> None:
    home, other = ctl_with_account.home, ctl_with_account.home.parent / "other"
    (other / "config").mkdir(parents=True)
    if shares_account:
        text = (home / "config" / "accounts.json").read_text(encoding="utf-8")
        (other / "config" / "accounts.json").write_text(text, encoding="utf-8")
    same = ctl_with_account.wechat.base_url
    own_engine = EngineProcess(1, "guarddog-gui", str(home / "config"), str(home / "data"), same)
    engine = EngineProcess(4242, "guarddog-gui", str(other / "config"), str(other / "data"), api_base or same)
    monkeypatch.setattr(writers, "find_engines", lambda: (own_engine, engine))

    (finding,) = check_other_writers(context)

    assert finding.is_problem is is_reported
    assert ("4242" in finding.summary) is is_reported


def test_the_address_in_the_settings_of_a_second_guard_dog_counts(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = ctl_with_account.home.parent / "other" / "config"
    shutil.copytree(ctl_with_account.home / "config", config)
    engine = EngineProcess(4242, "guarddog-gui", str(config), "/other/data")
    monkeypatch.setattr(writers, "find_engines", lambda: (engine,))
    assert not check_other_writers(context)[0].is_problem

    settings = {"version": 1, "api_base": ctl_with_account.wechat.base_url}
    (config / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    assert check_other_writers(context)[0].is_problem
