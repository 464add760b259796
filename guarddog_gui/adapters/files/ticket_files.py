"""Files with the replaced tickets of the accounts, beside their `.dog` files."""

from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis import replaced_tickets
from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket
from guarddog_gui.domain.errors import FileError


class ReplacedTicketFiles:
    """One file per account, private like the `.dog` files and removed with them. Holds no state."""

    def __init__(self, dog_files: AccountDogFiles) -> None:
        self._dog_files = dog_files

    def recent(self, account: Account, now: float) -> tuple[str, ...]:
        """Return the tickets that were replaced within the last day, newest first."""
        return tuple(ticket.value for ticket in replaced_tickets.drop_expired_tickets(self._read(account), now))

    def add(self, account: Account, ticket: str, now: float) -> None:
        """Store a ticket that was replaced just now. Never raises; the caller holds the account's lock."""
        tickets = replaced_tickets.add_replaced_ticket(self._read(account), ticket, now)
        path = self._path(account)
        try:
            create_private_folder(path.parent)
            atomic_write(path, replaced_tickets.format_tickets(tickets).encode())
        except FileError:
            pass  # only a later diagnosis misses it; the refresh itself has succeeded

    def _path(self, account: Account) -> Path:
        return Path(self._dog_files.directory(account), replaced_tickets.FILE_NAME)

    def _read(self, account: Account) -> tuple[ReplacedTicket, ...]:
        try:
            data = read_file(self._path(account), replaced_tickets.TICKETS_FILE_SIZE_MAX, follow_symlinks=False)
            return replaced_tickets.parse_tickets(data.decode()) if data else ()
        except (FileError, UnicodeDecodeError):
            return ()
