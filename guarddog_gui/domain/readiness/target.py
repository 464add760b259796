"""What is to be checked: a domain, or a page on it, and the file of WeChat's that has to be there."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.verify_file import parse_verify_file_name
from guarddog_gui.domain.signing.page_url import PageUrl, parse_page_url, strip_whitespace, url_problem


class CheckTarget(Struct, frozen=True):
    """Page to check, as browsers spell it, always with https.

    is_whole_page   the user has named a page and not only a domain
    verify_file     name of the file; empty if it is not known
    """

    page: PageUrl
    typed_host: str
    is_whole_page: bool = False
    verify_file: str = ""

    @property
    def host(self) -> str:
        return self.page.browser_host

    @property
    def page_url(self) -> str:
        return self.page.full_url

    @property
    def root_url(self) -> str:
        return f"https://{self.host}{self.page.port}"

    @property
    def verify_file_url(self) -> str:
        return f"{self.root_url}/{self.verify_file}"


def parse_target(text: str, verify_file: str = "") -> CheckTarget | InputProblem:
    """Return what a typed domain or URL stands for, or why it cannot be checked."""
    bare = strip_whitespace(text)
    if not bare:
        return InputProblem.EMPTY_DOMAIN
    url = bare if "://" in bare else f"https://{bare}"
    problem = url_problem(url)
    page = parse_page_url(url)
    if problem is not None or page is None:
        return problem or InputProblem.INVALID_JS_DOMAIN
    if page.user:
        return InputProblem.INVALID_JS_DOMAIN  # a password in an address would be sent
    file_name = parse_verify_file_name(verify_file) if verify_file.strip() else ""
    if file_name is None:
        return InputProblem.INVALID_VERIFY_FILE
    form = page.browser_form
    https = replace(form, scheme="https", path=form.path or "/", fragment="")
    if form.is_default_port or https.is_default_port:
        https = replace(https, port="")
    is_whole_page = page.path not in ("", "/") or page.query != ""
    return CheckTarget(https, page.host, is_whole_page, file_name)
