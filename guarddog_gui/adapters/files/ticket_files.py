"""The earlier tickets of the accounts on disk, beside their `.dog` files."""

from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.dog_files import DogFiles
from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis import replaced_tickets as earlier_tickets
from guarddog_gui.domain.diagnosis.replaced_tickets import EarlierTicket
from guarddog_gui.domain.errors import FileTrouble


class TicketFiles:
    """A file per account, private as the `.dog` files are and removed with them. Holds no state."""

    def __init__(self, dogs: DogFiles) -> None:
        self._dogs = dogs

    def tickets(self, account: Account, now: float) -> tuple[str, ...]:
        """Those that were replaced in the last day, newest first."""
        return tuple(ticket.value for ticket in earlier_tickets.still_kept(self._read(account), now))

    def keep(self, account: Account, ticket: str, now: float) -> None:
        """Remember a ticket that was replaced just now; only under the account's lock. Never raises."""
        kept = earlier_tickets.with_ticket(self._read(account), ticket, now)
        path = self._path(account)
        try:
            private_folder(path.parent)
            replace_file(path, earlier_tickets.to_text(kept).encode())
        except FileTrouble:
            pass  # a diagnosis will know less; the refresh that brought the new ticket is done

    def _path(self, account: Account) -> Path:
        return Path(self._dogs.directory(account), earlier_tickets.FILE_NAME)

    def _read(self, account: Account) -> tuple[EarlierTicket, ...]:
        try:
            data = read_file(self._path(account), earlier_tickets.SIZE_MAX, follow=False)
            return earlier_tickets.from_text(data.decode()) if data else ()
        except (FileTrouble, UnicodeDecodeError):
            return ()
