"""Check how an account is to be shared. Loaded only for one that is."""

import re

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.redis_url import RedisKind, parse_redis_url
from guarddog_gui.domain.sharing.settings import KEY_NAME_LENGTH_MAX, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind


def sharing_problem(sharing: Sharing, appid: str) -> InputProblem | None:
    """Return why an account cannot be shared like this, or None if it can."""
    address = parse_redis_url(sharing.url)
    if address is None or sharing.role is SharingRole.OWN:
        return InputProblem.INVALID_REDIS_URL
    if address.password is not None:
        return InputProblem.REDIS_URL_WITH_PASSWORD
    if not sharing.ca_file.isprintable():
        return InputProblem.INVALID_CA_FILE
    for names in sharing.formats:
        problem = _key_names_problem(names, appid)
        if problem is not None:
            return problem
        is_cluster = address.kind is RedisKind.CLUSTER and not sharing.is_follower
        keys = names.names(appid, TokenKind.ACCESS_TOKEN) + names.names(appid, TokenKind.JSAPI_TICKET)
        if is_cluster and not all(f"{{{appid}}}" in key for key in keys):
            return InputProblem.KEY_OUTSIDE_CLUSTER_SLOT
    return None


def _key_names_problem(names: KeyNames, appid: str) -> InputProblem | None:
    if not names.names(appid, TokenKind.ACCESS_TOKEN) and not names.names(appid, TokenKind.JSAPI_TICKET):
        return InputProblem.KEY_NAME_MISSING
    for name in (names.token_key, names.ticket_key):
        if len(name) > KEY_NAME_LENGTH_MAX or not name.isprintable() or re.search(r"\s", name):
            return InputProblem.INVALID_KEY_NAME
        if name.startswith("guarddog:"):
            return InputProblem.KEY_NAME_TAKEN
    return None
