"""Texts of the checks of a page: what was found, and what to do about it."""

from collections.abc import Mapping

from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.readiness.answers import AddressChange
from guarddog_gui.domain.readiness.checks import CheckedItem, PageCheck, Reason, Tick
from guarddog_gui.services.messages.message import Message, Messages

PAGE_CHECK_NAMES: Mapping[PageCheck, str] = {
    PageCheck.DOMAIN: N_("domain"),
    PageCheck.LISTED: N_("JS-safe domains"),
    PageCheck.ADDRESS: N_("address"),
    PageCheck.HTTPS: N_("reachable"),
    PageCheck.CERTIFICATE: N_("certificate"),
    PageCheck.REDIRECTS: N_("redirects"),
    PageCheck.PLAIN_HTTP: N_("plain http"),
    PageCheck.VERIFY_FILE: N_("MP_verify file"),
}
TICK_NAMES: Mapping[Tick, str] = {
    Tick.OK: N_("ok"),
    Tick.WARNING: N_("doubtful"),
    Tick.FAILED: N_("bad"),
    Tick.NOT_CHECKED: N_("not checked"),
}
_TEXTS: Mapping[Reason, tuple[str, str]] = {
    Reason.DOMAIN_OK: (N_("{domain} can be a JS-safe domain."), ""),
    Reason.DOMAIN_HAS_PORT: (
        N_("The page is at port {port}; a JS-safe domain has no port."),
        N_("Serve the page at port 443. Only a test account takes a domain with a port."),
    ),
    Reason.DOMAIN_IS_ADDRESS: (
        N_("{domain} is an IP address; a JS-safe domain is a name."),
        N_("Give the server a domain name. Only a test account takes an IP address."),
    ),
    Reason.DOMAIN_IS_LOCAL: (
        N_("{domain} is the device itself that opens the page, so no phone reaches it."),
        N_("Give the server a domain name. Only a test account takes this one."),
    ),
    Reason.DOMAIN_UNUSABLE: (
        N_("{domain} cannot be a JS-safe domain."),
        N_("Check the spelling: letters, digits and hyphens, with dots between them."),
    ),
    Reason.LISTED: (N_("{domain} is among the account's JS-safe domains, as Guard Dog knows them."), ""),
    Reason.UNLISTED: (
        N_("{domain} is not among the account's JS-safe domains, as Guard Dog knows them."),
        N_("Add it in WeChat's console, then to the account here; else WeChat says invalid url domain."),
    ),
    Reason.LIST_UNKNOWN: (
        N_("Guard Dog does not know the JS-safe domains of an account."),
        N_("Enter them in the account under Advanced; WeChat shows them under Domain and push settings."),
    ),
    Reason.PUBLIC_ADDRESS: (N_("The name leads to {address}, a public address."), ""),
    Reason.PRIVATE_ADDRESS: (
        N_("The name leads to {address}, an address of a private network."),
        N_("Phones outside of it do not reach the page, and WeChat's servers cannot read the MP_verify file."),
    ),
    Reason.LOCAL_ADDRESS: (
        N_("The name leads to {address}, which is this computer."),
        N_("No phone reaches it. Look at the hosts file if the page should be elsewhere."),
    ),
    Reason.INVENTED_ADDRESS: (
        N_("A proxy program on this computer answers for the name with {address}; the true address is not known here."),
        "",
    ),
    Reason.BEHIND_PROXY: (
        N_("The page was asked for through the proxy {proxy}, which finds the address by itself."),
        "",
    ),
    Reason.NOT_REACHED: (N_("No answer to look at."), ""),
    Reason.ANSWERS: (N_("{url} answers (HTTP {status})."), ""),
    Reason.STATUS: (
        N_("{url} answers with HTTP {status}."),
        N_("Check that the page opens without a login and outside of WeChat."),
    ),
    Reason.SERVER_ERROR: (N_("{url} answers with HTTP {status}."), N_("Look into the log of the web server.")),
    Reason.NO_TLS: (
        N_("No encrypted connection could be made."),
        N_("WeChat's browser refuses such a page, too. The line about the certificate says why."),
    ),
    Reason.CERTIFICATE_OK: (N_("Valid for {host}; days left: {days} ({issuer})."), ""),
    Reason.CERTIFICATE_ENDS_SOON: (
        N_("Valid for {host}, but it ends soon; days left: {days} ({issuer})."),
        N_("Renew it, and check that it is renewed by itself."),
    ),
    Reason.CERTIFICATE_EXPIRED: (
        N_("The certificate has expired; days ago: {days} ({issuer})."),
        N_("Renew it, and load the web server again so that it uses the new one."),
    ),
    Reason.CERTIFICATE_EARLY: (
        N_("The certificate is not valid yet ({issuer})."),
        N_("Check the clock of this computer, and the date from which the certificate is valid."),
    ),
    Reason.CERTIFICATE_OTHER_HOST: (
        N_("The certificate is for {names}, not for {host}."),
        N_("Get one with this name, or set up the web server so that it sends it for {host}."),
    ),
    Reason.CERTIFICATE_UNTRUSTED: (
        N_("This computer does not trust the certificate."),
        N_("Use one of a public authority, and let the web server send the intermediate certificates along."),
    ),
    Reason.NO_REDIRECT: (N_("None: the page opens at {url} itself."), ""),
    Reason.HTTP_REDIRECTS: (N_("http:// leads to {url}."), ""),
    Reason.HTTP_CLOSED: (N_("The page does not open by http://."), ""),
    Reason.HTTP_OPEN: (
        N_("The page also opens by http://, at {url}."),
        N_("That is another address with another signature: let the web server redirect it to https://."),
    ),
    Reason.HTTP_ELSEWHERE: (
        N_("http:// leads to {url}."),
        N_("Let the web server redirect it to the same address with https://."),
    ),
    Reason.FILE_OK: (N_("{file} is there, with the right content."), ""),
    Reason.FILE_NOT_NAMED: (
        N_("The name of the file is not given."),
        N_("WeChat shows it where a domain is added: MP_verify_….txt."),
    ),
    Reason.FILE_MISSING: (
        N_("{file} is not there (HTTP {status})."),
        N_("Put the file that WeChat offers for download into the root folder of the site."),
    ),
    Reason.FILE_STATUS: (N_("{file} is not given out (HTTP {status})."), N_("Let the web server give it to all.")),
    Reason.FILE_IS_HTML: (
        N_("In place of {file} comes a web page."),
        N_("The site answers every path with its start page: make an exception for this file."),
    ),
    Reason.FILE_REDIRECTS: (
        N_("{file} is redirected to {url}."),
        N_("Serve the file at the root of the domain itself, without a redirect."),
    ),
    Reason.FILE_HAS_BOM: (
        N_("{file} is right, but begins with a byte order mark."),
        N_("Upload the file as WeChat gave it, or save it as UTF-8 without BOM."),
    ),
    Reason.FILE_OTHER_CONTENT: (
        N_("{file} has another content than {content}."),
        N_("Upload the file as WeChat gave it: its content is the part of its name between MP_verify_ and .txt."),
    ),
}
_REDIRECT_TEXTS: Mapping[AddressChange, tuple[str, str]] = {
    AddressChange.NONE: (N_("The redirects end at the address itself."), ""),
    AddressChange.LOOP: (
        N_("The redirects go round in a circle, at last to {url}."),
        N_("Look at the rules of the web server; a browser gives up, too."),
    ),
    AddressChange.NOT_A_PAGE: (
        N_("The redirect leads to no web page: {url}"),
        N_("Correct the rule of the web server."),
    ),
    AddressChange.LOGIN: (
        N_("The page sends visitors to WeChat's login first."),
        N_("Sign the address to which they come back, without the code and state of the login."),
    ),
    AddressChange.NO_TLS: (
        N_("The redirect gives up https: {url}"),
        N_("Let it lead to https://; the web server may not know that a proxy in front of it speaks TLS."),
    ),
    AddressChange.HOST: (
        N_("The page opens on another host: {url}"),
        N_("Sign the address that it ends at; its host has to be among the JS-safe domains."),
    ),
    AddressChange.PORT: (N_("The page opens at another port: {url}"), N_("Sign the address that it ends at.")),
    AddressChange.SLASH: (
        N_("The page opens with another slash at its end: {url}"),
        N_("Sign it as it ends: one slash makes another signature."),
    ),
    AddressChange.PATH: (N_("The page opens at another path: {url}"), N_("Sign the address that it ends at.")),
    AddressChange.QUERY: (
        N_("The redirect changes the part behind the question mark: {url}"),
        N_("Sign the address that it ends at."),
    ),
}


def page_check_message(item: CheckedItem, messages: Messages) -> Message:
    """Return what a check found, and what to do about it."""
    values: dict[str, object] = dict(item.values)
    if item.reason is Reason.FAILED and item.failure is not None:
        return _failure_message(item, messages)
    texts = _REDIRECT_TEXTS[item.change] if item.reason is Reason.REDIRECT else _TEXTS[item.reason]
    return messages.message(*texts, **values, code=_code(item))


def _code(item: CheckedItem) -> str:
    is_tls = item.reason in (Reason.CERTIFICATE_UNTRUSTED, Reason.NO_TLS)
    return item.failure.detail if is_tls and item.failure is not None else ""


def _failure_message(item: CheckedItem, messages: Messages) -> Message:
    """Return why the host gave no answer; the texts about WeChat's own server would name the wrong one."""
    assert item.failure is not None  # noqa: S101 - the caller has looked
    kind, detail = item.failure.kind, item.failure.detail
    summary, advice = _FAILURE_TEXTS.get(kind.value, _OTHER_FAILURE)
    if detail == "name not found":
        summary, advice = _NAME_NOT_FOUND
    return messages.message(summary, advice, code=detail or kind.value)


_NAME_NOT_FOUND = (
    N_("The domain has no address."),
    N_("Check the spelling and the DNS records; a new record may take an hour."),
)
_OTHER_FAILURE = (N_("The answer of the server could not be read."), N_("Look into the log of the web server."))
_FAILURE_TEXTS: Mapping[str, tuple[str, str]] = {
    "offline": (
        N_("The server takes no connection."),
        N_("Check that the web server runs, that its port is open in the firewall, and that this computer is online."),
    ),
    "timeout": (
        N_("The server did not answer in time."),
        N_("Check that the web server runs and that its port is open in the firewall, then check again."),
    ),
    "cut-off": (
        N_("The connection was cut off."),
        N_("Check again. If it stays, look into the log of the web server, and at a firewall in between."),
    ),
    "proxy": (N_("The proxy did not pass the request on."), N_("Check the proxy settings of this computer.")),
    "tls": (N_("No encrypted connection could be made."), N_("The line about the certificate says why.")),
}
