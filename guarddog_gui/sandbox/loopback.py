"""Whether a request was meant for this machine, by the name that it calls us."""

_LOOPBACK_NAMES = {"127.0.0.1", "localhost"}


def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this machine; a page whose domain was pointed at us names another one."""
    name = host.rpartition(":")[0] if ":" in host else host
    return name.lower() in _LOOPBACK_NAMES
