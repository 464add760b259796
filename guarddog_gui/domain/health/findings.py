"""Findings of `guarddogctl doctor`, and the verdict on all of them together."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class HealthCheck(StrEnum):
    """The checks, in the order in which they are reported."""

    VERSIONS = "versions"
    ACCOUNTS = "accounts"
    RENEWAL = "renewal"
    KEYRING = "keyring"
    FILES = "files"
    FOREIGN_WRITES = "writers"
    EXPORTS = "outlets"
    SHARING = "sharing"  # reported only if an account is shared
    API_BASE = "address"  # reported only if it cannot be used
    PROXY = "proxy"
    NETWORK = "network"
    CLOCK = "clock"
    OWN_ADDRESS = "own-address"  # IP address that WeChat sees
    LIBRARIES = "libraries"
    TRAY = "tray"
    CLIPBOARD = "clipboard"
    FONTS = "fonts"


class CheckStatus(StrEnum):
    """Outcome of a check."""

    OK = "ok"
    WARNING = "doubtful"  # works or will work, but worth knowing
    FAILED = "bad"
    NOT_CHECKED = "not checked"


class Finding(Struct, frozen=True):
    """Result of one check: a summary and, if the user can do something, advice.

    `is_temporary` is true for a problem that passes without the user.
    """

    check: HealthCheck
    status: CheckStatus
    summary: str
    advice: str = ""
    is_temporary: bool = False

    @property
    def is_problem(self) -> bool:
        return self.status in (CheckStatus.WARNING, CheckStatus.FAILED)


class Verdict(StrEnum):
    """Verdict on all findings together."""

    WELL = "well"
    USER_ACTION_REQUIRED = "user action required"
    TEMPORARY = "temporary"  # every problem passes without the user


def verdict(findings: Iterable[Finding]) -> Verdict:
    problems = [finding for finding in findings if finding.is_problem]
    if not problems:
        return Verdict.WELL
    return Verdict.TEMPORARY if all(finding.is_temporary for finding in problems) else Verdict.USER_ACTION_REQUIRED
