"""Result of reading a pasted reply; apart from its reader, which a plain number does not need."""

from msgspec import Struct


class PastedReply(Struct, frozen=True):
    """Facts found in a pasted reply or error message; missing ones are None or empty.

    is_jssdk         True if the text is a message of the JS-SDK, such as `config:fail`
    real_auth_urls   addresses that WeChat says it checked a signature for
    """

    errcode: int | None = None
    errmsg: str = ""
    ip: str = ""
    rid: str = ""
    hint: str = ""
    real_auth_urls: tuple[str, ...] = ()
    is_jssdk: bool = False
