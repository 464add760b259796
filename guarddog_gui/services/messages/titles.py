"""Short titles of failures, for lists in which a sentence has no room."""

from collections.abc import Mapping

from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import FailureKind
from guarddog_gui.services.messages.texts import Texts

_WRONG_SECRET = N_("AppSecret is wrong")
_ERRCODE_TITLES: Mapping[int, str] = {
    -1: N_("WeChat was busy"),
    40013: N_("AppID is not valid"),
    40125: _WRONG_SECRET,
    40164: N_("IP not whitelisted"),
    40243: N_("AppSecret is frozen"),
    45009: N_("calls of today used up"),
    45011: N_("too many calls in a minute"),
    48001: N_("API not allowed for this account"),
    50002: N_("account is restricted"),
    50004: N_("account may not get tokens"),
    61004: N_("IP not registered"),
    89503: N_("IP waits for the administrator"),
    89506: N_("IP refused by the administrator"),
    89507: N_("IP refused by the administrator"),
}
_RESULT_TITLES: Mapping[AttemptResult, str] = {
    AttemptResult.NOT_ADOPTED: N_("value of another program not used"),
    AttemptResult.REFUSED: N_("refused by WeChat"),
    AttemptResult.NO_ANSWER: N_("WeChat did not answer"),
    AttemptResult.NO_SECRET: N_("AppSecret is missing"),
    AttemptResult.KEYRING_LOCKED: N_("keyring locked"),
    AttemptResult.KEYRING_DOWN: N_("keyring unavailable"),
    AttemptResult.NOT_WRITTEN: N_("value could not be written"),
    AttemptResult.LOCK_BUSY: N_("account in use by another process"),
    AttemptResult.BUDGET_EXCEEDED: N_("Guard Dog's limit of calls reached"),
    AttemptResult.NOT_SHARED: N_("nothing from the shared Redis"),
    AttemptResult.INTERNAL_ERROR: N_("internal error of Guard Dog"),
}
_TOKEN_REFUSED_ERRCODE = 40001  # means a wrong AppSecret where a token is asked for


def failure_title(texts: Texts, result: AttemptResult, errcode: int | None, endpoint: str, detail: str = "") -> str:
    """Return the reason of a failure in a few words, without its number."""
    if result is AttemptResult.NO_ANSWER and detail.startswith(FailureKind.OFFLINE):
        return texts.text("this computer was offline")
    if result is not AttemptResult.REFUSED or errcode is None:
        return texts.text(_RESULT_TITLES.get(result, ""))
    is_secret = texts.errcode_catalog.kind_for(errcode, endpoint) is ErrcodeKind.CONFIG
    if errcode == _TOKEN_REFUSED_ERRCODE and is_secret:
        return texts.text(_WRONG_SECRET)
    if errcode in _ERRCODE_TITLES:
        return texts.text(_ERRCODE_TITLES[errcode])
    known = texts.errcode_catalog.find(errcode)
    meaning = known.meaning(texts.language).partition(":")[0] if known is not None else ""
    return meaning.rstrip(".。") or texts.text(_RESULT_TITLES[result])
