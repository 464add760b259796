"""Lists of `api`: the log of an account that has called nothing."""

from tests.cli.conftest import InProcessCli


def test_an_empty_log_says_so(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("api", "--history")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "There are no calls of Shop." in ran.stderr


def test_a_log_can_be_cleared_before_anything_was_called(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account("api", "--clear-history").exit_code == 0
