"""Reasons for which sharing does not work now; `services/messages/sharing.py` has their texts."""

from enum import StrEnum


class SharingProblem(StrEnum):
    """Reason for which Redis could not be used, or has no value; the words are stored in the history."""

    NOT_INSTALLED = "redis-py missing"
    UNREACHABLE = "redis unreachable"
    UNKNOWN_HOST = "redis host unknown"
    TIMEOUT = "redis no answer"
    TLS_UNTRUSTED = "redis certificate untrusted"
    TLS_WRONG_NAME = "redis certificate of another host"
    TLS_EXPIRED = "redis certificate expired"
    TLS_MISMATCH = "redis tls mismatch"  # one side speaks TLS, the other does not
    CA_FILE = "redis ca file"
    PASSWORD_WRONG = "redis password wrong"  # noqa: S105 - the name of a problem
    PASSWORD_MISSING = "redis password missing"  # noqa: S105 - the name of a problem
    KEYRING = "redis password in the keyring"
    PERMISSION = "redis acl"
    OUT_OF_MEMORY = "redis out of memory"
    READ_ONLY = "redis replica"
    LOADING = "redis loading"
    CLUSTER_DOWN = "redis cluster down"
    NO_MASTER = "redis no master"
    FOREIGN_KEY = "redis key unreadable"  # not of the expected type, or no token
    OTHER = "redis error"
    # Redis answers, and yet
    NO_LEADER = "no leader"  # there is no value
    VALUE_LOST = "value lost"  # the value went before its end: evicted, or Redis was restarted empty
    EVICTION = "redis evicts"  # the policy of maxmemory drops values before their end
    CLOCK = "redis clock"  # by the clock of Redis the local one is wrong
    # of a refresh
    FOLLOWER = "follower"  # a follower does not ask WeChat
    FORCE_NEEDS_LOCK = "force needs lock"
    OTHER_MACHINE = "other machine"  # another leader holds the lock


DOWN_PROBLEMS = frozenset({
    SharingProblem.UNREACHABLE, SharingProblem.UNKNOWN_HOST, SharingProblem.TIMEOUT, SharingProblem.LOADING,
    SharingProblem.CLUSTER_DOWN, SharingProblem.NO_MASTER, SharingProblem.READ_ONLY,
})  # fmt: skip
# those that the user has to resolve; the others may pass by themselves
LASTING_PROBLEMS = frozenset({
    SharingProblem.NOT_INSTALLED, SharingProblem.TLS_UNTRUSTED, SharingProblem.TLS_WRONG_NAME,
    SharingProblem.TLS_EXPIRED, SharingProblem.TLS_MISMATCH, SharingProblem.CA_FILE, SharingProblem.PASSWORD_WRONG,
    SharingProblem.PASSWORD_MISSING, SharingProblem.KEYRING, SharingProblem.PERMISSION, SharingProblem.FOREIGN_KEY,
    SharingProblem.EVICTION, SharingProblem.CLOCK, SharingProblem.FOLLOWER,
})  # fmt: skip
