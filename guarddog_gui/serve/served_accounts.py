"""Accounts that are served, and the check whether a client may use one."""

import threading
from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, find_account
from guarddog_gui.domain.client_keys import ClientKey
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.serve import refusals
from guarddog_gui.serve.access.clients import Clients, TooManyRequests, WrongKey
from guarddog_gui.serve.access.rate_limits import RateLimit, address_group
from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.serve.refusals import refuse
from guarddog_gui.serve.values.live_values import LiveValues
from guarddog_gui.services.ports import AccountStore, Clock

_TICKETS_PER_MINUTE = 600  # per account and address


class Caller(Struct, frozen=True):
    """Client that may use the account; `client` is its name."""

    client: str
    account: Account


class ServedAccounts:
    """What the endpoints have in common. Safe to use from any thread."""

    def __init__(
        self,
        accounts: AccountStore,
        clients: Clients,
        values: LiveValues,
        errcode_catalog: ErrcodeCatalog,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self.clients = clients
        self.values = values
        self.errcode_catalog = errcode_catalog
        self.clock = clock
        self._store = accounts
        self._monotonic = monotonic
        self._tickets = RateLimit(_TICKETS_PER_MINUTE, _TICKETS_PER_MINUTE // 2)
        self._lock = threading.Lock()
        self._accounts: tuple[Account, ...] | None = None
        self._stamp: object = object()  # equal to none

    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts, read again after each change; the last ones while the list cannot be read.

        Raises FileError if it could never be read.
        """
        stamp = self._store.stamp()
        with self._lock:
            if stamp != self._stamp:
                try:
                    self._accounts, self._stamp = self._store.load(), stamp
                except FileError:
                    if self._accounts is None:
                        raise
                    self._stamp = object()
            return self._accounts or ()

    def authenticate(self, key: str, address: str) -> ClientKey | Answer:
        match self.clients.identify(key, address):
            case WrongKey(retry_after_s=wait_s):
                return _refuse_wrong_key(wait_s, refusals.WRONG_KEY)
            case TooManyRequests(client=client, retry_after_s=wait_s):
                return refuse(refusals.TOO_MANY, client=client.name, retry_after_s=wait_s)
            case ClientKey() as client:
                return client

    def identify(self, key: str, address: str, appid_or_name: str) -> Caller | Answer:
        """Return the client with the account that it names, or the refusal.

        A refusal does not show which accounts exist, but for those that the key may use. Without a name, the only
        account that the key may use is meant.
        """
        client = self.authenticate(key, address)
        if isinstance(client, Answer):
            return client
        usable = tuple(account for account in self.accounts() if client.may_use(account.appid))
        if not usable and not appid_or_name:  # as with a key for the metrics
            return refuse(refusals.NO_PERMISSION, client=client.name, detail="this key is for no account here")
        if not appid_or_name and len(usable) != 1:
            return refuse(refusals.NO_APPID, client=client.name)
        account = find_account(usable, appid_or_name) if appid_or_name else usable[0]
        return refuse(refusals.INVALID_APPID, client=client.name) if account is None else Caller(client.name, account)

    def refuse_wrong_key(self, address: str, errcode: int) -> Answer:
        """Return the refusal of a wrong credential, and count it for the address."""
        return _refuse_wrong_key(self.clients.wrong_key(address).retry_after_s, errcode)

    def count_ticket(self, account: Account, address: str) -> Answer | None:
        """Return the refusal of too many requests for tickets; a token does not tell which client sends it."""
        wait_s = self._tickets.take(f"{account.appid} {address_group(address)}", self._monotonic())
        return refuse(refusals.TOO_MANY, appid=account.appid, retry_after_s=wait_s) if wait_s else None

    def seconds_left(self, record: TokenRecord) -> int:
        return max(1, int(record.remaining_s(self.clock())))


def _refuse_wrong_key(wait_s: float, errcode: int) -> Answer:
    return refuse(refusals.TOO_MANY, retry_after_s=wait_s) if wait_s else refuse(errcode)
