"""The services of a worker thread: an account that they add, call, remove and put back."""

import pytest

from guarddog_gui.bootstrap.sandbox_session import sandbox_session
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.errors import NoSuchAccount
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.services.accounts.account_service import AccountSaved
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from tests.fakes import FakeClock


def test_they_work_on_the_same_list_keyring_and_files() -> None:
    with sandbox_session(FakeClock()) as container:
        context = container.make_worker_context()
        appid, secret = container.sandbox_login or ("", "")
        mine = Account(appid, "Mine")
        assert isinstance(context.account_service.save(mine, Secret(secret)), AccountSaved)
        request = RefreshRequest(mine, (TokenKind.ACCESS_TOKEN,), Trigger.USER, RefreshMode.IF_NEEDED)
        context.refresher.refresh(request)
        assert isinstance(context.account_queries.check_token(mine), TokenValid)
        context.account_removals.remove_later(appid)
        assert appid not in [account.appid for account in container.accounts.load()]
        assert context.account_removals.undo(appid).name == "Mine"
        assert context.account_removals.remove(appid, purge=True).is_complete
        assert container.dog_files.read(mine, TokenKind.ACCESS_TOKEN) is None
        with pytest.raises(NoSuchAccount):
            context.account_removals.remove(appid, purge=True)


def test_another_address_is_called_by_all_of_them() -> None:
    with sandbox_session(FakeClock()) as container:
        account = container.accounts.load()[0]
        context = container.make_worker_context("http://127.0.0.1:9")
        request = RefreshRequest(account, (TokenKind.ACCESS_TOKEN,), Trigger.USER, RefreshMode.ALWAYS)
        (result,) = context.refresher.refresh(request)
        assert result.entry.result is AttemptResult.NO_ANSWER
        assert context.account_service.verify_credentials(account, None).is_valid is False
