"""Texts about a web authorisation: what is wrong with its link, what usually is, and who the user is."""

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.signing.web_authorisation import AuthorisationLink, LinkWarning, WebAuthorisation
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.messages.message import Message, Messages

_WARNINGS = {
    LinkWarning.HTTP: N_("The page begins with http://: WeChat asks for https, so that nobody reads the code."),
    LinkWarning.PORT: N_(
        "The page has a port: the web-authorisation domain takes none, and WeChat refuses the link with 10003."
    ),
    LinkWarning.LOCAL: N_("Only a test account takes an IP address or localhost as its web-authorisation domain."),
    LinkWarning.FRAGMENT: N_("WeChat puts code and state in front of the #: a hash router does not find them."),
    LinkWarning.DECODED: N_("The address was percent-encoded already; in the link it is encoded once."),
    LinkWarning.OTHER_DOMAIN: N_("The domain is not among the JS-safe domains that this account has here."),
    LinkWarning.INVALID_STATE: N_("WeChat takes letters and digits in state, 128 at most."),
}


def link_warnings(link: AuthorisationLink, messages: Messages) -> tuple[str, ...]:
    """Return what is wrong with this link."""
    return tuple(messages.text(_WARNINGS[warning]) for warning in link.warnings)


def usual_mistakes(link: AuthorisationLink, messages: Messages) -> tuple[str, ...]:
    """Return what is usually wrong where a link does not work, the most frequent first."""
    text = messages.text
    return (
        text(
            "The account's web-authorisation domain has to be {domain}, without http:// and port; a parent domain does "
            "not cover it (10003).",
            domain=link.domain,
        ),
        text("The link works in WeChat only, and only for a verified service account or a test account (10005)."),
        text("A test account has to be followed first (10006)."),
        text("A code is exchanged once, within 5 minutes, with the AppID of its link (40163, 40029)."),
    )


def user_lines(user: WebAuthorisation, messages: Messages) -> tuple[str, ...]:
    """Return who the user is, one value a line."""
    lines = [f"openid: {user.openid}", f"scope: {user.scope}"]
    if user.unionid:
        lines.append(f"unionid: {user.unionid}")
    if user.is_snapshot_user:
        lines.append(
            messages.text("The page was opened in snapshot mode (is_snapshotuser): this openid is not a real user's.")
        )
    return tuple(lines)


def failed_exchange_message(
    answer: Refusal | TransportFailure | SecretMissing | KeyringIsLocked | KeyringIsDown, messages: Messages
) -> Message:
    if isinstance(answer, Refusal | TransportFailure):
        return messages.for_failed_query(answer)
    return messages.for_keyring_result(answer)
