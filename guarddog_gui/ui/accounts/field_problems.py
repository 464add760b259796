"""Fields of the form that problems of an account are about, so that each problem is shown at its field."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import (
    Account,
    Secret,
    account_problem,
    appid_problem,
    js_domain_problem,
    secret_problem,
)
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import validate_targets
from guarddog_gui.domain.problems import InputProblem

FIELD_OF_PROBLEM: Mapping[InputProblem, str] = {
    InputProblem.EMPTY_APPID: "appid",
    InputProblem.INVALID_APPID: "appid",
    InputProblem.ORIGINAL_ID: "appid",
    InputProblem.CORP_ID: "appid",
    InputProblem.ACCOUNT_EXISTS: "appid",
    InputProblem.EMPTY_SECRET: "secret",
    InputProblem.INVALID_SECRET: "secret",
    InputProblem.SECRET_OF_OTHER_ACCOUNT: "secret",
    InputProblem.INVALID_NAME: "name",
    InputProblem.NAME_TAKEN: "name",
    InputProblem.INVALID_GROUP: "group",
    InputProblem.REFRESH_AHEAD_OUT_OF_RANGE: "refresh-ahead",
    InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE: "refresh-ahead",
    InputProblem.DOG_DIR_TAKEN: "folder",
    InputProblem.INVALID_DOG_DIR: "folder",
    InputProblem.DOG_DIR_IS_ROOT: "folder",
    InputProblem.JS_DOMAIN_HAS_SCHEME: "js-domains",
    InputProblem.JS_DOMAIN_HAS_PATH: "js-domains",
    InputProblem.JS_DOMAIN_HAS_PORT: "js-domains",
    InputProblem.INVALID_JS_DOMAIN: "js-domains",
    InputProblem.INVALID_API_HOST: "api-host",
    InputProblem.INVALID_PROXY: "proxy",
    InputProblem.SOCKS4_PROXY: "proxy",
    InputProblem.PROXY_WITHOUT_PORT: "proxy",
    InputProblem.PROXY_HAS_PASSWORD: "proxy",
    InputProblem.INVALID_PROXY_PASSWORD: "proxy-password",
    InputProblem.INVALID_EXPORT_PATH: "export-targets",
    InputProblem.INVALID_COMMAND: "export-targets",
    InputProblem.EMPTY_COMMAND: "export-targets",
    InputProblem.RELATIVE_COMMAND: "export-targets",
    InputProblem.UNCLOSED_QUOTE: "export-targets",
    InputProblem.DUPLICATE_EXPORT: "export-targets",
    InputProblem.EXPORT_OF_OTHER_ACCOUNT: "export-targets",
}


def field_problem(name: str, account: Account, secret: Secret | None) -> BadInput | None:
    """Return what is wrong with one field; an empty field is not wrong while the user is still filling in."""
    if name == "export-targets":
        return validate_targets(account.exports)
    problem: InputProblem | None = None
    if name == "appid":
        problem = appid_problem(account.appid) if account.appid else None
    elif name == "secret":
        problem = secret_problem(secret.reveal()) if secret is not None and secret.reveal() else None
    elif name == "js-domains":
        problem = next(filter(None, map(js_domain_problem, account.js_domains)), None)
    else:  # what is looked at here comes before exports and domains
        other_fields_valid = replace(account, appid="wx", js_domains=(), exports=(), name=account.name or "x")
        problem = account_problem(other_fields_valid)
    return BadInput(problem) if problem is not None and FIELD_OF_PROBLEM.get(problem) == name else None
