"""Whether the sandbox takes a value now: the judge of what other people's programs got."""

from guarddog_gui.sandbox.server import SandboxServer


def is_token_valid(sandbox: SandboxServer, token: str) -> bool:
    """Whether a call with this access token is answered."""
    query = {"access_token": token}
    _, fields = sandbox.rules.handle("GET", "/cgi-bin/getcallbackip", query, b"", "127.0.0.1")
    return "ip_list" in fields
