"""The account that all pages share."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.shell.current_account import CurrentAccount
from tests.fakes import NOW
from tests.ui.account_statuses import make_account_status

ONE, TWO = Account("wx1", "One"), Account("wx2", "Two")


def overview(*accounts: Account) -> Overview:
    return Overview(NOW, tuple(map(make_account_status, accounts)))


def test_it_is_the_chosen_one_as_long_as_it_exists() -> None:
    current = CurrentAccount()
    changes: list[str] = []
    current.changed.connect(changes.append)
    current.show_overview(overview(ONE, TWO))
    assert current.appid == "wx1"
    current.choose("wx2")
    current.choose("wx2")
    current.show_overview(overview(TWO, ONE))
    assert current.status is not None
    assert current.status.account == TWO
    current.show_overview(overview(ONE))
    assert current.appid == "wx1"
    current.show_overview(overview())
    assert current.appid == ""
    assert changes == ["wx1", "wx2", "wx1", ""]


def test_a_remembered_account_is_kept_if_it_still_exists() -> None:
    current = CurrentAccount("wx2")
    current.show_overview(overview(ONE, TWO))
    assert current.appid == "wx2"
