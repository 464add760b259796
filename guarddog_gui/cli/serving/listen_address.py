"""Address on which `serve` listens."""

import ipaddress
import re
import socket

from msgspec import Struct

DEFAULT_PORT = 4364  # GDOG on the keys of a telephone
_HOST_NAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,252})|[0-9A-Fa-f:]{2,45}")
_FORM = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[0-9A-Za-z.]+)):(?P<port>[0-9]{1,5})")


class ListenAddress(Struct, frozen=True):
    """IP address and port; port 0 means any free one."""

    ip: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return ipaddress.ip_address(self.ip).is_loopback

    @property
    def is_any(self) -> bool:
        """Return True for 0.0.0.0 and [::], which are no name for a client."""
        return ipaddress.ip_address(self.ip).is_unspecified

    def with_port(self, port: int) -> str:
        return f"[{self.ip}]:{port}" if ":" in self.ip else f"{self.ip}:{port}"

    def open(self) -> socket.socket:
        """Return a listening socket. Raises OSError."""
        family = socket.AF_INET6 if ":" in self.ip else socket.AF_INET
        return socket.create_server((self.ip, self.port), family=family, backlog=1024)


def parse_host_name(word: str) -> str | None:
    """Return a name or IP address as it stands in a Host header, without a port; None for anything else."""
    return word if _HOST_NAME.fullmatch(word) else None


DEFAULT_ADDRESS = ListenAddress("127.0.0.1", DEFAULT_PORT)


def parse_listen_address(word: str) -> ListenAddress | None:
    """Return the address of HOST:PORT; HOST is an IP address or localhost. None for anything else."""
    match = _FORM.fullmatch(word)
    if match is None or int(match["port"]) > 65_535:
        return None
    host = match["v6"] or match["host"]
    try:
        ip = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return None
    return ListenAddress(str(ip), int(match["port"]))
