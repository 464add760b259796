"""`sign`: a signature that WeChat takes, or one clear sentence and an empty output."""

import json
import re

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

URL = "https://shop.example.cn/p?id=1"
MADE_UP = re.compile(r"nonce ([0-9a-f]{16}) and the timestamp (\d{10})")
TICKET_CALL = "/cgi-bin/ticket/getticket"


def test_the_signature_and_nothing_else_goes_to_the_output(ctl_with_ticket: InProcessCli) -> None:
    calls = ctl_with_ticket.count_calls(TICKET_CALL)

    ran = ctl_with_ticket("sign", URL)

    assert ran.exit_code == 0
    nonce, timestamp = MADE_UP.findall(ran.stderr)[0]
    assert len(ran.stderr.splitlines()) == 1
    wanted = SignatureInput(ctl_with_ticket.stored_value("JSAPI_TICKET"), nonce, int(timestamp), URL)
    assert ran.stdout == wanted.signature + "\n"
    assert ctl_with_ticket.count_calls(TICKET_CALL) == calls


def test_each_time_another_nonce_is_made_and_a_given_one_is_taken(ctl_with_ticket: InProcessCli) -> None:
    assert ctl_with_ticket("sign", URL).stdout != ctl_with_ticket("sign", URL).stdout
    fixed = ("sign", URL, "Shop", "--nonce", "n", "--timestamp", str(int(NOW) + 60))
    assert ctl_with_ticket(*fixed).stdout == ctl_with_ticket(*fixed).stdout
    assert ctl_with_ticket(*fixed).stdout.strip() == (
        SignatureInput(ctl_with_ticket.stored_value("JSAPI_TICKET"), "n", int(NOW) + 60, URL).signature
    )


def test_json_has_everything_that_the_signature_is_made_of(ctl_with_ticket: InProcessCli) -> None:
    ctl_with_ticket.clock.advance(100)

    fields = ctl_with_ticket("sign", f" {URL}#/route", "--json", "--nonce", "n", "--api", "chooseImage").json

    ticket = ctl_with_ticket.stored_value("JSAPI_TICKET")
    signable = SignatureInput(ticket, "n", int(NOW) + 100, URL)
    assert fields["url"] == URL
    assert fields["appid"] == ctl_with_ticket.shop.appid
    assert (fields["nonceStr"], fields["timestamp"]) == ("n", int(NOW) + 100)
    assert (fields["signature"], fields["signed"]) == (signable.signature, signable.signed_string)
    assert fields["ticket"]["age_seconds"] == 100
    assert fields["ticket"]["seconds_left"] == 1100, "its age is unknown: it is relied on for twenty minutes"
    assert fields["ticket"]["expires_at"] == int(NOW) + 1200
    assert ticket not in json.dumps(fields["ticket"])
    assert [(w["kind"], w["corrected"]) for w in fields["warnings"]] == [
        ("blank-ends", f"{URL}#/route"),
        ("fragment", f" {URL}"),
    ]
    assert fields["config"] == {
        "debug": False,
        "appId": ctl_with_ticket.shop.appid,
        "timestamp": int(NOW) + 100,
        "nonceStr": "n",
        "signature": signable.signature,
        "jsApiList": ["chooseImage"],
    }


def test_js_is_the_whole_wx_config_with_the_lists_that_were_asked_for(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket(
        "sign", URL, "--js", "--api", "chooseImage, scanQRCode,", "--api", "chooseWXPay", "--debug",
        "--open-tag", "wx-open-launch-weapp",
    )  # fmt: skip

    assert ran.stdout.startswith("wx.config({\n  debug: true,\n")
    assert 'jsApiList: ["chooseImage", "scanQRCode", "chooseWXPay"]' in ran.stdout
    assert 'openTagList: ["wx-open-launch-weapp"]' in ran.stdout
    assert ran.stderr == ""
    assert ctl_with_ticket.stored_value("JSAPI_TICKET") not in ran.stdout


def test_without_a_list_it_is_that_of_sharing(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("sign", URL, "--js")
    assert 'jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"]' in ran.stdout
    assert "openTagList" not in ran.stdout


def test_html_is_a_page_for_that_address(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("sign", URL + "#x", "--html")
    assert ran.stdout.startswith("<!DOCTYPE html>")
    assert f'var signed = "{URL}";' in ran.stdout


def test_what_is_suspicious_is_said_in_words_and_signed_as_it_is(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("sign", "http://mp.weixin.qq.com?params=value", "--json")

    assert ran.exit_code == 0
    assert ran.json["url"] == "http://mp.weixin.qq.com?params=value"
    http, bare = ran.stderr.splitlines()
    assert "Corrected: https://mp.weixin.qq.com?params=value" in http
    assert "Corrected: http://mp.weixin.qq.com/?params=value" in bare


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([""], "no address"),
        (["/p"], "https://"),
        (["ftp://a.cn/"], "Only https"),
        (["https%3A%2F%2Fa.cn%2Fp"], "Corrected: https://a.cn/p"),
        (["https://a.cn/" + "p" * 100_000], "too long"),
        (["https://a.cn/\x1b[31m"], "control character"),
        ([URL, "--nonce", ""], "nonce is empty"),
        ([URL, "--nonce", "n" * 33], "32 characters"),
        ([URL, "--nonce", "a&b"], "&"),
        ([URL, "--timestamp", f"{NOW:.0f}123"], f"Corrected: {NOW:.0f}"),
        ([URL, "--timestamp", "soon"], "whole number"),
        ([URL, "--timestamp", ""], "whole number"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"], ["--js"], ["--html"]], ids=str)
def test_bad_input_is_one_sentence_and_nothing_is_signed_or_asked(
    ctl_with_ticket: InProcessCli, arguments: list[str], words: str, form: list[str]
) -> None:
    ctl_with_ticket.dog_path("JSAPI_TICKET").unlink()
    calls = ctl_with_ticket.count_calls(TICKET_CALL)

    ran = ctl_with_ticket("sign", *arguments, *form)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "\x1b" not in ran.stderr
    assert ctl_with_ticket.count_calls(TICKET_CALL) == calls


def test_a_mini_program_says_that_it_has_no_ticket(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl("sign", URL)

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "mini program" in ran.stderr


def test_a_dead_ticket_is_replaced_first(ctl_with_ticket: InProcessCli) -> None:
    ctl_with_ticket.clock.advance(7200)

    ran = ctl_with_ticket("sign", URL, "--json")

    assert ran.exit_code == 0
    assert ctl_with_ticket.stored_value("JSAPI_TICKET") in ran.json["signed"]
    assert ran.json["ticket"]["age_seconds"] == 0
    assert ctl_with_ticket.stored_value("JSAPI_TICKET") in ctl_with_ticket.wechat.rules.accepted_tickets(
        ctl_with_ticket.shop.appid
    )


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.ERRCODE, 40164), 4),
        (Fault(FaultKind.ERRCODE, 45009), 5),
        (Fault(FaultKind.HTTP_STATUS, 503), 5),
    ],
)
def test_without_a_ticket_there_is_no_signature_but_a_reason(
    ctl_with_ticket: InProcessCli, fault: Fault, code: int
) -> None:
    ctl_with_ticket.clock.advance(7200)
    ctl_with_ticket.wechat.faults.add(fault)

    ran = ctl_with_ticket("sign", URL)

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert len(ran.stderr.splitlines()) == 1


def test_a_locked_keyring_is_named(ctl_with_ticket: InProcessCli) -> None:
    ctl_with_ticket.clock.advance(7200)
    ctl_with_ticket.secrets.lookup_result = KeyringIsLocked()

    assert ctl_with_ticket("sign", URL).exit_code == 6


def test_a_ticket_that_the_disk_does_not_take_signs_with_a_warning(ctl_with_ticket: InProcessCli) -> None:
    ctl_with_ticket.dog_path("JSAPI_TICKET").unlink()
    ctl_with_ticket.dog_path("JSAPI_TICKET").mkdir()

    ran = ctl_with_ticket("sign", URL)

    assert ran.exit_code == 0
    assert re.fullmatch("[0-9a-f]{40}\n", ran.stdout)
    assert "The jsapi_ticket is good, but it could not be written to" in ran.stderr
    assert "JSAPI_TICKET.dog" in ran.stderr
    assert ctl_with_ticket("sign", URL).exit_code == 0, "nor does it keep WeChat from being asked again"


def test_an_unknown_account_and_two_forms_at_once_are_refused(ctl_with_ticket: InProcessCli) -> None:
    assert ctl_with_ticket("sign", URL, "nobody").exit_code == 3
    assert ctl_with_ticket("sign", URL, "--js", "--json").exit_code == 2
    assert ctl_with_ticket("sign").exit_code == 2


def test_the_ticket_gets_into_no_words_and_into_no_file_but_its_own_two(ctl_with_ticket: InProcessCli) -> None:
    ticket = ctl_with_ticket.stored_value("JSAPI_TICKET")
    for form in ([], ["--json"], ["--js"], ["--html"]):
        assert ticket not in ctl_with_ticket("sign", URL + "#x", *form).stderr
    holders = [
        path for path in ctl_with_ticket.home.rglob("*") if path.is_file() and ticket.encode() in path.read_bytes()
    ]
    dog_path = ctl_with_ticket.dog_path("JSAPI_TICKET")
    own_copy = dog_path.parent / ".guarddog" / f"{dog_path.parent.name}_JSAPI_TICKET.dog"
    assert sorted(holders) == sorted([dog_path, own_copy])
    assert own_copy.stat().st_mode & 0o777 == 0o600


def test_it_speaks_chinese(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("sign", URL + "#x", GUARDDOG_LANG="zh_CN")
    assert "不参与签名" in ran.stderr
    assert "没有填写" in ctl_with_ticket("sign", "", GUARDDOG_LANG="zh_CN").stderr


def test_a_timestamp_of_long_ago_is_a_warning_and_no_refusal(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("sign", URL, "--nonce", "n", "--timestamp", "1414587457", "--json")

    signed = SignatureInput(ctl_with_ticket.stored_value("JSAPI_TICKET"), "n", 1414587457, URL)
    assert (ran.exit_code, ran.json["signature"]) == (0, signed.signature)
    assert "more than a day" in ran.stderr
    assert [warning["kind"] for warning in ran.json["warnings"]] == ["far-timestamp"]


def test_an_authorisation_link_is_pointed_out_with_the_page_it_leads_to(ctl_with_ticket: InProcessCli) -> None:
    link = "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fa.cn%2Fp%3Fx%3D1"

    ran = ctl_with_ticket("sign", link)

    assert ran.exit_code == 0
    assert "link for web authorisation" in ran.stderr
    assert "Corrected: https://a.cn/p?x=1" in ran.stderr


def test_the_account_can_be_an_option(ctl_with_ticket: InProcessCli) -> None:
    fixed = ("sign", URL, "--nonce", "n", "--timestamp", f"{NOW:.0f}")

    by_word = ctl_with_ticket(*fixed, "Shop")

    assert ctl_with_ticket(*fixed, "--account", "Shop").stdout == by_word.stdout
    assert ctl_with_ticket("sign", "--account", "Shop", *fixed[1:]).stdout == by_word.stdout
    assert ctl_with_ticket(*fixed, "Shop", "--account=Shop").stdout == by_word.stdout
    assert ctl_with_ticket(*fixed, "--account", "Nobody").exit_code == 3
    both = ctl_with_ticket(*fixed, "Shop", "--account", "Other")
    assert (both.exit_code, both.stdout) == (2, "")
    assert "two accounts are given" in both.stderr
