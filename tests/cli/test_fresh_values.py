"""Values that a command needs: refreshed in time, or given with a warning, or refused with a reason."""

import os
import shutil

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

STABLE = "/cgi-bin/stable_token"


def test_a_dead_token_is_replaced(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7200)

    ran = ctl_with_account("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == ctl_with_account.stored_value() != before


def test_a_token_that_is_due_but_works_is_given_without_a_call(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7000)
    calls = ctl_with_account.count_calls(STABLE)

    assert ctl_with_account("token").stdout.strip() == ctl_with_account.stored_value()
    assert ctl_with_account.count_calls(STABLE) == calls


def test_a_longer_life_can_be_asked_for(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7000)

    ran = ctl_with_account("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() != before


def test_where_wechat_has_no_newer_one_the_old_one_is_given_with_a_word(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(6800)

    ran = ctl_with_account("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == before
    assert "6:40" in ran.stderr


def test_a_value_that_works_is_given_even_when_the_refresh_it_should_have_had_fails(
    ctl_with_account: InProcessCli,
) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7000)
    ctl_with_account.wechat.stop()

    ran = ctl_with_account("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == before
    assert "cannot reach WeChat" in ran.stderr
    assert "still works" in ran.stderr


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.ERRCODE, 40125), 4),
        (Fault(FaultKind.ERRCODE, 40164), 4),
        (Fault(FaultKind.ERRCODE, 45009), 5),
        (Fault(FaultKind.HTTP_STATUS, 503), 5),
        (Fault(FaultKind.CUT_OFF), 5),
    ],
)
def test_no_value_gives_words_and_a_code_and_an_empty_output(
    ctl_with_account: InProcessCli, fault: Fault, code: int
) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(fault)

    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert ran.stderr.strip()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [(KeyringIsLocked(), 6, "locked"), (KeyringIsDown("no bus"), 6, "no bus"), (SecretMissing(), 4, "AppSecret")],
)
def test_a_keyring_that_gives_nothing_is_named(
    ctl_with_account: InProcessCli, answer: KeyringIsLocked | KeyringIsDown | SecretMissing, code: int, words: str
) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.secrets.lookup_result = answer

    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert words in ran.stderr


def test_a_ticket_without_its_token_says_what_is_wrong_with_the_token(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))

    ran = ctl_with_account("token", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 4
    assert "127.0.0.1" in ran.stderr


def test_a_value_that_the_disk_does_not_take_is_given_with_a_warning(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7200)
    shutil.rmtree(ctl_with_account.dog_path().parent)
    ctl_with_account.dog_path().parent.write_text("a file in the place of the folder")

    ran = ctl_with_account("token")

    assert ran.exit_code == 0
    assert len(ran.stdout.strip()) > 100
    assert ran.stderr.startswith("The access_token is good, but it could not be written to")
    assert str(ctl_with_account.dog_path().parent) in ran.stderr
    assert "still works" not in ran.stderr, "there is nothing on the disk"


def test_a_file_that_cannot_be_written_is_no_reason_not_to_ask_again(ctl_with_account: InProcessCli) -> None:
    os.utime(ctl_with_account.home / "config" / "accounts.json", (NOW, NOW))  # an account changed since is asked about
    ctl_with_account.clock.advance(7200)
    folder = ctl_with_account.dog_path().parent
    shutil.rmtree(folder)
    folder.write_text("a file in the place of the folder")
    values = {ctl_with_account("token").stdout for _ in range(3)}
    assert len(values) == 1  # stable_token gives every caller the same one
    folder.unlink()
    ctl_with_account.clock.advance(1)
    ran = ctl_with_account("token")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, values.pop(), "")


def test_a_classic_token_that_cannot_be_stored_is_not_ended_by_the_next_command(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(None, "Shop", "--endpoint", "classic")
    os.utime(ctl_with_account.home / "config" / "accounts.json", (NOW, NOW))
    ctl_with_account.clock.advance(7200)
    folder = ctl_with_account.dog_path().parent
    shutil.rmtree(folder)
    folder.write_text("a file in the place of the folder")
    given = ctl_with_account("token")
    assert given.exit_code == 0
    ctl_with_account.clock.advance(30)
    again = ctl_with_account("token")
    assert (again.exit_code, again.stdout) == (7, "")
    assert ctl_with_account.count_calls("/cgi-bin/token") == 1
    folder.unlink()
    assert ctl_with_account("token").exit_code == 0


def test_a_second_failure_soon_after_the_first_is_reported_without_a_call(ctl_with_account: InProcessCli) -> None:
    os.utime(ctl_with_account.home / "config" / "accounts.json", (NOW, NOW))  # an account changed since is asked about
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))
    first = ctl_with_account("token")
    ctl_with_account.clock.advance(10)
    calls = ctl_with_account.wechat.rules.call_counts[STABLE]

    second = ctl_with_account("token")

    assert (first.exit_code, second.exit_code) == (4, 4)
    assert "guarddogctl refresh asks it now" not in first.stderr
    assert "guarddogctl refresh asks it now" in second.stderr
    assert ctl_with_account.wechat.rules.call_counts[STABLE] == calls
