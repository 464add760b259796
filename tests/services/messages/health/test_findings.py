"""Findings that belong to no group, in both languages."""

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health.findings import CheckStatus, HealthCheck
from guarddog_gui.domain.health.results import KeyringProbeResult
from guarddog_gui.services.messages.health.findings import keyring_finding, nothing_found_finding, timeout_finding
from guarddog_gui.services.messages.health.folders import damaged_dog_file_finding
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH


def test_a_keyring_that_answers_is_named() -> None:
    found = keyring_finding(KeyringProbeResult(("keyring.backends.SecretService.Keyring",)), ENGLISH)

    assert found.status is CheckStatus.OK
    assert "SecretService" in found.summary
    assert found.advice == ""


@pytest.mark.parametrize(
    "trouble", [KeyringIsLocked(), KeyringIsDown("no answer"), KeyringIsDown("no keyring answers"), NotPersisted()]
)
@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_keyring_that_does_not_is_named_with_what_to_do(
    trouble: KeyringIsLocked | KeyringIsDown | NotPersisted, sentences: Messages
) -> None:
    found = keyring_finding(KeyringProbeResult(("a.Keyring", "b.Keyring"), trouble), sentences)

    assert found.status is CheckStatus.FAILED
    assert found.summary.startswith(sentences.for_keyring_result(trouble).summary)
    assert "a.Keyring, b.Keyring" in found.summary
    assert found.advice


def test_an_error_of_the_keyrings_own_is_not_lost() -> None:
    found = keyring_finding(KeyringProbeResult(("a.Keyring",), KeyringIsDown("OSError 5")), ENGLISH)

    assert found.summary.endswith("(a.Keyring, OSError 5)")


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_is_left_says_what_to_do(sentences: Messages) -> None:
    for found in (timeout_finding(HealthCheck.FILES, sentences), damaged_dog_file_finding("/a.dog", sentences)):
        assert found.summary
        assert found.advice
    assert nothing_found_finding(HealthCheck.FOREIGN_WRITES, sentences).status is CheckStatus.OK
