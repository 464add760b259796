"""Common calls of WeChat's API that need no data of a real account.

The answers have the fields of WeChat's; openids, links and media are invented. "Page" names the page of WeChat's
documentation that the endpoint follows.
"""

import io
from collections.abc import Callable
from typing import Any
from zlib import crc32

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.sandbox.access_checks import AccessChecks, ApiCall, CallRefused, SandboxAccountState
from guarddog_gui.sandbox.accounts import FOLLOWERS, UploadedFile
from guarddog_gui.sandbox.common_calls.multipart import parse_form
from guarddog_gui.sandbox.http_messages import FileAnswer

CallAnswer = dict[str, Any] | FileAnswer
Handler = Callable[[AccessChecks, ApiCall], CallAnswer]

TEMPLATE_ID = "sandbox-template-000000000000000000000000000"
_MEDIA_TYPES = ("image", "voice", "video", "thumb")
_QR_ACTIONS = ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")
_TEMPORARY_QR_S = 30 * 86400  # the longest life; without expire_seconds it is 60
_SCENE_LENGTH_MAX = 32
_BUTTONS_MAX = 3
_OK = {"errcode": 0, "errmsg": "ok"}


def menu_get(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: custom menus, querying."""
    menu = _official(checks, call).data.menu
    if menu is None:
        raise CallRefused(46003)
    return {"menu": menu}


def menu_create(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: custom menus, creating."""
    state, menu = _official(checks, call), call.parse_body()
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 0 < len(buttons) <= _BUTTONS_MAX:
        raise CallRefused(40016)
    if any(not isinstance(button, dict) or not button.get("name") for button in buttons):
        raise CallRefused(40018)
    state.data.menu = {"button": buttons}
    return dict(_OK)


def menu_delete(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: custom menus, deleting."""
    _official(checks, call).data.menu = None
    return dict(_OK)


def self_menu(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: custom menus, getting the configuration."""
    menu = _official(checks, call).data.menu
    return {"is_menu_open": int(menu is not None), "selfmenu_info": menu or {"button": []}}


def user_get(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: user management, getting the list of followers."""
    _official(checks, call)
    after = call.query.get("next_openid", "")
    if after and after not in FOLLOWERS:
        raise CallRefused(40003)
    openids = FOLLOWERS[FOLLOWERS.index(after) + 1 :] if after else FOLLOWERS
    answer: dict[str, Any] = {"total": len(FOLLOWERS), "count": len(openids)}
    if openids:
        answer["data"] = {"openid": openids}
    return {**answer, "next_openid": openids[-1] if openids else ""}


def user_info(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: user management, getting basic information."""
    state, openid = _official(checks, call), call.query.get("openid", "")
    if openid not in FOLLOWERS:
        raise CallRefused(40003)
    return {
        "subscribe": 1,
        "openid": openid,
        "language": call.query.get("lang", "zh_CN"),
        "subscribe_time": int(call.now) - 86400,
        "unionid": "",
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": state.account.name,
    }


def tags_get(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: user tag management."""
    _official(checks, call)
    return {"tags": [{"id": 2, "name": "星标组", "count": 0}]}


def qrcode_create(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: account management, generating parametric QR codes."""
    state, params = _official(checks, call), call.parse_body()
    action = params.get("action_name")
    if action not in _QR_ACTIONS or not isinstance(params.get("action_info"), dict):
        raise CallRefused(40053)
    ticket = f"gQ{_digest(state, call.body):08x}SandboxTicket=="
    answer = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{_digest(state, call.body):08x}"}
    if str(action).startswith("QR_LIMIT"):
        return answer
    seconds = params.get("expire_seconds", 60)
    if not isinstance(seconds, int) or not 0 < seconds <= _TEMPORARY_QR_S:
        raise CallRefused(40052)
    return {**answer, "expire_seconds": seconds}


def media_upload(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: media, uploading temporary material."""
    state, media_type = _counted(checks, call), call.query.get("type", "")
    if media_type not in _MEDIA_TYPES:
        raise CallRefused(40004)
    part = next((part for part in parse_form(call.content_type, call.body) if part.name == "media"), None)
    if part is None or not part.content:
        raise CallRefused(41005)
    media_id = f"sandbox-media-{crc32(part.content):08x}-{len(state.data.files):02d}"
    state.data.add_file(media_id, UploadedFile(media_type, part.file_name, part.content_type, part.content))
    return {"type": media_type, "media_id": media_id, "created_at": int(call.now), "item": []}


def media_get(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: media, getting temporary material."""
    uploaded = _counted(checks, call).data.files.get(call.query.get("media_id", ""))
    if uploaded is None:
        raise CallRefused(40007)
    return FileAnswer(uploaded.content, uploaded.content_type or "application/octet-stream", uploaded.file_name)


def callback_check(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: callbackCheck."""
    _counted(checks, call)
    params = call.parse_body()
    action, operator = params.get("action", "all"), params.get("check_operator", "DEFAULT")
    if action not in ("all", "dns", "ping"):
        raise CallRefused(40201)
    if operator not in ("DEFAULT", "CHINANET", "UNICOM", "CAP"):
        raise CallRefused(40203)
    answer: dict[str, Any] = {}
    if action != "ping":
        answer["dns"] = [{"ip": "203.0.113.20", "real_operator": "CAP"}]
    if action != "dns":
        ping = {"ip": "203.0.113.20", "from_operator": "CAP", "package_loss": "0%", "time": "23.5ms"}
        answer["ping"] = [ping]
    return answer


def wxa_code(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: getUnlimitedQRCode."""
    state, params = _mini_program(checks, call), call.parse_body()
    scene = params.get("scene")
    if not isinstance(scene, str) or not 0 < len(scene) <= _SCENE_LENGTH_MAX:
        raise CallRefused(40169)
    if str(params.get("page", "")).startswith("/"):
        raise CallRefused(41030)
    import segno  # only this call needs it

    picture = io.BytesIO()
    address = f"https://mp.weixin.qq.com/a/~{state.account.appid}?scene={scene}"
    segno.make(address, error="m").save(picture, kind="png", scale=6, border=2)
    return FileAnswer(picture.getvalue(), "image/png")


def url_link(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: generateUrlLink."""
    state = _mini_program(checks, call)
    call.parse_body()
    return {**_OK, "url_link": f"https://wxaurl.cn/{_digest(state, call.body):08x}"}


def url_scheme(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: generateScheme."""
    state = _mini_program(checks, call)
    call.parse_body()
    return {**_OK, "openlink": f"weixin://dl/business/?t={_digest(state, call.body):08x}"}


def template_list(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: template messages, getting the list of templates."""
    _official(checks, call)
    template = {
        "template_id": TEMPLATE_ID,
        "title": "订单发货提醒",
        "primary_industry": "IT科技",
        "deputy_industry": "互联网|电子商务",
        "content": "{{first.DATA}}\n订单：{{keyword1.DATA}}\n{{remark.DATA}}",
        "example": "",
    }
    return {"template_list": [template]}


def template_send(checks: AccessChecks, call: ApiCall) -> CallAnswer:
    """Page: template messages, sending."""
    state, params = _official(checks, call), call.parse_body()
    if params.get("touser") not in FOLLOWERS:
        raise CallRefused(40003)
    if params.get("template_id") != TEMPLATE_ID:
        raise CallRefused(40037)
    if not isinstance(params.get("data"), dict):
        raise CallRefused(47003)
    state.data.sent_count += 1
    return {**_OK, "msgid": 200_000_000 + state.data.sent_count}


ROUTES: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/menu/get": ("GET", menu_get),
    "/cgi-bin/menu/create": ("POST", menu_create),
    "/cgi-bin/menu/delete": ("GET", menu_delete),
    "/cgi-bin/get_current_selfmenu_info": ("GET", self_menu),
    "/cgi-bin/user/get": ("GET", user_get),
    "/cgi-bin/user/info": ("GET", user_info),
    "/cgi-bin/tags/get": ("GET", tags_get),
    "/cgi-bin/qrcode/create": ("POST", qrcode_create),
    "/cgi-bin/media/upload": ("POST", media_upload),
    "/cgi-bin/media/get": ("GET", media_get),
    "/cgi-bin/callback/check": ("POST", callback_check),
    "/cgi-bin/template/get_all_private_template": ("GET", template_list),
    "/cgi-bin/message/template/send": ("POST", template_send),
    "/wxa/getwxacodeunlimit": ("POST", wxa_code),
    "/wxa/generate_urllink": ("POST", url_link),
    "/wxa/generatescheme": ("POST", url_scheme),
}


def _counted(checks: AccessChecks, call: ApiCall) -> SandboxAccountState:
    """Return the account of the token, after the call was counted against its quota."""
    state = checks.authenticate_by_token(call)
    checks.count_call(call, state)
    return state


def _official(checks: AccessChecks, call: ApiCall) -> SandboxAccountState:
    return _of_platform(checks, call, Platform.OFFICIAL)


def _mini_program(checks: AccessChecks, call: ApiCall) -> SandboxAccountState:
    return _of_platform(checks, call, Platform.MINI_PROGRAM)


def _of_platform(checks: AccessChecks, call: ApiCall, platform: Platform) -> SandboxAccountState:
    state = checks.authenticate_by_token(call)
    if state.account.platform is not platform:
        raise CallRefused(48001)
    checks.count_call(call, state)
    return state


def _digest(state: SandboxAccountState, body: bytes) -> int:
    """Return a number that is the same for the same call of an account."""
    return crc32(state.account.appid.encode() + body)
