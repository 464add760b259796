"""Copied calls: with the variable in the place of the token, and runnable as they are."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.domain.api.copy_as import TOKEN_VARIABLE, CopiedCall, CopyForm, render_call
from guarddog_gui.domain.api.request import ApiRequest, Upload, check_request
from guarddog_gui.domain.wechat.protocol import Request
from guarddog_gui.sandbox.server import SandboxServer
from tests.api_fakes import PNG

TOKEN = "91_tO-kEn" + "x" * 60
BODY = '{"button": [{"type": "click", "name": "花\'s \\"menu\\" $HOME `id`", "key": "K"}]}'
BASE = "https://api.weixin.qq.com"


def make_request(method: str, path: str, body: str = "", **query: str) -> ApiRequest:
    request = check_request(method, path, tuple(query.items()), body)
    assert isinstance(request, ApiRequest)
    return request


def rendered(form: CopyForm, request: ApiRequest, token: str | None = None, base: str = BASE) -> str:
    return render_call(form, CopiedCall(request, base, "Replace the menu", token))


@pytest.mark.parametrize("form", CopyForm)
def test_the_token_is_in_a_copy_only_if_asked_for(form: CopyForm) -> None:
    request = make_request("POST", "cgi-bin/menu/create", BODY, a="b c")
    without, with_token = rendered(form, request), rendered(form, request, TOKEN)
    assert TOKEN not in without
    assert TOKEN_VARIABLE in without or "{{access_token}}" in without
    assert TOKEN in with_token
    assert TOKEN not in repr(CopiedCall(request, BASE, "x", TOKEN))


@pytest.fixture(scope="module")
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def token(wechat: SandboxServer) -> str:
    account = wechat.accounts[0]
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    request = Request("/cgi-bin/token", tuple(query.items()))
    _, fields = wechat.rules.handle("GET", request.path, dict(request.query), b"", "127.0.0.1")
    assert isinstance(fields, dict)
    return str(fields["access_token"])


def run_copied(form: CopyForm, text: str, token: str | None) -> str:
    environ = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_PROXY": "*"}
    if token is not None:
        environ[TOKEN_VARIABLE] = token
    command = {
        CopyForm.CURL: ["sh", "-c", text],
        CopyForm.PYTHON: [sys.executable, "-c", text],
        CopyForm.NODE: ["node", "-e", text],
    }[form]
    if shutil.which(command[0]) is None or (form is CopyForm.CURL and shutil.which("curl") is None):
        pytest.skip(f"no {command[0]}")
    done = subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return done.stdout


@pytest.mark.parametrize("form", [CopyForm.CURL, CopyForm.PYTHON, CopyForm.NODE])
@pytest.mark.parametrize("has_token", [False, True])
def test_a_copied_post_runs_and_sends_its_body_unchanged(
    form: CopyForm, token: str, wechat: SandboxServer, *, has_token: bool
) -> None:
    create = make_request("POST", "cgi-bin/menu/create", BODY)
    text = rendered(form, create, token if has_token else None, wechat.base_url)

    shown = run_copied(form, text, None if has_token else token)

    assert '"errcode"' in shown.replace("'", '"')
    _, answer = wechat.rules.handle("GET", "/cgi-bin/menu/get", {"access_token": token}, b"", "127.0.0.1")
    assert isinstance(answer, dict)
    assert answer["menu"]["button"] == json.loads(BODY)["button"]


@pytest.mark.parametrize("form", [CopyForm.CURL, CopyForm.PYTHON, CopyForm.NODE])
def test_a_copied_get_runs_with_its_query(form: CopyForm, token: str, wechat: SandboxServer) -> None:
    request = make_request("GET", "cgi-bin/user/info", openid="a'b c&d=é")
    assert "40003" in run_copied(form, rendered(form, request, None, wechat.base_url), token)


def test_a_copied_upload_names_its_file() -> None:
    request = ApiRequest(make_request("POST", "x").method, "/cgi-bin/media/upload", upload=Upload("media", "a b.png"))
    for form in CopyForm:
        assert "a b.png" in rendered(form, request)


@pytest.mark.skipif(os.name != "posix", reason="these names cannot be on Windows")
@pytest.mark.parametrize("name", ["a;type=b.png", "a,b.png", 'a "b" \\ c;$x\'.png', " a.png", "-", "-x.png"])
@pytest.mark.parametrize("form", [CopyForm.CURL, CopyForm.PYTHON, CopyForm.NODE])
def test_a_copied_upload_finds_a_file_of_any_name(
    form: CopyForm, name: str, token: str, wechat: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(PNG)
    upload = make_request("POST", "cgi-bin/media/upload", type="image")
    request = ApiRequest(upload.method, upload.path, upload.query, upload=Upload("media", name))

    assert "media_id" in run_copied(form, rendered(form, request, None, wechat.base_url), token)


def test_a_file_as_the_answer_goes_into_a_file_of_curl() -> None:
    call = CopiedCall(make_request("POST", "wxa/getwxacodeunlimit", "{}"), BASE, "code", is_binary=True)
    assert render_call(CopyForm.CURL, call).endswith("--output answer")


def test_a_bruno_request_has_its_blocks() -> None:
    text = rendered(CopyForm.BRUNO, make_request("POST", "cgi-bin/x", '{"a":1}', b="1"))
    assert f"url: {BASE}/cgi-bin/x?b=1&access_token={{{{access_token}}}}" in text
    for block in ("meta {", "post {", "params:query {", "body:json {"):
        assert block in text
    assert text.count("{") == text.count("}")


def test_a_postman_collection_has_one_request_and_the_variable() -> None:
    collection = json.loads(rendered(CopyForm.POSTMAN, make_request("POST", "cgi-bin/x", '{"a":1}', b="1")))
    (item,) = collection["item"]
    assert item["request"]["url"]["host"] == ["api", "weixin", "qq", "com"]
    assert json.loads(item["request"]["body"]["raw"]) == {"a": 1}
    assert collection["variable"] == [{"key": "access_token", "value": ""}]
