"""Ask WeChat whether it still accepts a classic access token, see `domain/tokens/own_copy.py`.

A token of stable_token needs no check: no call of another program ends it, except a forced one.
"""

from contextlib import suppress

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.tokens import own_copy
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.account_queries import TOKEN_CHECK_ENDPOINT, TokenValid
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.services.account_queries import send_token_check
from guarddog_gui.services.ports import AccountLock, Clock, DogFileStore, Transport
from guarddog_gui.services.provenance.own_values import is_token_check_due


class TokenChecks(Struct, kw_only=True, eq=False):
    """Checks of access tokens, and what the copies of the tokens say about them."""

    transport: Transport
    dog_files: DogFileStore
    account_lock: AccountLock
    errcode_catalog: ErrcodeCatalog
    clock: Clock

    def refusal_if_due(self, account: Account, record: TokenRecord) -> Refusal | None:
        """Return WeChat's refusal of a token; None if it is accepted, needs no check, or WeChat does not answer.

        Without an answer the token is as good as before; the next check is due soon. Requires the account's lock.
        """
        started_at = self.clock()
        if not is_token_check_due(self.dog_files, account, started_at):
            return None
        answer = send_token_check(self.transport, account, record.value)
        if isinstance(answer, Refusal) and self._is_about_token(answer):
            return answer
        check_at = own_copy.next_check_at(record, started_at, has_answer=isinstance(answer, TokenValid))
        with suppress(FileError):  # the next program checks again
            self.dog_files.postpone_token_check(account, record, check_at)
        return None

    def forget_refused(self, account: Account, refusal: Refusal) -> None:
        """Delete the copy by which readers recognise the access token, if the refusal of a query is about it.

        The caller records the refusal in the history, which readers then ask. An error is left to the next refresh.
        """
        if self._is_about_token(refusal):
            with suppress(LockBusy, FileError), self.account_lock.acquire(account.appid):
                self.dog_files.delete_own_copy(account, TokenKind.ACCESS_TOKEN)

    def _is_about_token(self, refusal: Refusal) -> bool:
        return self.errcode_catalog.kind_for(refusal.errcode, TOKEN_CHECK_ENDPOINT) is ErrcodeKind.TOKEN
