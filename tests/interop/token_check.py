"""Check of the tokens that other programs got from the sandbox."""

from guarddog_gui.sandbox.server import SandboxServer


def is_token_valid(sandbox: SandboxServer, token: str) -> bool:
    """Return True if the sandbox accepts this access token now."""
    query = {"access_token": token}
    _, fields = sandbox.rules.handle("GET", "/cgi-bin/getcallbackip", query, b"", "127.0.0.1")
    return "ip_list" in fields
