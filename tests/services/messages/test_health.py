"""Everything that an examination can see is a sentence with a verdict, in both languages."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Unavailable
from guarddog_gui.domain.health import (
    Check,
    Finding,
    Health,
    KeyringSeen,
    NetworkSeen,
    PathSeen,
    Step,
    TraySeen,
)
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Silence, Unheard
from guarddog_gui.services.messages import health as checkup
from guarddog_gui.services.messages.message import Sentences
from tests.services.messages.test_message import CHINESE, ENGLISH

HOST = "api.weixin.qq.com"
SHOP = Account("wx1234567890abcdef", "Shop")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)


def test_accounts_are_counted_and_none_is_worth_a_word() -> None:
    two = checkup.on_accounts((SHOP, MINI), ENGLISH)
    none = checkup.on_accounts((), ENGLISH)

    assert two == Finding(Check.ACCOUNTS, Health.OK, "Accounts: 2 (official: 1, mini programs: 1).")
    assert none.health is Health.DOUBTFUL
    assert "accounts add" in none.todo


def test_a_keyring_that_answers_is_named() -> None:
    found = checkup.on_keyring(KeyringSeen(("keyring.backends.SecretService.Keyring",)), ENGLISH)

    assert found.health is Health.OK
    assert "SecretService" in found.what
    assert found.todo == ""


@pytest.mark.parametrize(
    "trouble", [Locked(), Unavailable("no answer"), Unavailable("no keyring answers"), Lost()]
)
@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_keyring_that_does_not_is_named_with_what_to_do(
    trouble: Locked | Unavailable | Lost, sentences: Sentences
) -> None:
    found = checkup.on_keyring(KeyringSeen(("a.Keyring", "b.Keyring"), trouble), sentences)

    assert found.health is Health.BAD
    assert found.what.startswith(sentences.keyring(trouble).what)
    assert "a.Keyring, b.Keyring" in found.what
    assert found.todo


def test_an_error_of_the_keyrings_own_is_not_lost() -> None:
    found = checkup.on_keyring(KeyringSeen(("a.Keyring",), Unavailable("OSError 5")), ENGLISH)

    assert found.what.endswith("(a.Keyring, OSError 5)")


def test_paths_as_they_should_be_are_one_line() -> None:
    paths = (PathSeen("/a", is_there=True, mode=0o700), PathSeen("/a/b", is_there=False))

    assert [found.health for found in checkup.on_paths(paths, ENGLISH)] == [Health.OK]


@pytest.mark.parametrize(
    ("seen", "health", "words"),
    [
        (PathSeen("/a", True, "permission denied"), Health.BAD, "permission denied"),
        (PathSeen("/a", True, is_ours=False, mode=0o600), Health.BAD, "another user"),
        (PathSeen("/a", True, mode=0o640), Health.DOUBTFUL, "0640"),
        (PathSeen("/a", False, "the disk is read-only"), Health.BAD, "read-only"),
    ],
)
def test_a_path_that_is_not_is_named(seen: PathSeen, health: Health, words: str) -> None:
    (found,) = checkup.on_paths((seen, PathSeen("/b", is_there=True, mode=0o600)), ENGLISH)

    assert found.health is health
    assert "/a" in found.what
    assert words in found.what
    assert found.todo


def test_a_second_writer_is_named_as_the_window_names_it() -> None:
    found = checkup.on_writes(SHOP, TokenKind.ACCESS_TOKEN, 3, ENGLISH)

    assert found.what.startswith(
        "Shop: Another program refreshes ACCESS_TOKEN.dog: 3 times in the last hour."
    )
    assert found.health is Health.DOUBTFUL


def test_a_way_without_hindrance_is_three_good_findings() -> None:
    seen = NetworkSeen(HOST, addresses=3, took_ms=123, skew_s=-1.4)

    found = checkup.on_network(seen, ENGLISH)

    assert [each.check for each in found] == [Check.PROXY, Check.NETWORK, Check.CLOCK]
    assert {each.health for each in found} == {Health.OK}
    assert "123 ms" in found[1].what


@pytest.mark.parametrize(
    ("step", "how", "detail"),
    [
        (Step.NAME, Unheard.OFFLINE, "name not found"),
        (Step.CONNECTION, Unheard.TIMEOUT, ""),
        (Step.TLS, Unheard.TLS, "certificate expired"),
        (Step.ANSWER, Unheard.CUT_OFF, ""),
    ],
)
@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_each_step_that_fails_says_which_it_was_and_why(
    step: Step, how: Unheard, detail: str, sentences: Sentences
) -> None:
    seen = NetworkSeen(HOST, addresses=2, failed=step, silence=Silence(how, detail))

    proxy, way, clock = checkup.on_network(seen, sentences)

    assert (proxy.health, way.health, clock.health) == (Health.OK, Health.BAD, Health.NOT_CHECKED)
    assert way.what.endswith(f"({detail or how})")
    assert way.todo


def test_the_steps_have_words_of_their_own() -> None:
    silence = Silence(Unheard.TIMEOUT)
    whats = {
        checkup.on_network(NetworkSeen(HOST, failed=step, silence=silence), ENGLISH)[1].what for step in Step
    }

    assert len(whats) == len(Step)


def test_a_proxy_is_named_with_the_variable_that_names_it() -> None:
    proxy = checkup.on_network(NetworkSeen(HOST, "http://proxy:8080", "HTTPS_PROXY"), ENGLISH)[0]
    of_system = checkup.on_network(NetworkSeen(HOST, "http://proxy:8080"), ENGLISH)[0]

    assert proxy.what == "Calls go through http://proxy:8080 (from HTTPS_PROXY)."
    assert "setting of the system" in of_system.what


def test_a_proxy_that_refuses_is_to_blame_and_the_rest_is_not_checked() -> None:
    silence = Silence(Unheard.PROXY, "HTTP 407", reached=False)
    seen = NetworkSeen(HOST, "http://proxy:8080", failed=Step.ANSWER, silence=silence)

    proxy, way, _ = checkup.on_network(seen, ENGLISH)

    assert proxy.health is Health.BAD
    assert proxy.what.endswith("(HTTP 407)")
    assert way.health is Health.NOT_CHECKED


@pytest.mark.parametrize(("skew_s", "words"), [(3600.0, "60 minutes ahead"), (-240.0, "4 minutes behind")])
def test_a_clock_that_spoils_signatures_is_bad(skew_s: float, words: str) -> None:
    clock = checkup.on_network(NetworkSeen(HOST, skew_s=skew_s), ENGLISH)[2]

    assert clock.health is Health.BAD
    assert words in clock.what
    assert clock.todo


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("seen", TraySeen)
def test_a_tray_is_never_worse_than_doubtful(seen: TraySeen, sentences: Sentences) -> None:
    found = checkup.on_tray(seen, sentences)

    assert found.health is not Health.BAD
    assert bool(found.todo) == (found.health is Health.DOUBTFUL)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_is_left_says_what_to_do(sentences: Sentences) -> None:
    for found in (checkup.on_silence(Check.FILES, sentences), checkup.on_damaged_dog("/a.dog", sentences)):
        assert found.what
        assert found.todo
    assert checkup.on_no_writes(sentences).health is Health.OK
