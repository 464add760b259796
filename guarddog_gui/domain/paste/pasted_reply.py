"""Result of reading a pasted reply; apart from its reader, which a plain number does not need."""

from msgspec import Struct

from guarddog_gui.domain.problems import InputProblem


class PastedReply(Struct, frozen=True):
    """Facts found in a pasted reply or error message; missing ones are None or empty.

    other_errcodes   errcodes of other refusals in the text, such as a log
    is_bare_number   True if nothing in the text calls the number `errcode` an errcode
    is_jssdk         True if the text is a message of the JS-SDK, such as `config:fail`
    real_auth_urls   addresses that WeChat says it checked a signature for
    other_token      the token in the text, if it is not the ordinary access_token
    """

    errcode: int | None = None
    errmsg: str = ""
    ip: str = ""
    rid: str = ""
    hint: str = ""
    real_auth_urls: tuple[str, ...] = ()
    is_jssdk: bool = False
    other_token: InputProblem | None = None
    other_errcodes: tuple[int, ...] = ()
    is_bare_number: bool = False
