"""Accounts of the sandbox: their IP whitelists and JS-safe domains, and what calls have changed in them."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from msgspec import Struct, field

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import OLD_TOKEN_GRACE_S

FULL_LIFETIME_S = 7200
FILES_MAX = 20  # uploaded files of an account; the oldest are dropped first
FOLLOWERS = tuple(f"oSandbox{number:020d}" for number in range(1, 4))  # openids


class SandboxAccount(HiddenFields, Struct, frozen=True):
    """Settings of one account, as in WeChat's console.

    ip_list   IP whitelist; None if it is switched off. An entry is an IP, a CIDR block or, for mini programs,
              `a.b.c.*`.
    frozen    the secret is frozen (not the account)
    life      lifetime of new tokens and tickets in seconds; WeChat's is 7200, a short one speeds up a demo
    domains   JS-safe domains; None accepts every page, as WeChat does for its test accounts
    """

    hidden_fields = ("secret",)

    appid: str
    secret: str
    name: str = ""
    platform: Platform = Platform.OFFICIAL
    ip_list: tuple[str, ...] | None = None
    frozen: bool = False
    life: int = FULL_LIFETIME_S
    domains: tuple[str, ...] | None = None

    @property
    def overlap_s(self) -> float:
        """Seconds for which an old token stays valid beside a new one: 300 if `life` is 7200, else scaled."""
        return max(1.0, OLD_TOKEN_GRACE_S * self.life / FULL_LIFETIME_S)

    @property
    def checks_ip_on_every_call(self) -> bool:
        """True for official accounts: their IP whitelist covers calls with an access_token too.

        Page: ip_whitelist of the developer platform.
        """
        return self.platform is Platform.OFFICIAL

    def allows_ip(self, ip: str) -> bool:
        return self.ip_list is None or any(
            ip_address(ip) in ip_network(_as_network(entry), strict=False) for entry in self.ip_list
        )

    def allows_page(self, host: str) -> bool:
        """Return True if pages of this host may use the JS-SDK; a JS-safe domain covers its subdomains."""
        return self.domains is None or any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


class UploadedFile(HiddenFields, Struct, frozen=True):
    """A temporary media file."""

    hidden_fields = ("content",)

    media_type: str
    file_name: str
    content_type: str
    content: bytes


class AccountData(Struct):
    """Data that calls change; it is gone with the sandbox."""

    menu: dict[str, Any] | None = None
    files: OrderedDict[str, UploadedFile] = field(default_factory=OrderedDict)  # by media_id
    sent_count: int = 0

    def add_file(self, media_id: str, uploaded: UploadedFile) -> None:
        self.files[media_id] = uploaded
        while len(self.files) > FILES_MAX:
            self.files.popitem(last=False)


def ip_entry_problem(entry: str) -> str | None:
    """Return an error message if this is no valid whitelist entry, else None."""
    try:
        ip_network(_as_network(entry), strict=False)
    except ValueError:
        return f"{entry!r} is neither an IP, nor a.b.c.*, nor a CIDR block"
    return None


def demo_accounts(make_secret: Callable[[], str]) -> tuple[SandboxAccount, ...]:
    """Return three accounts to start with; their appids are fixed, their secrets new in each run."""
    return (
        SandboxAccount("wx5a0d09b0c0ffee01", make_secret(), "Sandbox shop"),
        SandboxAccount("wx5a0d09b0c0ffee02", make_secret(), "Sandbox magazine"),
        SandboxAccount("wx5a0d09b0c0ffee03", make_secret(), "Sandbox mini program", Platform.MINI_PROGRAM),
    )


def _as_network(entry: str) -> str:
    return entry[:-1] + "0/24" if entry.endswith(".*") else entry
