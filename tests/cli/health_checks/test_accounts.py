"""The accounts as `doctor` sees them: values, renewals and export targets."""

from pathlib import Path

import pytest

from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks import accounts
from guarddog_gui.cli.health_checks.accounts import check_accounts, check_exports, check_renewal
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.results import EngineProcess
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli


def test_a_fresh_value_is_well(context: CommandContext) -> None:
    (finding,) = check_renewal(context)
    assert finding.status is CheckStatus.OK


@pytest.mark.parametrize("is_running", [True, False])
def test_an_expired_value_is_renewed_by_a_running_program_only(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch, *, is_running: bool
) -> None:
    ctl_with_account.clock.advance(8000)
    home = ctl_with_account.home if is_running else Path("/elsewhere")
    engine = EngineProcess(4242, "guarddog-gui", str(home / "config"), str(home / "data"))
    monkeypatch.setattr(accounts, "find_engines", lambda: (engine,))

    (finding,) = check_renewal(context)

    assert "The value in ACCESS_TOKEN.dog ended at" in finding.summary
    assert finding.is_temporary is is_running


def test_a_refused_renewal_is_named_with_its_errcode(ctl_with_account: InProcessCli, context: CommandContext) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))
    assert ctl_with_account("refresh", "--force", "--yes").exit_code == 4
    ctl_with_account.clock.advance(8000)

    findings = check_renewal(context)

    assert findings[0].status is CheckStatus.FAILED
    assert "40164" in findings[0].summary
    assert not findings[0].is_temporary


def test_a_damaged_list_is_bad(ctl_with_account: InProcessCli, context: CommandContext) -> None:
    (ctl_with_account.home / "config" / "accounts.json").write_text("{", encoding="utf-8")

    (finding,) = check_accounts(context)

    assert finding.status is CheckStatus.FAILED


def test_a_target_that_cannot_be_written_is_doubtful(
    ctl_with_account: InProcessCli, context: CommandContext, tmp_path: Path
) -> None:
    assert [finding.status for finding in check_exports(context)] == [CheckStatus.OK]
    ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--write-php", str(tmp_path / "nowhere"))

    (finding,) = check_exports(context)

    assert finding.status is CheckStatus.WARNING
