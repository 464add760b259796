"""Findings about other programs: what they did, and who they are as far as that is known."""

import pytest

from guarddog_gui.domain.accounts.account import Endpoint
from guarddog_gui.domain.health.findings import CheckStatus, HealthCheck
from guarddog_gui.domain.health.other_writers import OtherWriters
from guarddog_gui.domain.health.results import EngineProcess, OpenFile
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.health.writers import other_guard_dog_finding, other_writers_findings
from guarddog_gui.services.messages.message import Messages
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH, SHOP, attempt, refused

TOKEN = TokenKind.ACCESS_TOKEN
REJECTED = attempt(AttemptResult.NOT_ADOPTED, detail=foreign_writes.OTHER_ACCOUNT)


def test_a_rejected_value_is_counted_with_its_reason_and_suspects() -> None:
    writers = OtherWriters(adopted_count=2, rejected=REJECTED, rejected_count=1, last_write_at=NOW - 60)
    programs = (OpenFile(12, "node", "/dogs"), OpenFile(13, "php-fpm", "/dogs"))

    (finding,) = other_writers_findings(SHOP, TOKEN, writers, "www-data (uid 33)", programs, ENGLISH)

    assert (finding.check, finding.status) == (HealthCheck.FOREIGN_WRITES, CheckStatus.WARNING)
    assert finding.summary.startswith("Shop: In the last 24 hours another program has written ACCESS_TOKEN.dog: ")
    assert "2 values were taken over, 1 were not; the last one at +-60s." in finding.summary
    assert ENGLISH.for_rejected_write(TOKEN, foreign_writes.OTHER_ACCOUNT).summary in finding.summary
    assert finding.summary.endswith(
        "The file belongs to www-data (uid 33). Open at the moment by: node (pid 12), php-fpm (pid 13)."
    )
    assert finding.advice
    assert SHOP.endpoint is Endpoint.STABLE


def test_a_superseded_value_is_reported_without_any_write() -> None:
    writers = OtherWriters(superseded=refused(40001), superseded_count=3)

    (finding,) = other_writers_findings(SHOP, TOKEN, writers, "", (), ENGLISH)

    assert finding.summary.endswith("In the last 24 hours: 3.")


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_second_guard_dog_is_named_with_its_folder(messages: Messages) -> None:
    engine = EngineProcess(4242, "guarddog-gui", "/srv/gd/config", "/srv/gd/data")

    finding = other_guard_dog_finding(SHOP, engine, messages)

    assert "guarddog-gui" in finding.summary
    assert "4242" in finding.summary
    assert "/srv/gd/data" in finding.summary
    assert finding.advice
