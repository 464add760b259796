"""Tray, clipboard and fonts as findings."""

import pytest
from msgspec.structs import replace

from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks import desktop
from guarddog_gui.cli.health_checks.desktop import check_chinese_fonts, check_copying, check_tray_host
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.results import FontProbeResult
from tests.cli.conftest import InProcessCli
from tests.services.messages.languages import CHINESE


@pytest.mark.only_on("linux")
def test_without_a_desktop_nothing_is_checked(context: CommandContext) -> None:
    findings = (*check_tray_host(context), *check_copying(context), *check_chinese_fonts(context))

    assert [finding.status for finding in findings] == [CheckStatus.NOT_CHECKED] * 3


def test_a_font_is_missed_by_chinese_texts_and_names(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "check_fonts", lambda _: FontProbeResult.MISSING)
    assert [finding.status for finding in check_chinese_fonts(context)] == [CheckStatus.OK]

    in_chinese = replace(context, messages=CHINESE)
    assert [finding.status for finding in check_chinese_fonts(in_chinese)] == [CheckStatus.WARNING]

    ctl_with_account.add_account(ctl_with_account.shop, "小店")
    assert [finding.status for finding in check_chinese_fonts(context)] == [CheckStatus.WARNING]
