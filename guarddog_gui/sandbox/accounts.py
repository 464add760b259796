"""The accounts of the embedded WeChat: who they are, and from where they may call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from guarddog_gui.domain.accounts.account import Platform

FULL_LIFETIME_S = 7200


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """One account as the platform's console would show it.

    `ip_list` None means that the IP whitelist is switched off; entries are an IP, a CIDR block or, as mini
    programs may write it, `a.b.c.*`. `frozen` is the secret's state, not the account's. `life` is the life of
    a new token and of a new ticket in seconds: WeChat's is 7200, a short one lets a person watch a refresh.
    `domains` are the JS-safe domains; None, as for WeChat's test accounts, means that every page is welcome.
    """

    appid: str
    secret: str = field(repr=False)
    name: str = ""
    platform: Platform = Platform.OFFICIAL
    ip_list: tuple[str, ...] | None = None
    frozen: bool = False
    life: int = FULL_LIFETIME_S
    domains: tuple[str, ...] | None = None

    @property
    def overlap_s(self) -> float:
        """Seconds that an old token works on beside a new one: 300 for a life of 7200, in proportion else."""
        return max(1.0, 300 * self.life / FULL_LIFETIME_S)

    @property
    def checks_ip_on_every_call(self) -> bool:
        """Whether the IP whitelist covers calls by access_token too, not only those by secret.

        Page: ip_whitelist of the developer platform.
        """
        return self.platform is Platform.OFFICIAL

    def allows_ip(self, ip: str) -> bool:
        """Whether a call from this address passes the whitelist."""
        return self.ip_list is None or any(_matches(entry, ip) for entry in self.ip_list)

    def allows_page(self, host: str) -> bool:
        """Whether a page of this host may use the JS-SDK: a JS-safe domain covers its sub-domains."""
        return self.domains is None or any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def ip_entry_problem(entry: str) -> str | None:
    """Why this cannot stand on a whitelist, in words; None if it can."""
    try:
        ip_network(_as_network(entry), strict=False)
    except ValueError:
        return f"{entry!r} is neither an IP, nor a.b.c.*, nor a CIDR block"
    return None


def demo_accounts(make_secret: Callable[[], str]) -> tuple[SandboxAccount, ...]:
    """Three ready accounts; the appids stay the same from run to run, the secrets do not."""
    return (
        SandboxAccount("wx5a0d09b0c0ffee01", make_secret(), "Sandbox shop"),
        SandboxAccount("wx5a0d09b0c0ffee02", make_secret(), "Sandbox magazine"),
        SandboxAccount("wx5a0d09b0c0ffee03", make_secret(), "Sandbox mini program", Platform.MINI_PROGRAM),
    )


def _as_network(entry: str) -> str:
    return entry[:-1] + "0/24" if entry.endswith(".*") else entry


def _matches(entry: str, ip: str) -> bool:
    return ip_address(ip) in ip_network(_as_network(entry), strict=False)
