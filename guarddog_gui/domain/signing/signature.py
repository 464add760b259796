"""JS-SDK signature of a page: the signed string and its SHA-1.

Based on WeChat's page "JS-SDK instructions", appendix 1.
"""

from dataclasses import dataclass, field
from hashlib import sha1


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """Values that a signature covers; `timestamp` is in whole Unix seconds, `url` has no fragment."""

    ticket: str = field(repr=False)
    nonce: str
    timestamp: int
    url: str

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        return (
            ("jsapi_ticket", self.ticket),
            ("noncestr", self.nonce),
            ("timestamp", str(self.timestamp)),
            ("url", self.url),
        )

    @property
    def signed_string(self) -> str:
        """Join the fields unescaped: nothing is percent-encoded."""
        return "&".join(f"{name}={value}" for name, value in self.fields)

    @property
    def signature(self) -> str:
        """Return 40 hexadecimal digits in lower case."""
        return sha1(self.signed_string.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def strip_fragment(url: str) -> str:
    """Return the part of a page URL that is signed: all before the `#`."""
    return url.partition("#")[0]
