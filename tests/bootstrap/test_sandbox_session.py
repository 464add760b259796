"""Session with the embedded sandbox: its accounts work, and nothing of it stays."""

import pytest

from guarddog_gui.bootstrap.sandbox_session import TOKEN_LIFETIME_S, sandbox_session, to_account
from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Secret
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S, SandboxAccount
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from tests.fakes import FakeClock


def test_the_accounts_of_the_session_can_be_refreshed() -> None:
    clock = FakeClock()
    with sandbox_session(clock) as container:
        account = container.accounts.load()[0]
        request = RefreshRequest(account, (TokenKind.ACCESS_TOKEN,), Trigger.USER, RefreshMode.IF_NEEDED)
        (result,) = container.make_worker_context().refresher.refresh(request)
        record = container.dog_files.read(account, TokenKind.ACCESS_TOKEN)
    assert result.entry.result is AttemptResult.NEW
    assert record is not None
    assert record.expires_at - clock() <= TOKEN_LIFETIME_S


def test_the_folder_of_the_session_is_removed_at_its_end() -> None:
    with sandbox_session(FakeClock()) as container:
        folder = container.paths.data_dir
        assert container.paths.accounts_file.exists()
    assert not container.paths.accounts_file.exists()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("lifetime_s", "ahead_s"), [(FULL_LIFETIME_S, STABLE_AHEAD_MAX_S), (FULL_LIFETIME_S // 2, STABLE_AHEAD_MAX_S // 2)]
)
def test_a_short_lifetime_shortens_the_time_ahead_in_proportion(lifetime_s: int, ahead_s: int) -> None:
    sandbox_account = SandboxAccount("wx00000000000000a1", "s" * 32, "Shop", life=lifetime_s)
    account = to_account(sandbox_account)
    assert (account.appid, account.name, account.ahead) == ("wx00000000000000a1", "Shop", ahead_s)


def test_the_sandbox_has_an_account_that_is_not_in_the_list_for_trying_to_add_one() -> None:
    with sandbox_session(FakeClock()) as container:
        assert container.sandbox_login is not None
        appid, secret = container.sandbox_login
        assert appid not in [account.appid for account in container.accounts.load()]
        verification = container.make_worker_context().account_service.verify_credentials(
            Account(appid, "Mine"), Secret(secret)
        )
    assert verification.is_valid
