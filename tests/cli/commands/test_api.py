"""`api` calls the sandbox's WeChat with the live token: answers, exit codes, renewal, questions, copies, history."""

import json
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.sandbox.accounts import FOLLOWERS
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.api_fakes import PNG
from tests.cli.conftest import InProcessCli

MENU = '{"button":[{"type":"click","name":"花","key":"K"}]}'


@pytest.fixture
def ctl(ctl_with_account: InProcessCli) -> InProcessCli:
    return ctl_with_account


@pytest.fixture
def ctl_with_mini(ctl: InProcessCli) -> InProcessCli:
    assert ctl.add_account(ctl.mini, "Mini", "--platform", "mini-program").exit_code == 0
    return ctl


def fail_next(ctl: InProcessCli, *faults: Fault, endpoint: str = "menu/get") -> None:
    for fault in faults:
        ctl.wechat.faults.add(fault, endpoint=f"/cgi-bin/{endpoint}")


def count_calls(ctl: InProcessCli, path: str) -> int:
    return ctl.wechat.rules.call_counts[path]


def test_an_answer_is_printed_as_json_and_nothing_else(ctl: InProcessCli) -> None:
    assert ctl("api", "POST", "cgi-bin/menu/create", "--data", MENU).json == {"errcode": 0, "errmsg": "ok"}

    ran = ctl("api", "get", "/cgi-bin/menu/get")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.json == {"menu": json.loads(MENU)}
    assert "花" in ran.stdout


def test_json_has_status_time_rid_and_size(ctl: InProcessCli) -> None:
    ran = ctl("api", "GET", "cgi-bin/menu/get", "--json")

    fields = ran.json
    assert ran.exit_code == 4
    assert (fields["status"], fields["errcode"], fields["body"]["errcode"]) == (200, 46003, 46003)
    assert fields["rid"]
    assert fields["rid"] in fields["body"]["errmsg"]
    assert fields["size"] > 0
    assert fields["token_renewed"] is False


def test_a_refusal_is_explained_with_its_code(ctl: InProcessCli) -> None:
    ran = ctl("api", "GET", "cgi-bin/user/info", "--query", "openid=nobody")

    assert ran.exit_code == 4
    assert "openid is wrong" in ran.stderr
    assert "40003" in ran.stderr
    assert ran.json["errcode"] == 40003


@pytest.mark.parametrize(("errcode", "code"), [(-1, 5), (45009, 5), (45011, 5), (40164, 4), (48001, 4), (99999, 4)])
def test_the_exit_code_follows_the_kind_of_the_errcode(ctl: InProcessCli, errcode: int, code: int) -> None:
    fail_next(ctl, Fault(FaultKind.ERRCODE, errcode))
    assert ctl("api", "GET", "cgi-bin/menu/get").exit_code == code


def test_a_refused_token_is_renewed_once_and_the_call_repeated(ctl: InProcessCli) -> None:
    before = ctl.stored_value()
    ctl.wechat.rules.revoke_tokens(ctl.shop.appid)
    calls = count_calls(ctl, "/cgi-bin/stable_token")

    ran = ctl("api", "GET", "cgi-bin/user/get", "--json")

    assert ran.exit_code == 0
    assert ran.json["token_renewed"] is True
    assert ran.json["body"]["total"] == len(FOLLOWERS)
    assert "renewed" in ran.stderr
    assert count_calls(ctl, "/cgi-bin/stable_token") == calls + 1
    assert count_calls(ctl, "/cgi-bin/user/get") == 2
    assert ctl.stored_value() != before


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_wechat_keeps_refusing_ends_the_call(ctl: InProcessCli, errcode: int) -> None:
    fail_next(ctl, *[Fault(FaultKind.ERRCODE, errcode)] * 5)

    ran = ctl("api", "GET", "cgi-bin/menu/get")

    assert ran.exit_code == 5
    assert count_calls(ctl, "/cgi-bin/menu/get") == 1  # WeChat gives the same token again: nothing to repeat
    assert "the cause is another one" in ran.stderr


def test_an_expired_token_is_fetched_first(ctl: InProcessCli) -> None:
    ctl.clock.advance(8000)
    assert ctl("api", "GET", "cgi-bin/user/get").exit_code == 0


def test_without_a_token_the_reason_decides(ctl: InProcessCli) -> None:
    ctl.clock.advance(8000)
    ctl.wechat.faults.add(Fault(FaultKind.ERRCODE, 40125), endpoint="stable_token")

    ran = ctl("api", "GET", "cgi-bin/user/get")

    assert ran.exit_code == 4
    assert "40125" in ran.stderr
    assert count_calls(ctl, "/cgi-bin/user/get") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("GET", "//evil.example/x"),
        ("GET", "https://evil.example/cgi-bin/menu/get"),
        ("GET", "cgi-bin/../x"),
        ("GET", "cgi-bin/x\r\nHost: evil.example"),
        ("GET", "user@evil.example/x"),
        ("GET", "cgi-bin/x?access_token=91_abcdef"),
        ("GET", "cgi-bin/x", "--query", "access_token=91_abcdef"),
        ("GET", "cgi-bin/x", "--query", "a=b\r\nc"),
        ("GET", "cgi-bin/token"),
        ("GET", "cgi-bin/x", "--data", "{}"),
        ("POST", "cgi-bin/x", "--data", "{"),
        ("PUT", "cgi-bin/x"),
        ("GET",),
        (),
        ("GET", "cgi-bin/x", "--query", "novalue"),
        ("GET", "cgi-bin/x", "--with-token"),
        ("GET", "cgi-bin/x", "--search", "menu"),
        ("--history", "--clear-history"),
        ("--history", "--yes"),
        ("POST", "cgi-bin/x", "--copy-as", "curl", "--yes"),
    ],
)
def test_what_cannot_be_sent_is_wrong_usage_and_calls_nothing(ctl: InProcessCli, arguments: tuple[str, ...]) -> None:
    before = dict(ctl.wechat.rules.call_counts)

    ran = ctl("api", *arguments)

    assert ran.exit_code == 2
    assert ran.stderr
    assert "91_abcdef" not in ran.stderr + ran.stdout
    assert dict(ctl.wechat.rules.call_counts) == before


def test_a_redirect_is_not_followed(ctl: InProcessCli) -> None:
    fail_next(ctl, Fault(FaultKind.REDIRECT, text=f"{ctl.wechat.base_url}/cgi-bin/user/get"))

    ran = ctl("api", "GET", "cgi-bin/menu/get")

    assert ran.exit_code == 5
    assert count_calls(ctl, "/cgi-bin/user/get") == 0


def test_an_unknown_call_asks_the_real_server_and_prints_its_refusal(ctl: InProcessCli) -> None:
    ran = ctl("api", "GET", "cgi-bin/no/such/call")
    assert (ran.exit_code, ran.json["errcode"]) == (4, 40066)


def test_a_body_comes_from_a_file_or_from_standard_input(ctl: InProcessCli, tmp_path: Path) -> None:
    file = tmp_path / "menu.json"
    file.write_bytes(b"\xef\xbb\xbf" + MENU.encode())
    assert ctl("api", "POST", "cgi-bin/menu/create", "--data", f"@{file}").exit_code == 0
    assert ctl("api", "POST", "cgi-bin/menu/create", "--data", "@-", stdin=MENU).exit_code == 0
    assert ctl("api", "POST", "cgi-bin/menu/create", "--data", f"@{tmp_path}/missing").exit_code == 7


@pytest.mark.parametrize(("name", "advice"), [("missing", "Check the name"), ("folder", "Name another file")])
def test_a_file_to_read_that_is_none_is_to_be_named_again(
    ctl: InProcessCli, tmp_path: Path, name: str, advice: str
) -> None:
    (tmp_path / "folder").mkdir()
    for option in (("--data", f"@{tmp_path / name}"), ("--upload", str(tmp_path / name))):
        ran = ctl("api", "POST", "cgi-bin/media/upload", *option)
        assert ran.exit_code == 7
        assert advice in ran.stderr


def test_the_output_named_minus_is_standard_output(
    ctl: InProcessCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ctl("api", "GET", "cgi-bin/user/get", "--output", "-").json["total"] == len(FOLLOWERS)
    assert not Path("-").exists()


def test_a_picture_is_uploaded_and_comes_back_into_a_file(ctl: InProcessCli, tmp_path: Path) -> None:
    cat, copy = tmp_path / "cat.png", tmp_path / "copy.png"
    cat.write_bytes(PNG)
    sent = ctl("api", "POST", "cgi-bin/media/upload", "--query", "type=image", "--upload", str(cat))
    media_id = sent.json["media_id"]

    ran = ctl("api", "GET", "cgi-bin/media/get", "--query", f"media_id={media_id}", "--output", str(copy))

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "PNG picture" in ran.stderr
    assert copy.read_bytes() == PNG


def test_the_field_of_an_upload_can_be_named(ctl: InProcessCli, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    path = tmp_path / "cat.png"
    ran = ctl("api", "POST", "cgi-bin/media/upload", "--query", "type=image", "--upload", f"file={path}")
    assert ran.json["errcode"] == 41005
    assert ctl("api", "POST", "cgi-bin/media/upload", "--upload", str(tmp_path / "none.png")).exit_code == 7


def test_a_picture_without_a_file_is_named_not_printed(ctl_with_mini: InProcessCli) -> None:
    ran = ctl_with_mini("api", "POST", "wxa/getwxacodeunlimit", "--data", '{"scene":"a"}', "--account", "Mini")
    assert ran.stdout == ""
    assert "--output FILE" in ran.stderr


def test_a_refusal_is_printed_and_not_written_into_the_file(ctl_with_mini: InProcessCli, tmp_path: Path) -> None:
    picture = tmp_path / "code.png"
    ran = ctl_with_mini(
        "api", "POST", "wxa/getwxacodeunlimit", "--data", "{}", "--account", "Mini", "--output", str(picture)
    )
    assert ran.json["errcode"] == 40169
    assert not picture.exists()


def test_a_folder_that_is_missing_stops_the_call_before_it_is_sent(ctl: InProcessCli, tmp_path: Path) -> None:
    ran = ctl("api", "GET", "cgi-bin/user/get", "--output", str(tmp_path / "no" / "x.json"))
    assert ran.exit_code == 7
    assert count_calls(ctl, "/cgi-bin/user/get") == 0


def test_a_call_of_the_other_platform_is_sent_with_a_warning(ctl: InProcessCli) -> None:
    ran = ctl("api", "POST", "wxa/generate_urllink", "--data", "{}")
    assert (ran.exit_code, ran.json["errcode"]) == (4, 48001)
    assert "Mini programs have this call" in ran.stderr


# -- production accounts


@pytest.fixture
def production(ctl: InProcessCli) -> InProcessCli:
    assert ctl("accounts", "edit", "Shop", "--environment", "production", "--no-check").exit_code == 0
    return ctl


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "cgi-bin/menu/create"), ("GET", "cgi-bin/menu/delete"), ("POST", "cgi-bin/unknown")]
)
def test_a_change_on_a_production_account_asks_for_its_name(production: InProcessCli, method: str, path: str) -> None:
    production.is_terminal = True
    before = count_calls(production, f"/{path}")
    for answer in ("y\n", "", "Shop 2\n"):
        ran = production("api", method, path, stdin=answer)
        assert ran.exit_code == 2
        assert "nothing is sent" in ran.stderr
    assert count_calls(production, f"/{path}") == before

    production("api", method, path, stdin="Shop\n")

    assert sum(production.wechat.rules.call_counts.values()) > 0
    assert count_calls(production, f"/{path}" if "unknown" not in path else "elsewhere") >= 1


def test_a_script_names_the_production_account_and_says_yes(production: InProcessCli) -> None:
    change = ("api", "POST", "cgi-bin/menu/create", "--data", MENU)
    for arguments in ((), ("--yes",)):
        ran = production(*change, *arguments)
        assert ran.exit_code == 2
        assert "--account" in ran.stderr
    assert count_calls(production, "/cgi-bin/menu/create") == 0
    assert production(*change, "--account", "Shop", "--yes").exit_code == 0


@pytest.mark.parametrize("arguments", [("GET", "cgi-bin/user/get"), ("POST", "cgi-bin/callback/check", "--data", "{}")])
def test_a_call_that_reads_asks_nothing_on_a_production_account(
    production: InProcessCli, arguments: tuple[str, ...]
) -> None:
    ran = production("api", *arguments)
    assert (ran.exit_code, ran.stderr) == (0, "")


def test_on_another_account_a_change_asks_nothing(ctl: InProcessCli) -> None:
    assert ctl("api", "POST", "cgi-bin/menu/create", "--data", MENU).exit_code == 0


# -- copies, catalogue, history


@pytest.mark.parametrize("form", ["curl", "python", "node", "bruno", "postman"])
def test_a_call_is_copied_with_a_variable_unless_the_token_is_asked_for(ctl: InProcessCli, form: str) -> None:
    token, before = ctl.stored_value(), dict(ctl.wechat.rules.call_counts)
    call = ("api", "POST", "cgi-bin/menu/create", "--data", MENU, "--copy-as", form)

    without, with_token = ctl(*call), ctl(*call, "--with-token")

    assert (without.exit_code, with_token.exit_code) == (0, 0)
    assert token not in without.stdout
    assert token in with_token.stdout
    assert dict(ctl.wechat.rules.call_counts) == before


def test_the_catalogue_is_searched_in_the_language_of_the_user(ctl: InProcessCli) -> None:
    assert "/cgi-bin/menu/create" in ctl("api", "--search", "menu create").stdout
    assert "创建菜单" in ctl("api", "--search", "menu create", GUARDDOG_LANG="zh_CN").stdout
    assert len(ctl("api", "--search", "").stdout.splitlines()) >= 60
    assert ctl("api", "--search", "no such call").exit_code == 3
    call: dict[str, Any] = ctl("api", "--search", "menu create", "--json").json[0]
    assert json.loads(call["body"])["button"]
    assert call["effect"] == "changes"


def test_the_history_names_calls_without_their_values(ctl: InProcessCli) -> None:
    ctl("api", "GET", "cgi-bin/user/info", "--query", "openid=oPRIVATE")
    ctl("api", "POST", "cgi-bin/menu/create", "--data", MENU)

    listed, fields = ctl("api", "--history"), ctl("api", "--history", "--json").json

    assert [call["path"] for call in fields] == ["/cgi-bin/menu/create", "/cgi-bin/user/info"]
    assert fields[1]["errcode"] == 40003
    assert "/cgi-bin/user/info" in listed.stdout
    files = [file.read_bytes() for file in ctl.home.rglob("*") if file.is_file() and file.suffix != ".dog"]
    for value in ("oPRIVATE", "花", ctl.stored_value(), ctl.shop.secret):
        assert not any(value.encode() in content for content in files)


def test_the_history_of_an_account_can_be_forgotten(ctl_with_mini: InProcessCli) -> None:
    for name, path in (("Shop", "cgi-bin/user/get"), ("Mini", "cgi-bin/get_api_domain_ip")):
        ctl_with_mini("api", "GET", path, "--account", name)

    assert ctl_with_mini("api", "--clear-history", "--account", "Shop").exit_code == 0

    assert ctl_with_mini("api", "--history", "--json", "--account", "Shop").json == []
    assert len(ctl_with_mini("api", "--history", "--json", "--account", "Mini").json) == 1


def test_the_calls_of_a_removed_account_are_gone(ctl: InProcessCli) -> None:
    ctl("api", "GET", "cgi-bin/user/get")
    assert "user/get" in (ctl.home / "data" / "api_calls.json").read_text(encoding="utf-8")
    assert ctl("accounts", "remove", "Shop").exit_code == 0
    assert "user/get" not in (ctl.home / "data" / "api_calls.json").read_text(encoding="utf-8")


def test_no_token_is_printed_even_if_wechat_repeats_it(ctl: InProcessCli) -> None:
    token = ctl.stored_value()
    fail_next(ctl, Fault(FaultKind.CUSTOM_BODY, text=json.dumps({"url": f"https://x/?access_token={token}"})))

    ran = ctl("api", "GET", "cgi-bin/menu/get", "--json")

    assert token not in ran.stdout + ran.stderr
    assert "https://x/" in ran.stdout


def test_the_report_of_a_rid_has_no_token(ctl: InProcessCli) -> None:
    rid = ctl("api", "GET", "cgi-bin/menu/get", "--json").json["rid"]
    ran = ctl("api", "POST", "cgi-bin/openapi/rid/get", "--data", json.dumps({"rid": rid}))
    assert ran.exit_code == 0
    assert "menu/get" in ran.stdout
    assert ctl.stored_value() not in ran.stdout


def test_control_characters_of_an_answer_do_not_reach_the_terminal(ctl: InProcessCli) -> None:
    fail_next(ctl, Fault(FaultKind.CUSTOM_BODY, text="\x1b]0;owned\x07plain"))
    ran = ctl("api", "GET", "cgi-bin/menu/get")
    assert "\x1b" not in ran.stdout
    assert "plain" in ran.stdout
