"""Names under which programs and pages keep the values of a `wx.config` or of a reply of WeChat."""

import re
from enum import IntEnum
from typing import NamedTuple


class Rank(IntEnum):
    """Certainty that a name means a field; of two names in one object the surer one counts."""

    EXACT = 0
    PREFIXED = 1  # wxTimestamp
    WEAK = 2  # time
    FOREIGN = 3  # server_timestamp


class FieldName(NamedTuple):
    """Field that a name means, and how surely."""

    field: str
    rank: Rank


_EXACT = {
    "appid": "appid wxappid weixinappid wechatappid mpappid",
    "nonce": "noncestr nonce noncestring noncestrs 随机串 随机字符串 随机数 随机码",
    "timestamp": "timestamp timestamps 时间戳",
    "signature": "signature signatrue signiture 签名 签名值 签名结果",
    "url": "url pageurl currenturl signurl localurl fullurl weburl thisurl requrl 页面地址 网址 网页地址 页面链接",
    "ticket": "jsapiticket jsapitickets jsticket ticket 票据 临时票据",
    "secret": "appsecret appsecretkey wxappsecret weixinsecret wechatsecret mpsecret secret 开发者密码 应用密钥",
    "signed-string": "string1 rawstring signstr signstring stringtosign 签名串 签名字符串 签名原串 拼接字符串 字符串",
    "real-auth-url": "realauthurl realauthurls",
    "errcode": "errcode errorcode errcodes errno 错误码 错误代码 返回码 错误号",
    "errmsg": "errmsg errormsg errormessage 错误信息 错误消息 错误描述 说明",
}
_WEAK = {
    "nonce": "random randomstr randomstring rand randstr",
    "timestamp": "time ts t 时间",
    "signature": "sign sig sha1",
    "url": "link href page uri referer referrer location locationhref 链接 地址 页面",
    "appid": "corpid 开发者id",
    "ticket": "apiticket",
    "secret": "appkey secretkey 密钥",
    "errcode": "code ret status statuscode errorcodevalue",
    "errmsg": "msg message error",
}
_SUFFIXES = (
    "appid", "timestamp", "noncestr", "signature", "jsapiticket", "errcode", "errmsg", "signurl", "pageurl",
    "appsecret", "secret",
)  # fmt: skip
_OWN_PREFIX = re.compile(
    r"wx|weixin|wechat|js|jssdk|jsapi|config|wxconfig|mp|data|datawx|wxjs|wxjssdk|sdk|my|str|[smgv]|the|this|app|page|"
    r"sign|hidden|input|txt|package|public|gzh|official|miniprogram|mini|ma|xcx|app"
)
_FIELD_OF = {name: FieldName(field, Rank.EXACT) for field, names in _EXACT.items() for name in names.split()}
_FIELD_OF |= {name: FieldName(field, Rank.WEAK) for field, names in _WEAK.items() for name in names.split()}
_CHINESE_NAMES = tuple(sorted((name for name in _FIELD_OF if not name.isascii()), key=len, reverse=True))
_FOREIGN_NAMES = frozenset(
    {"msgsignature", "paysign", "xtimestamp", "xsignature", "xnonce", "encryptsignature"}
    | {"clientsecret", "jwtsecret", "mchsecret", "paysecret"}
)
_IGNORED = re.compile(r"[^0-9a-z]+")
_CHINESE_COPULA = re.compile(r"(?:为|是|的值|等于|如下|值)+$")
_NAME_LENGTH_MAX = 48

# fast search for a text that may hold anything of use
HINT = re.compile(
    r"nonce|timestamp|signature|jsapi_?ticket|err_?code|errmsg|realAuthUrl|app_?secret|[?&]secret=|sign\b|时间戳|签名",
    re.IGNORECASE,
)


def find_field(name: str) -> FieldName | None:
    """Return the field that a name means: `appId`, `data-timestamp`, `$config['nonceStr']`, `随机字符串`."""
    if not 0 < len(name) <= _NAME_LENGTH_MAX:
        return None
    last = name.rstrip(".-:*").replace("-", "_").rpartition(".")[2].lower()
    if not last.isascii():
        return _find_chinese(_CHINESE_COPULA.sub("", last))
    plain = _IGNORED.sub("", last)
    field = _FIELD_OF.get(plain)
    if field is not None:
        return field
    for suffix in _SUFFIXES:
        if plain.endswith(suffix):
            return FieldName(_FIELD_OF[suffix].field, _prefix_rank(plain, suffix))
    return None


def _prefix_rank(plain: str, suffix: str) -> Rank:
    prefix = plain.removesuffix(suffix)
    if plain in _FOREIGN_NAMES:
        return Rank.FOREIGN
    return Rank.PREFIXED if _OWN_PREFIX.fullmatch(prefix) else Rank.FOREIGN


def _find_chinese(name: str) -> FieldName | None:
    return next((_FIELD_OF[known] for known in _CHINESE_NAMES if name.endswith(known)), None)
