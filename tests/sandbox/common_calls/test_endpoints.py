"""The common calls of the sandbox: the token is checked first, and errors are those of WeChat."""

import json
from typing import Any

import pytest
import requests

from guarddog_gui.domain.api.answer import Content, detect_content
from guarddog_gui.sandbox.accounts import FILES_MAX, FOLLOWERS
from guarddog_gui.sandbox.common_calls.endpoints import ROUTES, TEMPLATE_ID
from guarddog_gui.sandbox.http_messages import FileAnswer
from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import MINI, SHOP, RulesClient

MENU = {"button": [{"type": "click", "name": "花", "key": "K"}]}


@pytest.fixture
def client() -> RulesClient:
    return RulesClient()


def call(client: RulesClient, path: str, body: Any = None, account: Any = SHOP, **query: str) -> Any:
    """Call an endpoint with a live token, by its own method; return the fields or the file."""
    token = client.fetch_stable_token(account)["access_token"]
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    method = ROUTES[path][0]
    return client.rules.answer(method, path, {"access_token": token, **query}, data, client.ip)[1]


def errcode(answer: Any) -> int:
    assert isinstance(answer, dict)
    return int(answer.get("errcode", 0))


@pytest.mark.parametrize("path", ROUTES)
def test_every_call_refuses_a_missing_and_a_wrong_token(client: RulesClient, path: str) -> None:
    method = ROUTES[path][0]
    for query, expected in (({}, 41001), ({"access_token": "nonsense"}, 40014)):
        assert errcode(client.rules.answer(method, path, query, b"{}", client.ip)[1]) == expected


@pytest.mark.parametrize("path", ROUTES)
def test_every_call_refuses_the_wrong_method(client: RulesClient, path: str) -> None:
    other, expected = ("POST", 43001) if ROUTES[path][0] == "GET" else ("GET", 43002)
    assert errcode(client.rules.answer(other, path, {}, b"", client.ip)[1]) == expected


@pytest.mark.parametrize(
    "path", [path for path, (method, _) in ROUTES.items() if method == "POST" and "upload" not in path]
)
def test_a_post_wants_a_json_object(client: RulesClient, path: str) -> None:
    account = MINI if path.startswith("/wxa/") else SHOP
    token = client.fetch_stable_token(account)["access_token"]
    for body, expected in ((b"", 44002), (b"{", 47001), (b"[]", 47001)):
        answer = client.rules.answer("POST", path, {"access_token": token}, body, client.ip)[1]
        assert errcode(answer) == expected


def test_a_menu_is_created_read_and_deleted(client: RulesClient) -> None:
    assert errcode(call(client, "/cgi-bin/menu/get")) == 46003
    assert call(client, "/cgi-bin/menu/create", MENU) == {"errcode": 0, "errmsg": "ok"}
    assert call(client, "/cgi-bin/menu/get") == {"menu": MENU}
    assert call(client, "/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 1
    assert errcode(call(client, "/cgi-bin/menu/delete")) == 0
    assert errcode(call(client, "/cgi-bin/menu/get")) == 46003


@pytest.mark.parametrize(("body", "expected"), [({}, 40016), ({"button": [{}] * 4}, 40016), ({"button": [{}]}, 40018)])
def test_a_menu_with_mistakes_is_refused(client: RulesClient, body: Any, expected: int) -> None:
    assert errcode(call(client, "/cgi-bin/menu/create", body)) == expected


def test_followers_are_listed_in_pages_and_described(client: RulesClient) -> None:
    listed = call(client, "/cgi-bin/user/get")
    assert listed["data"]["openid"] == FOLLOWERS
    rest = call(client, "/cgi-bin/user/get", next_openid=FOLLOWERS[0])
    assert (rest["count"], rest["data"]["openid"]) == (2, FOLLOWERS[1:])
    assert "data" not in call(client, "/cgi-bin/user/get", next_openid=FOLLOWERS[-1])
    assert call(client, "/cgi-bin/user/info", openid=FOLLOWERS[0])["openid"] == FOLLOWERS[0]
    for path, query in (("/cgi-bin/user/info", {"openid": "x"}), ("/cgi-bin/user/get", {"next_openid": "x"})):
        assert errcode(call(client, path, **query)) == 40003


def test_qr_codes_are_temporary_or_permanent(client: RulesClient) -> None:
    action = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}}
    assert call(client, "/cgi-bin/qrcode/create", {**action, "expire_seconds": 600})["expire_seconds"] == 600
    assert "expire_seconds" not in call(client, "/cgi-bin/qrcode/create", {**action, "action_name": "QR_LIMIT_SCENE"})
    assert errcode(call(client, "/cgi-bin/qrcode/create", {**action, "expire_seconds": 10**9})) == 40052
    assert errcode(call(client, "/cgi-bin/qrcode/create", {"action_name": "X"})) == 40053


def upload(client: RulesClient, content: bytes, media_type: str = "image", field: str = "media") -> Any:
    request = requests.Request("POST", "http://x/", files={field: ("cat.png", content, "image/png")}).prepare()
    assert isinstance(request.body, bytes)
    query = {"access_token": client.fetch_stable_token()["access_token"], "type": media_type}
    content_type = request.headers["Content-Type"]
    return client.rules.answer("POST", "/cgi-bin/media/upload", query, request.body, client.ip, content_type)[1]


def test_an_uploaded_file_comes_back_as_it_was(client: RulesClient) -> None:
    media_id = upload(client, b"\x89PNG\0bytes")["media_id"]
    assert call(client, "/cgi-bin/media/get", media_id=media_id) == FileAnswer(
        b"\x89PNG\0bytes", "image/png", "cat.png"
    )
    assert errcode(call(client, "/cgi-bin/media/get", media_id="other")) == 40007


def test_an_upload_with_mistakes_is_refused(client: RulesClient) -> None:
    assert errcode(upload(client, b"x", "painting")) == 40004
    assert errcode(upload(client, b"x", field="file")) == 41005
    assert errcode(upload(client, b"")) == 41005


def test_only_the_newest_files_are_kept(client: RulesClient) -> None:
    first = upload(client, b"first")["media_id"]
    for number in range(FILES_MAX):
        upload(client, b"%d" % number)
    assert errcode(call(client, "/cgi-bin/media/get", media_id=first)) == 40007


def test_the_code_of_a_mini_program_is_a_picture(client: RulesClient) -> None:
    answer = call(client, "/wxa/getwxacodeunlimit", {"scene": "id=1"}, MINI)
    assert isinstance(answer, FileAnswer)
    assert detect_content(answer.body) is Content.PNG
    for body, expected in (({"scene": "x" * 33}, 40169), ({}, 40169), ({"scene": "a", "page": "/p"}, 41030)):
        assert errcode(call(client, "/wxa/getwxacodeunlimit", body, MINI)) == expected


def test_links_of_a_mini_program(client: RulesClient) -> None:
    assert call(client, "/wxa/generate_urllink", {}, MINI)["url_link"].startswith("https://wxaurl.cn/")
    assert call(client, "/wxa/generatescheme", {}, MINI)["openlink"].startswith("weixin://dl/business/?t=")


@pytest.mark.parametrize("path", [path for path in ROUTES if path.startswith("/wxa/")])
def test_an_official_account_may_not_call_what_mini_programs_have(client: RulesClient, path: str) -> None:
    assert errcode(call(client, path, {})) == 48001


def test_a_mini_program_has_no_menu(client: RulesClient) -> None:
    assert errcode(call(client, "/cgi-bin/menu/get", account=MINI)) == 48001


def test_template_messages_go_to_followers_only(client: RulesClient) -> None:
    (template,) = call(client, "/cgi-bin/template/get_all_private_template")["template_list"]
    message = {"touser": FOLLOWERS[0], "template_id": template["template_id"], "data": {}}
    assert template["template_id"] == TEMPLATE_ID
    assert call(client, "/cgi-bin/message/template/send", message)["msgid"]
    for change, expected in (({"touser": "x"}, 40003), ({"template_id": "x"}, 40037), ({"data": 1}, 47003)):
        assert errcode(call(client, "/cgi-bin/message/template/send", {**message, **change})) == expected


def test_the_network_check_answers_what_was_asked(client: RulesClient) -> None:
    assert set(call(client, "/cgi-bin/callback/check", {})) == {"dns", "ping"}
    assert set(call(client, "/cgi-bin/callback/check", {"action": "dns"})) == {"dns"}
    assert errcode(call(client, "/cgi-bin/callback/check", {"action": "x"})) == 40201
    assert errcode(call(client, "/cgi-bin/callback/check", {"check_operator": "x"})) == 40203


def test_calls_are_counted_against_their_quota(client: RulesClient) -> None:
    call(client, "/cgi-bin/menu/get")
    token = client.fetch_stable_token()["access_token"]
    body = b'{"cgi_path": "/cgi-bin/menu/get"}'
    fields = client.call("POST", "/cgi-bin/openapi/quota/get", body, access_token=token)
    assert fields["quota"] == {"daily_limit": 10_000, "used": 1, "remain": 9999}


def test_a_file_is_sent_over_http_with_its_type_and_name(sandbox: SandboxServer) -> None:
    account = sandbox.accounts[0]
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    token = requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=body, timeout=5).json()["access_token"]
    query = {"access_token": token, "type": "image"}
    content = b"\x89PNG" + b"x" * 200_000  # larger than what the server buffers
    files = {"media": ("cat.png", content, "image/png")}
    uploaded = requests.post(f"{sandbox.base_url}/cgi-bin/media/upload", params=query, files=files, timeout=5).json()
    query = {"access_token": token, "media_id": uploaded["media_id"]}
    answer = requests.get(f"{sandbox.base_url}/cgi-bin/media/get", params=query, timeout=5)
    assert (answer.content, answer.headers["Content-Type"]) == (content, "image/png")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cat.png"'
