"""Everything that an examination can see is a sentence with a verdict, in both languages."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health import (
    CheckStatus,
    ConnectionStep,
    Finding,
    HealthCheck,
    KeyringProbeResult,
    NetworkProbeResult,
    PathProbeResult,
    TrayProbeResult,
)
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.services.messages import health as checkup
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH

HOST = "api.weixin.qq.com"
SHOP = Account("wx1234567890abcdef", "Shop")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)


def test_accounts_are_counted_and_none_is_worth_a_word() -> None:
    two = checkup.accounts_finding((SHOP, MINI), ENGLISH)
    none = checkup.accounts_finding((), ENGLISH)

    assert two == Finding(HealthCheck.ACCOUNTS, CheckStatus.OK, "Accounts: 2 (official: 1, mini programs: 1).")
    assert none.status is CheckStatus.WARNING
    assert "accounts add" in none.advice


def test_a_keyring_that_answers_is_named() -> None:
    found = checkup.keyring_finding(KeyringProbeResult(("keyring.backends.SecretService.Keyring",)), ENGLISH)

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
    found = checkup.keyring_finding(KeyringProbeResult(("a.Keyring", "b.Keyring"), trouble), sentences)

    assert found.status is CheckStatus.FAILED
    assert found.summary.startswith(sentences.for_keyring_result(trouble).summary)
    assert "a.Keyring, b.Keyring" in found.summary
    assert found.advice


def test_an_error_of_the_keyrings_own_is_not_lost() -> None:
    found = checkup.keyring_finding(KeyringProbeResult(("a.Keyring",), KeyringIsDown("OSError 5")), ENGLISH)

    assert found.summary.endswith("(a.Keyring, OSError 5)")


def test_paths_as_they_should_be_are_one_line() -> None:
    paths = (PathProbeResult("/a", exists=True, mode=0o700), PathProbeResult("/a/b", exists=False))

    assert [found.status for found in checkup.path_findings(paths, ENGLISH)] == [CheckStatus.OK]


@pytest.mark.parametrize(
    ("seen", "health", "words"),
    [
        (PathProbeResult("/a", True, "permission denied"), CheckStatus.FAILED, "permission denied"),
        (PathProbeResult("/a", True, is_owned_by_user=False, mode=0o600), CheckStatus.FAILED, "another user"),
        (PathProbeResult("/a", True, mode=0o640), CheckStatus.WARNING, "0640"),
        (PathProbeResult("/a", False, "the disk is read-only"), CheckStatus.FAILED, "read-only"),
    ],
)
def test_a_path_that_is_not_is_named(seen: PathProbeResult, health: CheckStatus, words: str) -> None:
    (found,) = checkup.path_findings((seen, PathProbeResult("/b", exists=True, mode=0o600)), ENGLISH)

    assert found.status is health
    assert "/a" in found.summary
    assert words in found.summary
    assert found.advice


def test_a_second_writer_is_named_as_the_window_names_it() -> None:
    found = checkup.foreign_writes_finding(SHOP, TokenKind.ACCESS_TOKEN, 3, ENGLISH)

    assert found.summary.startswith("Shop: Another program writes ACCESS_TOKEN.dog: 3 times in the last hour.")
    assert found.status is CheckStatus.WARNING


def test_a_way_without_hindrance_is_three_good_findings() -> None:
    seen = NetworkProbeResult(HOST, address_count=3, took_ms=123, clock_skew_s=-1.4)

    found = checkup.network_findings(seen, ENGLISH)

    assert [each.check for each in found] == [HealthCheck.PROXY, HealthCheck.NETWORK, HealthCheck.CLOCK]
    assert {each.status for each in found} == {CheckStatus.OK}
    assert "123 ms" in found[1].summary


@pytest.mark.parametrize(
    ("step", "how", "detail"),
    [
        (ConnectionStep.DNS, FailureKind.OFFLINE, "name not found"),
        (ConnectionStep.CONNECTION, FailureKind.TIMEOUT, ""),
        (ConnectionStep.TLS, FailureKind.TLS, "certificate expired"),
        (ConnectionStep.ANSWER, FailureKind.CUT_OFF, ""),
    ],
)
@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_each_step_that_fails_says_which_it_was_and_why(
    step: ConnectionStep, how: FailureKind, detail: str, sentences: Messages
) -> None:
    seen = NetworkProbeResult(HOST, address_count=2, failed_step=step, failure=TransportFailure(how, detail))

    proxy, way, clock = checkup.network_findings(seen, sentences)

    assert (proxy.status, way.status, clock.status) == (CheckStatus.OK, CheckStatus.FAILED, CheckStatus.NOT_CHECKED)
    assert way.summary.endswith(f"({detail or how})")
    assert way.advice


def test_the_steps_have_words_of_their_own() -> None:
    silence = TransportFailure(FailureKind.TIMEOUT)
    whats = {
        checkup.network_findings(NetworkProbeResult(HOST, failed_step=step, failure=silence), ENGLISH)[1].summary
        for step in ConnectionStep
    }

    assert len(whats) == len(ConnectionStep)


def test_a_proxy_is_named_with_the_variable_that_names_it() -> None:
    proxy = checkup.network_findings(NetworkProbeResult(HOST, "http://proxy:8080", "HTTPS_PROXY"), ENGLISH)[0]
    of_system = checkup.network_findings(NetworkProbeResult(HOST, "http://proxy:8080"), ENGLISH)[0]

    assert proxy.summary == "Calls go through http://proxy:8080 (from HTTPS_PROXY)."
    assert "setting of the system" in of_system.summary


def test_a_proxy_that_refuses_is_to_blame_and_the_rest_is_not_checked() -> None:
    silence = TransportFailure(FailureKind.PROXY, "HTTP 407", may_have_counted=False)
    seen = NetworkProbeResult(HOST, "http://proxy:8080", failed_step=ConnectionStep.ANSWER, failure=silence)

    proxy, way, _ = checkup.network_findings(seen, ENGLISH)

    assert proxy.status is CheckStatus.FAILED
    assert proxy.summary.endswith("(HTTP 407)")
    assert way.status is CheckStatus.NOT_CHECKED


@pytest.mark.parametrize(("skew_s", "words"), [(3600.0, "60 minutes ahead"), (-240.0, "4 minutes behind")])
def test_a_clock_that_spoils_signatures_is_bad(skew_s: float, words: str) -> None:
    clock = checkup.network_findings(NetworkProbeResult(HOST, clock_skew_s=skew_s), ENGLISH)[2]

    assert clock.status is CheckStatus.FAILED
    assert words in clock.summary
    assert clock.advice


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("seen", TrayProbeResult)
def test_a_tray_is_never_worse_than_doubtful(seen: TrayProbeResult, sentences: Messages) -> None:
    found = checkup.tray_finding(seen, sentences)

    assert found.status is not CheckStatus.FAILED
    assert bool(found.advice) == (found.status is CheckStatus.WARNING)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_is_left_says_what_to_do(sentences: Messages) -> None:
    for found in (
        checkup.timeout_finding(HealthCheck.FILES, sentences),
        checkup.damaged_dog_file_finding("/a.dog", sentences),
    ):
        assert found.summary
        assert found.advice
    assert checkup.nothing_found_finding(HealthCheck.FOREIGN_WRITES, sentences).status is CheckStatus.OK
