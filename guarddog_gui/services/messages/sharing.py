"""Messages about accounts that are shared through Redis: what is wrong and what to do, roles, previews."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import SharingRole
from guarddog_gui.domain.sharing.values import SharingFailure, SharingStatus
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.services.messages.texts import Message, Texts, join_sentences

if TYPE_CHECKING:  # only the dialog and the commands that share
    from guarddog_gui.services.accounts.sharing_service import PreviewedValue

ROLE_NAMES: Mapping[SharingRole, str] = {
    SharingRole.OWN: N_("not shared"),
    SharingRole.LEADER: N_("leader"),
    SharingRole.FOLLOWER: N_("follower"),
}

_CHECK_NETWORK = N_("Check that it runs, and the address and the network. Guard Dog goes on by itself.")
_CHECK_PASSWORD = N_(
    "Share the account again with the right user and password: accounts share … --redis-password-stdin."
)
PROBLEM_TEXTS: Mapping[SharingProblem, tuple[str, str]] = {
    SharingProblem.NOT_INSTALLED: (
        N_("The library redis, which sharing needs, is not installed."),
        N_("Install it with the extra: pip install 'guarddog-gui[redis]'."),
    ),
    SharingProblem.UNREACHABLE: (N_("Redis cannot be reached."), _CHECK_NETWORK),
    SharingProblem.UNKNOWN_HOST: (
        N_("The name of the Redis server is not known."),
        N_("Check the address and the network; a company's names are often known in its VPN only."),
    ),
    SharingProblem.TIMEOUT: (N_("Redis does not answer within a second."), _CHECK_NETWORK),
    SharingProblem.TLS_UNTRUSTED: (
        N_("The certificate of Redis is not trusted."),
        N_("Name the file with the certificate of the authority that signed it: --redis-ca FILE."),
    ),
    SharingProblem.TLS_WRONG_NAME: (
        N_("The certificate of Redis is for another name."),
        N_("Take the name in the address that the certificate is for."),
    ),
    SharingProblem.TLS_EXPIRED: (
        N_("The certificate of Redis has expired, or is not valid yet."),
        N_("Check the date of this computer; else the server needs a new certificate."),
    ),
    SharingProblem.TLS_MISMATCH: (
        N_("Redis and this address do not agree about TLS."),
        N_("Take rediss:// for a port with TLS and redis:// for one without."),
    ),
    SharingProblem.CA_FILE: (
        N_("The certificate file for Redis cannot be read, or is no PEM file."),
        N_("Check the path: --redis-ca FILE."),
    ),
    SharingProblem.PASSWORD_WRONG: (N_("Redis refuses the user name or the password."), _CHECK_PASSWORD),
    SharingProblem.PASSWORD_MISSING: (N_("Redis wants a password."), _CHECK_PASSWORD),
    SharingProblem.KEYRING: (N_("The keyring does not give the password of Redis."), N_("Unlock it, then try again.")),
    SharingProblem.PERMISSION: (
        N_("The user of Redis may not do what this role needs."),
        N_("Give it the ACL line of the documentation for this role."),
    ),
    SharingProblem.OUT_OF_MEMORY: (
        N_("Redis is out of memory and takes no new values."),
        N_("Raise maxmemory, or make room. Until then each leader asks WeChat itself, which does no harm."),
    ),
    SharingProblem.READ_ONLY: (
        N_("This Redis is a replica, which takes no values."),
        N_("Give the address of the master, or of Sentinel."),
    ),
    SharingProblem.LOADING: (N_("Redis is starting."), N_("Guard Dog goes on by itself as soon as it is ready.")),
    SharingProblem.CLUSTER_DOWN: (N_("The cluster of Redis is down."), _CHECK_NETWORK),
    SharingProblem.NO_MASTER: (N_("Sentinel knows no master of this name."), N_("Check the name in the address.")),
    SharingProblem.FOREIGN_KEY: (
        N_("A key in Redis holds something that is no token."),
        N_("Check the names of the keys; accounts share … --preview shows what is found."),
    ),
    SharingProblem.OTHER: (
        N_("Redis answered with an error ({detail})."),
        N_("Look into the log of Redis; guarddogctl doctor checks more."),
    ),
    SharingProblem.NO_LEADER: (
        N_("There is no value in Redis: no leader is awake."),
        N_("Start a leader: guarddogctl watch on a computer that is always on does it."),
    ),
    SharingProblem.VALUE_LOST: (
        N_("The value in Redis went before its end: Redis was emptied, or dropped it for lack of memory."),
        N_("A leader writes it again. If it happens often, set maxmemory-policy to noeviction."),
    ),
    SharingProblem.EVICTION: (
        N_("Redis drops values when its memory is full ({detail})."),
        N_("Set maxmemory-policy to noeviction there, or give it more memory."),
    ),
    SharingProblem.CLOCK: (
        N_("By the clock of Redis, the one of this computer is wrong by {minutes} min."),
        N_("Let the system set its time; signatures would carry a wrong timestamp."),
    ),
    SharingProblem.FOLLOWER: (
        N_("This account follows another computer and never asks WeChat itself."),
        N_("Refresh it, or force a new token, on a leader."),
    ),
    SharingProblem.FORCE_NEEDS_LOCK: (
        N_("A new token is not forced while Redis cannot be used: two computers could end each other's."),
        N_("Try again when Redis works, or end the sharing first."),
    ),
    SharingProblem.OTHER_MACHINE: (
        N_("Another computer is just asking WeChat for this account."),
        N_("Try again in a few seconds."),
    ),
}


class SharingMessages(Texts):
    """Messages about sharing."""

    def role_name(self, role: SharingRole) -> str:
        return self.text(ROLE_NAMES[role])

    def for_sharing_failure(self, failure: SharingFailure) -> Message:
        summary, advice = PROBLEM_TEXTS[failure.problem]
        is_clock = failure.problem is SharingProblem.CLOCK
        minutes = round(abs(float(failure.detail)) / 60) if is_clock and failure.detail else 0
        return self.message(summary, advice, detail=failure.detail, minutes=minutes)

    def for_shared_value(self, key: str, until: str | None) -> Message:
        """Return that a value came from Redis; `key` is its name, `until` a time as it is shown."""
        if until is None:
            return self.message("The {key} came from the shared Redis.", key=key)
        return self.message("The {key} came from the shared Redis, good until {time}.", key=key, time=until)

    def for_unshared(self, entry: HistoryEntry) -> Message:
        """Return why a refresh got nothing from Redis; the entry's detail is a problem, perhaps with a reason."""
        word, _, reason = entry.detail.partition(": ")
        problem = SharingProblem(word) if word in set(SharingProblem) else SharingProblem.OTHER
        message = self.for_sharing_failure(SharingFailure(problem, "" if reason in set(SharingProblem) else reason))
        if reason in set(SharingProblem):
            cause = self.for_sharing_failure(SharingFailure(SharingProblem(reason)))
            message = replace(message, summary=join_sentences(message.summary, cause.summary))
        return message

    def sharing_line(self, account: Account, status: SharingStatus | None, now: float) -> str:
        """Return `follower · rediss://… · from laptop-3, 12:04 ago`."""
        if account.sharing is None:
            return self.role_name(SharingRole.OWN)
        from guarddog_gui.domain.sharing.redis_url import display_redis_url  # most accounts are not shared

        parts = [self.role_name(account.role), display_redis_url(account.sharing.url)]
        if status is not None and status.leader:
            age = format_countdown(max(0.0, now - status.written_at))
            parts.append(self.text("from {computer}, {age} ago", computer=status.leader, age=age))
        elif account.sharing.follows_foreign_keys:
            formats = ", ".join(names.format.value for names in account.sharing.formats)
            parts.append(self.text("keys of {formats}", formats=formats))
        return " · ".join(parts)

    def for_sharing_status(self, status: SharingStatus | None) -> Message | None:
        """Return what is wrong with the sharing, and what to do; None if nothing is."""
        if status is None or status.problem is None:
            return None
        return self.for_sharing_failure(SharingFailure(status.problem, status.detail))

    def preview_line(self, previewed: "PreviewedValue") -> str:
        """Return `ACCESS_TOKEN: found in wx:access_token:…, 1:12:09 left, accepted by WeChat`."""
        key, shared = self.key_name(previewed.kind), previewed.shared
        if shared is None:
            return self.text("{key}: not found", key=key)
        left = (
            self.text("no end stated")
            if shared.is_endless
            else self.text("{time} left", time=format_countdown(shared.left_s))
        )
        parts = [self.text("{key}: found in {name}", key=key, name=shared.key), left]
        if shared.leader:
            parts.append(self.text("written by {computer}", computer=shared.leader))
        if previewed.is_known_here:
            parts.append(self.text("the same as here"))
        if previewed.is_accepted is not None:
            is_accepted = previewed.is_accepted
            parts.append(self.text("accepted by WeChat") if is_accepted else self.text("refused by WeChat"))
        return ", ".join(parts)
