"""Refusals in WeChat's form, `{"errcode": …, "errmsg": …}`, which every SDK understands.

WeChat sends them with the HTTP status 200, and so do the paths that are WeChat's own. The paths under /v1 have a status
that fits. Each errmsg is ASCII and says that it is Guard Dog's: WeChat has no record of the request.
"""

import math

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.serve.values.live_values import NoValue, ServerBusy
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry

BUSY, INVALID_CREDENTIAL, INVALID_GRANT, INVALID_APPID = -1, 40001, 40002, 40013
INVALID_ARGS, WRONG_KEY, INVALID_URL = 40097, 40125, 40066
NO_TOKEN, NO_APPID, NO_KEY, NEEDS_GET, NEEDS_POST = 41001, 41002, 41004, 43001, 43002
TOO_MANY, BAD_JSON, NO_PERMISSION = 45011, 47001, 48001

_TEXTS = {
    INVALID_CREDENTIAL: "invalid credential, the access_token is not the current one of an account here",
    INVALID_GRANT: "invalid grant_type, it has to be client_credential",
    INVALID_APPID: "invalid appid, this key has no account of this name",
    INVALID_ARGS: "invalid args",
    WRONG_KEY: "invalid appsecret, it has to be a key of guarddogctl serve keys",
    INVALID_URL: "invalid url, only the calls for tokens and tickets are served here",
    NO_TOKEN: "access_token missing",
    NO_APPID: "appid missing",
    NO_KEY: "appsecret missing",
    NEEDS_GET: "require GET method",
    NEEDS_POST: "require POST method",
    TOO_MANY: "api minute-quota reach limit",
    BAD_JSON: "data format error, the body has to be a JSON object",
    NO_PERMISSION: "api unauthorized",
}
_STATUS = {
    BUSY: 503, WRONG_KEY: 401, NO_KEY: 401, INVALID_CREDENTIAL: 401, INVALID_APPID: 404, INVALID_URL: 404,
    NEEDS_GET: 405, NEEDS_POST: 405, TOO_MANY: 429, NO_PERMISSION: 403,
}  # fmt: skip
_BUSY_TEXTS = {
    ExitCode.TRY_LATER: "WeChat did not give a value",
    ExitCode.KEYRING_ERROR: "the keyring of the server is locked or unavailable",
    ExitCode.FILE_ERROR: "the server cannot write its files",
    ExitCode.USER_ACTION_REQUIRED: "the account of the server needs attention",
}
_SIGNATURE = "(Guard Dog)"
_RETRY_BUSY_S = 5
_TOKEN_CODES_OF_CALLS = frozenset({40001, 40014, 42001})


def refuse(errcode: int, *, client: str = "", appid: str = "", retry_after_s: float = 0.0, detail: str = "") -> Answer:
    """Return the refusal with the status of /v1."""
    errmsg = f"{_TEXTS.get(errcode, 'system busy')}{f': {detail}' if detail else ''} {_SIGNATURE}"
    return Answer(
        {"errcode": errcode, "errmsg": errmsg}, _STATUS.get(errcode, 400), str(errcode), client, appid,
        retry_after_s=math.ceil(retry_after_s),
    )  # fmt: skip


def without_value(failure: NoValue | ServerBusy, errcode_catalog: ErrcodeCatalog, *, client: str, appid: str) -> Answer:
    """Return the answer for a value that cannot be given now.

    WeChat's own refusal is passed on: it names, for example, the IP address that is not on the whitelist. Codes about a
    token are not: the client would take them for its own and repeat the call without end.
    """
    entry = failure.entry if isinstance(failure, NoValue) else None
    if entry is not None and entry.result is AttemptResult.REFUSED and entry.errcode is not None:
        return _pass_on(entry, errcode_catalog, client=client, appid=appid)
    if isinstance(failure, ServerBusy):
        detail = "other clients are waiting for the same value"
    else:
        code = ExitCode.INTERNAL_ERROR if entry is None else exit_code_for_entry(entry, errcode_catalog)
        detail = _BUSY_TEXTS.get(code, "a mistake of the program")
    return refuse(BUSY, client=client, appid=appid, retry_after_s=_RETRY_BUSY_S, detail=detail)


def _pass_on(entry: HistoryEntry, errcode_catalog: ErrcodeCatalog, *, client: str, appid: str) -> Answer:
    errcode = entry.errcode or BUSY
    kind = errcode_catalog.kind_for(errcode, entry.endpoint)
    if errcode in _TOKEN_CODES_OF_CALLS or kind is ErrcodeKind.TOKEN:
        errcode = BUSY
    is_temporary = errcode == BUSY or kind in (ErrcodeKind.TRANSIENT, ErrcodeKind.QUOTA)
    errmsg = f"{entry.errmsg or 'no errmsg'} (WeChat's answer to Guard Dog: {entry.errcode})"
    return Answer(
        {"errcode": errcode, "errmsg": errmsg}, 503 if is_temporary else 502, str(errcode), client, appid,
        retry_after_s=_RETRY_BUSY_S if is_temporary else 0,
    )  # fmt: skip
